"""A text and marked spans of it: [{"start": 0, "end": 4, "label": "PER"}], or [0, 4, "PER"]."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from afina.data import names
from afina.data.cells import structured
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record, listed
from afina.data.wordwise import Span, ends_early, spans_of, tagged, words_of, wrong
from afina.types import Notice, Row, Tagged

BESIDE = names.METADATA | {"tokens", "meta", "relations", "comments", "cats"}
"""What annotation tools write beside the spans."""
MOST = 0.9
"""Share of the values that must be spans; the others are left out and said."""
DOUBTFUL = 0.5
"""From this share of spans that end one character early on, ends are said to be inclusive."""


@register
class SpannedShape(Shape):
    name = "spanned"
    roles = ("text", "entities")
    row_type = Tagged
    meaning = "texts with marked spans"

    def find(self, seen: Evidence) -> list[Layout]:
        entities, entities_sure = self.fill("entities", seen, ())
        text, text_sure = self.fill("text", seen, {entities})
        if not text or not entities:
            return []
        roles = {"text": (text,), "entities": (entities,)}
        sure = min(text_sure, entities_sure) if not seen.left_out(roles, BESIDE) else 0.7
        return [seen.layout(self.name, roles, sure)]

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role == "text":
            return seen.best(seen.bodies(taken), names.TEXT)
        return seen.best([name for name in seen.looking("nested", "list") if name not in taken and _holds_spans(seen, name)], names.SPANS)

    def describes(self, row: Row) -> bool:
        return isinstance(row, Tagged) and bool(row.starts)

    def rows(self, reader: Reader, records: Iterable[Record]) -> Iterator[Tagged]:
        n_spans, early = 0, list[int]()
        for record in records:
            row, spans = self._row(reader, record)
            if row is not None:
                n_spans += len(spans)
                early += [record.number for span in spans if ends_early(row.text, span)]
                yield row
        if n_spans and len(early) >= DOUBTFUL * n_spans:
            numbers = listed(list(dict.fromkeys(early)))
            what = f"{len(early):,} of {n_spans:,} spans end one character before their word does: rows {numbers}"
            why = "a span ends before the character at `end`; add 1 to yours if it is the last one"
            reader.said.append(Notice(what, why, level="warning"))

    def _row(self, reader: Reader, record: Record) -> tuple[Tagged | None, list[Span]]:
        text, value = reader.text(record, "text"), reader.value(record, "entities")
        if not text.strip():
            reader.empty[record.number] = reader.column("text")
            return None, []
        spans = [] if value is None or value == "" else spans_of(value)
        reason = f'"{reader.column("entities")}" holds no spans: {str(value)[:40]!r}' if spans is None else wrong(text, spans)
        if spans is None or reason:
            return reader.drop(record, reason), []
        if not reader.answers and not spans:
            words, tags = words_of(text), list[str]()
        else:
            words, tags = tagged(text, spans)
        return Tagged(record.number, tuple(w.text for w in words), tuple(tags), text, tuple(w.start for w in words)), spans


def _holds_spans(seen: Evidence, column: str) -> bool:
    values = [structured(record.values.get(column)) for record in seen.records]
    present = [value for value in values if value is not None and value != ""]
    return any(present) and sum(spans_of(value) is not None for value in present) > MOST * len(present)
