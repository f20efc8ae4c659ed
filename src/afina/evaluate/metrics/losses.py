"""Losses, in nats per token, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afina.evaluate.bootstrap import Floats, Statistic, ratio_statistic
from afina.evaluate.metrics.base import Metric, add, check_pairs
from afina.types import Example


def token_loss(total: float, n_tokens: float) -> float:
    """Return one example's nll per token, in nats; nan where it has no token."""
    return float(total / n_tokens) if n_tokens else math.nan


def mean_loss(totals: Sequence[float], n_tokens: Sequence[float]) -> float:
    """Return the nll per token over all examples: the sum of sums over the sum of counts, never a mean of means. Units: nats."""
    check_pairs(totals, n_tokens)
    n = math.fsum(n_tokens)
    if n == 0:
        raise ValueError("no tokens to score")
    return math.fsum(totals) / n


def by_row(examples: Sequence[Example], totals: ArrayLike, n_tokens: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up the examples of one row of the file (pieces of a document, answers of a conversation): they are not independent.

    Shapes: totals and n_tokens [E examples]; returned are [N rows], in the order in which the rows first come.
    """
    numbers = {number: place for place, number in enumerate(dict.fromkeys(example.number for example in examples))}
    place_E = np.array([numbers[example.number] for example in examples], dtype=np.int64)
    return _added(place_E, totals), _added(place_E, n_tokens)


def _added(place_E: NDArray[np.int64], values: ArrayLike) -> NDArray[np.float64]:
    return np.bincount(place_E, np.asarray(values, dtype=np.float64)).astype(np.float64)


def perplexity(loss: float) -> float:
    """Return exp(loss), loss in nats per token; infinite where that leaves the range of a float."""
    return math.inf if loss > 709 else math.exp(loss)


def _perplexity(totals: ArrayLike, n_tokens: ArrayLike) -> Statistic:
    ratio = ratio_statistic(totals, n_tokens)

    def score(index_RN: NDArray[np.int64]) -> Floats:
        with np.errstate(over="ignore"):
            return np.exp(ratio(index_RN))

    return score


add(Metric("loss", False, "loss", token_loss, mean_loss, False, "nats/token", ratio_statistic))
add(
    Metric(
        "perplexity",
        False,
        "loss",
        lambda total, n: perplexity(token_loss(total, n)),
        lambda totals, n: perplexity(mean_loss(totals, n)),
        False,
        "ratio",
        _perplexity,
    )
)
