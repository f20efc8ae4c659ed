"""afina asks which column is what when a person sits at the terminal, and stops with the command when none does."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import assert_clear, call

ROWS = [f"the house number {i} is big and old,la casa numero {i} es gran i vella" for i in range(40)]


@pytest.fixture
def unclear(tmp_path: Path, tiny_model: Path) -> Path:
    """A folder with pairs.csv, two texts of unknown names, and the model tiny/."""
    (tmp_path / "tiny").symlink_to(tiny_model)
    (tmp_path / "pairs.csv").write_text("\n".join(["en,ca", *ROWS]) + "\n", encoding="utf-8")
    return tmp_path


def at_terminal(place: Path, typed: str, *words: str) -> tuple[int, str, str]:
    """Run afina with a terminal as standard input; return its exit code and what it printed on both streams."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        done = subprocess.run(
            [sys.executable, "-m", "afina", *words], cwd=place, stdin=theirs, capture_output=True, timeout=120, check=False
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_person_chooses_by_number(unclear: Path) -> None:
    code, out, err = at_terminal(unclear, "2\n", "plan", "pairs.csv", "--model", "tiny")
    assert code == 0, err
    assert 'not clear which column is what. Found: "en": text' in err
    assert "  1  completion: prompt = en, completion = ca\n" in err
    assert "  2  completion: prompt = ca, completion = en\n" in err
    assert "The same without asking: --map prompt=ca --map completion=en" in err
    assert "prompt = ca" in out


def test_none_of_these_stops_with_the_command(unclear: Path) -> None:
    code, out, err = at_terminal(unclear, "0\n", "train", "pairs.csv", "--model", "tiny")
    assert (code, out.strip()) == (65, "")
    assert "D013 pairs.csv: not clear" in err
    assert "Do: --map prompt=en --map completion=ca" in err


def test_with_yes_nobody_is_asked(unclear: Path) -> None:
    code, _, err = at_terminal(unclear, "1\n", "train", "pairs.csv", "--model", "tiny", "--yes")
    assert code == 65
    assert "Which one?" not in err
    assert err.startswith("D013 pairs.csv: not clear")


def test_without_a_terminal_nobody_is_asked(unclear: Path) -> None:
    result = call("plan", "pairs.csv", "--model", "tiny", cwd=unclear, stdin="1\n")
    assert_clear(result, 65, "D013 pairs.csv: not clear", "Do: --map prompt=en --map completion=ca")
