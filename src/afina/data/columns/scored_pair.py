"""Two texts and a real number: how alike they are, how well an answer fits a question."""

from __future__ import annotations

from collections.abc import Collection

from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.pair import numbers_one_of, two_texts
from afina.data.columns.reader import Reader
from afina.data.columns.scored import is_surely_a_score, score_of
from afina.data.columns.shape import SHAPES, Shape, register
from afina.data.sources.base import Record
from afina.types import ScoredPair


@register
class ScoredPairShape(Shape):
    name = "scored_pair"
    roles = ("text", "other", "score")
    row_type = ScoredPair
    meaning = "pairs of texts with a number each"

    def find(self, seen: Evidence) -> list[Layout]:
        found: list[Layout] = []
        for (text, other), sure in two_texts(seen):
            score, score_sure = self.fill("score", seen, {text, other})
            if score:
                roles = {"text": (text,), "other": (other,), "score": (score,)}
                sure = min(sure, score_sure) if is_surely_a_score(score, roles, seen) else min(sure, 0.7)
                found.append(seen.layout(self.name, roles, sure))
        return sorted(found, key=lambda layout: -layout.confidence)

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role != "score":
            return super().fill(role, seen, taken)
        return SHAPES["scored"].fill("score", seen, {*taken, *(name for name in seen.profiles if numbers_one_of(name, taken))})

    def row(self, reader: Reader, record: Record) -> ScoredPair | None:
        found = reader.texts(record, "score")
        score = None if found is None else score_of(reader, record, found["score"])
        return ScoredPair(record.number, found["text"], found["other"], score) if found and score is not None else None

    def instead(self, layout: Layout) -> str:
        mapping = layout.mapping()
        return (
            as_command({"text": mapping["text"], "other": mapping["other"], "label": mapping["score"]}) + " learns each number as a class"
        )
