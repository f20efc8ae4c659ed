"""The base model asked in words: prompts with and without worked examples. Strings and an `encode` function; no model.

The prompt of a label task, its worked examples drawn from the training rows:

    Text: the card never came
    Label: card_arrival

    Text: why was I charged twice
    Label:

and the model's answer is the label whose tokens have the largest mean log-probability (`best_choices`).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from afina.errors import UsageError
from afina.types import Chat, Completion, Labelled, Pair

Encode = Callable[[str], Sequence[int]]
"""Text to token ids. It adds no beginning or end token of its own."""


@dataclass(frozen=True)
class Shot:
    """One worked example."""

    question: str
    answer: str


class Asking(Protocol):
    """A question in tokens, exactly as in training: afina.evaluate.questions.Question is one."""

    @property
    def ids(self) -> Sequence[int]: ...


@dataclass(frozen=True)
class Format:
    """How questions and answers are written down. `shot` is `ask` with its answer, so that the worked examples look like the question."""

    before_question: str
    before_answer: str
    answer_prefix: str
    after_answer: str

    def ask(self, question: str) -> str:
        """Return the question, up to where the answer begins."""
        joint = "" if self.before_answer == "\n" and question.endswith("\n") else self.before_answer
        return f"{self.before_question}{question}{joint}"

    def shot(self, shot: Shot) -> str:
        return f"{self.ask(shot.question)}{self.answer_prefix}{shot.answer}{self.after_answer}"


LABELS = Format("Text: ", "\nLabel:", " ", "\n\n")
COMPLETIONS = Format("", "\n", "", "\n\n")
"""The encoder's plain format (prompt, line break, answer); where it has its end token an empty line stands, for the model reads on."""


@dataclass(frozen=True)
class Prompting:
    """How the base model is asked: text to tokens, what fits, and when an answer ends.

    context: the model's longest input in tokens. bos_id: the token that begins each prompt, if the model has one; `encode` does not add it.
    stop_ids, max_new_tokens: for generated answers. form: how training writes a prompt and its answer in the plain format.
    turns: for models with a chat template instead of `form`: the ids of worked examples as earlier turns, then the question.
    """

    encode: Encode
    context: int
    bos_id: int | None = None
    stop_ids: Sequence[int] = ()
    max_new_tokens: int = 0
    form: Format = COMPLETIONS
    turns: Callable[[Sequence[Shot], Asking], Sequence[int]] | None = None


@dataclass(frozen=True)
class Prompts:
    """The prompts in tokens, how many worked examples each holds, and how many prompts were cut to the context (their end is kept)."""

    ids: list[list[int]]
    n_shots: list[int]
    n_cut: int = 0

    def note(self) -> str:
        """Say how many worked examples fitted and how many prompts were cut."""
        least, most = min(self.n_shots), max(self.n_shots)
        shots = f"{least} worked examples" if least == most else f"{least} to {most} worked examples, as many as fit the context"
        cut = f"{self.n_cut} of {len(self.ids)} prompts cut to the context" if self.n_cut else ""
        return "; ".join(part for part in (shots if most else "", cut) if part)


def zero_shot(questions: Sequence[str], encode: Encode, budget: int, form: Format = LABELS) -> Prompts:
    """Return each question alone. budget: most tokens of a prompt. Raises UsageError V003 where no prompt can fit."""
    return few_shot(questions, [], encode, budget, form)


def few_shot(questions: Sequence[str], shots: Sequence[Shot], encode: Encode, budget: int, form: Format = LABELS) -> Prompts:
    """Return each question behind as many worked examples as fit in `budget` tokens, taken in their given order.

    A worked example too long for what is left is passed over and the next one tried. Raises UsageError V003 where no prompt can fit.
    """
    _check_budget(budget)
    n_tokens = [len(encode(form.shot(shot))) for shot in shots]
    all_ids: list[list[int]] = []
    n_shots: list[int] = []
    for question in questions:
        asked = form.ask(question)
        fitting = _fitting(n_tokens, budget - len(encode(asked)))
        ids = list(encode("".join(form.shot(shots[i]) for i in fitting) + asked))
        while len(ids) > budget and fitting:  # tokens of a joined text can be more than those of its parts
            fitting.pop()
            ids = list(encode("".join(form.shot(shots[i]) for i in fitting) + asked))
        all_ids.append(ids)
        n_shots.append(len(fitting))
    return _cut(all_ids, n_shots, budget)


