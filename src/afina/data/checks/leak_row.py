"""Whole rows that also stand where they must not: in another file, or on the other side of the split."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.overlap import LEVELS, RowIndex
from afina.data.sources.base import percent

TOO_SHORT = 8
"""Characters: "yes" is in every file."""


@check("leak_row")
class LeakRow(Check):
    """Texts found in the other file (--against) or in the training rows, by level of folding."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.index = subject.row_index
        self.found: list[list[tuple[int, int]]] = [[] for _ in LEVELS]
        self.n = 0

    def see(self, entry: Entry) -> None:
        if self.index is None or not self.subject.is_held_out(entry):
            return
        self.n += 1
        hit = find_row(self.index, entry)
        if hit:
            self.found[hit[0]].append((entry.number, hit[1]))

    def findings(self) -> Iterable[Finding]:
        pairs = [pair for level in self.found for pair in level]
        if not pairs:
            return
        rows = tuple(sorted({row for row, _ in pairs}))
        sums = {name: sum(len(found) for found in self.found[: level + 1]) for level, name in enumerate(LEVELS)}
        where = f"in {self.subject.against.table.path.name}" if self.subject.against else "in the training rows too"
        by_level = "; ".join(f"{n:,} {name}" for name, n in sums.items())
        what = f"{counted(len(rows))} of {self.n:,} ({percent(len(rows), self.n)}) stand {where}: {by_level}"
        fix = "remove these rows from one of the two: scores would be too high"
        yield Finding(self.name, "error", rows, what, fix, {"levels": sums, "pairs": sorted(pairs)})


def find_row(index: RowIndex, entry: Entry) -> tuple[int, int] | None:
    """Return (level, row there) of a row whose question, or one of whose texts, stands in the index."""
    texts = dict.fromkeys((entry.asked, *(text for text in entry.texts.values() if text not in entry.answers)))
    hits = [hit for text in texts if len(text) >= TOO_SHORT and (hit := index.find(text))]
    return min(hits, default=None)
