"""A text and several classes: a list, words joined with a sign, or a column of yes and no for every class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from afina.data import names
from afina.data.cells import as_written, structured, truth
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.pieces import cut, flagged, sign_of
from afina.data.sources.base import Record
from afina.types import MultiLabelled, Notice

FEWEST = 3
"""Columns of yes and no from which on they are read as the classes of one text."""


@register
class MultiLabelledShape(Shape):
    name = "multi_labelled"
    roles = ("text", "labels")
    row_type = MultiLabelled
    meaning = "texts with several labels each"

    def find(self, seen: Evidence) -> list[Layout]:
        return [layout for layout in (self._of_sets(seen), self._of_indicators(seen)) if layout is not None]

    def _of_sets(self, seen: Evidence) -> Layout | None:
        labels, labels_sure = self.fill("labels", seen, ())
        text, text_sure = self.fill("text", seen, {labels})
        if not labels or not text:
            return None
        roles = {"text": seen.with_headline(text), "labels": (labels,)}
        rivals = [name for name in seen.labels({text, labels}) if names.says(name, names.LABEL) == 1]
        sure = min(text_sure, labels_sure) if not rivals and not seen.left_out(roles, names.ORIGIN) else 0.7
        return seen.layout(self.name, roles, sure)

    def _of_indicators(self, seen: Evidence) -> Layout | None:
        """A column of yes and no for every class. Sure where the names are those of classes, and a row has none or several."""
        columns = tuple(seen.indicators())
        text, text_sure = self.fill("text", seen, columns)
        if len(columns) < FEWEST or not text:
            return None
        roles = {"text": seen.with_headline(text), "labels": columns}
        counts = [sum(truth(record.values.get(column)) is True for column in columns) for record in seen.records]
        rivals = [name for name in seen.labels({text, *columns}) if names.says(name, names.LABEL) == 1]
        if 2 * sum(_is_class(column, columns) for column in columns) < len(columns) or set(counts) == {1} or rivals:
            text_sure = min(text_sure, 0.7)
        if seen.left_out(roles, names.ORIGIN):
            text_sure = min(text_sure, 0.7)
        reason = f"yes or no in each of {', '.join(columns)}; {sum(counts) / len(counts):.1f} classes a row"
        return seen.layout(self.name, roles, text_sure, f"text = {'+'.join(roles['text'])} ({seen[text].describe()})", reason)

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role == "text":
            return seen.best([name for name in seen.bodies(taken) if not seen[name].n_classes], names.TEXT)
        return seen.best([name for name, profile in seen.profiles.items() if profile.n_classes and name not in taken], names.LABEL)

    def rows(self, reader: Reader, records: Iterable[Record]) -> Iterator[MultiLabelled]:
        columns = reader.layout.roles.get("labels", ())
        labels_of = flagged if len(columns) > 1 else _in_one_cell(reader, columns)
        for record in records:
            text = reader.text(record, "text")
            if not text.strip():
                reader.empty[record.number] = reader.column("text")
                continue
            unclear = next((name for name in columns if len(columns) > 1 and truth(record.values.get(name)) is None), "")
            if unclear and reader.answers:
                reader.drop(record, f'"{unclear}" is neither yes nor no: {as_written(record.values.get(unclear))[:40]!r}')
            else:
                yield MultiLabelled(record.number, text, labels_of(record.values, columns))

    def instead(self, layout: Layout) -> str:
        mapping = layout.mapping()
        if len(layout.roles["labels"]) > 1:
            return as_command({"text": mapping["text"], "label": layout.roles["labels"][0]}) + " learns one of the classes"
        return as_command({"prompt": mapping["text"], "completion": mapping["labels"]}) + " learns to write the labels"


def _is_class(column: str, siblings: Sequence[str]) -> bool:
    """Whether a name is a class's, by itself or as one of label_a, label_b; is_reply and is_quote only say where a text is from."""
    stems = {words[0] if len(words) > 1 else "" for words in map(names.words, siblings)}
    return names.plain(column) in names.CLASS or (len(stems) == 1 and stems <= names.LABEL)


def _in_one_cell(reader: Reader, columns: Sequence[str]) -> Callable[[Mapping[str, Any], Sequence[str]], tuple[str, ...]]:
    """Return what cuts the cells of the one column of labels, with a notice of the sign they are cut at."""
    cells = Counter(as_written(record.values.get(column)) for record in reader.table.records for column in columns)
    listed = any(isinstance(structured(cell), list) for cell in cells)
    sign = "" if listed else sign_of(cells)
    if sign:
        reader.said.append(Notice(f'"{columns[0]}" holds several labels, joined with "{sign}"'))
    return lambda values, columns: tuple(label for column in columns for label in cut(values.get(column), sign))