def few_shot_before(
    prompts: Sequence[Sequence[int]],
    shots: Sequence[Shot],
    encode: Encode,
    budget: int,
    form: Format = COMPLETIONS,
    bos_id: int | None = None,
) -> Prompts:
    """Return prompts that are already in tokens behind as many worked examples as fit: the model reads the question exactly as in training.

    bos_id: where a prompt begins with it, it stays first. Raises UsageError V003 where no prompt can fit.
    """
    _check_budget(budget)
    shot_ids = [list(encode(form.shot(shot))) for shot in shots]
    all_ids: list[list[int]] = []
    n_shots: list[int] = []
    for prompt in prompts:
        start = 1 if bos_id is not None and prompt and prompt[0] == bos_id else 0
        fitting = _fitting([len(ids) for ids in shot_ids], budget - len(prompt))
        all_ids.append([*prompt[:start], *(token for i in fitting for token in shot_ids[i]), *prompt[start:]])
        n_shots.append(len(fitting))
    return _cut(all_ids, n_shots, budget)


def worked(questions: Sequence[Asking], shots: Sequence[Shot], prompting: Prompting, budget: int) -> Prompts:
    """Return the questions behind worked examples, as turns of a conversation where the model has a chat template, else in plain text.

    As turns: while a prompt is too long, its longest worked example is left out. Raises UsageError V003 where no prompt can fit.
    """
    if prompting.turns is None:
        ids = [question.ids for question in questions]
        return few_shot_before(ids, shots, prompting.encode, budget, prompting.form, prompting.bos_id)
    _check_budget(budget)
    all_ids: list[list[int]] = []
    n_shots: list[int] = []
    for question in questions:
        kept = list(shots)
        ids = list(prompting.turns(kept, question))
        while kept and len(ids) > budget:
            kept.remove(max(kept, key=lambda shot: len(shot.question) + len(shot.answer)))
            ids = list(prompting.turns(kept, question))
        all_ids.append(ids)
        n_shots.append(len(kept))
    return _cut(all_ids, n_shots, budget)


def label_shots(rows: Sequence[Labelled | Pair], k: int, seed: int) -> list[Shot]:
    """Draw up to k training rows by seed, one of each label in turn (the labels in random order) until there are k."""
    rng = random.Random(seed)
    by_label: dict[str, list[Labelled | Pair]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    labels = sorted(by_label)
    rng.shuffle(labels)
    for label in labels:
        rng.shuffle(by_label[label])
    drawn: list[Shot] = []
    while len(drawn) < min(k, len(rows)):
        turn = [label for label in labels if by_label[label]][: k - len(drawn)]
        drawn += [Shot(row.asked, row.label) for row in (by_label[label].pop() for label in turn)]
    rng.shuffle(drawn)
    return drawn


def answer_shots(rows: Sequence[Completion | Chat], k: int, seed: int) -> list[Shot]:
    """Draw up to k training rows by seed as worked examples."""
    chosen = random.Random(seed).sample(range(len(rows)), min(k, len(rows)))
    return [shot_of(rows[i]) for i in chosen]


def shot_of(row: Completion | Chat) -> Shot:
    """Return a row as question and answer; of a conversation its last two messages."""
    if isinstance(row, Completion):
        return Shot(row.prompt, row.completion)
    *before, last = row.messages
    return Shot(before[-1].content if before else "", last.content)


def best_choices(logps_NC: NDArray[np.float64], n_tokens_C: Sequence[int]) -> NDArray[np.int64]:
    """Return the index of the choice with the largest log-probability per token, [N]; ties go to the first.

    Source: Brown et al. 2020, section 2.4, which divides by length on most tasks; its other rule, dividing by the choice's
    probability after a bare "Answer:", is not used. logps_NC: summed log-probabilities of the choices' tokens, in nats.
    """
    mean_logps_NC: NDArray[np.float64] = np.asarray(logps_NC) / np.asarray(n_tokens_C, dtype=np.float64)
    return mean_logps_NC.argmax(axis=1)


def _fitting(n_tokens: Sequence[int], room: int) -> list[int]:
    chosen: list[int] = []
    for i, n in enumerate(n_tokens):
        if n <= room:
            chosen.append(i)
            room -= n
    return chosen


def _check_budget(budget: int) -> None:
    if budget < 1:
        raise UsageError(
            "V003",
            f"{budget} tokens of the model's context are left for a prompt beside its answer",
            where="few-shot prompts",
            fix="eval.max_new_tokens=N below the model's context, or eval.compare=false",
        )


def _cut(all_ids: list[list[int]], n_shots: list[int], budget: int) -> Prompts:
    """Cut what is too long at its start: the end asks for the answer."""
    return Prompts([ids[-budget:] for ids in all_ids], n_shots, sum(len(ids) > budget for ids in all_ids))
