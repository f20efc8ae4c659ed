"""afina clean, as a person types it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from afina.data.ledger import entries
from tests.cli.calls import Typed, assert_clear, call

LINES = [f"parcel {i * i} never came and what about number {i * 37}?,{('late', 'lost')[i % 2]}" for i in range(30)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [*LINES, "salt &amp; pepper please,lost", LINES[4], ",late"]
    (tmp_path / "in.csv").write_text("\n".join(["text,label", *lines]) + "\n")
    return tmp_path


def test_without_a_repair_it_proposes_and_writes_nothing(folder: Path) -> None:
    result = call("clean", "in.csv", cwd=folder)
    assert result.code == 0, result.both
    for setting, rows in (("data.unescape_html=true", "32"), ("data.drop_empty=true", "34"), ("data.drop_duplicates=exact", "33")):
        line = next(line for line in result.out.splitlines() if line.startswith(setting))
        assert line.split()[-2:] == ["1", rows]
    assert [path.name for path in folder.iterdir()] == ["in.csv"]
    command = result.out.partition("To repair:")[2].strip()
    done = call(*shlex.split(command)[1:], cwd=folder)
    assert done.code == 0, done.both
    assert "33 rows read, 31 written to in-clean.csv" in done.out
    assert call("clean", "in-clean.csv", cwd=folder).out.strip() == "in-clean.csv: no repair would change a row"


def test_what_was_done_as_json(folder: Path) -> None:
    result = call("clean", "in.csv", "drop_empty=true", "unescape_html=true", "--out", "out.jsonl", "--json", cwd=folder)
    document = json.loads(result.out)
    assert (document["n_read"], document["n_written"], document["ledger"]) == (33, 32, "out.jsonl.ledger.jsonl")
    assert {key: value["rows"] for key, value in document["repairs"].items()} == {"unescape_html": [32], "drop_empty": [34]}
    found = list(entries(folder / document["ledger"]))
    assert [(entry.row, entry.column, entry.repair) for entry in found] == [(32, "text", "unescape_html"), (34, None, "drop_empty")]
    proposed = json.loads(call("clean", "in.csv", "--json", cwd=folder).out)
    assert {"data.drop_empty=true": [34]}.items() <= {each["setting"]: each["rows"] for each in proposed["proposals"]}.items()


def test_an_older_result_is_written_over_only_when_said(folder: Path) -> None:
    words = ("clean", "in.csv", "drop_empty=true", "--out", "out.csv")
    assert call(*words, cwd=folder).code == 0
    (folder / "out.csv").write_text("mine")
    assert_clear(call(*words, cwd=folder), 2, "U010 out.csv: it exists", "Do: --yes")
    assert call(*words, cwd=folder, stdin=Typed("n\n")).code == 2
    assert (folder / "out.csv").read_text() == "mine"
    assert call(*words, "--yes", cwd=folder).code == 0
    assert (folder / "out.csv").read_text() != "mine"


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        (["in.csv", "drop_empty=true", "--out", "./in.csv"], 2, ("U010 in.csv: this is the file to be cleaned", "Do: --out in-clean.csv")),
        (["in.csv", "drop_empty=true"], 2, ("U010: where should the repaired file go?", "Do: --out in-clean.csv")),
        (["in.csv", "drop_empty=true", "--out", "out.txt"], 2, ('U011 out.txt: ".txt" is not written', "Do: --out out.csv")),
        (["in.csv", "lr=1e-3", "--out", "out.csv"], 2, ("U012", "changes no data", "drop_duplicates=exact")),
        (["in.csv", "drop_emty=true", "--out", "out.csv"], 2, ("R002", "drop_empty")),
        (["none.csv", "drop_empty=true", "--out", "out.csv"], 2, ("none.csv", "Do:")),
        (["in.csv", "drop_duplicates=exact", "--map", "text=txt", "--out", "out.csv"], 65, ("D001", "--map text=text")),
    ],
)
def test_mistakes_are_answered(words: list[str], code: int, parts: tuple[str, ...], folder: Path) -> None:
    assert_clear(call("clean", *words, cwd=folder), code, *parts)
    assert [path.name for path in folder.iterdir()] == ["in.csv"]
