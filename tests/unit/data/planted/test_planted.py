"""Each fault that was planted is found at its rows, and nothing is found in clean files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.data.planted import faults_answers, faults_cells, faults_files
from tests.unit.data.planted.clean import answer_rows, chats, support_rows, write_answers, write_chats, write_csv, write_jsonl
from tests.unit.data.planted.planting import FAULTS

assert faults_answers and faults_cells and faults_files, "importing them fills FAULTS"
MAX_EXTRA_ROWS = 2


def findings(path: Path, against: Path | None = None, model: Path | None = None) -> list[dict[str, Any]]:
    """Return what `afina check FILE --json` finds: the one place that knows how the doctor is called."""
    from typer.testing import CliRunner

    from afina.cli.main import app

    command = ["check", str(path), "--json"]
    command += ["--against", str(against)] if against else []
    command += ["--model", str(model)] if model else []
    result = CliRunner().invoke(app, command)
    assert result.stdout.lstrip().startswith("{"), f"{' '.join(command)}: {result.output}"
    return json.loads(result.stdout)["findings"]


def trigrams(text: str) -> set[tuple[str, ...]]:
    words = "".join(char.lower() if char.isalnum() else " " for char in text).split()
    return set(zip(words, words[1:], words[2:], strict=False))


def closest(texts: Sequence[str]) -> float:
    """Return the largest Jaccard similarity of three-word runs between two texts."""
    runs = [trigrams(text) for text in texts]
    return max(len(one & two) / len(one | two) for index, one in enumerate(runs) for two in runs[:index])


def test_clean_rows_are_distinct() -> None:
    """Without this the clean files would hold the faults they are meant not to hold."""
    support, answers = support_rows(), answer_rows()
    conversations = [" ".join(message["content"] for message in messages) for messages in chats()]
    assert (len(support), len(answers), len(conversations)) == (300, 121, 80)
    assert closest([text for text, _ in support]) < 0.5
    assert closest([f"{prompt} {answer}" for prompt, answer in answers]) < 0.5
    assert closest(conversations) < 0.5


REPEATS = ("exact_duplicate", "repeated_header", "leak_row", "leak_field")
"""What they plant is a clean line, in a second place."""


def test_the_spoilt_lines_are_where_they_are_said_to_be(tmp_path: Path) -> None:
    """Every other line of a spoilt file stands in the clean one."""
    write_csv(tmp_path / "0", support_rows())
    write_jsonl(tmp_path / "1", [{"text": text, "label": label} for text, label in support_rows()])
    write_answers(tmp_path / "2", answer_rows())
    write_chats(tmp_path / "3", chats())
    clean = {line for number in range(4) for line in (tmp_path / str(number)).read_text(encoding="utf-8").split("\n")}
    for name, plant in FAULTS.items():
        folder = tmp_path / name
        folder.mkdir()
        planted = plant(folder)
        if planted.exact and name not in (*REPEATS, "bad_number"):
            spoilt = planted.path.read_text(encoding="utf-8").split("\n")
            assert tuple(number for number, line in enumerate(spoilt, 1) if line not in clean) == planted.rows, name


@pytest.mark.parametrize("kind", ["support.csv", "answers.jsonl", "chats.jsonl"])
def test_nothing_is_found_in_a_clean_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    if kind == "support.csv":
        write_csv(path, support_rows())
    elif kind == "answers.jsonl":
        write_answers(path, answer_rows())
    else:
        write_chats(path, chats())
    loud = [finding for finding in findings(path) if finding["level"] in ("warning", "error")]
    assert not loud, loud


def test_there_are_thirty_kinds_or_more(tmp_path: Path) -> None:
    kinds = set()
    for name, plant in FAULTS.items():
        folder = tmp_path / name
        folder.mkdir()
        kinds.add(plant(folder).finding)
    assert len(kinds) >= 30


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_found(name: str, tmp_path: Path) -> None:
    planted = FAULTS[name](tmp_path)
    found = findings(planted.path, planted.against, planted.model)
    match = [finding for finding in found if finding["check"] == planted.finding]
    assert match, f"{planted.finding} is not among {[finding['check'] for finding in found]}"
    rows = {row for finding in match for row in finding["rows"]}
    assert set(planted.rows) <= rows, f"missed {sorted(set(planted.rows) - rows)}"
    if planted.exact:
        extra = rows - set(planted.rows) - set(planted.also)
        assert len(extra) <= MAX_EXTRA_ROWS, f"also named {sorted(extra)}"
    kinds = {kind for finding in match for kind in finding["details"].get("kinds", ())}
    assert planted.kinds <= kinds, f"kinds {sorted(kinds)}"
