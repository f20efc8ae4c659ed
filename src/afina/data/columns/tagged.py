"""Words and a tag for each: two lists of one length."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from afina.data import names
from afina.data.cells import as_written, structured
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.data.wordwise import words_of
from afina.types import Row, Tagged

MOST = 0.9
"""Share of the rows whose two lists must be of one length, and of the words that must be words."""


@register
class TaggedShape(Shape):
    name = "tagged"
    roles = ("words", "tags")
    row_type = Tagged
    meaning = "words with a tag each"

    def find(self, seen: Evidence) -> list[Layout]:
        lists = {name: _lists(seen, name) for name in seen.looking("list")}
        words = [name for name, rows in lists.items() if names.plain(name) in names.WORDS and _are_words(rows)]
        found: list[Layout] = []
        for column in words:
            tags = [
                name
                for name, rows in lists.items()
                if name != column and names.plain(name) in names.TAGS and _side_by_side(lists[column], rows)
            ]
            # parts of speech beside entities: which of them is to be learned is the person's choice
            only = len(words) == 1 and len(tags) == 1
            for name in tags:
                sure = 0.99 if only else 0.71 if "ner" in names.words(name) else 0.7
                found.append(seen.layout(self.name, {"words": (column,), "tags": (name,)}, sure))
        return found

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        return seen.best([name for name in seen.looking("list") if name not in taken], names.WORDS if role == "words" else names.TAGS)

    def describes(self, row: Row) -> bool:
        return isinstance(row, Tagged) and not row.starts

    def row(self, reader: Reader, record: Record) -> Tagged | None:
        said = reader.value(record, "words")
        if isinstance(said, str):  # a text to be tagged
            pieces = words_of(said)
            words, starts = [piece.text for piece in pieces], tuple(piece.start for piece in pieces)
        else:
            words, starts = _items(said), ()
        if not words or not any(word.strip() for word in words):
            reader.empty[record.number] = reader.column("words")
            return None
        tags = _items(reader.value(record, "tags"))
        if len(tags) != len(words) and (tags or reader.answers):
            return reader.drop(record, f"{len(words):,} words beside {len(tags):,} tags")
        if any(not tag.strip() for tag in tags):
            return reader.drop(record, f"the word {words[tags.index('')] if '' in tags else ''!r} has no tag")
        return Tagged(record.number, tuple(words), tuple(tag.strip() for tag in tags), said if starts else "", starts)


def _items(value: Any) -> list[str]:
    """Return the items of a list as written; of anything else none."""
    return [as_written(item) for item in value] if isinstance(value, list) else []


def _lists(seen: Evidence, column: str) -> list[list[Any] | None]:
    """Return the lists of a column, row by row; None where a row has none."""
    values = [structured(record.values.get(column)) for record in seen.records]
    return [value if isinstance(value, list) else None for value in values]


def _are_words(rows: list[list[Any] | None]) -> bool:
    items = [item for row in rows for item in row or ()]
    return bool(items) and sum(isinstance(item, str) and not any(map(str.isspace, item.strip())) for item in items) > MOST * len(items)


def _side_by_side(words: list[list[Any] | None], tags: list[list[Any] | None]) -> bool:
    """Whether nearly all rows have as many tags as words, and some more than one."""
    both = [(len(some), len(others)) for some, others in zip(words, tags, strict=True) if some is not None and others is not None]
    return any(n > 1 for n, _ in both) and sum(n == m for n, m in both) > MOST * len(both)
