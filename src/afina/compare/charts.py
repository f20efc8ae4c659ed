"""Figures as inline SVG that needs no script, no style attribute and no viewer: they stretch with the page, their letters do not.

Horizontal places are percentages of the figure's width; curves live in an inner drawing that is stretched without thickening its lines.
Colours come from the page's style sheet through classes, so one figure serves light, dark and print. Every text is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from markupsafe import Markup

_SCALE = 1000
"""Inner units across a curve drawing."""
MOST_POINTS = 600


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Curve:
    """A named line; style: a class of the page ("raw", "train", "validation")."""

    name: str
    style: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Mark:
    """One point that the text speaks about."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Bar:
    """An interval of a forest plot; style: "tuned", "base" or "other"."""

    name: str
    mean: float
    low: float
    high: float
    text: str
    style: str = "other"


class Figures:
    """Draws the figures of one page; each gets its own ids for the title that screen readers say."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def lines(self, title: str, curves: Sequence[Curve], mark: Mark | None = None, height: int = 220, floor: float | None = None) -> Markup:
        """Return curves over steps, with a grid, the axis in words, and `mark` pointed at. floor: the least value of the axis, if fixed."""
        drawn = [Curve(c.name, c.style, thinned([p for p in c.points if math.isfinite(p.x)])) for c in curves]
        values = [p.y for c in drawn for p in c.points if math.isfinite(p.y)]
        places = [p.x for c in drawn for p in c.points]
        if not values:
            return Markup("")
        low, high, grid = axis(min(values) if floor is None else min(floor, *values), max(values), 4)
        first, last = min(places), max(places)
        frame = _Frame(first, last if last > first else first + 1, low, high, height)
        parts = [_rule(frame.y(value), tick_text(value, grid)) for value in grid]
        parts += [_foot(frame, value, first, last) for value in _stops(first, last)]
        parts.append(_inner(drawn, frame))
        if mark is not None and math.isfinite(mark.y):
            parts.append(_pointed(mark, frame))
        return self._svg(title, height, parts, "plot")

    def forest(self, title: str, bars: Sequence[Bar], reference: float | None = None, limits: tuple[float, float] | None = None) -> Markup:
        """Return one interval a line, its name and numbers above it. reference: a value to hold the intervals against (0, or base)."""
        shown = [bar for bar in bars if all(map(math.isfinite, (bar.mean, bar.low, bar.high)))]
        if not shown:
            return Markup("")
        ends = [value for bar in shown for value in (bar.low, bar.high)] + ([] if reference is None else [reference])
        low, high, grid = axis(min(ends), max(ends), 5)
        if limits is not None:
            low, high = max(low, limits[0]), min(high, limits[1])
        grid = [value for value in grid if low <= value <= high]
        height, row = 44 * len(shown) + 26, 44
        parts = [_column(_share(value, low, high), height - 22, tick_text(value, grid)) for value in grid]
        if reference is not None:
            x = _share(reference, low, high)
            parts += [_SEGMENT.format("reference", x, x, i * row + 21, i * row + 40) for i in range(len(shown))]
        for i, bar in enumerate(shown):
            parts.append(_interval(bar, low, high, i * row))
        return self._svg(title, height, parts, "forest")

    def scatter(self, title: str, points: Sequence[Point], height: int = 340) -> Markup:
        """Return points on two axes of one scale, and the diagonal where both numbers are the same. x: across; y: upwards."""
        shown = [point for point in points if math.isfinite(point.x) and math.isfinite(point.y)]
        if not shown:
            return Markup("")
        low, high, grid = axis(min(map(min, shown)), max(map(max, shown)), 5)
        frame = _Frame(low, high, low, high, height)
        parts = [_rule(frame.y(value), tick_text(value, grid)) for value in grid]
        parts += [_column(frame.x(value), frame.y(low), tick_text(value, grid)) for value in grid]
        parts.append(_SEGMENT.format("reference", 0, 100, frame.y(low), frame.y(high)))
        parts += [_DOT.format("dot tuned", frame.x(x), frame.y(y), 3) for x, y in shown]
        return self._svg(title, height, parts, "plot scatter")

    def share(self, title: str, value: float, style: str = "other") -> Markup:
        """Return a bar that fills `value` (0 to 1) of its cell: a number of the table beside it, seen."""
        width = 100 * min(1.0, max(0.0, value if math.isfinite(value) else 0.0))
        bar = Markup('<rect class="track" width="100%" height="8" rx="1"/><rect class="{}" width="{:.2f}%" height="8" rx="1"/>').format(
            style, width
        )
        return self._svg(title, 8, [bar], "share")

    def _svg(self, title: str, height: int, parts: Sequence[Markup], style: str) -> Markup:
        name = f"figure-{next(self._numbers)}"
        head = Markup('<svg class="{}" width="100%" height="{}" role="img" aria-labelledby="{}"><title id="{}">{}</title>')
        return head.format(style, height, name, name, title) + Markup("").join(parts) + Markup("</svg>")


# --- axes ---


def axis(low: float, high: float, n: int) -> tuple[float, float, list[float]]:
    """Return an axis that holds [low, high] and its round grid values, about n of them (steps of 1, 2 or 5 times a power of ten)."""
    if not high > low:
        pad = abs(low) / 2 or 0.5
        low, high = low - pad if low else 0.0, high + pad
    raw = (high - low) / n
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return first * step, last * step, [i * step for i in range(first, last + 1)]


def tick_text(value: float, grid: Sequence[float]) -> str:
    """Return a grid value with as many decimals as the grid's step needs."""
    step = abs(grid[1] - grid[0]) if len(grid) > 1 else abs(value) or 1.0
    largest = max(abs(g) for g in grid) if grid else abs(value)
    if largest and (largest < 1e-3 or largest >= 1e6):
        return f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e") if value else "0"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value + 0.0:,.{decimals}f}".replace("-", "−")


