"""A text and its class."""

from __future__ import annotations

from collections.abc import Collection

from afina.data import names
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Labelled


@register
class LabelledShape(Shape):
    name = "labelled"
    roles = ("text", "label")
    row_type = Labelled
    meaning = "texts with labels"

    def find(self, seen: Evidence) -> list[Layout]:
        text, text_sure = seen.best(seen.texts(), names.TEXT)
        label, label_sure = self.fill("label", seen, {text})
        if not text or not label:
            return []
        sure = min(text_sure, label_sure)
        roles = {"text": (text,), "label": (label,)}
        if seen.left_out(roles, names.ORIGIN):
            sure = min(sure, 0.7)
        if names.plain(label) in names.ORIGIN or seen[text].templated >= 0.5:
            sure = min(sure, 0.7)
        return [seen.layout(self.name, roles, sure)]

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role == "text":
            return seen.best([name for name in seen.texts() if name not in taken], names.TEXT)
        name, sure = seen.best(seen.labels(taken), names.LABEL)
        # sets of classes are another shape, and many numbers called a score are no classes
        doubtful = name and (seen[name].n_classes or (seen[name].could_score and names.says(name, names.SCORE) == 1))
        return name, min(sure, 0.85) if doubtful else sure

    def row(self, reader: Reader, record: Record) -> Labelled | None:
        found = reader.texts(record, "label")
        return Labelled(record.number, found["text"], found["label"]) if found else None
