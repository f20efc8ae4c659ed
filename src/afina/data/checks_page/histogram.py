"""How long the rows are, as a drawing: one bar for each range of tokens, and a line where the model stops reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BARS = 40
WIDTH, HEIGHT = 640.0, 120.0


@dataclass(frozen=True)
class Bar:
    """x, width and height in the drawing's units; the rows of `start` to `end` tokens."""

    x: float
    width: float
    height: float
    start: int
    end: int
    n: int
    cut: bool


@dataclass(frozen=True)
class Histogram:
    """cut_x: where max_length lies; None when every row is shorter than all that is drawn."""

    bars: tuple[Bar, ...]
    longest: int
    n_cut: int
    n: int
    max_length: int | None
    cut_x: float | None


def histogram(lengths: Sequence[int], max_length: int | None) -> Histogram | None:
    """Return the bars of equal width from 0 to the longest row; None without rows."""
    if not lengths:
        return None
    longest = max(lengths)
    step = max(1, -(-longest // BARS))
    counts = [0] * (longest // step + 1)
    for length in lengths:
        counts[length // step] += 1
    width, most = WIDTH / len(counts), max(counts)
    bars = tuple(
        Bar(
            place * width,
            0.9 * width,
            HEIGHT * n / most,
            place * step,
            (place + 1) * step - 1,
            n,
            max_length is not None and place * step > max_length,
        )
        for place, n in enumerate(counts)
    )
    inside = max_length is not None and max_length <= step * len(counts)
    n_cut = sum(length > max_length for length in lengths) if max_length is not None else 0
    return Histogram(bars, longest, n_cut, len(lengths), max_length, width * max_length / step if inside and max_length else None)
