"""Scores that are no numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from afina.data.cells import as_written, number
from afina.data.checks.base import Check, Finding, Subject, check, clipped, counted
from afina.data.checks.entries import Entry

MOST = 0.9
"""A column with this share of numbers, some of them fractions, is meant to hold numbers."""


@check("bad_number")
class BadNumber(Check):
    """A value that is no finite number among scores. A few make a score look like a class, so columns decide, not roles."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        roles = subject.layout.roles if subject.layout else {}
        self.scores = set(roles.get("score", ()))
        classed = set(roles.get("label", ()))
        self.columns = self.scores or (classed if subject.layout else set(subject.table.columns))
        self.bad: dict[str, array[int]] = {column: array("Q") for column in self.columns}
        self.seen: dict[str, str] = {}
        self.good: dict[str, int] = dict.fromkeys(self.columns, 0)
        self.fractions: set[str] = set()

    def see(self, entry: Entry) -> None:
        for column in self.columns:
            written = as_written(entry.values.get(column)).strip()
            if not written:
                continue
            found = number(written)
            if found is None:
                self.bad[column].append(entry.number)
                self.seen.setdefault(written[:20], column)
            else:
                self.good[column] += 1
                if found != int(found):
                    self.fractions.add(column)

    def findings(self) -> Iterable[Finding]:
        for column, rows in sorted(self.bad.items()):
            meant = column in self.scores or (column in self.fractions and self.good[column] >= MOST * (self.good[column] + len(rows)))
            if rows and meant:
                shown = ", ".join(clipped(word) for word, where in list(self.seen.items())[:9] if where == column)
                what = f'{counted(len(rows))} whose "{column}" is no number: {shown}'
                yield Finding(
                    self.name, "error", tuple(sorted(rows)), what, "correct these numbers, or remove the rows", {"column": column}
                )
