"""Splits that do not look like each other: by label, length and language, more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from afina.data.checks.base import Check, Finding, Subject, check
from afina.data.checks.entries import Entry
from afina.data.checks.language import language_of

CHANCE = 1e-4
"""Probability under which a difference is not called chance."""
LARGE = 0.2
"""Least effect (Cramer's V, Kolmogorov-Smirnov distance): with many rows the smallest difference is no chance."""
FEW = 20
SAMPLE = 4000


@check("split_shift")
class SplitShift(Check):
    """The rows that the file calls train against those it calls validation or test, or the file against the other one."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.step = -(-len(subject.table.records) // SAMPLE) or 1
        self.place = 0
        self.sides: dict[str, list[Entry]] = {}
        self.here = "train" if _siblings(subject) else ""

    def see(self, entry: Entry) -> None:
        self.place += 1
        side = self.subject.side(entry) or self.here
        if side and (self.place - 1) % self.step == 0:
            self.sides.setdefault(side, []).append(entry)

    def findings(self) -> Iterable[Finding]:
        other = self.subject.against
        if other is not None and self.here:
            step = -(-len(other.table.records) // SAMPLE) or 1
            self.sides = {
                "train": [entry for rows in self.sides.values() for entry in rows],
                other.table.path.name: [entry for place, entry in enumerate(other.entries()) if place % step == 0],
            }
        train = self.sides.pop("train", [])
        for side, rows in sorted(self.sides.items()):
            shifts = {name: size for name, size in _shifts(train, rows).items() if size} if min(len(train), len(rows)) >= FEW else {}
            if shifts:
                shown = ", ".join(f"{name} (effect {size:.2f})" for name, size in shifts.items())
                what = f"{side} differs from the training rows more than chance: {shown}"
                numbers = () if self.here else tuple(sorted(entry.number for entry in rows))
                fix = "divide again, without the split column: data.stratify=true"
                yield Finding(self.name, "warning", numbers, what, fix, {"shifts": shifts})


def _siblings(subject: Subject) -> bool:
    """Whether the other file is of the same making: the same columns in the same roles."""
    one, other = subject.layout, subject.against.layout if subject.against else None
    return one is not None and other is not None and (one.shape, one.mapping()) == (other.shape, other.mapping())


def _shifts(train: Sequence[Entry], other: Sequence[Entry]) -> dict[str, float]:
    """Return the size of each difference that is not chance, 0 where there is none."""
    labels = [[label for entry in rows for label in entry.labels] for rows in (train, other)]
    languages = [[code for entry in rows if (code := language_of(entry.whole))] for rows in (train, other)]
    lengths = [[log(1 + len(entry.whole)) for entry in rows] for rows in (train, other)]
    return {"labels": _counts_differ(*labels), "languages": _counts_differ(*languages), "length": _lengths_differ(*lengths)}


def _counts_differ(one: Sequence[str], other: Sequence[str]) -> float:
    from scipy.stats import chi2_contingency

    first, second = Counter(one), Counter(other)
    names = sorted(first.keys() | second.keys())
    if len(names) < 2 or not one or not other:
        return 0.0
    found = chi2_contingency([[first[name] for name in names], [second[name] for name in names]])
    size = sqrt(float(found.statistic) / (len(one) + len(other)))  # type: ignore[attr-defined]
    return size if float(found.pvalue) < CHANCE and size >= LARGE else 0.0  # type: ignore[attr-defined]


def _lengths_differ(one: Sequence[float], other: Sequence[float]) -> float:
    from scipy.stats import ks_2samp

    found = ks_2samp(one, other)
    size, chance = float(found.statistic), float(found.pvalue)  # type: ignore[attr-defined]
    return size if chance < CHANCE and size >= LARGE else 0.0
