"""Rows that lie on disk are the rows that were put in: in order, by index, by slice, in another process, and gone afterwards."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data import records
from afina.data.records import Record, RecordSpool
from afina.data.sources import read_table
from afina.recipe.schema import DataSpec

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)


def spooled(rows: list[dict[str, Any]]) -> Sequence[Record]:
    spool = RecordSpool()
    for number, values in enumerate(rows, start=1):
        spool.append(Record(number, values))
    assert len(spool) == len(rows)
    return spool.finish()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in {"IN_MEMORY_BYTES": 0, "BATCH_BYTES": 300, "BATCH_ROWS": 7}.items():
        monkeypatch.setattr(records, name, size)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.dictionaries(st.text(), VALUES, max_size=3), min_size=1, max_size=30), step=st.integers(-5, 5).filter(bool))
def test_values_keep_their_exact_python_value(rows: list[dict[str, Any]], step: int) -> None:
    wanted = [Record(number, values) for number, values in enumerate(rows, start=1)]
    kept = spooled(rows)
    for _ in range(2):
        assert repr(list(kept)) == repr(wanted)  # repr tells 1 from 1.0 and True
    assert len(kept) == len(wanted)
    assert kept[::step] == wanted[::step]
    assert kept[1:-1] == wanted[1:-1]
    assert [kept[index] for index in range(-len(wanted), len(wanted))] == wanted * 2
    with pytest.raises(IndexError):
        kept[len(wanted)]


def _count(kept: Sequence[Record], found: Any) -> None:
    found.put(sum(record.values["n"] for record in kept))


def test_another_process_reads_them_and_takes_nothing_away() -> None:
    kept = spooled([{"n": n} for n in range(50)])
    assert list(pickle.loads(pickle.dumps(kept))) == list(kept)
    context = multiprocessing.get_context("fork")
    found = context.Queue()
    worker = context.Process(target=_count, args=(kept, found))
    worker.start()
    assert found.get(timeout=30) == sum(range(50))
    worker.join()
    assert kept[49].values == {"n": 49}


def test_the_file_goes_with_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = spooled([{"n": n} for n in range(50)])
    assert len(list(tmp_path.glob("afina-rows-*/rows.arrow"))) == 1
    del kept
    assert list(tmp_path.iterdir()) == []


def test_a_big_json_array_reads_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block border falls somewhere else: inside strings, escapes, numbers, words."""
    import json

    rows = [{"t": 'a"b\\c é 🙂 \u2028 \n' * (n % 4), "n": n * 10**n, "x": [None, True, -1.5e-7, {"k": []}]} for n in range(20)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=True))
    wanted = json.loads(path.read_text(), parse_float=str)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr("afina.data.sources.text.Text.blocks.__defaults__", (size,))
        monkeypatch.setattr("afina.data.sources.elements.BLOCK", size)
        assert [record.values for record in read_table(DataSpec(path=str(path))).records] == wanted
