"""afina check, as a person types it: texts and paths that look like markup, places that are not there, and the question that is asked."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.calls import assert_clear, call
from tests.cli.test_ask import ROWS, at_terminal

LINES = [f"parcel {i * i} never came and what about number {i * 37}?,{('late', 'lost')[i % 2]}" for i in range(20)]


def table(path: Path, *lines: str) -> None:
    path.write_text("\n".join(["text,label", *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", ["data[final].csv", "d[/b].csv", "odd\\[b].csv"])
def test_a_path_is_shown_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    table(tmp_path / name, *LINES)
    result = call("check", name, cwd=tmp_path)
    assert result.code == 0, result.both
    assert result.out.splitlines()[0].strip() == f"file    {name}: 20 rows, CSV, utf-8"


def test_texts_are_shown_as_they_are(tmp_path: Path) -> None:
    odd = [r"see \[/b] and \[x\] and [red] here", "ends with a backslash \\", "x" * 899 + "[ and more"]
    table(tmp_path / "a.csv", *(f"{text},late" for text in odd), *LINES)
    result = call("check", "a.csv", "--show", "23", cwd=tmp_path)
    assert result.code == 0, result.both
    for text in (*odd[:2], "x" * 899 + "[ …"):
        assert text + " late" in result.out


def test_a_report_needs_its_folder_before_anything_is_examined(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", *LINES)
    result = call("check", "a.csv", "--report", "none/page.html", cwd=tmp_path)
    assert result.code == 74 and result.out == ""
    assert_clear(result, 74)
    assert "I003 none/page.html: there is no folder none\n  Do: --report page.html, or make the folder" in result.err


def test_the_command_to_repair_reads_the_file_in_the_same_way(tmp_path: Path) -> None:
    rows = "".join(f" café {i};{'ab'[i % 2]}\n" for i in range(12))
    (tmp_path / "my file.csv").write_bytes(("text;label\n" + rows).encode("cp1252"))
    result = call(
        "clean", "my file.csv", "data.separator=;", "--encoding", "cp1252", "--map", "text=text", "--map", "label=label", cwd=tmp_path
    )
    typed = shlex.split(result.out.partition("To repair:")[2])
    assert {"data.separator=;", "data.encoding=cp1252", "text=text", "label=label"} <= set(typed)
    done = call(*typed[1:], cwd=tmp_path)
    assert done.code == 0 and "12 rows read, 12 written to my file-clean.csv" in done.out


def test_a_person_is_asked_which_column_is_what(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("\n".join(["en,ca", *ROWS, f"{ROWS[0]} "]) + "\n", encoding="utf-8")
    code, out, err = at_terminal(tmp_path, "2\n", "check", "pairs.csv")
    assert code == 0, err
    assert "The same without asking: --map prompt=ca --map completion=en" in err and "completion (100%)" in out
    code, out, err = at_terminal(tmp_path, "0\n", "check", "pairs.csv")
    assert code == 0 and "Which one?" in err and "asked" in out, "examined without an answer"
    code, _, err = at_terminal(tmp_path, "1\n", "clean", "pairs.csv", "drop_duplicates=exact", "--out", "out.csv")
    assert code == 0, err
    assert (tmp_path / "out.csv").exists()
