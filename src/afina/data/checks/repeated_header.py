"""Files glued together repeat their header."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.cells import as_written
from afina.data.checks.base import Finding, RowCheck, check, counted
from afina.data.checks.entries import Entry
from afina.data.sources.csv import REPEATS


@check("repeated_header")
class RepeatedHeader(RowCheck):
    """A row whose values are the names of its columns, whatever their case."""

    def wrong(self, entry: Entry) -> str:
        same = (as_written(value).strip().casefold() == name.casefold() for name, value in entry.values.items())
        return "header" if len(entry.values) > 1 and all(same) else ""

    def findings(self) -> Iterable[Finding]:
        known = [drop.number for drop in self.subject.table.dropped if drop.reason == REPEATS]
        rows = tuple(sorted({*self.rows, *known}))
        if rows:
            what = f"{counted(len(rows))} that only repeat the names of the columns"
            what += f"; {len(known):,} not used" if known else ""
            yield Finding(self.name, "warning", rows, what, "remove these rows: the file was glued together from several")
