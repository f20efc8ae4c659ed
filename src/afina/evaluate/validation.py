"""Validation while a model trains: loss weighted by tokens, the metric that chooses the best checkpoint, sample answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from afina.evaluate.ask import Ask
from afina.evaluate.metrics import METRICS
from afina.evaluate.metrics.user import telling_the_row
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
        on_text = METRICS[self.metric].needs == "text" and TASKS[self.ask.objective.example].generates
        asked = self.questions if on_text else self.questions[: self.n_samples]
        answers = self.ask.generate([question.ids for question in asked], self.stop_ids, self.max_new_tokens) if asked else []
        if on_text:
            wanted, numbers = [question.wanted for question in asked], [question.number for question in asked]
            with telling_the_row(answers, wanted, numbers):
                metrics[self.metric] = METRICS[self.metric].score(answers, wanted)
        shown = list(zip(asked, answers, strict=True))[: self.n_samples]
        return Evaluated(step, metrics, False, tuple(Sample(q.number, q.prompt, q.wanted, got) for q, got in shown))
