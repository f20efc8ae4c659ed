"""Running text."""

from __future__ import annotations

from afina.data import names
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Text

SILENT = ("empty", "id", "date", "constant", "number")


@register
class TextShape(Shape):
    name = "text"
    roles = ("text",)
    row_type = Text
    meaning = "running text"

    def find(self, seen: Evidence) -> list[Layout]:
        text, sure = seen.best(seen.texts(), names.TEXT)
        if not text:
            return []
        roles = {"text": (text,)}
        rest = [name for name in seen.unused(roles) if not _tells_where(seen, name) and _matters(seen, name)]
        if rest:
            sure = min(sure, 0.85)
        if seen[text].templated >= 0.2:
            sure = min(sure, 0.6)
        return [seen.layout(self.name, roles, sure)]

    def row(self, reader: Reader, record: Record) -> Text | None:
        found = reader.texts(record)
        return Text(record.number, found["text"]) if found else None


def _matters(seen: Evidence, name: str) -> bool:
    """What could be asked for beside the text: something named so, a number that may judge it, anything that is said or repeats."""
    profile = seen[name]
    if names.says(name, names.LABEL | names.PROMPT | names.COMPLETION) == 1 or (profile.look == "number" and profile.could_score):
        return True
    return profile.look not in SILENT


def _tells_where(seen: Evidence, name: str) -> bool:
    """A source, a file name, a title; but an author or a language that repeats could be what is to be learned."""
    word = names.plain(name)
    return word in names.METADATA and (word not in names.LEARNABLE or not seen[name].could_label)
