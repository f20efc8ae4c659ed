"""Makes the roles of one record into texts and conversations, and remembers what was empty, bad or changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from afina.data.cells import as_written, is_messages, is_turn, spans, structured
from afina.data.chat import ChatReader
from afina.data.columns.format import filled
from afina.data.columns.layout import Layout
from afina.data.columns.shape import SHAPES, Shape
from afina.data.sources.base import Dropped, Record, Table, listed
from afina.recipe.schema import DataSpec
from afina.types import Message, Notice

DIALOGUE = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")


@dataclass
class Reader:
    """answers: labels, completions and last answers must be there; else (a file to predict) they may be missing.

    empty: row number -> the column that is empty. dropped: rows that are not used for another reason.
    """

    table: Table
    layout: Layout
    spec: DataSpec
    answers: bool = True
    empty: dict[int, str] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    said: list[Notice] = field(default_factory=list)
    _gaps: dict[str, list[int]] = field(default_factory=dict)
    _several: dict[str, dict[int, None]] = field(default_factory=dict)

    @cached_property
    def shape(self) -> Shape:
        return SHAPES[self.layout.shape]

    @cached_property
    def missing(self) -> frozenset[str]:
        """The words that stand for no text."""
        return frozenset(self.spec.na)

    @cached_property
    def chats(self) -> ChatReader:
        return ChatReader(self.table.where, self.spec, self.answers)

    def column(self, role: str) -> str:
        return "+".join(self.layout.roles.get(role, ()))

    def value(self, record: Record, role: str) -> Any:
        """Return the value of a role of one column, lists and objects written as text read; None without such a column."""
        columns = self.layout.roles.get(role, ())
        return structured(record.values.get(columns[0])) if columns else None

    def text(self, record: Record, role: str) -> str:
        """Return the text of a role: its columns' non-empty texts joined with a blank line, or put into the prompt's format."""
        columns = self.layout.roles.get(role, ())
        if len(columns) == 1 and not self.layout.prompt_format:
            return self._written(record, columns[0])
        texts = [self._written(record, column) for column in columns]
        if role == "prompt" and self.layout.prompt_format:
            for column, text in zip(columns, texts, strict=True):
                if not text.strip():
                    self._gaps.setdefault(column, []).append(record.number)
            return filled(self.layout.prompt_format, dict(zip(columns, texts, strict=True))) if any(map(str.strip, texts)) else ""
        return "\n\n".join(text for text in texts if text.strip())

    def texts(self, record: Record, *answers: str) -> dict[str, str] | None:
        """Return the texts of the needed roles; None, and the row is noted, when one is empty. answers: roles that may be missing when
        answers may."""
        found = {role: self.text(record, role) for role in self.shape.roles}
        for role, text in found.items():
            if not text.strip() and (self.answers or role not in answers):
                self.empty[record.number] = self.column(role)
                return None
        return found

    def messages(self, record: Record, role: str) -> tuple[Message, ...] | None:
        """Return the conversation in a role: messages, one message, a dialogue written as Human: and Assistant:, or a plain text, which is
        one user turn in a prompt and one assistant turn elsewhere. None, and the row is noted, when it is empty."""
        value = self.value(record, role) if len(self.layout.roles.get(role, ())) == 1 else None
        if is_turn(value):
            value = [value]
        if is_messages(value):
            return self.chats.messages(record.number, value)
        text = self.text(record, role)
        if not text.strip():
            self.empty[record.number] = self.column(role)
            return None
        if "\n\nAssistant:" in text and text.lstrip().startswith("Human:"):
            return dialogue(text)
        return (Message("user" if role == "prompt" else "assistant", text),)

    def drop(self, record: Record, reason: str) -> None:
        """Leave a row out, for a reason that names the column and the value."""
        self.dropped.append(Dropped(record.number, reason))

    def all_empty(self) -> dict[int, str]:
        """Return row number -> the column that is empty, conversations included."""
        column = self.column("messages")
        return {**self.empty, **dict.fromkeys(self.chats.empty, column)}

    def left_out(self) -> list[Dropped]:
        """Return the rows that are not used for another reason than an empty field."""
        empty = set(self.chats.empty)
        return [*self.dropped, *(drop for drop in self.chats.dropped if drop.number not in empty)]

    def notices(self) -> list[Notice]:
        """Return what was left out or changed, but for empty fields."""
        found = list(self.said)
        for column, numbers in self._gaps.items():
            what = f'"{column}" is empty in {len(numbers):,} rows and leaves a gap in the prompt: rows {listed(numbers)}'
            found.append(Notice(what, key="data.prompt"))
        for column, rows in self._several.items():
            what = f'"{column}" holds several answers in {len(rows):,} rows, of which the first is read: rows {listed(list(rows))}'
            found.append(Notice(what, key="data.map"))
        if self.dropped:
            what = (
                f"{len(self.dropped):,} rows cannot be read as {self.shape.meaning}: rows {listed([drop.number for drop in self.dropped])}"
            )
            found.append(Notice(what, f"the first: {self.dropped[0].reason}", level="warning"))
        return found + self.chats.notices()

    def _written(self, record: Record, column: str) -> str:
        value = record.values.get(column)
        answers = spans(value)
        if answers is None:
            text = as_written(value)
        else:
            text = answers[0] if answers else ""
            if len(set(answers)) > 1:
                self._several.setdefault(column, {})[record.number] = None
        return "" if self.missing and text.strip() in self.missing else text


def dialogue(text: str) -> tuple[Message, ...]:
    """Return the turns of a dialogue written as "Human: ...", blank line, "Assistant: ..." (Anthropic's HH)."""
    parts = DIALOGUE.split(text)[1:]
    return tuple(Message("user" if who == "Human" else "assistant", said) for who, said in zip(parts[::2], parts[1::2], strict=True))


def common(first: Sequence[Message], second: Sequence[Message]) -> int:
    """Return how many turns two conversations have in common at their beginning."""
    n = 0
    while n < min(len(first), len(second)) and first[n] == second[n]:
        n += 1
    return n
