"""A text and several classes: a list, or words joined with a sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from afina.data import names
from afina.data.cells import as_written, structured
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.pieces import cut, sign_of
from afina.data.sources.base import Record
from afina.types import MultiLabelled, Notice


@register
class MultiLabelledShape(Shape):
    name = "multi_labelled"
    roles = ("text", "labels")
    row_type = MultiLabelled
    meaning = "texts with several labels each"

    def find(self, seen: Evidence) -> list[Layout]:
        labels, labels_sure = self.fill("labels", seen, ())
        text, text_sure = self.fill("text", seen, {labels})
        if not labels or not text:
            return []
        roles = {"text": (text,), "labels": (labels,)}
        rivals = [name for name in seen.labels({text, labels}) if names.says(name, names.LABEL) == 1]
        sure = min(text_sure, labels_sure) if not rivals and not seen.left_out(roles, names.ORIGIN) else 0.7
        return [seen.layout(self.name, roles, sure)]

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role == "text":
            return seen.best([name for name in seen.texts() if name not in taken and not seen[name].n_classes], names.TEXT)
        return seen.best([name for name, profile in seen.profiles.items() if profile.n_classes and name not in taken], names.LABEL)

    def rows(self, reader: Reader, records: Iterable[Record]) -> Iterator[MultiLabelled]:
        column = reader.layout.roles["labels"][0] if "labels" in reader.layout.roles else ""
        cells = Counter(as_written(record.values.get(column)) for record in reader.table.records)
        listed = any(isinstance(structured(cell), list) for cell in cells)
        sign = "" if listed else sign_of(cells)
        if sign:
            reader.said.append(Notice(f'"{column}" holds several labels, joined with "{sign}"'))
        for record in records:
            text = reader.text(record, "text")
            if not text.strip():
                reader.empty[record.number] = reader.column("text")
                continue
            yield MultiLabelled(record.number, text, cut(record.values.get(column), sign) if column else ())

    def instead(self, layout: Layout) -> str:
        return as_command({"prompt": layout.mapping()["text"], "completion": layout.mapping()["labels"]}) + " learns to write the labels"
