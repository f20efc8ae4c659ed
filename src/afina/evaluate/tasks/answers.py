"""Answers in words: how surprising the wanted ones are, and how near the given ones come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from afina.evaluate.metrics import TEXT_METRICS
from afina.evaluate.questions import wanted_of
from afina.evaluate.tasks.base import TASKS, Scores, scored
from afina.evaluate.tasks.text import RunningText
from afina.types import Chat, Completion, Row

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


class Answers(RunningText):
    """The prompt is answered."""

    def asked(self, row: Row) -> str:
        if isinstance(row, Completion):
            return row.prompt
        assert isinstance(row, Chat)
        return next((m.content for m in reversed(row.messages) if m.role == "user"), "")

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        losses = super().score(trained, rows)
        wanted = [wanted_of(row, trained.encoder) for row in rows if isinstance(row, Completion | Chat)]
        prompts, cut = trained.prompts(rows)
        answers = trained.answers(prompts)
        metrics = scored(trained, TEXT_METRICS, answers, wanted, [row.number for row in rows])
        loss, perplexity = losses.metrics["loss"], losses.metrics["perplexity"]
        return Scores({"loss": loss, **metrics, "perplexity": perplexity}, (*losses.notices, *cut))


TASKS.register("answers")(Answers())
