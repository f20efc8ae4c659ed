"""Exact duplicates: rows with the same content, ignoring surrounding space."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from afina.types import (
    Chat,
    Choices,
    Completion,
    Feedback,
    Labelled,
    Message,
    MultiLabelled,
    Pair,
    Preference,
    Prompt,
    Row,
    Scored,
    ScoredPair,
    Tagged,
    Text,
)

SEPARATOR = "\x1f"


def content(row: Row) -> str:
    """Return everything a row says, its answer or label included."""
    match row:
        case Labelled():
            return _joined(row.text, row.label)
        case Completion():
            return _joined(row.prompt, row.completion)
        case Chat():
            return _turns(row.messages)
        case MultiLabelled():
            return _joined(row.text, *sorted(row.labels))
        case Scored():
            return _joined(row.text, repr(row.score))
        case Pair():
            return _joined(row.text, row.other, row.label)
        case ScoredPair():
            return _joined(row.text, row.other, repr(row.score))
        case Tagged():
            return _joined(*row.words, *row.tags)
        case Choices():
            return _joined(row.prompt, *row.choices, str(row.answer))
        case Preference():
            return _joined(_turns(row.prompt), _turns(row.chosen), _turns(row.rejected))
        case Feedback():
            return _joined(_turns(row.prompt), _turns(row.completion), str(row.good))
        case Prompt():
            return _turns(row.prompt)
        case Text():
            return row.text.strip()


def question(row: Row) -> str:
    """Return what a row asks: the text without its label, the prompt without its answer."""
    match row:
        case Labelled() | MultiLabelled() | Scored() | Text():
            return row.text.strip()
        case Completion():
            return row.prompt.strip()
        case Chat():
            last = max((index for index, message in enumerate(row.messages) if message.role == "assistant"), default=len(row.messages))
            return _turns(row.messages[:last])
        case Pair() | ScoredPair():
            return _joined(row.text, row.other)
        case Tagged():
            return " ".join(row.words)
        case Choices():
            return _joined(row.prompt, *row.choices)
        case Preference():  # where both say everything, the better answer stands for the prompt
            return _turns(row.prompt or row.chosen)
        case Feedback() | Prompt():
            return _turns(row.prompt)


def opening(row: Row, n_answers: int = 1) -> str | None:
    """Return what a row asks for its n-th answer, from the beginning; None where it has fewer.

    Every answer of a conversation is learned, so it is the beginning that two rows must not share across a split: logs often hold a
    conversation again at each of its turns. Other rows ask once.
    """
    if not isinstance(row, Chat):
        return question(row) if n_answers == 1 else None
    answers = [index for index, message in enumerate(row.messages) if message.role == "assistant"]
    if n_answers > max(1, len(answers)):
        return None
    return _turns(row.messages[: answers[n_answers - 1]]) if answers else question(row)


def _joined(*texts: str) -> str:
    return SEPARATOR.join(text.strip() for text in texts)


def _turns(messages: Sequence[Message]) -> str:
    return SEPARATOR.join(f"{message.role}{SEPARATOR}{_said(message)}" for message in messages)


def _said(message: Message) -> str:
    """What a turn says, the tools it calls included."""
    said = message.content.strip()
    return said + json.dumps(message.tool_calls, sort_keys=True, ensure_ascii=False, default=str) if message.tool_calls else said


def digest(text: str, salt: str = "") -> bytes:
    """Return a short hash of a text (128 bits)."""
    return hashlib.blake2b(f"{salt}{SEPARATOR}{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def content_key(row: Row) -> bytes:
    """Return the hash by which exact duplicates are found."""
    return digest(content(row))


@dataclass(frozen=True)
class Duplicates:
    """groups: the row numbers of each set of equal rows, two or more in a set. conflicts: equal texts with different labels."""

    groups: tuple[tuple[int, ...], ...]
    conflicts: tuple[tuple[int, ...], ...]

    @property
    def n_repeats(self) -> int:
        """Rows that repeat an earlier row."""
        return sum(len(group) - 1 for group in self.groups)


def duplicates(rows: Sequence[Row]) -> Duplicates:
    """Return the sets of equal rows, and of equal texts whose labels differ."""
    groups = _grouped((content_key(row), row.number) for row in rows)
    conflicts: list[tuple[int, ...]] = []
    labelled = [row for row in rows if isinstance(row, Labelled | Pair | Tagged)]
    labels = {row.number: row.tags if isinstance(row, Tagged) else row.label.strip() for row in labelled}
    for numbers in _grouped((digest(question(row)), row.number) for row in labelled):
        if len({labels[number] for number in numbers}) > 1:
            conflicts.append(numbers)
    return Duplicates(tuple(groups), tuple(conflicts))


def _grouped(pairs: Iterable[tuple[bytes, int]]) -> list[tuple[int, ...]]:
    """Return the sets of two or more numbers with one key, by their first number."""
    first: dict[bytes, int] = {}
    found: dict[int, list[int]] = {}
    for key, number in pairs:
        earlier = first.setdefault(key, number)
        if earlier != number:
            found.setdefault(earlier, [earlier]).append(number)
    return [tuple(found[earlier]) for earlier in sorted(found)]
