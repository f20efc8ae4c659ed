"""A number for each text or pair of texts, in the units of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from afina.evaluate.ask import Ask
from afina.evaluate.bootstrap import interval
from afina.evaluate.metrics import NUMBER_METRICS
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, measured, numbers_of, scored
from afina.types import Example, Row, Scored, ScoredPair

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained

SHOWN_DIGITS = 9
"""Digits of a predicted number: more than an fp32 sum is worth."""


class Score(Task):
    """The number that the text has. The loss is the squared error of the standardised numbers, as in training."""

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        standard, got = meaning.standard, ask.numbers(examples)
        wanted = np.array([example.values[0] for example in examples]) * standard.scale + standard.mean
        loss = float((((got - wanted) / standard.scale) ** 2).mean())
        return {"loss": loss, **measured((*NUMBER_METRICS, *meaning.own), got.tolist(), wanted.tolist(), numbers_of(examples))}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        examples, said = trained.examples(rows)
        got = trained.ask.numbers(examples)
        return Said([{"text": row.asked, "score": shown(number)} for row, number in zip(_typed(rows), got, strict=True)], said)

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        examples, _ = trained.examples([Scored(i, text, 0.0) for i, text in enumerate(texts)])
        return [str(shown(number)) for number in trained.ask.numbers(examples)]

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        n, seed = trained.recipe.eval.bootstrap, trained.recipe.seed
        examples, said = trained.examples(rows)
        got, wanted = trained.ask.numbers(examples), np.array([row.score for row in _typed(rows)])
        loss = interval(((got - wanted) / trained.standard.scale) ** 2, seed=seed, n=n)
        metrics = scored(trained, NUMBER_METRICS, got.tolist(), wanted.tolist(), [row.number for row in rows])
        return Scores({"loss": loss, **metrics}, said)


def shown(number: float) -> float:
    return float(f"{number:.{SHOWN_DIGITS}g}")


def _typed(rows: Sequence[Row]) -> list[Scored | ScoredPair]:
    return cast("list[Scored | ScoredPair]", list(rows))


TASKS.register("score")(Score())
