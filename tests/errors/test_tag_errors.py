"""What can go wrong with tags, as a person reads it; every remedy is typed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.calls import assert_clear, call


@pytest.fixture
def folder(tmp_path: Path, tiny_encoder: Path, tiny_encoder_decoder: Path, tiny_model: Path) -> Path:
    for name, model in (("bert", tiny_encoder), ("t5", tiny_encoder_decoder), ("llama", tiny_model)):
        (tmp_path / name).symlink_to(model)
    pos = [{"tokens": ["the", "cat", f"case{i}"], "pos_tags": ["DET", "NOUN", "NUM"]} for i in range(30)]
    ner = [{"tokens": ["the", "cat", f"case{i}"], "ner_tags": ["O", "B-PER", "O"]} for i in range(30)]
    for name, rows in (("pos", pos), ("ner", ner)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


CASES = {
    "entities of parts of speech": (
        ["pos.jsonl", "--model", "bert", "eval.metric=entity_f1"],
        "R015",
        '"entity_f1" is no metric of tag with these labels; those are token_accuracy, loss',
        "eval.metric=token_accuracy",
    ),
    "a metric of classes": (
        ["ner.jsonl", "--model", "bert", "eval.metric=accuracy"],
        "R015",
        "is no metric of tag; those are",
        "eval.metric=",
    ),
    "a model that only writes": (["ner.jsonl", "--model", "t5"], "R007", "tag does not train an encoder-decoder", "model.path="),
    "another objective": (["ner.jsonl", "--model", "bert", "objective=classify"], "D013", "", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_one_clear_message(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words, code, says, fix = CASES[name]
    result = call("plan", *words, cwd=folder)
    assert_clear(result, 65 if code.startswith("D") else 2, f"{code} ", says)
    told = re.findall(r"Do: (.*)", result.both)[0]
    assert told.startswith(fix)
    if code == "R015":
        mended = call("plan", *words[:-1], *shlex.split(told), "--json", cwd=folder)
        assert mended.code == 0, mended.both


def test_what_chooses_the_checkpoint_is_said(folder: Path) -> None:
    planned = call("plan", "pos.jsonl", "--model", "llama", cwd=folder)
    assert planned.code == 0 and "eval.metric = token_accuracy (these labels have no entity f1)" in " ".join(planned.both.split())
    named = call("plan", "ner.jsonl", "--model", "llama", "--json", cwd=folder)
    assert named.code == 0 and "entity_f1" in named.out and "these labels" not in named.both
