"""The first thing a newcomer reads: complete, short, with examples, and there at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from afina.cli.main import app
from tests.cli.calls import call

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
HEAVY = ("torch", "transformers", "peft", "datasets", "sklearn", "pandas")


def examples(help_text: str) -> list[str]:
    return [line.strip() for line in help_text.splitlines() if line.strip().startswith("afina ")]


def test_help_lists_every_verb_with_its_purpose(tmp_path: Path) -> None:
    result = call("--help", cwd=tmp_path, env={"COLUMNS": "80"})
    assert result.code == 0
    assert len(result.out.splitlines()) <= 60
    for name in COMMANDS:
        assert re.search(rf"^│ {name} +\S", result.out, re.MULTILINE), name


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_each_verb_has_short_help_with_an_example(verb: str, tmp_path: Path) -> None:
    result = call(verb, "--help", cwd=tmp_path, env={"COLUMNS": "80"})
    assert result.code == 0
    assert len(result.out.splitlines()) <= 60
    purpose = (COMMANDS[verb].help or "").strip().splitlines()[0]
    assert purpose.endswith(".") and len(purpose) <= 100
    assert f"afina {verb}" in result.out.split("Example")[1]


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_examples_of_the_help_can_be_typed(verb: str) -> None:
    import shlex

    found = examples(COMMANDS[verb].help or "")
    assert found
    for line in found:
        words = shlex.split(line)[1:]
        COMMANDS[words[0]].make_context(words[0], words[1:])


def test_short_and_long_help_are_the_same(tmp_path: Path) -> None:
    assert call("train", "-h", cwd=tmp_path).out == call("train", "--help", cwd=tmp_path).out


def test_version(tmp_path: Path) -> None:
    import afina

    result = call("--version", cwd=tmp_path)
    assert (result.code, result.out) == (0, f"afina {afina.__version__}\n")


def test_every_option_says_what_it_does() -> None:
    for name, command in COMMANDS.items():
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize(
    "words", [["--help"], ["train", "--help"], ["train", "missing.csv"], ["train", "a.csv", "lerning_rate=1"], ["runs"]]
)
def test_nothing_heavy_is_imported_to_say_so(words: list[str], tmp_path: Path) -> None:
    lines = [
        "import json, sys",
        "from afina.cli import main",
        "sys.argv = ['afina', *json.loads(sys.argv[1])]",
        "try: main.run()",
        "except SystemExit: pass",
        f"print('LOADED', json.dumps([name for name in {HEAVY!r} if name in sys.modules]), file=sys.stderr)",
    ]
    program = "\n".join(lines)
    (tmp_path / "a.csv").write_text("text,label\n")
    done = subprocess.run([sys.executable, "-c", program, json.dumps(words)], capture_output=True, text=True, cwd=tmp_path, check=True)
    loaded = done.stderr.rsplit("LOADED", 1)[1]
    assert json.loads(loaded) == [], loaded


def test_documented_verbs_are_the_implemented_ones(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = readme.split("## Verbs")[1].split("##")[0]
    documented = {name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert documented == set(COMMANDS)
    assert {f"afina {name}" for name in COMMANDS} <= set(
        re.findall(r"^## (.+)$", (root / "docs/reference/cli.md").read_text(), re.MULTILINE)
    )
