"""What a prediction of tags says: words, tags, and the entities with their places."""

from __future__ import annotations

import pytest

from afina.data.wordwise import words_of
from afina.evaluate.tasks.tags import line_of
from afina.objectives import OBJECTIVES
from afina.types import Tagged

LABELS = ("B-LOC", "B-PER", "I-PER", "O")
TAGS = ("B-PER", "I-PER", "O", "B-LOC", "O")


def test_entities_of_a_text_have_its_characters() -> None:
    text = "Ana  Vidal saw Oslo."
    words = words_of(text)
    line = line_of(Tagged(3, tuple(w.text for w in words), (), text, tuple(w.start for w in words)), TAGS, LABELS)
    assert line["words"] == ["Ana", "Vidal", "saw", "Oslo", "."] and line["tags"] == list(TAGS)
    assert line["entities"] == [
        {"text": "Ana  Vidal", "label": "PER", "start_word": 0, "end_word": 2, "start": 0, "end": 10},
        {"text": "Oslo", "label": "LOC", "start_word": 3, "end_word": 4, "start": 15, "end": 19},
    ]
    assert all(text[entity["start"] : entity["end"]] == entity["text"] for entity in line["entities"])


def test_entities_of_words_are_joined_with_spaces() -> None:
    line = line_of(Tagged(3, ("Ana", "Vidal", "saw", "Oslo", ".")), TAGS, LABELS)
    assert line["entities"][0] == {"text": "Ana Vidal", "label": "PER", "start_word": 0, "end_word": 2}


def test_parts_of_speech_mark_nothing() -> None:
    assert line_of(Tagged(3, ("Ana", "saw")), ("NOUN", "VERB"), ("NOUN", "VERB")) == {"words": ["Ana", "saw"], "tags": ["NOUN", "VERB"]}


@pytest.mark.parametrize(
    ("labels", "first"),
    [
        (LABELS, "entity_f1"),
        (("B", "I", "O"), "entity_f1"),
        (("S-X", "O"), "entity_f1"),
        (("L-X", "U-X"), "entity_f1"),
        (("NOUN", "INTJ"), "token_accuracy"),
        (("0", "1", "2"), "token_accuracy"),
        (("O", "PER"), "token_accuracy"),
    ],
)
def test_what_chooses_the_checkpoint_follows_from_the_tags(labels: tuple[str, ...], first: str) -> None:
    known = OBJECTIVES["tag"](name="tag").metrics_of(labels)
    assert known[0] == first and "loss" in known
    assert ("entity_f1" in known) == (first == "entity_f1")
