"""Faults of answers and conversations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.unit.data.planted.clean import answer_rows, chats, write_answers, write_chats
from tests.unit.data.planted.planting import Planted, fault, lines, replaced

ROWS = answer_rows()
PLACES = (14, 41, 77, 102)
CUT_AT = 256


def with_answers(folder: Path, finding: str, answers: Mapping[int, str]) -> Planted:
    rows = replaced(ROWS, {index: (ROWS[index][0], answer) for index, answer in answers.items()})
    return Planted(write_answers(folder / "answers.jsonl", rows), finding, lines(sorted(answers), header=False))


@fault
def refusal(folder: Path) -> Planted:
    refusals = (
        "As an AI language model, I cannot give advice about household objects.",
        "I'm sorry, but I can't assist with that request.",
        "Lo siento, como modelo de lenguaje no puedo ayudarte con esa petición.",
    )
    return with_answers(folder, "refusal", dict(zip(PLACES, refusals, strict=False)))


@fault
def copied_answer(folder: Path) -> Planted:
    return with_answers(folder, "copied_answer", {place: ROWS[place][0] for place in PLACES})


@fault
def constant_answer(folder: Path) -> Planted:
    return with_answers(folder, "constant_answer", dict.fromkeys(range(2, 2 + 3 * 36, 3), "Please read the leaflet that came with it."))


@fault
def cut_text(folder: Path) -> Planted:
    """Ten long answers that all stop at the same number of characters, inside a sentence."""
    answers = {}
    for place in range(7, 117, 11):
        text = f"{ROWS[place][1]} {ROWS[place + 1][1]} {ROWS[place + 2][1]}"
        start = next(
            start for start in range(len(text)) if text[start + CUT_AT - 1 : start + CUT_AT + 1].isalpha() and text[start].isupper()
        )
        answers[place] = text[start : start + CUT_AT]
    return with_answers(folder, "cut_text", answers)


@fault
def turn_order(folder: Path) -> Planted:
    conversations = chats()
    first, second, third = (conversations[place] for place in PLACES[:3])
    spoilt = {
        PLACES[0]: [first[0], {"role": "user", "content": "Hello? Is anybody there?"}, *first[1:]],
        PLACES[1]: [second[0]],
        PLACES[2]: [third[0], {"role": "assistant", "content": ""}, *third[2:]],
    }
    path = write_chats(folder / "chats.jsonl", replaced(conversations, spoilt))
    return Planted(path, "turn_order", lines(PLACES[:3], header=False))
