"""Rows: nothing is left out, merged or cut without a count and a key."""

from __future__ import annotations

import pytest

from afina.data.columns import recognise
from afina.data.dedup import content_key, duplicates
from afina.data.rows import TypedRows, typed
from afina.data.sources import read_table
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Chat, Completion, Labelled, Message, Text


def read(spec: DataSpec, **changes: object) -> TypedRows:
    spec = spec.model_copy(update=changes)
    table = read_table(spec)
    return typed(table, recognise(table, spec.map), spec)


def test_alpaca_prompt_is_instruction_then_input(write) -> None:
    rows = [{"instruction": "Add.", "input": "1 2", "output": "3"}, {"instruction": "Greet.", "input": "", "output": "Hi"}]
    assert read(write("a.json", rows)).rows == [Completion(1, "Add.\n\n1 2", "3"), Completion(2, "Greet.", "Hi")]


def test_labels_are_spelled_as_written(write) -> None:
    rows = [{"text": f"a longer text number {i}", "label": bool(i % 2)} for i in range(6)]
    assert [row.label for row in read(write("a.jsonl", rows)).rows] == ["false", "true"] * 3
    numbers = '{"text": "a longer text", "label": 0.10}\n{"text": "another longer text", "label": 7}\n' * 2
    assert [row.label for row in read(write("b.jsonl", numbers)).rows] == ["0.10", "7"] * 2


LABELLED = "text,label\n" + "".join(f"some words number {i},{'ab'[i % 2]}\n" for i in range(10))


def test_empty_fields_refuse_then_drop(write) -> None:
    content = f"{LABELLED},a\nmore words here,\n  ,b\nand more words,\n"
    spec = write("a.csv", content)
    with pytest.raises(DataError) as caught:
        read(spec)
    assert (
        caught.value.text()
        == f'D002 {spec.path}:12: "text" is empty (4 of 14 rows).\n  Do: data.drop_empty=true, or fix rows 12, 13, 14 and 1 more'
    )
    kept = read(spec, drop_empty=True)
    assert len(kept.rows) == 10
    assert [tuple(drop) for drop in kept.dropped] == [
        (12, '"text" is empty'),
        (13, '"label" is empty'),
        (14, '"text" is empty'),
        (15, '"label" is empty'),
    ]
    assert any("4 of 14 rows have an empty field and are left out: rows 12, 13, 14 and 1 more" in n.what for n in kept.notices)


def test_na_names_the_words_that_are_missing(write) -> None:
    spec = write("a.csv", f"{LABELLED}words and words,NA\nwords or words,NA\n")
    kept = read(spec)
    assert next(n for n in kept.notices if n.what == 'D008 note: "NA" is kept as the label "NA" (2 rows).').key == "data.na=[NA]"
    assert len(read(spec, na=("NA",), drop_empty=True).rows) == 10


def test_labels_that_look_the_same(write) -> None:
    content = "text,label\n" + "".join(
        f"some words number {i},{label}\n" for i, label in enumerate(["Spam"] * 5 + ["spam "] * 2 + ["SPAM"] + ["ham"] * 4)
    )
    spec = write("a.csv", content)
    said = next(n for n in read(spec).notices if n.what.startswith("D010"))
    assert said.what == 'D010 labels "Spam", "spam ", "SPAM" look the same (3 rows)'
    assert said.key == "data.normalize_labels=true"
    assert {row.label for row in read(spec, normalize_labels=True).rows} == {"Spam", "ham"}


