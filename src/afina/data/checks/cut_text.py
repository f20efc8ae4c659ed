"""Answers that an earlier program cut at its longest length."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry

SHORTEST = 40
"""Characters; below this, equal lengths are common by chance."""
TOGETHER = 2
"""Characters by which the length of a cut text varies when blanks at its end went too."""
NEIGHBOURHOOD = 25
FEW = 3
TIMES = 5
"""A length is suspicious when this many times more common than the lengths around it."""
UNFINISHED = 0.8
ENDINGS = ".!?\u2026\"'\u201d\u2019)]}>`:;*\u3002\uff01\uff1f|~"


@check("cut_text")
class CutText(Check):
    """A longest length that many answers share, most of them ending in the middle of a sentence."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.numbers, self.lengths, self.open = array("Q"), array("Q"), bytearray()

    def see(self, entry: Entry) -> None:
        for answer in entry.answers:
            text = answer.rstrip()
            if len(text) >= SHORTEST:
                self.numbers.append(entry.number)
                self.lengths.append(len(text))
                self.open.append(text[-1] not in ENDINGS)

    def findings(self) -> Iterable[Finding]:
        ranked = sorted(self.lengths)
        for length in sorted(set(ranked), reverse=True):
            low, high = length - TOGETHER, length
            here = bisect_right(ranked, high) - bisect_left(ranked, low)
            if here < FEW:
                continue
            above = len(ranked) - bisect_right(ranked, high)
            around = bisect_right(ranked, high + NEIGHBOURHOOD) - bisect_left(ranked, low - NEIGHBOURHOOD) - here
            usual = around * (TOGETHER + 1) / (2 * NEIGHBOURHOOD)
            if here < TIMES * usual or here < above:
                continue
            at = [index for index, found in enumerate(self.lengths) if low <= found <= high]
            cut = [index for index in at if self.open[index]]
            if len(cut) >= max(FEW, UNFINISHED * len(at)):
                rows = tuple(sorted({self.numbers[index] for index in cut}))
                what = f"{counted(len(rows))} whose answer stops in mid-sentence at {length:,} characters, too often to be chance"
                yield Finding(self.name, "warning", rows, what, "export the answers again, uncut, or remove these rows", {"length": length})
                return
