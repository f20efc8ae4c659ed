"""Examples as arrays: what goes in comes out, in memory, cut, written and mapped; several processes and the cache change nothing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data import cache
from afina.data.encoder import Encoder
from afina.data.examples import Examples, chunk_of
from afina.data.prepare import encode, read
from afina.data.tokenize import Tokenizer
from afina.data.workers import parts
from afina.errors import DataError, RecipeErrors, UsageError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Completion, Example, Text
from tests.tiny import write_tokenizer

ROOT = Path(__file__).parents[3]


@st.composite
def answered(draw: st.DrawFn) -> Example:
    ids = draw(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=12))
    learned = draw(st.lists(st.booleans(), min_size=len(ids), max_size=len(ids)))
    return Example(draw(st.integers(0, 2**40)), tuple(ids), tuple(i if on else IGNORE_INDEX for i, on in zip(ids, learned, strict=True)))


LABELLED = st.builds(Example, st.integers(0, 10**9), st.lists(st.integers(0, 99), min_size=1).map(tuple), st.just(()), st.integers(-1, 9))


@settings(deadline=None)
@given(st.one_of(st.lists(answered(), max_size=20), st.lists(LABELLED, max_size=20)), st.integers(1, 5), st.data())
def test_arrays_hold_exactly_the_examples(examples: list[Example], size: int, data: st.DataObject) -> None:
    held = Examples(chunk_of(examples[start : start + size]) for start in range(0, len(examples), size))
    assert list(held) == examples and [held[i] for i in range(len(examples))] == examples and held[1:3] == examples[1:3]
    assert held.lengths == [len(example) for example in examples]
    assert held.n_learned == sum(label != IGNORE_INDEX for example in examples for label in example.labels[1:])
    assert held.longest_answer == max((sum(label != IGNORE_INDEX for label in example.labels) for example in examples), default=0)
    start = data.draw(st.integers(0, len(examples)))
    stop = data.draw(st.integers(start, len(examples)))
    assert list(held.between(start, stop)) == examples[start:stop]
    with pytest.raises(IndexError):
        held[len(examples)]


@pytest.mark.parametrize(
    "examples",
    [[Example(1, (5, 6, 7), (-100, 6, 7)), Example(2, (9,), (9,)), Example(9, (1, 2), (-100, -100))], [Example(4, (5, 6), (), 3)]],
)
def test_a_written_file_is_the_same_and_is_read_by_datasets(examples: list[Example], tmp_path: Path) -> None:
    import pyarrow as pa

    held = Examples([chunk_of(examples[:1]), chunk_of(examples[1:])])
    written = Examples.write(tmp_path / "examples.arrow", held.chunks)
    assert list(written) == examples and list(written.between(1, 3)) == examples[1:]
    rows = pa.ipc.open_stream(str(tmp_path / "examples.arrow")).read_all().to_pylist()
    assert [row["input_ids"] for row in rows] == [list(example.ids) for example in examples]


ROWS = [Completion(i, f"say {'cat ' * (i % 40)}{i}", f"{i}" if i % 9 else "") for i in range(300)]


def encoder(folder: Path) -> Encoder:
    return Encoder(Tokenizer.load(folder), DataSpec(truncation="keep_start"), 32)


def said(folder: Path) -> str:
    """All that encoding gives, as a hash."""
    found = encoder(folder).encode(ROWS, "sft")
    return hashlib.sha256(repr((list(found.examples), found.counts, found.notices)).encode()).hexdigest()


def test_several_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    """In a process of its own: where torch is loaded, as here, nothing is forked."""
    write_tokenizer(tmp_path)
    program = f"""
import os
from pathlib import Path
from functools import partial
from afina.data import encoder, workers
from tests.unit.data.test_data_examples import ROWS, said
folder = Path({str(tmp_path)!r})
alone = said(folder)
workers.PART, workers.WORTH = 17, 1
three = partial(workers.parts, processes=3)
where = list(three(ROWS, lambda part: (os.getpid(), [row.number for row in part])))
assert os.getpid() not in {{pid for pid, _ in where}}, where
assert [number for _, part in where for number in part] == [row.number for row in ROWS]
encoder.parts = three
assert said(folder) == alone

from afina.errors import DataError, MachineError

def killed(part):
    os.kill(os.getpid(), 9)

def refused(part):
    raise DataError("D002", "a field is empty", where="a.csv:7")

