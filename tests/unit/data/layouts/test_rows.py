"""The rows of the layouts in more.py say what the files say, and what only looks like one of them is asked about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from afina.data.checks.entries import Fields, entries
from afina.data.columns import SHAPES, Question, recognise
from afina.data.rows import TypedRows, typed
from afina.data.sources import fingerprint, read_table
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Chat, Completion, Labelled, Message, MultiLabelled, Text
from tests.unit.data.layouts import more_texts, texts
from tests.unit.data.layouts.fixtures import turns
from tests.unit.data.layouts.layout import Fixture, Row
from tests.unit.data.layouts.more import FLAGS, MORE

REVIEWS = [text for text, _ in texts.REVIEWS_EN]
FIXTURE = {fixture.name: fixture for fixture in MORE}


def spec_of(fixture: Fixture, folder: Path, **changes: Any) -> DataSpec:
    return DataSpec(path=str(fixture.write(folder)), **changes)


def read(spec: DataSpec) -> TypedRows:
    table = read_table(spec)
    return typed(table, recognise(table, spec.map), spec)


def write(folder: Path, rows: list[Row], name: str = "a.jsonl") -> DataSpec:
    return spec_of(Fixture(name, rows, ()), folder)


def asked(spec: DataSpec) -> Question:
    with pytest.raises(Question) as caught:
        recognise(read_table(spec))
    return caught.value


def test_gemini(tmp_path: Path) -> None:
    made = read(spec_of(FIXTURE["gemini.jsonl"], tmp_path))
    question, answer = texts.QUESTIONS_IT[0]
    words = ("Rispondi in italiano, con cortesia.", question, answer, "Grazie mille.", "Di niente, buona giornata!")
    roles = ("system", "user", "assistant", "user", "assistant")
    assert made.rows[0] == Chat(1, tuple(Message(role, said) for role, said in zip(roles, words, strict=True)))
    assert len(made.rows) == len(texts.QUESTIONS_IT)


def test_bedrock(tmp_path: Path) -> None:
    made = read(spec_of(FIXTURE["bedrock.jsonl"], tmp_path))
    question, answer = texts.QUESTIONS_ES[0]
    system = Message("system", "Responde en una sola frase.")
    assert made.rows[0] == Chat(1, (system, Message("user", question), Message("assistant", answer)))


def test_checks_see_the_turns_of_gemini(tmp_path: Path) -> None:
    table = read_table(spec_of(FIXTURE["gemini.jsonl"], tmp_path))
    first = next(entries(table, Fields.of(table, recognise(table))))
    assert [(turn.speaker, turn.text) for turn in first.turns][1:3] == [
        ("assistant", texts.QUESTIONS_IT[0][1]),
        ("user", "Grazie mille."),
    ]
    assert len(first.turns) == 4 and first.texts["system"] == "Rispondi in italiano, con cortesia."


@pytest.mark.parametrize("roles", [("System", "User", "Chatbot"), ("system", "human", "ai")])
def test_other_names_of_speakers(tmp_path: Path, roles: tuple[str, str, str]) -> None:
    rows = [
        {"messages": [{"role": role, "content": said} for role, said in zip(roles, ("Be kind.", question, answer), strict=True)]}
        for question, answer in texts.QUESTIONS_EN
    ]
    made = read(write(tmp_path, rows)).rows[0]
    assert isinstance(made, Chat)
    assert [message.role for message in made.messages] == ["system", "user", "assistant"]


def test_a_system_column_that_is_no_text_is_asked_about_and_refused(tmp_path: Path) -> None:
    rows = [{"system": {"mode": 1}, "messages": turns(question, answer)} for question, answer in texts.QUESTIONS_EN]
    spec = write(tmp_path, rows)
    assert asked(spec).candidates[0].roles == {"messages": ("messages",)}
    with pytest.raises(DataError, match=r'T003 .*:1: "system" holds no text: \{"mode": 1\}\n  Do: write row 1 as a string'):
        read(spec.model_copy(update={"map": {"messages": "messages", "system": "system"}}))


def test_answers_of_weight_0_are_read_only_and_said(tmp_path: Path) -> None:
    made = read(spec_of(FIXTURE["openai_weights.jsonl"], tmp_path))
    assert "12 conversations have answers of weight 0, which are read and not learned: rows 1, 2, 3 and 9 more" in [
        notice.what for notice in made.notices
    ]
    for row in made.rows:
        assert isinstance(row, Chat)
        assert [message.learned for message in row.messages] == [True, True, False, True, True]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.parquet", "a.csv"])
def test_answers_in_a_passage(tmp_path: Path, name: str) -> None:
    rows = [
        {
            "context": passage,
            "question": question,
            "answers": {"text": [answer, "it"] if i == 2 else [answer] * (i + 1), "answer_start": [0] * (i + 1)},
        }
        for i, (passage, question, answer) in enumerate(texts.CONTEXTS_EN)
    ]
    if name.endswith(".csv"):
        rows = [{**row, "answers": json.dumps(row["answers"])} for row in rows]
    spec = write(tmp_path, rows, name)
    made = read(spec)
    assert [row.completion for row in made.rows if isinstance(row, Completion)] == [answer for _, _, answer in texts.CONTEXTS_EN]
    first = made.rows[0]
    assert isinstance(first, Completion)
    assert first.prompt == "\n\n".join(texts.CONTEXTS_EN[0][:2])
    # three times the same answer is one
    several = [notice.what for notice in made.notices if "several answers" in notice.what]
    assert several == [f'"answers" holds several answers in 1 rows, of which the first is read: rows {made.rows[2].number}']
    table = read_table(spec)
    assert next(entries(table, Fields.of(table, recognise(table)))).answers == (texts.CONTEXTS_EN[0][2],)


def test_a_question_without_an_answer_is_an_empty_field(tmp_path: Path) -> None:
    rows = [
        {"context": passage, "question": question, "answers": {"text": [answer] if i else [], "answer_start": [0] if i else []}}
        for i, (passage, question, answer) in enumerate(texts.CONTEXTS_EN)
    ]
    with pytest.raises(DataError, match=r'D002 .*:1: "answers" is empty \(1 of 12 rows\)'):
        read(write(tmp_path, rows))


def test_a_column_for_every_class(tmp_path: Path) -> None:
    spec = spec_of(FIXTURE["toxic_comments.csv"], tmp_path)
    table = read_table(spec)
    layout = recognise(table)
    made = typed(table, layout, spec)
    assert [row.labels for row in made.rows if isinstance(row, MultiLabelled)] == [flags for _, flags in more_texts.COMMENTS_EN]
    assert [entry.labels for entry in entries(table, Fields.of(table, layout))] == [flags for _, flags in more_texts.COMMENTS_EN]
    again = recognise(table, layout.mapping())
    assert (again.shape, again.roles) == (layout.shape, layout.roles)
    command = SHAPES["multi_labelled"].instead(layout)
    assert command == "--map text=comment_text --map label=toxic learns one of the classes"
    assert recognise(table, {"text": "comment_text", "label": "toxic"}).objective == "classify"


def test_a_row_that_is_neither_yes_nor_no_is_left_out_and_said(tmp_path: Path) -> None:
    rows = [{"text": text, "toxic": i % 2, "insult": "maybe" if i == 4 else 1} for i, text in enumerate(REVIEWS)]
    spec = write(tmp_path, rows).model_copy(update={"map": {"text": "text", "labels": "toxic+insult"}})
    made = read(spec)
    assert [tuple(drop) for drop in made.dropped] == [(5, "\"insult\" is neither yes nor no: 'maybe'")]
    assert len(made.rows) == len(REVIEWS) - 1


ASKED: dict[str, tuple[list[Row], str]] = {
    "flags that name no class": (
        [{"text": text, "is_reply": i % 2, "is_quote": int(i % 3 == 0), "is_new": int(i % 5 == 0)} for i, text in enumerate(REVIEWS)],
        "--map text=text --map label=is_reply",
    ),
    "one class of several": (
        [{"text": text, "toxic": i % 2, "edited": int(i % 3 == 0)} for i, text in enumerate(REVIEWS)],
        "--map text=text --map label=toxic",
    ),
    "exactly one yes in every row": (
        [{"text": text, **{name: int(i % 4 == place) for place, name in enumerate(FLAGS)}} for i, text in enumerate(REVIEWS)],
        "--map text=text",
    ),
    "turns, a row each": (
        [
            {"message_id": f"m-{i}", "text": said, "role": ("prompter", "assistant")[i % 2]}
            for i, said in enumerate(word for pair in texts.QUESTIONS_EN for word in pair)
        ],
        "--map text=text --map label=role",
    ),
    "a long title, its text and a column of unknown meaning": (
        [{"title": q, "selftext": a, "board": "abc"[i % 3]} for i, (q, a) in enumerate(texts.QUESTIONS_EN)],
        "--map text=title+selftext --map label=board",
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked(tmp_path: Path, case: str) -> None:
    rows, command = ASKED[case]
    assert command in asked(write(tmp_path, rows)).fix


def test_who_wrote_and_when_is_no_class(tmp_path: Path) -> None:
    rows = [{"message": text, "assignee": f"a{i % 3}@example.org", "seen": f"2024-01-0{1 + i % 3}"} for i, text in enumerate(REVIEWS)]
    layout = recognise(read_table(write(tmp_path, rows)))
    assert (layout.shape, layout.roles) == ("text", {"text": ("message",)})


@pytest.mark.parametrize("label", ["label", "author_is"])
def test_human_and_ai_are_classes_where_the_name_says_so(tmp_path: Path, label: str) -> None:
    spec = write(tmp_path, [{"text": text, label: ("human", "ai")[i % 2]} for i, text in enumerate(REVIEWS)])
    if label == "label":
        assert recognise(read_table(spec)).roles == {"text": ("text",), "label": ("label",)}
    else:
        asked(spec)


@pytest.mark.parametrize("head", ["subject", "Títol", "headline"])
def test_a_headline_is_read_with_its_text(tmp_path: Path, head: str) -> None:
    rows = [{head: subject + " and some more words here", "body": body, "topic": queue} for subject, body, queue in more_texts.TICKETS_EN]
    first = read(write(tmp_path, rows)).rows[0]
    subject, body, queue = more_texts.TICKETS_EN[0]
    assert first == Labelled(1, f"{subject} and some more words here\n\n{body}", queue)


def test_a_structure_is_no_loss_only_where_it_repeats_what_is_read(tmp_path: Path) -> None:
    rows: list[Row] = [{"text": text, "inputs": {"text": text}, "label": i % 3} for i, text in enumerate(REVIEWS)]
    assert recognise(read_table(write(tmp_path, rows))).shape == "labelled"
    rows[3]["inputs"] = {"text": REVIEWS[3], "context": "a word that is nowhere else"}
    assert "--map text=text --map label=label" in asked(write(tmp_path, rows, "b.jsonl")).fix


def test_folders_are_classes_where_their_names_judge(tmp_path: Path) -> None:
    spec = spec_of(FIXTURE["imdb"], tmp_path)
    made = read(spec)
    assert made.rows[0] == Labelled(1, more_texts.FILMS_EN[1][0], "neg")
    assert sorted(row.label for row in made.rows if isinstance(row, Labelled)) == ["neg"] * 7 + ["pos"] * 7
    before = fingerprint(spec.path)
    (tmp_path / "imdb" / "pos").rename(tmp_path / "imdb" / "positive")
    assert fingerprint(spec.path) != before


def test_other_folders_are_asked_about(tmp_path: Path) -> None:
    rows = [{"text": text, "label": f"chapter {1 + i % 3}"} for i, text in enumerate(texts.RUNNING_TEXT_CA)]
    spec = write(tmp_path, rows, "book")
    assert asked(spec).fix == "--map text=text --map label=folder, or --map text=text"
    assert read(spec.model_copy(update={"map": {"text": "text"}})).rows[0] == Text(1, texts.RUNNING_TEXT_CA[0])
    assert read(spec.model_copy(update={"map": {"text": "text", "label": "folder"}})).rows[-1] == Labelled(
        12, texts.RUNNING_TEXT_CA[11], "chapter 3"
    )


def test_one_folder_inside_is_no_class(tmp_path: Path) -> None:
    spec = write(tmp_path, [{"text": text, "label": "all"} for text in texts.RUNNING_TEXT_CA], "book")
    assert recognise(read_table(spec)).shape == "text"
