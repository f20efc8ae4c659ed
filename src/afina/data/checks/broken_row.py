"""Rows that do not fit the file's own layout."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Finding, RowCheck, check, counted
from afina.data.checks.entries import Entry
from afina.data.sources.csv import REPEATS

FIXES = dict.fromkeys(("CSV", "TSV"), "put quotes around texts that hold the separator") | {"JSONL": "mend these lines, or remove them"}


@check("broken_row")
class BrokenRow(RowCheck):
    """Rows that the reader left out, and rows of a delimited file with fewer fields than its header."""

    def wrong(self, entry: Entry) -> str:
        delimited = self.subject.table.kind in ("CSV", "TSV")
        return "fewer fields than the header" if delimited and len(entry.values) < len(self.subject.table.columns) else ""

    def findings(self) -> Iterable[Finding]:
        left_out = [drop for drop in self.subject.table.dropped if drop.reason != REPEATS]
        rows = tuple(sorted({*self.rows, *(drop.number for drop in left_out)}))
        if rows:
            reasons = dict.fromkeys([*(drop.reason for drop in left_out), *self.kinds])
            what = f"{counted(len(rows))} broken: {'; '.join(list(reasons)[:4])}; {len(left_out):,} of them not used"
            fix = FIXES.get(self.subject.table.kind, "mend or remove these rows")
            yield Finding(self.name, "error", rows, what, fix, {"left_out": {str(drop.number): drop.reason for drop in left_out}})
