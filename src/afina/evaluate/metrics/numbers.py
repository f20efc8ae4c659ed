"""Numbers beside the wanted ones: how far off (in the units of the file), and whether they rise and fall together.

Letters: N rows, R resamples.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from afina.evaluate.bootstrap import Floats, Indices, Statistic, of_sums, times_drawn
from afina.evaluate.metrics.base import Metric, MetricUnit, add, check_pairs, mean_of

NUMBER_METRICS = ("rmse", "mae", "mse", "r2", "pearson", "spearman")
"""What is reported of numbers."""


def squared_error(got: float, wanted: float) -> float:
    return (got - wanted) ** 2


def absolute_error(got: float, wanted: float) -> float:
    return abs(got - wanted)


def rmse(got: Sequence[float], wanted: Sequence[float]) -> float:
    """Return the root of the mean squared error, in the units of the numbers."""
    return math.sqrt(mean_of(squared_error, got, wanted))


def pearson(got: Sequence[float], wanted: Sequence[float]) -> float:
    """Return the linear correlation, in [-1, 1]; 0 where either side is constant, which rises and falls with nothing."""
    return _on_all(_pearson, got, wanted)


def spearman(got: Sequence[float], wanted: Sequence[float]) -> float:
    """Return the correlation of the ranks, equal numbers sharing the mean of theirs, in [-1, 1]; 0 where either side is constant."""
    return _on_all(_spearman, got, wanted)


def r2(got: Sequence[float], wanted: Sequence[float]) -> float:
    """Return the share of variance explained, 1 - sum (got - wanted)^2 / sum (wanted - their mean)^2; below 0 if worse than their mean.

    Where all wanted are equal: 1 if all are met, else 0, as in scikit-learn.
    """
    return _on_all(_r2, got, wanted)


def _on_all(statistic: Callable[[ArrayLike, ArrayLike], Statistic], got: Sequence[float], wanted: Sequence[float]) -> float:
    check_pairs(got, wanted)
    return float(statistic(got, wanted)(np.arange(len(wanted))[None])[0])


def _rmse(got: ArrayLike, wanted: ArrayLike) -> Statistic:
    squared_N = (np.asarray(got, float) - np.asarray(wanted, float)) ** 2
    return of_sums(squared_N[:, None], lambda sums_R1: np.sqrt(sums_R1[:, 0] / len(squared_N)))


def _r2(got: ArrayLike, wanted: ArrayLike) -> Statistic:
    got_N, wanted_N = np.asarray(got, float), np.asarray(wanted, float)

    def score(index_RN: Indices) -> Floats:
        times_RN = times_drawn(index_RN)
        missed_R = times_RN @ (got_N - wanted_N) ** 2
        _, spread_R = _centred(wanted_N[None], times_RN)
        return np.where(spread_R > 0, 1 - missed_R / np.where(spread_R > 0, spread_R, 1.0), (missed_R == 0).astype(float))

    return score


def _pearson(got: ArrayLike, wanted: ArrayLike) -> Statistic:
    got_1N, wanted_1N = np.asarray(got, float)[None], np.asarray(wanted, float)[None]
    return lambda index_RN: _correlation(got_1N, wanted_1N, times_drawn(index_RN))


def _spearman(got: ArrayLike, wanted: ArrayLike) -> Statistic:
    def places(values: ArrayLike) -> Indices:
        """Which of the different values, in order, each row has."""
        return np.unique(np.asarray(values, float), return_inverse=True)[1]

    got_N, wanted_N = places(got), places(wanted)

    def score(index_RN: Indices) -> Floats:
        times_RN = times_drawn(index_RN)
        return _correlation(_ranks(got_N, times_RN), _ranks(wanted_N, times_RN), times_RN)

    return score


def _ranks(place_N: Indices, times_RN: Floats) -> Floats:
    """Return each row's rank among the drawn ones, [R, N]; equal values share the mean of their ranks."""
    order_N = np.argsort(place_N, kind="stable")
    starts_V = np.unique(place_N[order_N], return_index=True)[1]
    n_RV = np.add.reduceat(times_RN[:, order_N], starts_V, axis=1)
    return (n_RV.cumsum(-1) - (n_RV - 1) / 2)[:, place_N]


def _correlation(a_RN: Floats, b_RN: Floats, times_RN: Floats) -> Floats:
    """Return the correlation of drawn rows, [R]; 0 where either side is constant. Shapes: a and b [1 or R, N]."""
    (a_RN, a_R), (b_RN, b_R) = _centred(a_RN, times_RN), _centred(b_RN, times_RN)
    size_R = np.sqrt(a_R) * np.sqrt(b_R)
    together_R = (times_RN * a_RN * b_RN).sum(-1)
    return np.where(size_R > 0, np.clip(together_R / np.where(size_R > 0, size_R, 1.0), -1.0, 1.0), 0.0)


def _centred(values_RN: Floats, times_RN: Floats) -> tuple[Floats, Floats]:
    """Return values minus the mean of the drawn rows [R, N], and the sum of their squares [R]: 0 where that is rounding alone."""
    n_rows = times_RN.shape[-1]
    largest = np.abs(values_RN).max()
    values_RN = values_RN - values_RN.mean(-1, keepdims=True)  # first, so that large numbers keep their digits
    values_RN = values_RN - (times_RN * values_RN).sum(-1, keepdims=True) / n_rows
    spread_R = (times_RN * values_RN**2).sum(-1)
    return values_RN, np.where(spread_R > n_rows * (1e-13 * largest) ** 2, spread_R, 0.0)


def _add(name: str, statistic: Callable[[ArrayLike, ArrayLike], Statistic], score: Callable[..., float], unit: MetricUnit) -> None:
    add(Metric(name, unit != "data", "numbers", absolute_error, score, False, unit, statistic))


_add("rmse", _rmse, rmse, "data")
add(Metric("mae", False, "numbers", absolute_error, partial(mean_of, absolute_error), unit="data"))
add(Metric("mse", False, "numbers", squared_error, partial(mean_of, squared_error), unit="data squared"))
_add("pearson", _pearson, pearson, "correlation")
_add("spearman", _spearman, spearman, "correlation")
_add("r2", _r2, r2, "correlation")
