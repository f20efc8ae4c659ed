"""Exact duplicates: rows with the same content, ignoring surrounding space."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from afina.types import Chat, Completion, Labelled, Row

SEPARATOR = "\x1f"


def content(row: Row) -> str:
    """Return everything a row says, its answer or label included."""
    if isinstance(row, Labelled):
        return SEPARATOR.join((row.text.strip(), row.label.strip()))
    if isinstance(row, Completion):
        return SEPARATOR.join((row.prompt.strip(), row.completion.strip()))
    if isinstance(row, Chat):
        return SEPARATOR.join(f"{message.role}{SEPARATOR}{message.content.strip()}" for message in row.messages)
    return row.text.strip()


def question(row: Row) -> str:
    """Return what a row asks: the text without its label, the prompt without its answer."""
    if isinstance(row, Labelled):
        return row.text.strip()
    if isinstance(row, Completion):
        return row.prompt.strip()
    if isinstance(row, Chat):
        last = max((index for index, message in enumerate(row.messages) if message.role == "assistant"), default=len(row.messages))
        return SEPARATOR.join(f"{message.role}{SEPARATOR}{message.content.strip()}" for message in row.messages[:last])
    return row.text.strip()


def digest(text: str, salt: str = "") -> str:
    """Return a short hash of a text (128 bits, hexadecimal)."""
    return hashlib.blake2b(f"{salt}{SEPARATOR}{text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def content_key(row: Row) -> str:
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
    labelled = [row for row in rows if isinstance(row, Labelled)]
    labels = {row.number: row.label.strip() for row in labelled}
    for numbers in _grouped((digest(row.text.strip()), row.number) for row in labelled):
        if len({labels[number] for number in numbers}) > 1:
            conflicts.append(numbers)
    return Duplicates(tuple(groups), tuple(conflicts))


def _grouped(pairs: Iterable[tuple[str, int]]) -> list[tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        found.setdefault(key, []).append(number)
    return [tuple(numbers) for numbers in found.values() if len(numbers) > 1]
