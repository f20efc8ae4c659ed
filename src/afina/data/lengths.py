"""How long examples are: what the plan needs to know of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class LengthStats:
    """Units: tokens. total counts every token of every example; mean, p50, p95 and max are over examples."""

    n: int
    mean: float
    p50: int
    p95: int
    max: int
    total: int


def lengths(tokens: Sequence[int]) -> LengthStats:
    """Return the statistics of the lengths of some examples (all zero for none). Percentiles are nearest-rank."""
    sizes = sorted(tokens)
    if not sizes:
        return LengthStats(0, 0.0, 0, 0, 0, 0)
    n, total = len(sizes), sum(sizes)
    return LengthStats(n, total / n, sizes[ceil(0.5 * n) - 1], sizes[ceil(0.95 * n) - 1], sizes[-1], total)
