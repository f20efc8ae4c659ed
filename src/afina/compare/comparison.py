"""The result of a comparison: who was asked, what it scored, and an honest sentence about who won. It is what eval.json holds.

The tests behind the verdict are paired: tuned minus other on the rows that both answered, by bootstrap (compare/bootstrap.py). Tuning is
said to win only where that holds against every other entry, which needs no correction for many comparisons.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from afina.compare.forgetting import Forgetting
from afina.evaluate.bootstrap import (
    Interval,
    exponential,
    paired_difference,
    paired_ratio_difference,
    ratio_interval,
)
from afina.evaluate.metrics import METRICS, ClassScore

Task = Literal["choices", "classes", "labels", "lm", "numbers", "tags", "text"]
Kind = Literal[
    "base",
    "base zero-shot",
    "base k-shot",
    "majority",
    "memorised words",
    "tf-idf + logistic regression",
    "frozen probe",
    "mean",
    "tf-idf + ridge",
    "most common answer",
    "most common position",
    "longest option",
    "tf-idf similarity",
    "copy of the prompt",
    "unigram",
    "teacher",
    "tuned",
]
Outcome = Literal["better", "worse", "undecided"]

LEVEL = 0.95
LEAST_DIFFERING = 6
"""With fewer rows on which two entries differ no two-sided sign test reaches 5 % (2 * 0.5 ** 6 = 0.031), whatever the bootstrap says."""
_MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class Resampling:
    """How intervals are made."""

    n: int = 1000
    seed: int = 0


@dataclass(frozen=True)
class Entry:
    """One answerer and its scores.

    rows: positions of the answered rows among the comparison's rows; None means all. predictions: one an answered row.
    per_example: metric -> one score an answered row; "loss_sum" (nats) and "n_tokens" are over all test examples instead.
    n_rows: rows behind the metrics other than loss and perplexity (for "lm": documents).
    """

    name: str
    kind: Kind
    metrics: dict[str, Interval]
    n_rows: int
    note: str = ""
    predictions: list[Any] | None = None
    per_example: dict[str, list[float]] = field(default_factory=dict)
    rows: list[int] | None = None


class Difference(NamedTuple):
    """Tuned minus `name` in a metric, on the rows that both answered."""

    name: str
    metric: str
    interval: Interval


@dataclass(frozen=True)
class Worst:
    """A test row on which the tuned model did worst. number: its line in the data file. score: see the comparison's `worst_by`."""

    number: int
    input: str
    wanted: str
    got: str
    score: float


