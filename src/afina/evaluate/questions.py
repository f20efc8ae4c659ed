"""Held-out rows as questions: the prompt a model is given, and the answer the file has for it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from afina.data.prepare import Encoded
from afina.types import Chat, Completion, Example, Message, Row, Text


@dataclass(frozen=True)
class Question:
    """`ids` is the prompt in tokens, exactly as in training; `wanted` the answer of the file.

    index: its place in the split. messages: the conversation before the answer (empty for running text).
    """

    index: int
    number: int
    prompt: str
    ids: tuple[int, ...]
    wanted: str
    messages: tuple[Message, ...] = ()


def questions(encoded: Encoded, rows: Sequence[Row], examples: Sequence[Example], limit: int, seed: int, room: int) -> tuple[Question, ...]:
    """Return up to `limit` rows as questions, drawn by seed, in file order.

    room: tokens of the context kept free for the answer. A conversation is asked for its last assistant turn; a running
    text for its second half.
    """
    if rows and isinstance(rows[0], Text):
        return tuple(_continuation(encoded, i, examples[i]) for i in _drawn(len(examples), limit, seed) if len(examples[i]) >= 8)
    return tuple(_answer(encoded, i, rows[i], room) for i in _drawn(len(rows), limit, seed))


def _drawn(n: int, limit: int, seed: int) -> list[int]:
    return list(range(n)) if n <= limit else sorted(random.Random(seed).sample(range(n), limit))


def _answer(encoded: Encoded, index: int, row: Row, room: int) -> Question:
    assert isinstance(row, Completion | Chat)
    if isinstance(row, Completion):
        before, wanted = (Message("user", row.prompt),), row.completion
    else:
        before, wanted = row.messages[:-1], row.messages[-1].content
    prompt = before[-1].content if before else ""
    return Question(index, row.number, prompt, tuple(encoded.encoder.prompt_ids(row, room)), wanted.strip(), before)


def _continuation(encoded: Encoded, index: int, example: Example) -> Question:
    half = min(len(example) // 2, 64)
    decode = encoded.encoder.tokenizer.decode
    return Question(
        index, example.number, decode(example.ids[:half]), tuple(example.ids[:half]), decode(example.ids[half : 2 * half]).strip()
    )
