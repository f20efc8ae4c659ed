"""Shards that a distributed engine's workers wrote are what one machine would have made."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from afina.data.encoder import Encoder
from afina.data.shards import open_shards, write_shard
from afina.data.tokenize import Tokenizer
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Completion, Text
from tests.conftest import ROOT
from tests.tiny import write_tokenizer


def test_shards_are_the_examples_of_one_machine(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    encoder = Encoder(Tokenizer.load(tmp_path), DataSpec(truncation="keep_start"), 32)
    rows = [Completion(i, f"say {'cat ' * (i % 30)}{i}", f"{i}" if i % 9 else "") for i in range(1, 101)]
    reports = [write_shard(tmp_path / "shards", rank, iter(rows[50 * rank : 50 * rank + 50]), encoder, "sft") for rank in range(2)]
    whole = encoder.encode(rows, "sft")
    assert open_shards(tmp_path / "shards") == whole.examples
    assert sum(report.n_rows for report in reports) == 100 and sum(report.n_barren for report in reports) == whole.counts.count(0)
    assert sum(report.n_cut for report in reports) > 0


def test_a_folder_without_shards_is_said(tmp_path: Path) -> None:
    (tmp_path / "shard-00000.writing").write_text("half")
    with pytest.raises(DataError, match=r"D003 .*holds no finished shard"):
        open_shards(tmp_path)


def test_datatrove_writes_them_in_its_own_processes(tmp_path: Path, tiny_model: Path) -> None:
    """The program of the documentation, with datatrove's local executor, two tasks, two files."""
    (tmp_path / "in").mkdir()
    texts = [f"the cat saw {i} {'cows ' * (i % 7)}" for i in range(40)]
    for name, part in (("a", texts[:25]), ("b", texts[25:])):
        (tmp_path / "in" / f"{name}.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in part))
    words = [ROOT / "examples" / "terabytes.py", tmp_path / "in", tiny_model, tmp_path / "shards"]
    subprocess.run([sys.executable, *map(str, words)], check=True, capture_output=True, cwd=tmp_path, timeout=120)
    encoder = Encoder(Tokenizer.load(tiny_model), DataSpec(), 1024)
    expected = [example.ids for example in encoder.encode([Text(i, text) for i, text in enumerate(texts)], "lm").examples]
    assert [example.ids for example in open_shards(tmp_path / "shards")] == expected
