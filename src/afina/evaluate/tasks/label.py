"""One class for each text or pair of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from afina.evaluate.ask import Ask
from afina.evaluate.metrics import CLASS_METRICS
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, loss_interval, measured, numbers_of, scored
from afina.types import Example, Labelled, Pair, Row

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


class Label(Task):
    """The likeliest class and its probability."""

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        logps_NC = ask.class_logps(examples, len(meaning.labels))
        targets = np.array([example.target for example in examples])
        got = logps_NC.argmax(-1)
        loss = float(-logps_NC[np.arange(len(targets)), targets].mean())
        truth, predicted = [meaning.labels[i] for i in targets], [meaning.labels[i] for i in got]
        return {"loss": loss, **measured((*CLASS_METRICS, *meaning.own), predicted, truth, numbers_of(examples))}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        examples, said = trained.examples(rows)
        found = likeliest(trained, examples)
        lines = [
            {"text": row.asked, "label": label, "probability": round(p, 6)}
            for row, (label, p) in zip(rows, found, strict=True)
            if isinstance(row, Labelled | Pair)
        ]
        return Said(lines, said)

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        examples, _ = trained.examples([Labelled(i, text, "") for i, text in enumerate(texts)])
        return [label for label, _ in likeliest(trained, examples)]

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        examples, said = trained.examples(rows)
        got = [label for label, _ in likeliest(trained, examples)]
        wanted = [row.label for row in rows if isinstance(row, Labelled | Pair)]
        metrics = scored(trained, CLASS_METRICS, got, wanted, [row.number for row in rows])
        return Scores({"loss": loss_interval(trained, examples), **metrics}, said)


def likeliest(trained: Trained, examples: Sequence[Example]) -> list[tuple[str, float]]:
    """Return the likeliest label of each encoded row and its probability."""
    probabilities_NC = np.exp(trained.ask.class_logps(examples, len(trained.labels)))
    best = probabilities_NC.argmax(-1)
    return [(trained.labels[i], float(probabilities_NC[n, i])) for n, i in enumerate(best)]


TASKS.register("label")(Label())
