"""A text and a real number."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from afina.data import names
from afina.data.cells import as_written, number
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Scored

NUMBERS = names.SCORE | names.LABEL


@register
class ScoredShape(Shape):
    name = "scored"
    roles = ("text", "score")
    row_type = Scored
    meaning = "texts with a number each"

    def find(self, seen: Evidence) -> list[Layout]:
        score, score_sure = self.fill("score", seen, ())
        text, text_sure = self.fill("text", seen, {score})
        if not score or not text:
            return []
        roles = {"text": seen.with_headline(text), "score": (score,)}
        sure = min(text_sure, score_sure) if is_surely_a_score(score, roles, seen) else 0.7
        return [seen.layout(self.name, roles, sure)]

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role == "text":
            return seen.best(seen.bodies(taken), names.TEXT)
        columns = [
            name
            for name, profile in seen.profiles.items()
            if profile.could_score and name not in taken and (profile.look != "id" or names.says(name, names.SCORE) == 1)
        ]
        name, sure = seen.best([name for name in columns if names.plain(name) not in names.METADATA], NUMBERS)
        return name, min(sure, 0.85) if name and seen[name].could_label and names.says(name, names.SCORE) < 1 else sure

    def row(self, reader: Reader, record: Record) -> Scored | None:
        found = reader.texts(record, "score")
        score = None if found is None else score_of(reader, record, found["score"])
        return Scored(record.number, found["text"], score) if found and score is not None else None

    def instead(self, layout: Layout) -> str:
        return as_command({"text": layout.mapping()["text"], "label": layout.mapping()["score"]}) + " learns each number as a class"


def is_surely_a_score(score: str, roles: Mapping[str, tuple[str, ...]], seen: Evidence) -> bool:
    """Whether a number judges the texts beside it: it may be a price or a count, and only its name can say that it is none.

    Not where there is a class too, or content that the reading leaves out.
    """
    taken = {column for columns in roles.values() for column in columns}
    classes = [name for name in seen.labels(taken) if names.says(name, names.LABEL) == 1]
    return names.says(score, NUMBERS) == 1 and not classes and not seen.left_out(roles, names.ORIGIN)


def score_of(reader: Reader, record: Record, written: str) -> float | None:
    """Return the number that a cell spells, 0 for an empty one; None, and the row is noted, for words."""
    found = number(written)
    if found is None and written.strip():
        return reader.drop(record, f'"{reader.column("score")}" is no number: {as_written(written)[:40]!r}')
    return found or 0.0