for work, wanted in ((killed, MachineError), (refused, DataError)):
    try:
        list(three(ROWS, work))
    except wanted as error:
        assert error.code in ("M002", "D002"), error
    else:
        raise AssertionError(work)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_second_preparation_finds_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFINA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "WORTH", 1)
    write_tokenizer(tmp_path)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"prompt": f"say cat {i}", "completion": f"cat {i} " * (i % 9 + 1)}) + "\n" for i in range(60)))
    tokenizer = Tokenizer.load(tmp_path)

    def prepared(spec: DataSpec, max_length: int = 64):
        return encode(read(spec), "sft", tokenizer, spec, max_length)

    spec = DataSpec(path=str(path), truncation="keep_start")
    first = prepared(spec)
    monkeypatch.setattr(Encoder, "part", lambda *_: pytest.fail("encoded again"))
    again = prepared(spec)
    assert again.examples == first.examples and again.notices == first.notices and again.report == first.report
    for other in (lambda: prepared(spec, 16), lambda: prepared(spec.model_copy(update={"truncation": "keep_end"}))):
        with pytest.raises(pytest.fail.Exception):
            other()
    path.write_text(path.read_text().replace("cat 7", "cow 7"))
    with pytest.raises(pytest.fail.Exception):
        prepared(spec)


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AFINA_CACHE", str(tmp_path / "file"))
    entry = cache.Entry("name")
    held = entry.store([chunk_of([Example(1, (2, 3), (-100, 3))])])
    entry.seal([1], [])
    assert list(held) == [Example(1, (2, 3), (-100, 3))] and entry.load() is None


def test_parts_follow_one_another() -> None:
    assert list(parts(ROWS, len, processes=1)) == [300]


def test_processes_in_waves_give_what_one_process_gives() -> None:
    program = """
from afina.data import workers
workers.PART, workers.WORTH, workers.WAVE = 7, 20, 21
rows = list(range(100))
alone = list(workers.parts(rows, sum, processes=1))
assert len(alone) == 15 and sum(alone) == sum(rows)
assert list(workers.parts(rows, sum, processes=2)) == alone
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_errors_keep_their_words_from_another_process() -> None:
    import pickle

    error = DataError("D002", "a field is empty", where="a.csv:7", fix="data.drop_empty=true")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.text(), again.exit_code) == (DataError, error.text(), 65)
    several = RecipeErrors([UsageError("R001", "one", where="a:1"), UsageError("R002", "two", fix="three")])
    assert pickle.loads(pickle.dumps(several)).text() == several.text()


def test_a_disk_that_fills_up_while_examples_are_written_loses_none(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the system refuses the write in the middle of a chunk."""
    program = """
import os, resource, sys
from afina.data import cache
from afina.data.examples import chunk_of
from afina.types import Example
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
examples = [Example(i, tuple(range(i, i + 3000)), (-100, *range(i + 1, i + 3000))) for i in range(40)]
entry = cache.Entry("name")
held = entry.store(chunk_of([example]) for example in examples)
entry.seal([1] * 40, [])
assert list(held) == examples
assert entry.load() is None and os.listdir(cache.folder()) == [], os.listdir(cache.folder())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "AFINA_CACHE": str(tmp_path)}, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_an_entry_that_is_damaged_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFINA_CACHE", str(tmp_path))
    chunks = [chunk_of([Example(i, (2, 3), (-100, 3))]) for i in range(9)]

    def stored() -> cache.Entry:
        entry = cache.Entry("name")
        entry.store(chunks)
        entry.seal([1] * 9, [])
        return entry

    path = stored().path / "examples.arrow"
    whole = path.read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 8):  # cut where a chunk ends, Arrow itself sees nothing wrong
        path.write_bytes(whole[:size])
        assert cache.Entry("name").load() is None, size
        found = stored().load()
        assert found is not None and list(found[0]) == [example for chunk in chunks for example in Examples([chunk])]
    assert os.listdir(cache.folder()) == ["name"]


def test_nothing_is_left_of_a_preparation_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFINA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "WORTH", 1)
    write_tokenizer(tmp_path)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"prompt": f"say cat {i} " * 9, "completion": "cat"}) + "\n" for i in range(60)))
    spec = DataSpec(path=str(path))
    with pytest.raises(DataError, match="T004"):
        encode(read(spec), "sft", Tokenizer.load(tmp_path), spec, 16)
    assert os.listdir(cache.folder()) == []


def test_the_same_bytes_read_in_another_way_are_other_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a character pair in a label, which JSON allows, is no reason to fail either."""
    write_tokenizer(tmp_path)
    encoder = Encoder(Tokenizer.load(tmp_path), DataSpec(path="a.csv"), 16, ("\ud800",))
    rows = [Text(1, "one"), Text(2, "two")]
    names = [cache.key("lm", encoder, rows) for rows in (rows, rows[::-1], [Text(1, "one two")], [Completion(1, "one", "two")])]
    assert len(set(names)) == 4
    assert cache.key("lm", encoder, list(rows)) == names[0]
