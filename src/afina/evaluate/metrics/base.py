"""What a metric is, and the register of all."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from afina.errors import UsageError
from afina.evaluate.bootstrap import Interval, Statistic, difference_of, interval_of, mean_statistic
from afina.recipe.functions import is_function
from afina.registry import Registry

Needs = Literal["classes", "sets", "tags", "text", "numbers", "loss"]
MetricUnit = Literal["share", "points", "nats/token", "ratio", "correlation", "data", "data squared", "own"]


@dataclass(frozen=True)
class Metric:
    """One way to score predictions. Everywhere in this package what the model gave comes first and what was wanted second.

    needs: what a row's got and wanted are. "classes", "text": strings. "sets": tuples of labels. "tags": tuples of tags, one a word.
        "numbers": floats. "loss": sum of nll and number of tokens.
    per_example: the score of one row. Where a metric has none it says how far the row is right (classes: 1 or 0; numbers: |error|).
    score: the value over all rows, from the same two arguments as sequences. is_mean: whether it is the mean of `per_example`.
    unit: "share" (0 to 1), "points" (0 to 100), "nats/token", "ratio", "correlation" (-1 to 1), those of the file's numbers, or "own", its
        author's.
    statistic: for a metric that is no mean: (got, wanted) -> its value on drawn rows.
    """

    name: str
    larger_is_better: bool
    needs: Needs
    per_example: Callable[[Any, Any], float]
    score: Callable[[Sequence[Any], Sequence[Any]], float]
    is_mean: bool = True
    unit: MetricUnit = "share"
    statistic: Callable[[Sequence[Any], Sequence[Any]], Statistic] | None = None

    def interval(self, got: Sequence[Any], wanted: Sequence[Any], seed: int = 0, n: int = 1000, level: float = 0.95) -> Interval:
        """Return the score over the rows with its interval over `n` resamples of them."""
        return interval_of(self._drawn(got, wanted), len(wanted), seed, n, level)

    def difference(
        self, a: Sequence[Any], b: Sequence[Any], wanted: Sequence[Any], seed: int = 0, n: int = 1000, level: float = 0.95
    ) -> Interval:
        """Return the score of `a` minus that of `b`, both on the same drawn rows."""
        return difference_of(self._drawn(a, wanted), self._drawn(b, wanted), len(wanted), seed, n, level)

    def _drawn(self, got: Sequence[Any], wanted: Sequence[Any]) -> Statistic:
        check_pairs(got, wanted)
        if self.statistic is not None:
            return self.statistic(got, wanted)
        return mean_statistic([self.per_example(g, w) for g, w in zip(got, wanted, strict=True)])


class Metrics(Registry[Metric]):
    """The registered metrics by name, and a person's own by where their function is."""

    def __getitem__(self, name: str) -> Metric:
        """Raises UsageError R004 with the nearest name, V007 for a function that is not there."""
        from afina.evaluate.metrics.user import user_metric

        return user_metric(name) if is_function(name) else super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a metric now; the file of a person's own may have gone since a run used it."""
        try:
            return isinstance(name, str) and self[name] is not None
        except UsageError:
            return False


METRICS: Metrics = Metrics("metric")


def add(metric: Metric) -> None:
    """Register a metric under its name."""
    METRICS.register(metric.name)(metric)


def named(name: str) -> Metric:
    """Return the metric called `name`. Raises UsageError R004 with the nearest name."""
    if name in METRICS:
        return METRICS[name]
    near = difflib.get_close_matches(name, METRICS.names(), 1)
    fix = f"eval.metric={near[0]}" if near else f"eval.metric= one of: {', '.join(METRICS.names())}"
    raise UsageError("R004", f'no metric is called "{name}"', where="eval.metric", fix=fix)


def mean_of(per_example: Callable[[Any, Any], float], got: Sequence[Any], wanted: Sequence[Any]) -> float:
    """Return the mean of a per-example score. Raises ValueError for lists of different lengths or without rows."""
    check_pairs(got, wanted)
    return math.fsum(per_example(g, w) for g, w in zip(got, wanted, strict=True)) / len(got)


def check_pairs(got: Sequence[object], wanted: Sequence[object]) -> None:
    """Raise ValueError for lists of different lengths or without rows."""
    if len(got) != len(wanted):
        raise ValueError(f"{len(got)} predictions for {len(wanted)} rows")
    if not len(got):
        raise ValueError("no rows to score")