def test_max_rows_is_drawn_by_seed_in_file_order(write) -> None:
    spec = write("a.csv", LABELLED, max_rows=4)
    first = read(spec)
    assert len(first.rows) == 4
    assert [row.number for row in first.rows] == sorted(row.number for row in first.rows)
    assert read(spec) == first
    assert any("4 of 10 rows are used, drawn by seed 0" in n.what for n in first.notices)


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def test_chats_of_both_kinds(write) -> None:
    openai = read(write("a.jsonl", [{"messages": [{"role": "developer", "content": "be brief"}, user("hi"), assistant("ho")]}]))
    assert openai.rows == [Chat(1, (Message("system", "be brief"), Message("user", "hi"), Message("assistant", "ho")))]
    sharegpt = read(write("b.json", [{"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "ho"}]}]))
    assert sharegpt.rows == [Chat(1, (Message("user", "hi"), Message("assistant", "ho")))]
    parts = read(
        write(
            "c.jsonl",
            [
                {
                    "messages": [
                        {"role": "user", "content": [{"type": "text", "text": "hi "}, {"type": "text", "text": "you"}]},
                        assistant("ho"),
                    ]
                }
            ],
        )
    )
    assert parts.rows[0].messages[0].content == "hi you"


def test_two_messages_in_a_row(write) -> None:
    spec = write("a.jsonl", [{"messages": [user("a"), assistant("b")]}, {"messages": [user("a"), user("b"), assistant("c")]}])
    with pytest.raises(DataError) as caught:
        read(spec)
    assert caught.value.text() == f"T003 {spec.path}:2: two user messages in a row\n  Do: data.merge_turns=true"
    merged = read(spec, merge_turns=True)
    assert merged.rows[1].messages == (Message("user", "a\n\nb"), Message("assistant", "c"))
    assert any("rows 2" in n.what and n.key == "data.merge_turns=true" for n in merged.notices)


def test_conversations_without_a_last_answer(write) -> None:
    kept = read(
        write(
            "a.jsonl",
            [{"messages": [user("a"), assistant("b"), user("c")]}, {"messages": [user("only")]}, {"messages": [user("x"), assistant("y")]}],
        )
    )
    assert [(row.number, len(row.messages)) for row in kept.rows] == [(1, 2), (3, 2)]
    assert [tuple(drop) for drop in kept.dropped] == [(2, "no assistant message to learn from")]
    assert any("1 conversations go on after the last answer to learn; that was cut: rows 1" in n.what for n in kept.notices)
    assert any("1 conversations have no answer to learn and are not used: rows 2" in n.what for n in kept.notices)


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        ({"role": "narrator", "content": "42"}, 'message 2 is of "narrator"'),
        ({"role": "assistant", "content": None, "tool_calls": [{}]}, 'message 2 calls a tool without "name" and "arguments": {}'),
        ({"from": "function_call", "value": "search(x)"}, 'message 2 calls a tool without "name" and "arguments": search(x)'),
        ({"role": "assistant", "content": {"a": 1}}, "the content of message 2 is not a text"),
        ({"role": "user", "content": [{"type": "image_url"}]}, "the content of message 2 is not a text"),
    ],
)
def test_what_is_no_text_is_refused(write, turn: dict[str, object], says: str) -> None:
    with pytest.raises(DataError) as caught:
        read(write("a.jsonl", [{"messages": [user("a"), turn, assistant("c")]}]))
    assert caught.value.code == "T003"
    assert says in caught.value.what


def test_an_empty_answer_is_an_empty_field(write) -> None:
    spec = write("a.jsonl", [{"messages": [user("a"), assistant(" ")]}, {"messages": [user("a"), assistant("b")]}])
    with pytest.raises(DataError, match=r'D002 .*a.jsonl:1: "messages" is empty'):
        read(spec)
    assert len(read(spec, drop_empty=True).rows) == 1


def test_duplicates_ignore_surrounding_space() -> None:
    rows = [
        Labelled(2, "hello", "a"),
        Labelled(3, " hello ", "a"),
        Labelled(4, "hello", "b"),
        Labelled(5, "Hello", "a"),
        Labelled(6, "x", "a"),
    ]
    assert content_key(rows[0]) == content_key(rows[1]) != content_key(rows[2])
    found = duplicates(rows)
    assert (found.groups, found.conflicts, found.n_repeats) == (((2, 3),), ((2, 3, 4),), 1)
    assert duplicates([Text(1, "a"), Text(2, "a\n"), Text(3, "a")]).n_repeats == 2
