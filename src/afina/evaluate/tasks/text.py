"""Running text: how surprising it is, and how it goes on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from afina.evaluate.ask import Ask
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, loss_interval, perplexities
from afina.types import Example, Message, Row, Text

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


class RunningText(Task):
    """The text goes on."""

    generates = True

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        sums_N, counts_N = ask.nll(examples)
        loss = float(sums_N.sum() / max(counts_N.sum(), 1))
        return {"loss": loss, "perplexity": math.exp(min(loss, 700.0))}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        prompts, said = trained.prompts(rows)
        answers = trained.answers(prompts)
        return Said([{"prompt": self.asked(row), "answer": answer} for row, answer in zip(rows, answers, strict=True)], tuple(said))

    def asked(self, row: Row) -> str:
        """The words of a row that are shown beside its answer."""
        assert isinstance(row, Text)
        return row.text

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        return trained.answers([trained.prompt([Message("user", text)]) for text in texts])

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        examples, said = trained.examples(rows)
        loss = loss_interval(trained, examples)
        return Scores({"loss": loss, "perplexity": perplexities(loss)}, said)


TASKS.register("text")(RunningText())
