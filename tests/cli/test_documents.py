"""Every command and every snippet of the documentation, run as printed; every link leads somewhere.

Blocks: `sh` runs; `sh fails` must fail with a message; `sh network` is only parsed; `sh full` runs with the long tests; `python` runs;
`yaml file=NAME` (any language) is written first. Trainings take two steps, and the embedded model is a tiny one, unless marked full.
"""

from __future__ import annotations

import itertools
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.main

from tests.cli.calls import call, quickly
from tests.conftest import ROOT

BLOCK = re.compile(r"^```(\w+)?([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md", "examples/README.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
IDS = [str(page.relative_to(ROOT)) for page in PAGES]


@dataclass(frozen=True)
class Block:
    language: str
    marks: frozenset[str]
    file: str
    text: str

    @property
    def commands(self) -> list[str]:
        joined = self.text.replace("\\\n", " ")
        return [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    for language, info, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        words = info.split()
        named = next((word[5:] for word in words if word.startswith("file=")), "")
        found.append(Block(language, frozenset(word for word in words if "=" not in word), named, text))
    return found


def runnable(page: Path, marks: str) -> bool:
    return any((block.language in ("sh", "python")) and (marks in block.marks if marks else True) for block in blocks(page))


def prepare(folder: Path, model: Path) -> None:
    """What the pages take for granted: examples/, and a model in a folder."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "models").mkdir()
    (folder / "models" / "tiny").symlink_to(model)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def run_command(line: str, folder: Path, fails: bool) -> None:
    """Run one line: `make TARGET` (must exist), `afina ...`, or `echo "words" | afina ...`."""
    said = ""
    if line.startswith("echo "):
        left, _, line = line.partition(" | ")
        said = shlex.split(left)[1] + "\n"
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert set(words[1:]) <= make_targets(), line
        return
    if words[0] == "python":
        assert (ROOT / words[1]).is_file(), line
        if words[1].startswith("examples/"):
            subprocess.run([sys.executable, *words[1:]], cwd=folder, check=True, capture_output=True, timeout=300)
        return
    assert words[0] == "afina", f"not a command that this test knows: {line}"
    result = call(*words[1:], cwd=folder, stdin=said)
    assert "Traceback" not in result.both and "X001" not in result.both, result.both
    assert (result.code != 0) == fails, f"{line}\n{result.both}"


def parse(line: str) -> None:
    """Read a command line as click would, and its `key=value` words as the recipe would."""
    from afina.recipe.load import load

    words = shlex.split(line, comments=True)
    assert words[0] == "afina", line
    command = typer.main.get_command(__import__("afina.cli.main", fromlist=["app"]).app).commands[words[1]]  # type: ignore[attr-defined]
    context = command.make_context(words[1], words[2:])
    load(None, context.params.get("overrides") or [])


@pytest.mark.parametrize("page", [page for page in PAGES if runnable(page, "")], ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_snippets(page: Path, tmp_path: Path, tiny_model: Path, with_nano: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(tmp_path, tiny_model)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    with quickly():
        for block in blocks(page):
            if block.file:
                (tmp_path / block.file).write_text(block.text, encoding="utf-8")
            elif block.language == "python":
                exec(compile(block.text, f"{page.name}, python", "exec"), names)
            elif block.language == "sh" and "network" in block.marks:
                for line in block.commands:
                    parse(line)
            elif block.language == "sh" and "full" not in block.marks:
                for line in block.commands:
                    run_command(line, tmp_path, "fails" in block.marks)


@pytest.mark.full
@pytest.mark.parametrize("page", [page for page in PAGES if runnable(page, "full")], ids=lambda page: str(page.relative_to(ROOT)))
def test_long_commands(page: Path, tmp_path: Path, tiny_model: Path) -> None:
    """With the real embedded model: several processes read it from the installation."""
    from afina.models.locate import NANO

    if not (NANO / "model.safetensors").is_file():
        pytest.skip("the embedded model is not in this installation")
    prepare(tmp_path, tiny_model)
    with quickly():
        for block in blocks(page):
            if "full" in block.marks:
                for line in block.commands:
                    run_command(line, tmp_path, fails=False)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        assert other.exists(), f"{page.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{page.name}: {target}"


def test_every_page_is_in_the_index() -> None:
    """In that of its folder, or of the folder above."""
    for page in (ROOT / "docs").rglob("*.md"):
        if page.name != "index.md":
            folder = page.parent if (page.parent / "index.md").is_file() else ROOT / "docs"
            assert f"({page.relative_to(folder)})" in (folder / "index.md").read_text(encoding="utf-8"), page


def test_printed_messages_are_what_is_printed(tmp_path: Path, tiny_model: Path, with_nano: Path) -> None:
    """A `text` block after `sh fails` is that command's message; "..." stands for anything."""
    prepare(tmp_path, tiny_model)
    for page in PAGES:
        found = blocks(page)
        for block in found:
            if block.file:
                (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        for command, printed in itertools.pairwise(found):
            if "fails" in command.marks and printed.language == "text":
                got = call(*shlex.split(command.commands[0])[1:], cwd=tmp_path).err.strip()
                pattern = re.escape(printed.text.strip()).replace(r"\.\.\.", ".*")
                assert re.fullmatch(pattern, got, re.DOTALL), f"{page.name}\n{got}"


def test_the_reference_is_fresh() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import make_reference
    finally:
        sys.path.pop(0)
    for name, write in make_reference.PAGES.items():
        assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == write(), "python docs/make_reference.py"


def test_the_reference_has_every_key() -> None:
    from afina.recipe.keys import every_leaf

    page = (ROOT / "docs" / "reference" / "recipe.md").read_text(encoding="utf-8")
    for leaf in every_leaf():
        assert f"`{leaf.dotted}`" in page or leaf.path[-1] == "name", leaf.dotted
        assert leaf.description or leaf.path[-1] == "name", leaf.dotted


def test_make_demo_is_the_command_of_the_readme() -> None:
    """The demo's command line parses, and its recipe loads."""
    shown = subprocess.run(["make", "-n", "demo"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.replace("\\\n", " ")
    line = next(line for line in shown.splitlines() if "afina train" in line)
    parse("afina " + line.split("afina ", 1)[1])
