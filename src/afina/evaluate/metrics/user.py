"""Metrics of a person's own: a function (got, wanted) -> number for one row, named `FILE.py:function` or `package.module:function`.

got and wanted are what was predicted and what the file has: str for answers, classes and options (as the file writes them; "" where a row
was not asked, for it has an option that fits nowhere), tuple[str, ...] for several labels (their order means nothing) and for tags (one a
word), float for numbers (in the units of the file).

Larger is better, unless the function has the attribute `smaller_is_better = True`. Rows are added up as their mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afina.errors import UsageError
from afina.evaluate.metrics.base import Metric, mean_of
from afina.recipe.functions import function_named, is_function

if TYPE_CHECKING:
    from afina.recipe.schema import EvalSpec


class MetricFailure(UsageError):
    """A person's function that failed on a row; `among` says which."""

    def __init__(self, code: str, what: str, *, where: str = "", fix: str = "", got: Any = None, wanted: Any = None) -> None:
        self.got, self.wanted = got, wanted
        super().__init__(code, what, where=where, fix=fix)

    def __reduce__(self) -> tuple[object, ...]:
        again = partial(type(self), where=self.where, fix=self.fix, got=self.got, wanted=self.wanted)
        return again, (self.code, self.what)

    def among(self, got: Sequence[Any], wanted: Sequence[Any], numbers: Sequence[int]) -> MetricFailure:
        """Return the failure with the line of the data file that it happened on."""
        found = (number for g, w, number in zip(got, wanted, numbers, strict=False) if (g, w) == (self.got, self.wanted))
        number = next(found, None)
        what = self.what if number is None else f"row {number}: {self.what}"
        return MetricFailure(self.code, what, where=self.where, fix=self.fix, got=self.got, wanted=self.wanted)


@contextmanager
def telling_the_row(got: Sequence[Any], wanted: Sequence[Any], numbers: Sequence[int]) -> Iterator[None]:
    """Let a failure say the row that it happened on."""
    try:
        yield
    except MetricFailure as failure:
        raise failure.among(got, wanted, numbers) from failure.__cause__


def users_metrics(spec: EvalSpec) -> tuple[str, ...]:
    """Return the metrics of a recipe that are a person's own, the one that chooses the checkpoint first."""
    return tuple(dict.fromkeys(name for name in (spec.metric, *spec.metrics) if is_function(name)))


def user_metric(name: str) -> Metric:
    """Return the function that a name says as a metric. Raises UsageError V007 where there is none, or its file cannot be run."""
    function = function_named(name)
    per_example = partial(_scored, name, function)
    larger = not getattr(function, "smaller_is_better", False)
    return Metric(name, larger, "text", per_example, partial(mean_of, per_example), unit="own")


def _scored(name: str, function: Callable[[Any, Any], Any], got: Any, wanted: Any) -> float:
    fails = partial(MetricFailure, "V008", where=name, got=got, wanted=wanted)
    pair = f"got={_short(got)}, wanted={_short(wanted)}"
    try:
        value = function(got, wanted)
    except Exception as error:
        what = f"the metric raised {type(error).__name__}: {error} ({pair})"
        raise fails(what, fix=f'mend the function for this row; try it: python -c "{_call(name, got, wanted)}"') from error
    if isinstance(value, bool | int | float) or (hasattr(value, "__float__") and getattr(value, "shape", ()) == ()):
        number = float(value)
        if math.isfinite(number):
            return number
    raise fails(f"the metric returned {value!r:.60}, which is not a finite number ({pair})", fix="return a float for every row")


def _short(value: Any) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 80 else value[:80] + " …")
    written = repr(value)
    return written if len(written) <= 80 else written[:80] + " …"


def _brief(value: Any) -> Any:
    """The beginning of a text or a sequence, and a number as it is."""
    return value[:40] if isinstance(value, str) else value[:6] if isinstance(value, tuple) else value


def _call(name: str, got: Any, wanted: Any) -> str:
    place, _, function = name.rpartition(":")
    module = Path(place).stem if place.endswith(".py") else place
    return f"from {module} import {function}; print({function}({_brief(got)!r}, {_brief(wanted)!r}))".replace('"', '\\"')