@dataclass(frozen=True)
class Comparison:
    """Base, baselines and tuned on the same test rows, with everything needed to compute it again.

    numbers, wanted: the line in the data file and the wanted answer of each compared row ("lm": documents, without answers).
    n_test: rows set aside for the test. outcomes: name -> what tuned is beside it in the main metric.
    notes: what was not compared, and why. worst_by: what the score of `worst` is. forgetting: base and tuned on a general text.
    """

    task: Task
    main_metric: str
    entries: list[Entry]
    differences: list[Difference]
    verdict: str
    worst: list[Worst]
    n_test: int
    per_class: list[ClassScore] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    wanted: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    worst_by: str = ""
    forgetting: Forgetting | None = None

    @property
    def tuned(self) -> Entry:
        return next(entry for entry in self.entries if entry.kind == "tuned")

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values. Numbers that JSON has no word for become "Infinity", "-Infinity" and "NaN"."""
        return _plain({key.name: getattr(self, key.name) for key in dataclasses.fields(self)})

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Comparison:
        """Return the comparison that `to_json` wrote; keys of later versions are left aside."""
        known = {key.name for key in dataclasses.fields(cls)}
        plain = {key: part for key, part in value.items() if key in known}
        return cls(
            **{
                **plain,
                "entries": [_entry(part) for part in value["entries"]],
                "differences": [Difference(part["name"], part["metric"], _interval(part["interval"])) for part in value["differences"]],
                "worst": [Worst(**{**part, "score": float(part["score"])}) for part in value["worst"]],
                "per_class": [ClassScore(**part) for part in value.get("per_class", [])],
                "forgetting": Forgetting.from_json(value["forgetting"]) if value.get("forgetting") else None,
            }
        )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if hasattr(value, "_asdict"):
        value = value._asdict()
    elif dataclasses.is_dataclass(value):
        value = {key.name: getattr(value, key.name) for key in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _interval(value: dict[str, Any]) -> Interval:
    return Interval(*(float(value[key]) for key in ("mean", "low", "high")))


def _entry(value: dict[str, Any]) -> Entry:
    metrics = {name: _interval(part) for name, part in value["metrics"].items()}
    per_example = {name: [float(score) for score in scores] for name, scores in value["per_example"].items()}
    return Entry(**{**value, "metrics": metrics, "per_example": per_example})


# --- making it ---


def answered(
    name: str,
    kind: Kind,
    metrics: Sequence[str],
    predictions: Sequence[Any],
    wanted: Sequence[Any],
    resampling: Resampling,
    note: str = "",
    rows: Sequence[int] | None = None,
) -> Entry:
    """Score predictions. wanted: of all compared rows; `rows` says which of them were answered."""
    truth = list(wanted) if rows is None else [wanted[i] for i in rows]
    per_example: dict[str, list[float]] = {}
    scored: dict[str, Interval] = {}
    for metric in metrics:
        known = METRICS[metric]
        scored[metric] = known.interval(predictions, truth, resampling.seed, resampling.n, LEVEL)
        if known.is_mean:
            per_example[metric] = [known.per_example(g, w) for g, w in zip(predictions, truth, strict=True)]
    return Entry(name, kind, scored, len(truth), note, list(predictions), per_example, None if rows is None else list(rows))


def with_loss(entry: Entry, sums: ArrayLike, counts: ArrayLike, resampling: Resampling, in_order: bool = True) -> Entry:
    """Add the loss, from each example's summed nll (nats) and number of tokens.

    in_order: the tokens are predicted one after another, so that exp(loss) is a perplexity; it is added too.
    """
    loss = ratio_interval(sums, counts, resampling.seed, resampling.n, LEVEL)
    perplexity = {"perplexity": exponential(loss)} if in_order else {}
    return dataclasses.replace(
        entry,
        metrics={**entry.metrics, "loss": loss, **perplexity},
        per_example={**entry.per_example, "loss_sum": np.asarray(sums, float).tolist(), "n_tokens": np.asarray(counts, float).tolist()},
    )


def finish(
    task: Task,
    main_metric: str,
    entries: list[Entry],
    wanted: Sequence[Any],
    resampling: Resampling,
    worst: list[Worst],
    n_test: int,
    **rest: Any,
) -> Comparison:
    """Add the paired differences, the outcomes and the verdict. rest: the comparison's other fields."""
    tuned = next(entry for entry in entries if entry.kind == "tuned")
    differences: list[Difference] = []
    outcomes: dict[str, Outcome] = {}
    for other in entries:
        if other is tuned:
            continue
        for metric in tuned.metrics:
            found = _difference(tuned, other, metric, wanted, resampling)
            if found is None:
                continue
            difference, n_differing = found
            differences.append(difference)
            if metric == main_metric and other.kind != "teacher":  # which is to be come near to, not beaten
                outcomes[other.name] = _outcome(metric, difference.interval, n_differing)
    sentence = verdict(main_metric, entries, differences, outcomes)
    return Comparison(task, main_metric, entries, differences, sentence, worst, n_test, outcomes=outcomes, wanted=list(wanted), **rest)


def _difference(tuned: Entry, other: Entry, metric: str, wanted: Sequence[Any], resampling: Resampling) -> tuple[Difference, int] | None:
    """Return tuned minus other and the number of rows on which they differ; None where one of them has no such metric."""
    if metric not in tuned.metrics or metric not in other.metrics or metric == "perplexity":
        return None
    n, seed = resampling.n, resampling.seed
    if metric == "loss":
        a, b = tuned.per_example, other.per_example
        change = paired_ratio_difference(a["loss_sum"], a["n_tokens"], b["loss_sum"], b["n_tokens"], seed, n, LEVEL)
        return Difference(other.name, metric, change), _n_unequal(a["loss_sum"], b["loss_sum"])
    tuned_at, other_at = _places(tuned), _places(other)
    common = sorted(tuned_at.keys() & other_at.keys())
    if not common:
        return None
    if not METRICS[metric].is_mean:
        assert tuned.predictions is not None
        assert other.predictions is not None
        got = [tuned.predictions[tuned_at[row]] for row in common]
        beside = [other.predictions[other_at[row]] for row in common]
        truth = [wanted[row] for row in common]
        return Difference(other.name, metric, METRICS[metric].difference(got, beside, truth, seed, n, LEVEL)), _n_unequal(got, beside)
    values = [tuned.per_example[metric][tuned_at[row]] for row in common]
    beside_values = [other.per_example[metric][other_at[row]] for row in common]
    return Difference(other.name, metric, paired_difference(values, beside_values, seed, n, LEVEL)), _n_unequal(values, beside_values)


