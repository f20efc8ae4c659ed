"""Sets of labels, one a row: whether the set is right, and how many of its labels are. For each label: classes.py, which reads both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from afina.evaluate.bootstrap import Floats, Statistic, of_sums
from afina.evaluate.metrics.base import Metric, add, check_pairs, mean_of

SET_METRICS = ("micro_f1", "macro_f1", "exact_set")
"""What is reported of a set of classes a row."""


def labels_of(flags_NC: NDArray[np.bool_], classes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the classes of each row by name, from which it has: [N, C]."""
    return [tuple(classes[int(i)] for i in np.flatnonzero(flags_C)) for flags_C in flags_NC]


def exact_set(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return 1.0 if exactly the wanted labels were given, in any order, else 0.0."""
    return float(set(got) == set(wanted))


def set_f1(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return 2 right / (given + wanted) of one row; 1 where none was wanted and none given."""
    n = len(set(got)) + len(set(wanted))
    return 2 * len(set(got) & set(wanted)) / n if n else 1.0


def micro_f1(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> float:
    """Return 2 right / (given + wanted), each a number of labels over all rows; 1 where no row has or gets one.

    The convention is scikit-learn's `f1_score(average="micro")` on indicator matrices.
    """
    check_pairs(got, wanted)
    return float(f1_of_sums(_sums(got, wanted).sum(0, keepdims=True))[0])


def f1_of_sums(sums_R3: Floats) -> Floats:
    """Return 2 right / (given + wanted) from those three sums, [R]; 1 where there is nothing to give."""
    n_R = sums_R3[:, 1] + sums_R3[:, 2]
    return np.where(n_R > 0, 2 * sums_R3[:, 0] / np.maximum(n_R, 1), 1.0)


def _sums(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Floats:
    pairs = [(set(g), set(w)) for g, w in zip(got, wanted, strict=True)]
    return np.array([(len(g & w), len(g), len(w)) for g, w in pairs], dtype=np.float64)


def _micro_f1(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Statistic:
    return of_sums(_sums(got, wanted), f1_of_sums)


add(Metric("exact_set", True, "sets", exact_set, partial(mean_of, exact_set)))
add(Metric("micro_f1", True, "sets", set_f1, micro_f1, False, statistic=_micro_f1))
