"""Texts far longer than the others, or next to nothing where the others say something."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import ANSWER_ROLES, Entry

TIMES = 20
"""Over this many medians is unusual."""
LONG = 1000
"""Characters that are no burden, whatever the median."""
NEXT_TO_NOTHING = 2
"""Characters: a text this short, where the median has 30, says nothing."""
SOMETHING = 30
FEW = 20
"""With fewer rows a median says little."""


@check("unusual_length")
class UnusualLength(Check):
    """Characters of each text field against the field's median."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.lengths: dict[str, tuple[array[int], array[int]]] = {}

    def see(self, entry: Entry) -> None:
        lengths = {role: len(entry.fields[role].strip()) for role in entry.fields if role in entry.texts}
        for role, length in (lengths or {"conversation": len(entry.whole)}).items():
            if length:
                numbers, counts = self.lengths.setdefault(role, (array("Q"), array("Q")))
                numbers.append(entry.number)
                counts.append(length)

    def findings(self) -> Iterable[Finding]:
        long: set[int] = set()
        short: set[int] = set()
        medians: dict[str, int] = {}
        for role, (numbers, counts) in self.lengths.items():
            if len(counts) < FEW:
                continue
            median = medians[role] = sorted(counts)[len(counts) // 2]
            for number, length in zip(numbers, counts, strict=True):
                if length > max(LONG, TIMES * median):
                    long.add(number)
                elif length <= NEXT_TO_NOTHING and median >= SOMETHING and role not in ANSWER_ROLES:
                    short.add(number)
        if long or short:
            what = f"{counted(len(long))} over {TIMES} times as long as the median; {len(short):,} of at most {NEXT_TO_NOTHING} characters"
            rows = tuple(sorted(long | short))
            fix = "look at these rows; data.truncation=keep_start cuts the long ones"
            yield Finding(self.name, "warning", rows, what, fix, {"long": sorted(long), "short": sorted(short), "medians": medians})
