"""A text and its class."""

from __future__ import annotations

from collections.abc import Collection

from afina.data import names
from afina.data.chat import SPEAKERS
from afina.data.columns.evidence import LONG_WORDS, Evidence
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
        text, text_sure = seen.best(seen.bodies(), names.TEXT)
        label, label_sure = self.fill("label", seen, {text})
        if not text or not label:
            return []
        sure = min(text_sure, label_sure)
        roles = {"text": seen.with_headline(text), "label": (label,)}
        # a long title and a text may as well be a question and its answer
        two_texts = len(roles["text"]) > 1 and seen[roles["text"][0]].mean_words >= LONG_WORDS and not names.says(label, names.LABEL)
        if two_texts or seen.left_out(roles, names.ORIGIN) or seen[text].templated >= 0.5:
            sure = min(sure, 0.7)
        return [seen.layout(self.name, roles, sure)]

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role == "text":
            return seen.best(seen.bodies(taken), names.TEXT)
        name, sure = seen.best(seen.labels(taken), names.LABEL)
        # sets of classes are another shape, and many numbers called a score are no classes
        doubtful = name and (seen[name].n_classes or (seen[name].could_score and names.says(name, names.SCORE) == 1))
        sure = min(sure, 0.85) if doubtful else sure
        return name, min(sure, 0.7) if name and _tells_another(seen, name) else sure

    def row(self, reader: Reader, record: Record) -> Labelled | None:
        found = reader.texts(record, "label")
        return Labelled(record.number, found["text"], found["label"]) if found else None


def _tells_another(seen: Evidence, label: str) -> bool:
    """Whether a column of few values may tell something else than the class to learn."""
    word, values = names.plain(label), seen[label].values
    # where a text is from is no class, but for values that judge by themselves: the folders pos and neg
    is_origin = word in names.ORIGIN and not (len(values) > 1 and values <= names.VERDICTS)
    # "toxic" beside "threat", both yes or no: one class of several
    is_one_of_many = word in names.CLASS and label in seen.indicators() and len(seen.indicators()) > 1
    # user, assistant: every row is one turn of a conversation
    is_speaker = bool(values) and values <= SPEAKERS.keys() and not names.says(label, names.LABEL)
    return is_origin or is_one_of_many or is_speaker
