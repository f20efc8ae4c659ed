"""Intervals by resampling rows: what the numbers would be on other test sets of the same kind.

Percentile method (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13): the statistic is computed on `n` draws of
N rows with replacement, and the interval is between the (1 - level) / 2 and (1 + level) / 2 quantiles of those values.
An interval says nothing about the luck of one training seed: it holds the model fixed and varies the test rows.

Letters: N rows, R resamples, C classes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

_DRAWN_AT_ONCE = 4_000_000
"""Row indices held in memory at a time (8 bytes each)."""

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Statistic = Callable[[Indices], Floats]
"""From drawn rows [R, N] to one value per resample [R]."""


class Interval(NamedTuple):
    """A value and the interval of its resamples. `mean` is the value on the rows themselves, which need not be the middle."""

    mean: float
    low: float
    high: float


def interval(values_N: ArrayLike, seed: int = 0, n: int = 1000, level: float = 0.95) -> Interval:
    """Return the mean of the rows with its interval. Raises ValueError without rows or where a value is not a number."""
    return interval_of(mean_statistic(values_N), len(_vector(values_N, "values")), seed, n, level)


def ratio_interval(sums_N: ArrayLike, counts_N: ArrayLike, seed: int = 0, n: int = 1000, level: float = 0.95) -> Interval:
    """Return sum(sums) / sum(counts) with its interval; a row's sum and count are drawn together.

    This is the loss per token: a mean over rows would give a short row's tokens more weight than a long row's.
    """
    return interval_of(ratio_statistic(sums_N, counts_N), len(_vector(sums_N, "sums")), seed, n, level)


def interval_of(statistic: Statistic, n_rows: int, seed: int = 0, n: int = 1000, level: float = 0.95) -> Interval:
    """Return any statistic of the rows with its interval."""
    return _percentile(statistic(np.arange(n_rows)[None])[0], _resampled(n_rows, seed, n, statistic), level)


def difference_of(a: Statistic, b: Statistic, n_rows: int, seed: int = 0, n: int = 1000, level: float = 0.95) -> Interval:
    """Return the difference a - b of two statistics on the same drawn rows."""
    return interval_of(lambda index_RN: a(index_RN) - b(index_RN), n_rows, seed, n, level)


def paired_difference(a_N: ArrayLike, b_N: ArrayLike, seed: int = 0, n: int = 1000, level: float = 0.95) -> Interval:
    """Return mean(a - b) with its interval: both models are scored on the same drawn rows, so the rows' own difficulty cancels."""
    a, b = _vector(a_N, "a"), _vector(b_N, "b")
    _same_length(a, b)
    return interval(a - b, seed, n, level)


def paired_ratio_difference(
    a_sums_N: ArrayLike,
    a_counts_N: ArrayLike,
    b_sums_N: ArrayLike,
    b_counts_N: ArrayLike,
    seed: int = 0,
    n: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return the difference a - b of two ratios (losses per token) on the same drawn rows."""
    a, b = ratio_statistic(a_sums_N, a_counts_N), ratio_statistic(b_sums_N, b_counts_N)
    _same_length(_vector(a_sums_N, "a"), _vector(b_sums_N, "b"))
    return difference_of(a, b, len(_vector(a_sums_N, "a")), seed, n, level)


def mean_statistic(values: ArrayLike) -> Statistic:
    """Return the mean of drawn rows. Raises ValueError without rows or where a value is not a number."""
    values_N = _vector(values, "values")
    return lambda index_RN: values_N[index_RN].mean(-1)


def ratio_statistic(sums: ArrayLike, counts: ArrayLike) -> Statistic:
    """Return sum(sums) / sum(counts) of drawn rows. Raises ValueError for a row without counts."""
    sums_N, counts_N = _vector(sums, "sums"), _vector(counts, "counts")
    _same_length(sums_N, counts_N)
    if (counts_N <= 0).any():
        raise ValueError("a row without tokens cannot be resampled; leave it out and say so")
    return lambda index_RN: sums_N[index_RN].sum(-1) / counts_N[index_RN].sum(-1)


def of_sums(sums_NK: Floats, score: Callable[[Floats], Floats]) -> Statistic:
    """Return what `score` makes of K sums over drawn rows: from [R, K] to [R]. sums_NK: what each row adds."""
    return lambda index_RN: score(times_drawn(index_RN) @ sums_NK)


def times_drawn(index_RN: Indices) -> Floats:
    """Return how often each row was drawn, [R, N]."""
    n_draws, n_rows = index_RN.shape
    flat = index_RN + n_rows * np.arange(n_draws)[:, None]
    return np.bincount(flat.ravel(), minlength=n_draws * n_rows).reshape(n_draws, n_rows).astype(np.float64)


def _draws(n_rows: int, seed: int, n: int) -> Iterator[Indices]:
    """Yield [R, N] row indices, `n` resamples in all, in pieces that fit in memory. The draws do not depend on the pieces."""
    rng = np.random.default_rng(seed)
    piece = max(1, _DRAWN_AT_ONCE // n_rows)
    for start in range(0, n, piece):
        yield rng.integers(0, n_rows, (min(piece, n - start), n_rows))


def _resampled(n_rows: int, seed: int, n: int, statistic: Statistic) -> Floats:
    """Return the statistic of each resample, [n]."""
    if n_rows == 0:
        raise ValueError("no rows to resample")
    return np.concatenate([statistic(index_RN) for index_RN in _draws(n_rows, seed, n)])


def _percentile(value: float, values_R: Floats, level: float) -> Interval:
    if not 0 < level < 1:
        raise ValueError(f"level is {level:g}; it lies between 0 and 1")
    low, high = np.quantile(values_R, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(low), float(high))


def _vector(values: ArrayLike, name: str) -> Floats:
    vector_N = np.asarray(values, dtype=np.float64)
    if vector_N.ndim != 1 or not len(vector_N):
        raise ValueError(f"{name} has shape {vector_N.shape}; it needs one number a row and at least one row")
    if np.isnan(vector_N).any():
        raise ValueError(f"{name} holds {int(np.isnan(vector_N).sum())} values that are not numbers; leave those rows out and say so")
    return vector_N


def _same_length(a: NDArray[Any], b: NDArray[Any]) -> None:
    if len(a) != len(b):
        raise ValueError(f"{len(a)} rows beside {len(b)}: a paired difference needs the same rows")


def exponential(value: Interval) -> Interval:
    """Return the interval of exp(value): perplexity from a loss. Percentiles pass through any rising function."""
    return Interval(*(math.exp(x) if x < 709 else math.inf for x in value))
