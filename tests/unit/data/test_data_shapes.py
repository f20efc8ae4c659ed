"""Every shape of data: recognised in every container, and made into rows that say what the file says."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afina.data.cells import as_written
from afina.data.columns import OBJECTIVE_OF, ROW_OF, SHAPES, Layout, Question, check_learnable, recognise
from afina.data.dedup import content, question
from afina.data.rows import TypedRows, typed
from afina.data.sources import read_table
from afina.data.sources.base import Record, Table
from afina.errors import DataError, UsageError
from afina.recipe.schema import DataSpec
from afina.types import (
    Chat,
    Choices,
    Completion,
    Feedback,
    Labelled,
    Message,
    MultiLabelled,
    Pair,
    Preference,
    Prompt,
    Scored,
    ScoredPair,
    Tagged,
    Text,
)

N = 24
TEXTS = [f"this is the long free text number {i} of the file" for i in range(N)]
OTHERS = [f"and here stands another text {i} altogether" for i in range(N)]
FRUITS = [["red", "ripe"], ["red"], ["green", "ripe"], ["green"]]
HH = "\n\nHuman: what is {i}\n\nAssistant: a number\n\nHuman: and then\n\nAssistant: {answer}"


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def human(text: str) -> Message:
    return Message("user", text)


def answer(text: str) -> Message:
    return Message("assistant", text)


def table(**columns: Sequence[object]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


SHAPES_OF: dict[str, tuple[list[dict[str, Any]], str, dict[str, str], Any]] = {
    "stars": (
        table(review=TEXTS, stars=[1 + i % 5 for i in range(N)]),
        "labelled",
        {"text": "review", "label": "stars"},
        Labelled(0, TEXTS[0], "1"),
    ),
    "minus one and one": (
        table(text=TEXTS, polarity=[-1 if i % 2 else 1 for i in range(N)]),
        "labelled",
        {"text": "text", "label": "polarity"},
        Labelled(0, TEXTS[0], "1"),
    ),
    "lists of labels": (
        table(text=TEXTS, tags=[FRUITS[i % 4] for i in range(N)]),
        "multi_labelled",
        {"text": "text", "labels": "tags"},
        MultiLabelled(0, TEXTS[0], ("red", "ripe")),
    ),
    "labels joined with |": (
        table(text=TEXTS, labels=["|".join(FRUITS[i % 4]) for i in range(N)]),
        "multi_labelled",
        {"text": "text", "labels": "labels"},
        MultiLabelled(0, TEXTS[0], ("red", "ripe")),
    ),
    "labels joined with commas": (
        table(text=TEXTS, topics=[", ".join(FRUITS[i % 4]) for i in range(N)]),
        "multi_labelled",
        {"text": "text", "labels": "topics"},
        MultiLabelled(0, TEXTS[0], ("red", "ripe")),
    ),
    "words and tags": (
        table(tokens=[text.split() for text in TEXTS], ner_tags=[["O"] * 7 + ["B-NUM"] + ["O"] * 3 for _ in TEXTS]),
        "tagged",
        {"words": "tokens", "tags": "ner_tags"},
        Tagged(0, tuple(TEXTS[0].split()), ("O",) * 7 + ("B-NUM",) + ("O",) * 3),
    ),
    "marked spans": (
        table(text=TEXTS, entities=[[{"start": 27, "end": 35 + (i > 9), "label": "NUM"}] for i in range(N)]),
        "spanned",
        {"text": "text", "entities": "entities"},
        Tagged(
            0,
            tuple(TEXTS[0].split()),
            ("O",) * 6 + ("B-NUM", "I-NUM") + ("O",) * 3,
            TEXTS[0],
            (0, 5, 8, 12, 17, 22, 27, 34, 36, 39, 43),
        ),
    ),
    "spans as triples": (
        table(text=TEXTS, label=[[[27, 33, "NUM"]] if i else [] for i in range(N)], id=list(range(N))),
        "spanned",
        {"text": "text", "entities": "label"},
        Tagged(0, tuple(TEXTS[0].split()), ("O",) * 11, TEXTS[0], (0, 5, 8, 12, 17, 22, 27, 34, 36, 39, 43)),
    ),
    "scores": (
        table(text=TEXTS, score=[round(i * 0.173, 3) for i in range(N)]),
        "scored",
        {"text": "text", "score": "score"},
        Scored(0, TEXTS[0], 0.0),
    ),
    "premise, hypothesis": (
        table(premise=TEXTS, hypothesis=OTHERS, label=["entailment" if i % 2 else "neutral" for i in range(N)]),
        "pair",
        {"text": "premise", "other": "hypothesis", "label": "label"},
        Pair(0, TEXTS[0], OTHERS[0], "neutral"),
    ),
    "two sentences and a similarity": (
        table(sentence1=TEXTS, sentence2=OTHERS, score=[round(i * 0.2, 2) for i in range(N)]),
        "scored_pair",
        {"text": "sentence1", "other": "sentence2", "score": "score"},
        ScoredPair(0, TEXTS[0], OTHERS[0], 0.0),
    ),
    "a question, a passage, yes or no": (
        table(question=TEXTS, passage=OTHERS, answer=[bool(i % 2) for i in range(N)]),
        "pair",
        {"text": "question", "other": "passage", "label": "answer"},
        Pair(0, TEXTS[0], OTHERS[0], "false"),
    ),
    "options and a letter": (
        table(question=TEXTS, A=["one"] * N, B=["two"] * N, C=["three"] * N, D=OTHERS, answer=["ABCD"[i % 4] for i in range(N)]),
        "choices",
        {"prompt": "question", "choices": "A+B+C+D", "answer": "answer"},
        Choices(0, TEXTS[0], ("one", "two", "three", OTHERS[0]), 0),
    ),
    "a list of options and its text": (
        table(question=TEXTS, options=[[f"x{i}", f"y{i}"] for i in range(N)], answer=[f"{'xy'[i % 2]}{i}" for i in range(N)]),
        "choices",
        {"prompt": "question", "choices": "options", "answer": "answer"},
        Choices(0, TEXTS[0], ("x0", "y0"), 0),
    ),
    "endings from 0": (
        table(ctx=TEXTS, ending0=OTHERS, ending1=OTHERS[::-1], label=[(i + 1) % 2 for i in range(N)]),
        "choices",
        {"prompt": "ctx", "choices": "ending0+ending1", "answer": "label"},
        Choices(0, TEXTS[0], (OTHERS[0], OTHERS[-1]), 1),
    ),
    "options from 1": (
        table(sentence=TEXTS, option1=["Ann"] * N, option2=["Bob"] * N, answer=[1 + i % 2 for i in range(N)]),
        "choices",
        {"prompt": "sentence", "choices": "option1+option2", "answer": "answer"},
        Choices(0, TEXTS[0], ("Ann", "Bob"), 0),
    ),
    "dolly": (
        table(instruction=TEXTS, context=OTHERS, response=TEXTS[::-1], category=["qa", "open"] * (N // 2)),
        "completion",
        {"prompt": "instruction+context", "completion": "response"},
        Completion(0, f"{TEXTS[0]}\n\n{OTHERS[0]}", TEXTS[-1]),
    ),
    "alpaca with a history": (
        table(instruction=TEXTS, input=[""] * N, output=OTHERS, history=[[["hi", "ho"]]] * N),
        "completion",
        {"prompt": "instruction+input+history", "completion": "output"},
        Chat(0, (human("hi"), answer("ho"), human(TEXTS[0]), answer(OTHERS[0]))),
    ),
    "sharegpt with a system text and tools": (
        table(
            conversations=[[{"from": "human", "value": text}, {"from": "gpt", "value": "y"}] for text in TEXTS],
            system=["Be brief."] * N,
            tools=[json.dumps([{"name": "add"}])] * N,
        ),
        "chat",
        {"messages": "conversations", "system": "system", "tools": "tools"},
        Chat(0, (Message("system", "Be brief."), human(TEXTS[0]), answer("y")), tools=({"type": "function", "function": {"name": "add"}},)),
    ),
    "preferences": (
        table(prompt=TEXTS, chosen=OTHERS, rejected=OTHERS[::-1]),
        "preference",
        {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"},
        Preference(0, (human(TEXTS[0]),), (answer(OTHERS[0]),), (answer(OTHERS[-1]),)),
    ),
    "preferences as whole conversations": (
        table(
            chosen=[[user(text), assistant("good")] for text in TEXTS],
            rejected=[[user(text), assistant("bad")] for text in TEXTS],
        ),
        "preference",
        {"chosen": "chosen", "rejected": "rejected"},
        Preference(0, (human(TEXTS[0]),), (answer("good"),), (answer("bad"),)),
    ),
    "preferences as one text": (
        table(chosen=[HH.format(i=i, answer="the next") for i in range(N)], rejected=[HH.format(i=i, answer="no") for i in range(N)]),
        "preference",
        {"chosen": "chosen", "rejected": "rejected"},
        Preference(0, (human("what is 0"), answer("a number"), human("and then")), (answer("the next"),), (answer("no"),)),
    ),
    "feedback": (
        table(prompt=TEXTS, completion=OTHERS, label=[bool(i % 2) for i in range(N)]),
        "feedback",
        {"prompt": "prompt", "completion": "completion", "label": "label"},
        Feedback(0, (human(TEXTS[0]),), (answer(OTHERS[0]),), False),
    ),
    "feedback on conversations": (
        table(messages=[[user(text), assistant("y")] for text in TEXTS], label=[i % 2 == 0 for i in range(N)]),
        "feedback",
        {"messages": "messages", "label": "label"},
        Feedback(0, (human(TEXTS[0]),), (answer("y"),), True),
    ),
    "prompts": (table(prompt=TEXTS), "prompt", {"prompt": "prompt"}, Prompt(0, (human(TEXTS[0]),))),
    "prompts as messages": (
        table(prompt=[[user(text)] for text in TEXTS]),
        "prompt",
        {"prompt": "prompt"},
        Prompt(0, (human(TEXTS[0]),)),
    ),
    "templated": (
        table(text=[f"<|im_start|>user\n{text}<|im_end|>\n" for text in TEXTS]),
        "templated",
        {"text": "text"},
        Text(0, f"<|im_start|>user\n{TEXTS[0]}<|im_end|>\n", templated=True),
    ),
    "### Instruction is no chat template": (
        table(prompt=[f"### Instruction:\n{text}\n### Response:" for text in TEXTS], response=OTHERS),
        "completion",
        {"prompt": "prompt", "completion": "response"},
        Completion(0, f"### Instruction:\n{TEXTS[0]}\n### Response:", OTHERS[0]),
    ),
}


def as_csv(rows: list[dict[str, Any]], separator: str = ",", python: bool = False) -> str:
    def cell(value: Any) -> Any:
        if isinstance(value, (list, dict)):
            return str(value) if python else json.dumps(value)
        return json.dumps(value) if isinstance(value, bool) else value

    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    return out.getvalue()


CONTAINERS = {
    "jsonl": lambda rows: rows,
    "json": lambda rows: rows,
    "csv": as_csv,
    "tsv": lambda rows: as_csv(rows, "\t"),
    "pandas.csv": lambda rows: as_csv(rows, python=True),
}


def read(spec: DataSpec, **changes: Any) -> TypedRows:
    spec = spec.model_copy(update=changes)
    found = read_table(spec)
    return typed(found, recognise(found, spec.map, prompt=spec.prompt), spec)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("case", SHAPES_OF)
def test_recognised_and_typed(write, case: str, container: str) -> None:
    rows, shape, roles, first = SHAPES_OF[case]
    spec = write(f"a.{container}", CONTAINERS[container](rows))
    found = read_table(spec)
    layout = recognise(found)
    assert (layout.shape, layout.mapping()) == (shape, roles)
    assert layout.confidence >= 0.9
    made = typed(found, layout, spec)
    assert len(made.rows) == N
    assert made.rows[0] == type(first)(made.rows[0].number, *(getattr(first, name) for name in first.__slots__[1:]))
    assert [row.number for row in made.rows] == [record.number for record in found.records]
    assert not made.dropped
    # what was found can be said, and then it is the same
    again = recognise(found, layout.mapping())
    assert (again.shape, dict(again.roles), again.confidence) == (layout.shape, dict(layout.roles), 1.0)


@pytest.mark.parametrize("case", SHAPES_OF)
def test_content_and_question_tell_rows_apart(write, case: str) -> None:
    rows, shape, _, _ = SHAPES_OF[case]
    made = read(write("a.jsonl", rows)).rows
    assert len({content(row) for row in made}) == N
    assert len({question(row) for row in made}) == N
    if shape not in ("prompt", "templated"):  # those only ask, or only say
        assert all(question(row) != content(row) for row in made)


def test_every_shape_has_a_row_a_meaning_and_an_objective_or_a_remedy(write) -> None:
    assert {shape for _, shape, _, _ in SHAPES_OF.values()} | {"text"} == set(SHAPES)
    for rows, shape, _, _ in SHAPES_OF.values():
        layout = recognise(read_table(write("a.jsonl", rows)))
        if OBJECTIVE_OF[shape]:
            check_learnable(layout, "a.jsonl")
            continue
        with pytest.raises(DataError, match=r"D013 a.jsonl: the rows are .* which no objective here learns yet\n  Do: .+") as caught:
            check_learnable(layout, "a.jsonl")
        assert SHAPES[shape].meaning in caught.value.what
    assert ROW_OF["pair"] is Pair


INSTEAD = [
    "premise, hypothesis",
    "two sentences and a similarity",
    "preferences",
    "preferences as whole conversations",
    "scores",
    "lists of labels",
]


@pytest.mark.parametrize("case", INSTEAD)
def test_what_can_be_done_today_works_as_typed(write, case: str) -> None:
    rows, shape, _, _ = SHAPES_OF[case]
    found = read_table(write("a.jsonl", rows))
    command = SHAPES[shape].instead(recognise(found)).split(" learns")[0]
    mapping = dict(part.strip().split("=", 1) for part in command.split("--map ")[1:])
    assert recognise(found, mapping).objective in ("classify", "sft")


def test_choices_as_a_prompt_works_as_typed(write) -> None:
    rows = SHAPES_OF["options and a letter"][0]
    made = read(write("b.jsonl", rows), prompt="{question}\\n{A}\\n{B}\\n{C}\\n{D}", map={"completion": "answer"})
    assert made.rows[1] == Completion(2, f"{TEXTS[1]}\none\ntwo\nthree\n{OTHERS[1]}", "B")


def test_tools_are_called_and_answer(write) -> None:
    call = {"name": "weather", "arguments": {"city": "Vic"}}
    turns = [("human", "Hot?"), ("function_call", json.dumps(call)), ("observation", '{"degrees": 31}'), ("gpt", "Yes.")]
    rows = [{"conversations": [{"from": who, "value": said} for who, said in turns], "tools": json.dumps([{"name": "weather"}])}] * 3
    made = read(write("a.json", rows)).rows[0]
    called = {"type": "function", "function": call}
    assert made.messages == (
        human("Hot?"),
        Message("assistant", "", tool_calls=(called,)),
        Message("tool", '{"degrees": 31}'),
        answer("Yes."),
    )
    openai = {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": {**call}}]}
    openai["tool_calls"][0]["function"]["arguments"] = json.dumps(call["arguments"])
    reply = {"role": "tool", "tool_call_id": "c1", "name": "weather", "content": "31"}
    made = read(write("b.jsonl", [{"messages": [user("Hot?"), openai, reply, assistant("Yes.")]}] * 3)).rows[0]
    assert made.messages[1] == Message("assistant", "", tool_calls=({**called, "id": "c1"},))
    assert made.messages[2] == Message("tool", "31", tool_call_id="c1", name="weather")
    assert '"Vic"' in content(made)


def test_a_history_that_is_none(write) -> None:
    rows = table(instruction=TEXTS, input=[""] * N, output=OTHERS, history=[[["hi", "ho"]], ["hi"], *[[]] * (N - 2)])
    with pytest.raises(DataError, match=r'T003 .*a.jsonl:2: "history" is no list of \[asked, answered\]: \["hi"\]'):
        read(write("a.jsonl", rows))


def test_tools_that_are_none(write) -> None:
    rows = [{"messages": [user("a"), assistant("b")], "tools": "a hammer"}] * 3
    with pytest.raises(DataError, match=r'T003 .*a.jsonl:1: "tools" is no list of tools: a hammer'):
        read(write("a.jsonl", rows))


# --- a prompt made of columns ---


def test_a_prompt_of_columns(write) -> None:
    rows = table(context=TEXTS, question=OTHERS, answer=["yes {no}"] * N)
    made = read(write("a.jsonl", rows), prompt="{context}\\nQ: {question} {{A}}", map={"completion": "answer"})
    assert made.rows[0] == Completion(1, f"{TEXTS[0]}\nQ: {OTHERS[0]} {{A}}", "yes {no}")


def test_what_stands_in_a_column_is_no_format(write) -> None:
    rows = table(a=["{b} \\n {{x}}"] * 3, b=["{a}"] * 3, c=["c"] * 3)
    made = read(write("a.jsonl", rows), prompt="{a}|{b}", map={"completion": "c"})
    assert made.rows[0] == Completion(1, "{b} \\n {{x}}|{a}", "c")


def test_a_gap_in_the_prompt_is_counted(write) -> None:
    rows = table(context=["", *TEXTS[1:]], question=OTHERS, answer=TEXTS)
    made = read(write("a.jsonl", rows), prompt="{context}\n{question}", map={"completion": "answer"})
    assert made.rows[0].prompt == f"\n{OTHERS[0]}"
    assert any('"context" is empty in 1 rows and leaves a gap in the prompt: rows 1' in notice.what for notice in made.notices)


@pytest.mark.parametrize(
    ("prompt", "error", "says", "fix"),
    [
        ("{contxt}\n{question}", DataError, 'no column is called "contxt"', 'data.prompt="{context}\\n{question}"'),
        ("{context", UsageError, 'a lone "{"', "write a column as {name} and a brace as {{"),
        ("{}", UsageError, 'a lone "{}"', "write a column as {name}"),
        ("say hello", UsageError, '"say hello" names no column', "put a column in braces"),
    ],
)
def test_a_format_that_is_none(write, prompt: str, error: type[Exception], says: str, fix: str) -> None:
    with pytest.raises(error, match="D001") as caught:
        read(write("a.jsonl", table(context=TEXTS, question=OTHERS, answer=TEXTS)), prompt=prompt, map={"completion": "answer"})
    assert says in caught.value.what
    assert fix in caught.value.fix


def test_the_prompt_said_twice(write) -> None:
    with pytest.raises(UsageError, match="the prompt is said twice"):
        read(write("a.jsonl", table(a=TEXTS, b=OTHERS)), prompt="{a}", map={"prompt": "a", "completion": "b"})


# --- rows that cannot be read ---


def test_rows_that_fit_no_option_or_number_are_counted(write) -> None:
    rows = [*SHAPES_OF["options and a letter"][0], {**SHAPES_OF["options and a letter"][0][0], "answer": "E"}]
    made = read(write("a.jsonl", rows))
    assert [tuple(drop) for drop in made.dropped] == [(N + 1, '"answer" = "E" is none of the 4 options')]
    assert any(f"1 rows cannot be read as multiple choice: rows {N + 1}" in notice.what for notice in made.notices)
    rows = [*SHAPES_OF["scores"][0], {"text": "one more", "score": "n/a"}]
    assert [tuple(drop) for drop in read(write("b.jsonl", rows)).dropped] == [(N + 1, "\"score\" is no number: 'n/a'")]


def test_an_empty_field_of_any_shape_is_refused_with_its_row(write) -> None:
    for case in ("premise, hypothesis", "preferences", "feedback", "scores", "options and a letter"):
        rows, _, roles, _ = SHAPES_OF[case]
        column = next(iter(roles.values()))
        with pytest.raises(DataError, match=f'D002 .*a.jsonl:{N + 1}: "{column}" is empty'):
            read(write("a.jsonl", [*rows, {**rows[0], column: ""}]))


# --- already templated ---


def test_a_templated_prompt_is_not_templated_again(write) -> None:
    rows = table(prompt=[f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" for text in TEXTS], completion=OTHERS)
    found = read_table(write("a.jsonl", rows))
    with pytest.raises(Question, match="already holds the tokens of a chat template") as caught:
        recognise(found, {"prompt": "prompt", "completion": "completion"})
    assert caught.value.fix.startswith("--map text=prompt+completion to learn the text as it stands")
    layout = recognise(found, {"text": "prompt+completion"})
    made = typed(found, layout, DataSpec(path="a.jsonl"))
    assert layout.shape == "templated"
    assert made.rows[0].text == rows[0]["prompt"] + OTHERS[0]


def test_a_text_that_looks_like_a_list_stays_a_text(write) -> None:
    answers = ['["a", "b"]' if i % 2 else "(1, 2)" for i in range(N)]
    made = read(write("a.jsonl", table(prompt=TEXTS, completion=answers)))
    assert [row.completion for row in made.rows] == answers


def test_a_templated_text_has_one_begin_and_one_end(write, chat) -> None:
    from afina.data.encoder import Encoder

    encoder = Encoder(chat, DataSpec(path="a.jsonl"), 256, ())
    begin, end = chat.bos, chat.eos
    for text in ("<s>[INST] hi [/INST] ho</s>", "[INST] hi [/INST] ho"):
        ids = encoder.encode([Text(1, text, templated=True)], "lm").examples[0].ids
        assert (ids[0], ids[-1]) == (begin, end)
        assert (list(ids).count(begin), list(ids).count(end)) == (1, 1)
    plain = encoder.encode([Text(1, "<s>[INST] hi [/INST] ho</s>")], "lm").examples[0].ids
    assert (list(plain).count(begin), list(plain).count(end)) == (1, 1)
    assert len(plain) > len(ids)  # in running text the marks are characters


def test_a_templated_file_is_learned_as_running_text(write) -> None:
    from afina.data.prepare import read as prepared

    dataset = prepared(write("a.jsonl", SHAPES_OF["templated"][0]))
    assert dataset.objective == "lm"
    assert all(isinstance(row, Text) and row.templated for row in dataset.rows)
    assert prepared(write("b.jsonl", SHAPES_OF["premise, hypothesis"][0])).objective == "classify"
    with pytest.raises(DataError, match=r"which no objective here learns yet"):
        prepared(write("c.jsonl", SHAPES_OF["preferences"][0]))


# --- any table ---

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 30),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.sampled_from(["yes", "no", "a|b", "b", "a|c", "NA", "", " ", "[1]", "{}", "<|im_start|>user", "2024-01-01", "{b} %s", "1e999"]),
    st.text(max_size=30),
    st.lists(st.sampled_from(["x", "y", "z"]), max_size=3),
    st.lists(st.sampled_from([user("u"), assistant("a"), {"role": "tool"}, {}, None]), max_size=3),
    st.sampled_from([user("u"), {"text": ["a", "b"]}]),
)
WORDS = """text label labels score prompt completion input output instruction history system tools messages chosen rejected answer choices
    question context A B C sentence1 sentence2 premise hypothesis column1 column2 {x} a+b id"""
NAMES = st.sampled_from(WORDS.split())


KINDS = [
    st.sampled_from(TEXTS),
    st.sampled_from(["yes", "no"]),
    st.sampled_from([[user("u"), assistant("a")], [user("v"), assistant("b")]]),
    st.lists(st.sampled_from("abc"), min_size=2, max_size=2),
]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    n = draw(st.integers(1, 12))
    cells = {name: draw(st.lists(draw(st.sampled_from([CELLS, st.text(max_size=40), *KINDS])), min_size=n, max_size=n)) for name in columns}
    records = [Record(i + 2, {name: cells[name][i] for name in columns}) for i in range(n)]
    return Table(Path("any.jsonl"), tuple(columns), records)


def check_any(found: Table) -> None:
    """Either a plain answer of ours, or rows that say the table's own strings and account for every record."""
    layout = reading_of(found)
    if layout is None:
        return
    assert {column for columns in layout.roles.values() for column in columns} <= set(found.columns)
    assert 0 < layout.confidence <= 1
    with contextlib.suppress(DataError):  # T003 for turns that are none, D015 when nothing is left: read in other tests
        check_rows(found, layout, typed(found, layout, DataSpec(path="any.jsonl", drop_empty=True)))


def reading_of(found: Table) -> Layout | None:
    """What afina reads the table as, or would propose first."""
    try:
        return recognise(found)
    except Question as asked:
        assert asked.fix  # noqa: PT017
        return asked.candidates[0] if asked.candidates else None
    except DataError as textless:
        assert textless.fix  # noqa: PT017
        return None


def check_rows(found: Table, layout: Layout, made: TypedRows) -> None:
    accounted = [*(row.number for row in made.rows), *(drop.number for drop in made.dropped)]
    assert sorted(accounted) == [row.number for row in found.records]
    cells = {record.number: {as_written(value) for value in record.values.values()} for record in found.records}
    for row in made.rows:
        assert question(row) is not None and content(row) is not None
        if isinstance(row, (Labelled, Scored, MultiLabelled, Pair, ScoredPair)) and len(layout.roles["text"]) == 1:
            assert row.text in cells[row.number]
        if isinstance(row, Completion):
            assert row.completion in cells[row.number]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tables())
def test_any_table_is_read_or_asked_about(found: Table) -> None:
    check_any(found)


@pytest.mark.full
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_ten_thousand_tables_are_read_or_asked_about(found: Table) -> None:
    check_any(found)
