"""Validation while a model trains: loss weighted by tokens, the metric that chooses the best checkpoint, sample answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from afina.evaluate.ask import Ask
from afina.evaluate.metrics import METRICS
from afina.evaluate.questions import Question
from afina.evaluate.tasks import TASKS, Meaning
from afina.events import Evaluated, Sample
from afina.types import Example


@dataclass
class Validate:
    """Asks the model about the validation rows. Called by the training loop on every rank.

    questions: rows to generate for; all of them when the metric is on text, else only the first `n_samples` as samples.
    """

    ask: Ask
    examples: Sequence[Example]
    metric: str
    meaning: Meaning = field(default_factory=Meaning)
    questions: Sequence[Question] = ()
    n_samples: int = 3
    stop_ids: tuple[int, ...] = ()
    max_new_tokens: int = 64
    larger_is_better: bool = field(init=False)

    def __post_init__(self) -> None:
        self.larger_is_better = METRICS[self.metric].larger_is_better

    def __call__(self, step: int) -> Evaluated:
        metrics = TASKS[self.ask.objective.example].measure(self.ask, self.examples, self.meaning)
        on_text = METRICS[self.metric].needs == "text"
        asked = self.questions if on_text else self.questions[: self.n_samples]
        answers = self.ask.generate([question.ids for question in asked], self.stop_ids, self.max_new_tokens) if asked else []
        if on_text:
            per_row = METRICS[self.metric].per_example
            values = [per_row(answer, question.wanted) for question, answer in zip(asked, answers, strict=True)]
            metrics[self.metric] = float(np.mean(values))
        shown = list(zip(asked, answers, strict=True))[: self.n_samples]
        return Evaluated(step, metrics, False, tuple(Sample(q.number, q.prompt, q.wanted, got) for q, got in shown))
