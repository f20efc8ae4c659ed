"""A row as checks see it: its free texts by name, its labels, what it asks and what it answers. No row is refused here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from afina.data.cells import as_written, content_of, is_messages, is_turn, spans, speaker, spoken, structured
from afina.data.chat import CALLERS, SPEAKERS
from afina.data.columns import SHAPES, Layout
from afina.data.columns.format import filled
from afina.data.pieces import cut, flagged, sign_of
from afina.data.profile import profiles
from afina.data.sources.base import Record, Table
from afina.data.wordwise import OUTSIDE, spans_of

VALUE_ROLES = frozenset({"score", "answer", "tools", "tags", "entities"})
"""Roles that hold neither free text nor a class."""
ANSWER_ROLES = frozenset({"completion", "chosen", "rejected"})


class Turn(NamedTuple):
    """One message: speaker "user", "assistant", "system", "tool", or as written where it is none of them; calls: it calls a tool."""

    speaker: str
    text: str
    calls: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    texts: free text by role (by column where the layout is not clear); turns of a conversation are "messages 1", "messages 2"...
    fields: every role as text, labels and scores included. asked: what the row asks, without its answer. whole: all its texts.
    """

    number: int
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    fields: Mapping[str, str]
    labels: tuple[str, ...]
    turns: tuple[Turn, ...]
    answers: tuple[str, ...]
    asked: str
    whole: str


@dataclass(frozen=True)
class Fields:
    """Which columns hold what: role -> columns, or column -> itself where the layout is not clear. sign: what joins several labels."""

    roles: Mapping[str, tuple[str, ...]]
    shape: str
    needed: tuple[str, ...] = ()
    prompt_format: str = ""
    sign: str = ""

    @classmethod
    def of(cls, table: Table, layout: Layout | None) -> Fields:
        if layout is not None:
            return cls(layout.roles, layout.shape, SHAPES[layout.shape].roles, layout.prompt_format, _sign(table, layout))
        looks = profiles(table)
        texts = [name for name, profile in looks.items() if profile.look in ("text", "short text", "messages", "message")]
        return cls({name: (name,) for name in texts or table.columns}, "")


def _sign(table: Table, layout: Layout) -> str:
    """Return the sign that joins labels in the cells of this file, "" where they are lists."""
    if "labels" not in layout.roles:
        return ""
    cells = Counter(as_written(record.values.get(layout.roles["labels"][0])) for record in table.records)
    return "" if any(isinstance(structured(cell), list) for cell in cells) else sign_of(cells)


def entries(table: Table, fields: Fields, na: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield the rows of a table one at a time."""
    for record in table.records:
        yield entry(record, fields, na)


def entry(record: Record, fields: Fields, na: Sequence[str] = ()) -> Entry:
    """Return one record as checks see it."""
    texts: dict[str, str] = {}
    plain: dict[str, str] = {}
    labels: tuple[str, ...] = ()
    turns: list[Turn] = []
    asked: list[str] = []
    answers: list[str] = []
    for role, columns in fields.roles.items():
        value = record.values.get(columns[0]) if len(columns) == 1 else None
        talk = conversation(value) if role != "system" else []
        if talk:
            plain[role] = "\n".join(turn.text for turn in talk)
            turns += talk
            for index, turn in enumerate(talk, start=1):
                texts[f"{role} {index}"] = turn.text
                (answers if turn.speaker == "assistant" else asked).append(turn.text)
            continue
        text = _sentence(value) if role == "words" else _joined(record, columns, na, fields.prompt_format if role == "prompt" else "")
        plain[role] = text
        if role == "labels" and fields.shape:
            labels = flagged(record.values, columns) if len(columns) > 1 else cut(value, fields.sign)
        elif role in ("tags", "entities") and fields.shape:
            labels = _marks(value)
        elif role == "label" and fields.shape:
            labels = (text,) if text.strip() else ()
        elif role not in VALUE_ROLES or not fields.shape:
            texts[role] = text
            (answers if role in ANSWER_ROLES else asked).append(text)
    return Entry(
        record.number, record.values, texts, plain, labels, tuple(turns), tuple(answers), "\n".join(asked), "\n".join(texts.values())
    )


def _sentence(value: Any) -> str:
    """Return a list of words as a sentence."""
    found = structured(value)
    return " ".join(map(as_written, found)) if isinstance(found, list) else as_written(value)


def _marks(value: Any) -> tuple[str, ...]:
    """Return what the words of a row are, each once: its tags but for that of the words outside, or the labels of its spans."""
    found = structured(value)
    items = [span.label for span in spans_of(found) or ()] or (map(as_written, found) if isinstance(found, list) else ())
    return tuple(dict.fromkeys(item for item in items if item != OUTSIDE))


def conversation(value: Any) -> list[Turn]:
    """Return the turns of a conversation, in OpenAI's or ShareGPT's spelling, as a list or as JSON text; [] for anything else."""
    value = structured(value)
    if is_turn(value):
        value = [value]
    if not is_messages(value):
        return []
    turns: list[Turn] = []
    for turn in value:
        who = speaker(turn)
        content = content_of(turn)
        if isinstance(content, list):
            content = "".join(spoken([part]) or "" for part in content)
        calls = bool(turn.get("tool_calls")) or who in CALLERS
        turns.append(Turn(SPEAKERS.get(who, who), as_written(content), calls))
    return turns


def _joined(record: Record, columns: Sequence[str], na: Sequence[str], prompt_format: str) -> str:
    texts = [_flat(record.values.get(column)) for column in columns]
    texts = ["" if na and text.strip() in na else text for text in texts]
    if prompt_format:
        return filled(prompt_format, dict(zip(columns, texts, strict=True)))
    return texts[0] if len(texts) == 1 else "\n\n".join(text for text in texts if text.strip())


def _flat(value: Any) -> str:
    if (answers := spans(value)) is not None:
        return answers[0] if answers else ""
    if is_turn(value):
        return spoken(value) or ""
    if isinstance(value, list):
        return "\n".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return "\n".join(_flat(item) for item in value.values())
    return as_written(value)
