"""Two texts and what holds between them: entailment, paraphrase, a question and a passage with a yes or no."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

from afina.data import names
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import SURE, Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Pair

FEW = 5
"""A question about a passage with at most this many different answers is a judgement; with more the answers are written."""


@register
class PairShape(Shape):
    name = "pair"
    roles = ("text", "other", "label")
    row_type = Pair
    meaning = "pairs of texts with a label"

    def find(self, seen: Evidence) -> list[Layout]:
        found: list[Layout] = []
        for (text, other), sure in two_texts(seen):
            label, label_sure = self.fill("label", seen, {text, other})
            if not label:
                continue
            roles = {"text": (text,), "other": (other,), "label": (label,)}
            if seen.left_out(roles):
                sure = min(sure, 0.7)
            found.append(seen.layout(self.name, roles, min(sure, label_sure)))
        return sorted(found, key=lambda layout: -layout.confidence)

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role != "label":
            return super().fill(role, seen, taken)
        columns = [name for name in seen.labels(taken) if names.plain(name) not in names.METADATA]
        columns = [name for name in columns if not numbers_one_of(name, taken)]
        return seen.best(columns, names.LABEL | names.SCORE | {"answer", "is_duplicate", "gold_label", "judgment"})

    def row(self, reader: Reader, record: Record) -> Pair | None:
        found = reader.texts(record, "label")
        return Pair(record.number, found["text"], found["other"], found["label"]) if found else None

    def instead(self, layout: Layout) -> str:
        mapping = layout.mapping()
        return as_command({"text": f"{mapping['text']}+{mapping['other']}", "label": mapping["label"]})


def two_texts(seen: Evidence) -> list[tuple[tuple[str, str], float]]:
    """Return the possible two texts, with how sure that is."""
    found: list[tuple[tuple[str, str], float]] = []
    for words in names.TWO_TEXTS:
        text, other = seen.called((words[0],)), seen.called((words[1],))
        if not text or not other or not _could_be(seen, text, other):
            continue
        answer = seen.called(("answer", "label", "gold_label"))
        asks = words[0] in ("question", "query")
        free = answer and not (seen[answer].could_label and seen[answer].n_distinct <= FEW)
        found.append(((text, other), 0.6 if asks and free else 0.96))
    texts = [name for name in seen.profiles if seen[name].look in ("text", "short text")]
    for text, other in combinations(texts, 2):
        one, two = names.numbered(text), names.numbered(other)
        if one and two and one[0] == two[0] and one[0] and one[1] != two[1] and one[0] not in names.OPTION:
            n_siblings = sum(1 for name in texts if (found_name := names.numbered(name)) and found_name[0] == one[0])
            found.append(((text, other), 0.96 if n_siblings == 2 else 0.6))
    if not found and len(texts) == 2 and seen["".join(texts[:1])].look == seen[texts[1]].look == "text":
        found.append(((texts[0], texts[1]), min(0.7, SURE)))
    return found


def _could_be(seen: Evidence, *columns: str) -> bool:
    return all(seen[name].look in ("text", "short text", "label") and seen[name].templated < 0.5 for name in columns)


def numbers_one_of(name: str, texts: Collection[str]) -> bool:
    """ "#1 ID" numbers "#1 String": it says which text, not what holds."""
    found = names.numbered(name)
    marks = {mark[1] for text in texts if (mark := names.numbered(text))}
    return bool(found) and found is not None and found[1] in marks
