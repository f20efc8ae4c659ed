"""Anything at all as a data file: only an AfinaError comes out, it says where, and what is read is what stood there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from afina.data.sources import Table, read_table
from afina.errors import AfinaError
from afina.recipe.schema import DataSpec
from tests.fuzz.written import delimited, json_file

SIZES = [300, pytest.param(10_000, marks=pytest.mark.full)]
SUFFIXES = {"delimited": [".csv", ".tsv"], "json": [".json", ".jsonl"]}
PLACES = {
    "D003": r"",  # no row is known: the file is empty
    "D004": r":\d+(:\d+)?",
    "D005": r":\d+",
    "D006": r"",
    "D007": r"(:\d+)?",
    "D017": r"",
    "D018": r"(:\d+)?",
    "D019": r"",
}
BREAKS = st.sampled_from(
    [
        b'"',
        b'""',
        b"\\",
        b",",
        b";",
        b"\t",
        b"\r",
        b"\n",
        b"\r\r\n",
        b"\x00",
        b"\xff",
        b"\xe9",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"\\ud800",
        b"NaN",
    ]
)


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> bytes:
    """A valid file with a few bytes cut out, put in or repeated."""
    raw = draw(delimited() if kind == "delimited" else json_file()).raw
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        upto = min(len(raw), at + draw(st.integers(0, 6)))
        raw = raw[:at] + draw(st.one_of(BREAKS, st.binary(max_size=3), st.just(raw[at:upto] * 2))) + raw[upto:]
    return raw


PIECES = st.sampled_from(
    ["text", "label", ",", ";", "\t", '"', "\n", "\r", "\r\n", " ", "é", "{", "}", "[", "]", ":", '"a"', "1", "null", "\\u0041", "a b"]
)


def anything(kind: str) -> st.SearchStrategy[bytes]:
    pieces = st.lists(PIECES, max_size=40).map(lambda found: "".join(found).encode())
    text = st.text(max_size=80).map(lambda found: found.encode("utf-8", "surrogatepass"))
    return st.one_of(mutated(kind), mutated(kind), pieces, text, st.binary(max_size=200))


def check_place(error: AfinaError, path: Path) -> None:
    assert error.code in PLACES, error.text()
    assert re.fullmatch(re.escape(str(path)) + PLACES[error.code], error.where), error.text()
    assert error.fix


def check_delimited(table: Table, text: str) -> None:
    """Every value stands in the text; when nothing was said, every letter and digit of the text is in the table."""
    plain = re.sub(r'["\\\r\x00]', "", text)
    for record in table.records:
        for value in record.values.values():
            assert re.sub(r'["\\\r\x00]', "", value) in plain
    if not table.notices and not table.dropped:
        kept = Counter("".join(table.columns) + "".join(value for record in table.records for value in record.values.values()))
        lost = {char: n for char, n in (Counter(text) - kept).items() if char.isalnum()}
        assert not lost, (lost, table)


def check_json(table: Table, text: str) -> None:
    """The standard library reads the same values from the line, or the element, of a row's number."""
    if table.format == "JSONL":
        lines = text.split("\n")
        assert [record.number for record in table.records] == [at for at, line in enumerate(lines, start=1) if line.strip()]
        source = [json.loads(line, parse_float=str) if line.strip() else None for line in lines]
    else:
        whole = json.loads(text, parse_float=str)
        source = whole if isinstance(whole, list) else next((item for item in whole.values() if item == values_of(table)), [whole])
    for record in table.records:
        told = source[record.number - 1]
        assert record.values == (told if isinstance(told, dict) else {"text": told})


def values_of(table: Table) -> list[object]:
    return [record.values for record in table.records]


CHECKS: dict[str, Callable[[Table, str], None]] = {"delimited": check_delimited, "json": check_json}


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", CHECKS)
def test_only_afina_errors_come_out_and_no_string_is_changed(kind: str, n: int, tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()

    @settings(max_examples=n, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(raw=anything(kind), suffix=st.sampled_from(SUFFIXES[kind]))
    def check(raw: bytes, suffix: str) -> None:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(raw)
        try:
            table = read_table(DataSpec(path=str(path)))
        except AfinaError as error:
            outcomes[error.code] += 1
            event(error.code)
            check_place(error, path)
            return
        outcomes["read"] += 1
        said = " ".join(notice.what for notice in table.notices)
        try:
            text = raw.decode("utf-8-sig" if table.encoding == "utf-8" else table.encoding).replace("\x00", "")
        except UnicodeDecodeError:
            assert "D005" in said  # bytes that fit nothing are said
            return
        if "half characters" not in said and "NaN" not in said:
            CHECKS[kind](table, text)

    check()
    print(f"{kind}: {outcomes.total():,} inputs: {dict(outcomes.most_common())}")
    assert outcomes["read"] >= 0.03 * n
