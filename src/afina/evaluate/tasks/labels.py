"""Any number of classes for each text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from afina.evaluate.ask import Ask
from afina.evaluate.bootstrap import interval
from afina.evaluate.metrics import SET_METRICS, labels_of
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, measured, numbers_of, scored
from afina.objectives.multilabel import MultiLabel
from afina.types import Example, MultiLabelled, Row

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


class Labels(Task):
    """The classes that are likely enough, and the probability of each. Letters: N rows, C classes."""

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        logits_NC = ask.outputs(examples, len(meaning.labels))
        truth_NC = np.array([example.values for example in examples]) > 0.5
        wanted = labels_of(truth_NC, meaning.labels)
        got = likely(logits_NC, meaning.labels, threshold_of(ask))
        metrics = measured((*SET_METRICS, *meaning.own), got, wanted, numbers_of(examples))
        return {"loss": float(losses(logits_NC, truth_NC).mean()), **metrics}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        examples, said = trained.examples(rows)
        logits_NC = trained.ask.outputs(examples, len(trained.labels))
        found = likely(logits_NC, trained.labels, threshold_of(trained.ask))
        lines = [
            {"text": row.text, "labels": labels, "probabilities": dict(zip(trained.labels, probabilities_C.round(6).tolist(), strict=True))}
            for row, labels, probabilities_C in zip(_typed(rows), found, probabilities(logits_NC), strict=True)
        ]
        return Said(lines, said)

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        examples, _ = trained.examples([MultiLabelled(i, text, ()) for i, text in enumerate(texts)])
        logits_NC = trained.ask.outputs(examples, len(trained.labels))
        return ["|".join(labels) for labels in likely(logits_NC, trained.labels, threshold_of(trained.ask))]

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        n, seed = trained.recipe.eval.bootstrap, trained.recipe.seed
        examples, said = trained.examples(rows)
        logits_NC = trained.ask.outputs(examples, len(trained.labels))
        truth_NC = np.array([example.values for example in examples]) > 0.5
        got = likely(logits_NC, trained.labels, threshold_of(trained.ask))
        wanted = [row.labels for row in _typed(rows)]
        loss = interval(losses(logits_NC, truth_NC), seed=seed, n=n)
        return Scores({"loss": loss, **scored(trained, SET_METRICS, got, wanted, [row.number for row in rows])}, said)


def likely(logits_NC: np.ndarray, labels: Sequence[str], threshold: float) -> list[tuple[str, ...]]:
    """Return the labels of each row whose probability is at least the threshold."""
    return labels_of(probabilities(logits_NC) >= threshold, labels)


def probabilities(logits_NC: np.ndarray) -> np.ndarray:
    """Return the probability of each label, [N, C]."""
    return np.exp(-np.logaddexp(0, -logits_NC))


def losses(logits_NC: np.ndarray, truth_NC: np.ndarray) -> np.ndarray:
    """Return each row's binary cross-entropy, the mean over its classes, in nats [N]."""
    return np.logaddexp(0, np.where(truth_NC, -logits_NC, logits_NC)).mean(-1)


def threshold_of(ask: Ask) -> float:
    return cast("MultiLabel", ask.objective).threshold


def _typed(rows: Sequence[Row]) -> list[MultiLabelled]:
    return cast("list[MultiLabelled]", list(rows))


TASKS.register("labels")(Labels())