def _places(entry: Entry) -> dict[int, int]:
    """Return where each compared row is among the entry's predictions."""
    return {row: i for i, row in enumerate(range(entry.n_rows) if entry.rows is None else entry.rows)}


def _n_unequal(a: Sequence[Any], b: Sequence[Any]) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True))


def _outcome(metric: str, difference: Interval, n_differing: int) -> Outcome:
    if n_differing < LEAST_DIFFERING:
        return "undecided"
    up = METRICS[metric].larger_is_better
    if difference.low > 0:
        return "better" if up else "worse"
    if difference.high < 0:
        return "worse" if up else "better"
    return "undecided"


def worst_of(rows: Sequence[tuple[int, str, str, str, float]], n: int = 10, high_is_bad: bool = False) -> list[Worst]:
    """Return the n worst of (number, input, wanted, got, score), by score and then by line; long texts are shortened with an ellipsis."""
    ordered = sorted(rows, key=lambda row: (-row[4] if high_is_bad else row[4], row[0]))
    return [Worst(number, _short(given), _short(wanted), _short(got), float(score)) for number, given, wanted, got, score in ordered[:n]]


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + " …"


# --- saying it ---


def verdict(main_metric: str, entries: Sequence[Entry], differences: Sequence[Difference], outcomes: dict[str, Outcome]) -> str:
    """Return the sentence a person reads first. It says "wins" only where tuned is better than every other entry by interval."""
    tuned = next(entry for entry in entries if entry.kind == "tuned")
    others = [entry for entry in entries if entry.name in outcomes]
    has_base = any(entry.kind.startswith("base") for entry in others)
    base = "" if has_base else f" The base model has no {main_metric} here, so nothing is said about it."
    scored = f"{main_metric} {_shown(tuned.metrics[main_metric])} on {_rows(tuned)}"
    if not others:
        return f"Nothing to compare with: tuned has {scored}.{base}"
    by_outcome = {kind: [entry for entry in others if outcomes[entry.name] == kind] for kind in ("better", "worse", "undecided")}
    if len(by_outcome["better"]) == len(others):
        sign = 1 if METRICS[main_metric].larger_is_better else -1
        best = max(others, key=lambda entry: sign * entry.metrics[main_metric].mean)
        beaten = "the only other" if len(others) == 1 else f"the best of {len(others)} others"
        return f"Tuning wins: {scored}; {beaten}, {best.name}, has {_shown(best.metrics[main_metric])} on {_rows(best)}.{base}"
    change = {difference.name: difference.interval for difference in differences if difference.metric == main_metric}
    worse = [f"{e.name} is better ({_shown(e.metrics[main_metric])}, tuned minus it {_shown(change[e.name])})" for e in by_outcome["worse"]]
    equal = [f"no difference from {e.name} is shown ({_shown(change[e.name])})" for e in by_outcome["undecided"]]
    beaten = [f"it beats {', '.join(e.name for e in by_outcome['better'])}"] if by_outcome["better"] else []
    return f"Tuning does not win: tuned has {scored}; {'; '.join([*worse, *equal, *beaten])}.{base}"


def _shown(value: Interval) -> str:
    """Three decimals; four digits where numbers in units of their own are too small or too large for that."""
    plain = all(0.1 <= abs(part) < 1e4 or part == 0 for part in value) or 0.0005 <= max(map(abs, value)) <= 1 or not any(value)
    mean, low, high = (f"{part:.3f}" if plain else f"{part:.4g}" for part in value)
    return f"{mean} [{low}, {high}]"


def _rows(entry: Entry) -> str:
    return f"{entry.n_rows:,} row{'' if entry.n_rows == 1 else 's'}"
