"""Rows that do not fit the file's own layout."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Finding, RowCheck, check, counted
from afina.data.checks.entries import Entry

REPEATS = "repeats the header"


@check("broken_row")
class BrokenRow(RowCheck):
    """Rows that the reader left out, and rows of a delimited file with fewer fields than its header."""

    def wrong(self, entry: Entry) -> str:
        delimited = self.subject.table.format in ("CSV", "TSV")
        return "fewer fields than the header" if delimited and len(entry.values) < len(self.subject.table.columns) else ""

    def findings(self) -> Iterable[Finding]:
        left_out = [drop for drop in self.subject.table.dropped if drop.reason != REPEATS]
        rows = tuple(sorted({*self.rows, *(drop.number for drop in left_out)}))
        if rows:
            reasons = dict.fromkeys([*(drop.reason for drop in left_out), *self.kinds])
            what = f"{counted(len(rows))} broken: {'; '.join(list(reasons)[:4])}; {len(left_out):,} of them not used"
            fix = "put quotes around texts that hold the separator"
            yield Finding(self.name, "error", rows, what, fix, {"left_out": {str(drop.number): drop.reason for drop in left_out}})