def _stops(first: float, last: float) -> list[float]:
    """Return the first, some round and the last step, none too near another."""
    _, _, grid = axis(first, last, 4)
    between = [value for value in grid if value - first > 0.18 * (last - first) and last - value > 0.18 * (last - first)]
    return [first, *between, last] if last > first else [first]


def thinned(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """Return at most about `most` points: of each stretch the lowest and the highest, so that no spike is hidden."""
    if len(points) <= most:
        return list(points)
    size = math.ceil(len(points) / (most // 2))
    kept: list[Point] = [points[0]]
    for start in range(0, len(points), size):
        stretch = points[start : start + size]
        finite = [p for p in stretch if math.isfinite(p.y)]
        ends = {min(finite, key=lambda p: p.y), max(finite, key=lambda p: p.y)} if finite else {stretch[0]}
        kept += sorted(ends)
    return [*kept, points[-1]]


def smoothed(points: Sequence[Point], share: float = 0.08) -> list[Point]:
    """Return the exponential moving average over about `share` of the points, without the bias to its start; gaps stay gaps."""
    window = max(2.0, share * len(points))
    keep = 1 - 2 / (window + 1)
    mean, weight, out = 0.0, 0.0, list[Point]()
    for x, y in points:
        if not math.isfinite(y):
            out.append(Point(x, math.nan))
            continue
        mean, weight = keep * mean + (1 - keep) * y, keep * weight + (1 - keep)
        out.append(Point(x, mean / weight))
    return out


# --- drawing ---

_SEGMENT = Markup('<line class="{}" x1="{:.2f}%" x2="{:.2f}%" y1="{:.1f}" y2="{:.1f}"/>')
_TEXT = Markup('<text class="{}" x="{}" y="{:.1f}" text-anchor="{}">{}</text>')
_NOTE = Markup('<text class="note" x="{:.2f}%" dx="{}" y="{:.1f}" text-anchor="{}">{}</text>')
_DOT = Markup('<circle class="{}" cx="{:.2f}%" cy="{:.1f}" r="{}"/>')


class _Frame(NamedTuple):
    """What the ends of the axes mean. The upper 6 pixels stay free for the top grid label."""

    first: float
    last: float
    low: float
    high: float
    height: int

    def x(self, value: float) -> float:
        return 100 * (value - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        return 6 + (self.height - 30) * (self.high - value) / (self.high - self.low)


def _share(value: float, low: float, high: float) -> float:
    return 100 * (min(high, max(low, value)) - low) / (high - low)


def _rule(y: float, text: str) -> Markup:
    return _SEGMENT.format("grid", 0, 100, y, y) + _TEXT.format("tick", "-8", y + 4, "end", text)


def _column(x: float, bottom: float, text: str) -> Markup:
    anchor = "start" if x < 4 else "end" if x > 96 else "middle"
    return _SEGMENT.format("grid", x, x, 4, bottom) + _TEXT.format("tick", f"{x:.2f}%", bottom + 16, anchor, text)


def _foot(frame: _Frame, value: float, first: float, last: float) -> Markup:
    anchor = "start" if value == first else "end" if value == last else "middle"
    text = f"step {value:,.0f}" if value == last else f"{value:,.0f}"
    return _TEXT.format("tick", f"{frame.x(value):.2f}%", frame.height - 6, anchor, text)


def _inner(curves: Sequence[Curve], frame: _Frame) -> Markup:
    """Curves in a drawing that is stretched to the width of the page; a gap is where a value is not a number."""
    lines, dots = list[Markup](), list[Markup]()
    for curve in curves:
        for run in _runs(curve.points):
            if len(run) == 1:
                dots.append(_DOT.format(f"dot {curve.style}", frame.x(run[0].x), frame.y(run[0].y), 2.5))
            else:
                places = " ".join(f"{frame.x(p.x) * _SCALE / 100:.1f},{frame.y(p.y):.1f}" for p in run)
                lines.append(
                    Markup('<polyline class="curve {}" points="{}" vector-effect="non-scaling-stroke"/>').format(curve.style, places)
                )
    box = Markup('<svg width="100%" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">')
    return box.format(frame.height, _SCALE, frame.height) + Markup("").join(lines) + Markup("</svg>") + Markup("").join(dots)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    runs: list[list[Point]] = [[]]
    for point in points:
        if math.isfinite(point.y):
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _pointed(mark: Mark, frame: _Frame) -> Markup:
    """A dotted line through the point; its words stand at the top or the bottom, whichever is farther from the point."""
    x, y = frame.x(mark.x), frame.y(mark.y)
    anchor, away = ("end", -7) if x > 50 else ("start", 7)
    top, bottom = 6, frame.height - 24
    place = top + 12 if y - top > (bottom - top) / 2 else bottom - 8
    line = _SEGMENT.format("best", x, x, top, bottom)
    return line + _DOT.format("dot best", x, y, 4) + _NOTE.format(x, away, place, anchor, mark.label)


def _interval(bar: Bar, low: float, high: float, top: int) -> Markup:
    a, m, b = (_share(value, low, high) for value in (bar.low, bar.mean, bar.high))
    y = top + 30
    parts = [_TEXT.format(f"name {bar.style}", "0", top + 15, "start", bar.name), _TEXT.format("value", "100%", top + 15, "end", bar.text)]
    parts += [_SEGMENT.format(f"interval {bar.style}", a, b, y, y)]
    parts += [_SEGMENT.format(f"interval {bar.style}", end, end, y - 4, y + 4) for end in (a, b)]
    return Markup("").join(parts) + _DOT.format(f"dot {bar.style}", m, y, 4.5)
