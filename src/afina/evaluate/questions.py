"""Held-out rows as questions: the prompt a model is given, and the answer the file has for it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from afina.data.encoder import Encoder
from afina.data.prepare import Encoded
from afina.data.template import END_THOUGHT
from afina.job import Job
from afina.types import Chat, Completion, Example, Message, Row, Split, Text


@dataclass(frozen=True)
class Question:
    """`ids` is the prompt in tokens, exactly as in training; `wanted` the answer of the file.

    index: its place in the split. messages: the conversation before the answer (empty for running text). n_cut: prompt tokens left off.
    """

    index: int
    number: int
    prompt: str
    ids: tuple[int, ...]
    wanted: str
    messages: tuple[Message, ...] = ()
    n_cut: int = 0


def questions(encoded: Encoded, rows: Sequence[Row], examples: Sequence[Example], limit: int, seed: int, room: int) -> tuple[Question, ...]:
    """Return up to `limit` rows as questions, drawn by seed, in file order.

    room: tokens of the context kept free for the answer. A conversation is asked for its last assistant turn; a running
    text for its second half.
    """
    if rows and isinstance(rows[0], Text):
        return tuple(_continuation(encoded, i, examples[i]) for i in _drawn(len(examples), limit, seed) if len(examples[i]) >= 8)
    return tuple(_answer(encoded, i, rows[i], room) for i in _drawn(len(rows), limit, seed))


def questions_of(job: Job, split: Split) -> tuple[Question, ...]:
    """Return the rows of a job's split as the questions of its evaluations."""
    spec = job.recipe.eval
    assert spec.max_new_tokens != "auto"
    rows, examples = job.dataset.splits[split], job.encoded.examples[split]
    return questions(job.encoded, rows, examples, spec.max_generated, job.recipe.seed, spec.max_new_tokens)


def _drawn(n: int, limit: int, seed: int) -> list[int]:
    return list(range(n)) if n <= limit else sorted(random.Random(seed).sample(range(n), limit))


def _answer(encoded: Encoded, index: int, row: Row, room: int) -> Question:
    assert isinstance(row, Completion | Chat)
    before = (Message("user", row.prompt),) if isinstance(row, Completion) else row.messages[:-1]
    said = before[-1].content if before else ""
    prompt = encoded.encoder.prompt(row, room)
    return Question(index, row.number, said, tuple(prompt.ids), wanted_of(row, encoded.encoder), before, prompt.n_cut)


def wanted_of(row: Completion | Chat, encoder: Encoder) -> str:
    """Return the (last) answer of a row as a model that learned it gives it: calls of tools and thoughts as the template writes them."""
    if isinstance(row, Completion):
        return row.completion.strip()
    last = row.messages[-1]
    if last.tool_calls or last.reasoning_content or END_THOUGHT in last.content:
        return encoder.tokenizer.decode(encoder.segments(row)[-1][-1].ids, skip_special=True).strip()
    return last.content.strip()


def cut_note(cut: Sequence[int]) -> str:
    """Say how many prompts were cut (`cut`: tokens left off each); "" when none was."""
    n = sum(tokens > 0 for tokens in cut)
    return f"{n:,} of {len(cut):,} prompts were cut at their start, to leave room for the answer within max_length" if n else ""


def _continuation(encoded: Encoded, index: int, example: Example) -> Question:
    half = min(len(example) // 2, 64)
    decode = encoded.encoder.tokenizer.decode
    return Question(
        index, example.number, decode(example.ids[:half]), tuple(example.ids[:half]), decode(example.ids[half : 2 * half]).strip()
    )
