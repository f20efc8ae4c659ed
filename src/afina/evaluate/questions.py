"""Held-out rows as questions: the prompt a model is given, and the answer the file has for it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from afina.data.prepare import Encoded
from afina.types import Chat, Completion, Example, Row, Text


@dataclass(frozen=True)
class Question:
    """`ids` is the prompt in tokens, exactly as in training; `wanted` the answer of the file; `index` its place in the split."""

    index: int
    number: int
    prompt: str
    ids: tuple[int, ...]
    wanted: str


def questions(encoded: Encoded, rows: Sequence[Row], examples: Sequence[Example], limit: int, seed: int) -> tuple[Question, ...]:
    """Return up to `limit` rows as questions, drawn by seed, in file order.

    A conversation is asked for its last assistant turn; a running text for its second half.
    """
    if rows and isinstance(rows[0], Text):
        return tuple(_continuation(encoded, i, examples[i]) for i in _drawn(len(examples), limit, seed) if len(examples[i]) >= 8)
    return tuple(_answer(encoded, i, rows[i]) for i in _drawn(len(rows), limit, seed))


def _drawn(n: int, limit: int, seed: int) -> list[int]:
    return list(range(n)) if n <= limit else sorted(random.Random(seed).sample(range(n), limit))


def _answer(encoded: Encoded, index: int, row: Row) -> Question:
    assert isinstance(row, Completion | Chat)
    if isinstance(row, Completion):
        prompt, wanted = row.prompt, row.completion
    else:
        prompt, wanted = row.messages[-2].content if len(row.messages) > 1 else "", row.messages[-1].content
    return Question(index, row.number, prompt, tuple(encoded.encoder.prompt_ids(row)), wanted.strip())


def _continuation(encoded: Encoded, index: int, example: Example) -> Question:
    half = min(len(example) // 2, 64)
    decode = encoded.encoder.tokenizer.decode
    return Question(index, example.number, decode(example.ids[:half]), tuple(example.ids[:half]), decode(example.ids[half : 2 * half]).strip())
