"""Classes, one a row or a set of them a row: which are right, over all rows and for each class.

Letters: N rows, R resamples, C classes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from afina.evaluate.bootstrap import Floats, Indices, Statistic, times_drawn
from afina.evaluate.metrics.base import Metric, add, check_pairs, mean_of

CLASS_METRICS = ("accuracy", "macro_f1", "mcc")
"""What is reported of one class a row."""

Said = str | Sequence[str]
"""The class of a row, or its classes."""


@dataclass(frozen=True)
class ClassScore:
    """One row of the per-class table. n: rows whose true label this is. Units: shares."""

    label: str
    precision: float
    recall: float
    f1: float
    n: int


def correct(got: str, wanted: str) -> float:
    """Return 1.0 if the label is exactly right, else 0.0."""
    return float(got == wanted)


def accuracy(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the share of exactly right labels."""
    return mean_of(correct, got, wanted)


def per_class(got: Sequence[Said], wanted: Sequence[Said]) -> list[ClassScore]:
    """Return precision, recall and F1 of every label present in the truth or the predictions, most frequent first.

    A ratio with denominator 0 is 0: a label that is predicted but never true has recall 0 and F1 0.
    """
    check_pairs(got, wanted)
    true = Counter(label for said in wanted for label in _labels(said))
    predicted = Counter(label for said in got for label in _labels(said))
    right = Counter(label for g, w in zip(got, wanted, strict=True) for label in _labels(g) & _labels(w))
    rows = [
        ClassScore(
            label,
            precision=right[label] / predicted[label] if predicted[label] else 0.0,
            recall=right[label] / true[label] if true[label] else 0.0,
            f1=2 * right[label] / (true[label] + predicted[label]),
            n=true[label],
        )
        for label in {*true, *predicted}
    ]
    return sorted(rows, key=lambda row: (-row.n, row.label))


def macro_f1(got: Sequence[Said], wanted: Sequence[Said]) -> float:
    """Return the unweighted mean of the F1 of every label present in the truth or the predictions; 1 where no row has or gets a label.

    The convention is scikit-learn's `f1_score(average="macro", zero_division=0)` with default `labels`. It is symmetric in its arguments.
    """
    rows = per_class(got, wanted)
    return math.fsum(row.f1 for row in rows) / len(rows) if rows else 1.0


def mcc(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the Matthews correlation coefficient over any number of classes, in [-1, 1]; 0 where either side is one class throughout.

    (c s - sum_k p_k t_k) / sqrt((s^2 - sum_k p_k^2) (s^2 - sum_k t_k^2)): c rows right of s, p_k predicted and t_k true of class k.
    Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004), as in scikit-learn.
    """
    check_pairs(got, wanted)
    return float(_mcc(got, wanted)(np.arange(len(wanted))[None])[0])


def _labels(said: Said) -> set[str]:
    return {said} if isinstance(said, str) else set(said)


class _Counts:
    """How often each class is true, is predicted, and is both, in drawn rows."""

    def __init__(self, got: Sequence[Said], wanted: Sequence[Said]) -> None:
        self.code = {label: i for i, label in enumerate(sorted({label for said in (*wanted, *got) for label in _labels(said)}))}
        self.true = self._entries([_labels(said) for said in wanted])
        self.got = self._entries([_labels(said) for said in got])
        self.right = self._entries([_labels(g) & _labels(w) for g, w in zip(got, wanted, strict=True)])

    def _entries(self, rows: Sequence[set[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (row, class) of every label, by class."""
        found = sorted((self.code[label], i) for i, labels in enumerate(rows) for label in labels)
        classes_rows = np.array(found, dtype=np.int64).reshape(-1, 2)
        return classes_rows[:, 1], classes_rows[:, 0]

    def over(self, entries: tuple[NDArray[np.int64], NDArray[np.int64]], times_RN: Floats) -> Floats:
        """Return the counts [R, C]."""
        row_E, class_E = entries
        counts_RC = np.zeros((len(times_RN), len(self.code)))
        if len(row_E):
            present_K, starts_K = np.unique(class_E, return_index=True)
            counts_RC[:, present_K] = np.add.reduceat(times_RN[:, row_E], starts_K, axis=1)
        return counts_RC


def _macro_f1(got: Sequence[Said], wanted: Sequence[Said]) -> Statistic:
    """macro-F1 of drawn rows: the mean is over the labels present in them."""
    counts = _Counts(got, wanted)

    def score(index_RN: Indices) -> Floats:
        times_RN = times_drawn(index_RN)
        either_RC = counts.over(counts.true, times_RN) + counts.over(counts.got, times_RN)
        f1_RC = 2 * counts.over(counts.right, times_RN) / np.maximum(either_RC, 1)
        n_present_R = (either_RC > 0).sum(-1)
        return np.where(n_present_R > 0, f1_RC.sum(-1) / np.maximum(n_present_R, 1), 1.0)

    return score


def _mcc(got: Sequence[str], wanted: Sequence[str]) -> Statistic:
    counts = _Counts(got, wanted)

    def score(index_RN: Indices) -> Floats:
        times_RN = times_drawn(index_RN)
        true_RC, got_RC = counts.over(counts.true, times_RN), counts.over(counts.got, times_RN)
        n_rows = float(index_RN.shape[1])
        together_R = counts.over(counts.right, times_RN).sum(-1) * n_rows - (true_RC * got_RC).sum(-1)
        spread_R = (n_rows**2 - (true_RC**2).sum(-1)) * (n_rows**2 - (got_RC**2).sum(-1))
        return np.where(spread_R > 0, together_R / np.sqrt(np.maximum(spread_R, 1)), 0.0)

    return score


add(Metric("accuracy", True, "classes", correct, partial(mean_of, correct)))
add(Metric("macro_f1", True, "classes", lambda got, wanted: float(_labels(got) == _labels(wanted)), macro_f1, False, statistic=_macro_f1))
add(Metric("mcc", True, "classes", correct, mcc, False, "correlation", _mcc))
