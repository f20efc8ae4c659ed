"""Cells that spell a structure: what is read as one, what stays a text, and repairs inside that respell nothing else."""

from __future__ import annotations

import json
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afina.data.cells import DEEPEST, structured
from afina.data.chat import ChatReader
from afina.data.clean.base import REPAIRS, Repair
from afina.data.clean.file import clean_file
from afina.data.ledger import entries
from afina.data.sources import Record, read_table
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Message

BY_KEY: dict[str, Repair] = {each.key: each for each in REPAIRS}


@pytest.mark.parametrize(
    "text", ["{{0}}", "{[1]: 2}", "[{1, 2}, 'a']", "{('a',): 1}", "{1: 'a'}", "[b'x']", "[1j]", "[...]", "{a}", "[x] y [z]"]
)
def test_what_json_has_no_form_for_stays_a_text(text: str) -> None:
    assert structured(text) is text


def test_what_python_spells_is_read_without_a_word_about_its_backslashes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert structured(r"['\d+', ('a', 1), None, True]") == ["\\d+", ["a", 1], None, True]


def test_half_characters_are_read_as_lost_ones() -> None:
    assert structured('["\\ud83d", "\\ud83d\\ude00"]') == ["�", "😀"]


def test_what_is_nested_beyond_sense_is_a_text_in_a_cell_and_an_error_in_a_file(write) -> None:
    deepest, deeper = ("[" * n + "1" + "]" * n for n in (DEEPEST, DEEPEST + 1))
    assert isinstance(structured(deepest), list) and structured(deeper) is deeper
    rows = '{"text": "a", "x": 1}\n{"text": "b", "x": ' + "[" * 900 + "]" * 900 + "}\n"
    with pytest.raises(DataError, match=r"D004 .*rows\.jsonl:2: nested too deeply"):
        read_table(write("rows.jsonl", rows))


def test_a_repair_inside_a_cell_respells_only_what_it_repairs() -> None:
    cell = '{"price":0.10, "n": 1e400,  "cafÃ©": "cafÃ©", "id": 12345678901234567890, "say": "\\u00e9 \\"x\\""}'
    wanted = cell.replace('"cafÃ©",', '"café",')
    assert BY_KEY["fix_encoding"](cell) == wanted
    assert BY_KEY["fix_encoding"]("[('cafÃ©', 0.5)]") == '[["café", 0.5]]'


def test_a_repair_beside_a_half_character_is_written_and_replayed(write, tmp_path) -> None:
    spec = write("a.csv", 'text,label\n"[""\\ud83d cafÃ©"", ""b""]",x\nplain words,y\n', fix_encoding=True)
    done = clean_file(spec, tmp_path / "out.csv")
    first = read_table(DataSpec(path=done.out)).records[0].values["text"]
    assert json.loads(first)[0].endswith(" café")
    assert [entry.row for entry in entries(tmp_path / "out.csv.ledger.jsonl")] == [2]


LEAVES = st.none() | st.booleans() | st.integers() | st.text(alphabet='a&;"\\Ã©é \n{[:,', max_size=6) | st.just("&amp;")
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='k&;":', max_size=3), inner, max_size=3)
)


@given(st.lists(TREES, min_size=1, max_size=3), st.booleans(), st.sampled_from([None, 1]))
def test_a_cell_is_repaired_as_the_value_it_spells(value: list[object], ascii_only: bool, indent: int | None) -> None:
    cell = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    for key in ("unescape_html", "strip_space"):
        assert json.loads(BY_KEY[key](cell)) == BY_KEY[key](value)


def test_joined_messages_keep_what_was_thought() -> None:
    turns = [
        {"role": "user", "content": "why?"},
        {"role": "assistant", "content": "one", "reasoning_content": "first"},
        {"role": "assistant", "content": "two", "reasoning_content": "second"},
    ]
    found = ChatReader("f", DataSpec(merge_turns=True)).read(Record(1, {"messages": turns}), {"messages": ("messages",)})
    assert found is not None
    assert found.messages[1] == Message("assistant", "one\n\ntwo", reasoning_content="first\n\nsecond")


def test_saying_what_was_left_out_takes_no_time_per_pair_of_rows() -> None:
    def seconds(n: int) -> float:
        reader = ChatReader("f", DataSpec())
        for number in range(n):
            reader.read(Record(number, {"messages": []}), {"messages": ("messages",)})
        start = time.perf_counter()
        reader.notices()
        return time.perf_counter() - start

    assert seconds(20_000) < 1, "16 s when each row was compared with all"
