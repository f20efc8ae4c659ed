"""What a trained model answers, and how good that is: a task a file, each registered under the form of example that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from afina.evaluate.ask import Ask
from afina.evaluate.bootstrap import Interval, ratio_interval
from afina.evaluate.metrics import METRICS, by_row
from afina.evaluate.metrics.user import telling_the_row, users_metrics
from afina.registry import Registry
from afina.types import Example, Notice, Row, Standard

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


@dataclass(frozen=True)
class Meaning:
    """What the outputs of a head stand for: classes in their order, or numbers as they were standardised.

    own: a person's own metrics, measured beside those of the task.
    """

    labels: tuple[str, ...] = ()
    standard: Standard = field(default_factory=Standard)
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A prediction's columns for each row (the labels of a text as a tuple), and what was noticed on the way."""

    lines: list[dict[str, Any]]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Scores:
    """Metrics with their intervals, and what was noticed on the way."""

    metrics: dict[str, Interval]
    notices: tuple[Notice, ...] = ()


class Task:
    """Asks one model, or a finished run, about rows of one form. generates: its answers are words."""

    generates = False

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        """Return validation metrics that need no generated text, "loss" among them."""
        raise NotImplementedError

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        """Return the columns that answer each row."""
        raise NotImplementedError

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        """Return the answer to each bare text."""
        raise NotImplementedError

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        """Return how good the answers to labelled rows are."""
        raise NotImplementedError


def measured(names: Sequence[str], got: Sequence[Any], wanted: Sequence[Any], numbers: Sequence[int]) -> dict[str, float]:
    """Return each metric over rows with these numbers; a person's own function that fails says which it was."""
    with telling_the_row(got, wanted, numbers):
        return {name: METRICS[name].score(got, wanted) for name in names}


def scored(
    trained: Trained, names: Sequence[str], got: Sequence[Any], wanted: Sequence[Any], numbers: Sequence[int]
) -> dict[str, Interval]:
    """Return each metric, and those of a person's own that the run names, over rows with these numbers."""
    spec = trained.recipe.eval
    with telling_the_row(got, wanted, numbers):
        every = (*names, *users_metrics(spec))
        return {name: METRICS[name].interval(got, wanted, trained.recipe.seed, spec.bootstrap) for name in every}


def numbers_of(examples: Sequence[Example]) -> list[int]:
    """Return the number of the row that each example was made of."""
    return [example.number for example in examples]


def loss_interval(trained: Trained, examples: Sequence[Example]) -> Interval:
    """Return the loss of a run on examples, those of one row of the file drawn together."""
    totals_N, counts_N = by_row(examples, *trained.ask.nll(examples))
    return ratio_interval(totals_N, counts_N, seed=trained.recipe.seed, n=trained.recipe.eval.bootstrap)


def perplexities(loss: Interval) -> Interval:
    """Return exp of a loss and its bounds."""
    return Interval(*(float(np.exp(min(value, 700))) for value in loss))


TASKS: Registry[Task] = Registry("task")
