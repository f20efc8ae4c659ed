"""Classes of very different size."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Finding, LabelCheck, check
from afina.data.sources.base import percent
from afina.data.split import SMALL_CLASS

MOST = 0.95
TIMES = 50


@check("imbalance")
class Imbalance(LabelCheck):
    """One class with over 95 % of the rows, or 50 times the smallest class of 3 rows or more."""

    def findings(self) -> Iterable[Finding]:
        if {"tags", "entities"} & self.subject.fields.roles.keys():  # words of a sentence are never of all kinds alike
            return
        counts = {label: len(rows) for label, rows in self.classes().items() if len(rows) >= SMALL_CLASS}
        if not counts:
            return
        largest, smallest = max(counts, key=lambda label: counts[label]), min(counts, key=lambda label: counts[label])
        total = self.n_labelled
        if counts[largest] > MOST * total or counts[largest] >= TIMES * counts[smallest]:
            what = f'"{largest}" has {counts[largest]:,} of {total:,} rows ({percent(counts[largest], total)})'
            what += f', "{smallest}" {counts[smallest]:,}' if smallest != largest else ""
            rows = tuple(sorted(self.rows_of[smallest])) if smallest != largest else ()
            fix = f'more rows of "{smallest}"; judge by eval.metric=macro_f1'
            yield Finding(self.name, "warning", rows, what, fix, {"counts": {label: len(rows) for label, rows in self.classes().items()}})
