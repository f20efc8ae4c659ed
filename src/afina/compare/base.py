"""What every comparison is made of: the models that are asked, the sheet that collects their scores, the registry by form of example.

Letters: N rows, C classes, D features, V vocabulary.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Entry, Kind, Resampling, answered, with_loss
from afina.compare.prompting import Asking, Prompting, Shot
from afina.data.encoder import Encoder
from afina.errors import AfinaError
from afina.evaluate.metrics import by_row
from afina.evaluate.metrics.user import telling_the_row
from afina.registry import Registry
from afina.types import IGNORE_INDEX, Example, Message

if TYPE_CHECKING:
    from afina.evaluate.questions import Question
    from afina.job import Job

NEVER_CUT = 10**9
"""Prompts with worked examples are measured by the comparison itself, which leaves examples out rather than cutting text."""

Losses = tuple[NDArray[Any], NDArray[Any]]
"""Summed nll (nats) and number of tokens, each [N]."""


class Asked(Protocol):
    """A model that can be asked about many rows at once; afina.evaluate.ask.Ask is one."""

    def nll(self, examples: Sequence[Example]) -> Losses:
        """Return each example's summed negative log-likelihood (nats) and its number of learned tokens, both [N]."""
        ...

    def class_logps(self, examples: Sequence[Example], n_classes: int) -> NDArray[Any]:
        """Return log p(class | text), [N, C]."""
        ...

    def features(self, examples: Sequence[Example]) -> NDArray[Any]:
        """Return hidden states, [N, D]."""
        ...

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> Sequence[float]:
        """Return log p(choice | prompt) summed over the choice's tokens, one a choice. Units: nats."""
        ...

    def generate(self, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], max_new_tokens: int) -> list[str]:
        """Return the greedy answer to each prompt."""
        ...


class Sheet:
    """Collects the entries and notes of one comparison. numbers: the line in the data file of each compared row."""

    def __init__(self, metrics: Sequence[str], wanted: list[Any], resampling: Resampling, numbers: Sequence[int] = ()) -> None:
        self.metrics, self.wanted, self.resampling, self.numbers = metrics, wanted, resampling, numbers
        self.entries: list[Entry] = []
        self.notes: list[str] = []

    def add(self, name: str, kind: Kind, answers: Answers, rows: Sequence[int] | None = None, losses: Losses | None = None) -> None:
        chosen = range(len(self.numbers)) if rows is None else rows
        numbers, wanted = [self.numbers[i] for i in chosen if self.numbers], [self.wanted[i] for i in chosen]
        with telling_the_row(answers.predictions, wanted, numbers):
            entry = answered(name, kind, self.metrics, answers.predictions, self.wanted, self.resampling, answers.note, rows)
        self.entries.append(entry if losses is None else with_loss(entry, *losses, self.resampling))


def losses_of(asked: dict[str, Any], examples: Sequence[Example], notes: list[str], rows: str = "rows") -> dict[str, Losses]:
    """Return each model's (summed nll, number of tokens) by row of the file; rows without tokens are left out and counted."""
    if not examples:
        notes.append("loss: not measured, no test examples")
        return {}
    losses = {name: by_row(examples, *model.nll(examples)) for name, model in asked.items()}
    n_tokens = losses["tuned"][1]
    for name, (totals, counts) in losses.items():
        if not np.array_equal(counts, n_tokens):
            raise AfinaError(
                "V002", f"tuned and {name} were scored on different tokens", where="comparison", fix="report this as a bug of afina"
            )
        if not np.isfinite(totals).all():
            n_bad = int((~np.isfinite(totals)).sum())
            raise AfinaError(
                "V006", f"the loss of {name} is not finite on {n_bad} test rows", where="comparison", fix="model.precision=fp32"
            )
    kept = n_tokens > 0
    if not kept.all():
        notes.append(f"loss: {int((~kept).sum())} of {len(kept)} test {rows} have no token to predict")
    return {name: (totals[kept], counts[kept]) for name, (totals, counts) in losses.items()} if kept.any() else {}


def learned_ids(example: Example) -> NDArray[np.int64]:
    """Return the labelled tokens; the first position is predicted from nothing and never counts."""
    labels_T = np.array(example.labels[1:], dtype=np.int64)
    return labels_T[labels_T != IGNORE_INDEX]


def check_rows(rows: Sequence[Any], examples: Sequence[Example] | None = None) -> None:
    if not len(rows):
        raise AfinaError(
            "V001", "a comparison needs training rows and test rows", where="comparison", fix="data.test=0.1, or eval.compare=false"
        )
    if examples is not None and len(rows) != len(examples):
        raise AfinaError(
            "V002", f"{len(rows)} rows beside {len(examples)} examples", where="comparison", fix="report this as a bug of afina"
        )


def drawn(n_rows: int, most: int, seed: int) -> list[int]:
    """Return up to `most` positions, drawn by seed, in file order."""
    return list(range(n_rows)) if n_rows <= most else sorted(random.Random(seed).sample(range(n_rows), most))


def joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def prompting_of(job: Job) -> Prompting:
    """Return how a job's base model is prompted."""
    new_tokens = job.recipe.eval.max_new_tokens
    assert new_tokens != "auto"
    tokenizer, encoder = job.tokenizer, job.encoded.encoder
    uncut = Encoder(tokenizer, job.recipe.data, NEVER_CUT, kind=job.facts.kind)

    def turns(shots: Sequence[Shot], question: Asking) -> list[int]:
        """Worked examples as earlier turns of a conversation, then the question."""
        earlier = [message for shot in shots for message in (Message("user", shot.question), Message("assistant", shot.answer))]
        return uncut.prompt_ids([*earlier, *cast("Question", question).messages])

    return Prompting(
        encode=lambda text: tokenizer.encode(text, follows=True),
        context=job.facts.max_length,
        bos_id=tokenizer.bos if tokenizer.adds_bos else None,
        stop_ids=tuple(encoder.stop_ids),
        max_new_tokens=new_tokens,
        turns=turns if encoder.template else None,
    )


COMPARISONS: Registry[Callable[..., Comparison]] = Registry("comparison")
"""Form of example -> what makes the comparison of a job: (job, base, tuned), each an afina.evaluate.ask.Ask.

Models that the objective asked beside the trained one come by the name of their role (teacher=...)."""
