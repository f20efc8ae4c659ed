"""Text that a chat template has already rendered: learned as it stands, its control tokens read as such, never templated again."""

from __future__ import annotations

from afina.data import names
from afina.data.cells import as_written
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Row, Text

MOSTLY = 0.9


@register
class TemplatedShape(Shape):
    name = "templated"
    roles = ("text",)
    row_type = Text
    meaning = "text with a chat template's tokens"

    def find(self, seen: Evidence) -> list[Layout]:
        marked = [name for name, profile in seen.profiles.items() if profile.templated >= 0.2]
        if not marked:
            return []
        # a rendered prompt and its answer are one text, one after the other
        pairs = [(seen.called((ask,)), seen.called((reply,))) for ask, reply in names.PAIRS]
        columns = next((pair for pair in pairs if all(pair) and not set(pair).isdisjoint(marked)), tuple(marked))
        roles = {"text": columns}
        alone = (
            len(columns) == 1 and not seen.left_out(roles) and not any(names.says(name, names.LABEL) == 1 for name in seen.unused(roles))
        )
        sure = 0.97 if alone and seen[columns[0]].templated >= MOSTLY else 0.7
        return [seen.layout(self.name, roles, sure, f"{'+'.join(marked)} holds the tokens of a chat template")]

    def accepts(self, roles: dict[str, tuple[str, ...]], seen: Evidence) -> bool:
        return any(seen[column].templated >= 0.5 for columns in roles.values() for column in columns)

    def describes(self, row: Row) -> bool:
        return isinstance(row, Text) and row.templated

    def row(self, reader: Reader, record: Record) -> Text | None:
        text = "".join(as_written(record.values.get(column)) for column in reader.layout.roles["text"])
        if not text.strip():
            reader.empty[record.number] = reader.column("text")
            return None
        return Text(record.number, text, templated=True)
