"""docs/errors.md has an entry for every code that the program can say, and for no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"([A-Z]\d{3})(?=$|[ :])")


def documentation(tree: ast.AST) -> set[ast.AST]:
    """The string nodes that are docstrings or explain a constant."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def codes_in(source: str) -> set[str]:
    tree = ast.parse(source)
    skipped = documentation(tree)
    texts = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped
    ]
    return {found[1] for text in texts if (found := CODE.match(text))}


def said() -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for file in sorted((ROOT / "src" / "afina").rglob("*.py")):
        for code in codes_in(file.read_text(encoding="utf-8")):
            places.setdefault(code, []).append(file.name)
    return places


def entries() -> dict[str, str]:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    parts = re.split(r"^### ([A-Z]\d{3})$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_scan_finds_errors_and_notices() -> None:
    assert {"D001", "D012", "R002", "M001", "X001", "C001", "N003"} <= set(said())


def test_every_code_has_an_entry() -> None:
    missing = {code: places for code, places in said().items() if code not in entries()}
    assert not missing, f"write an entry in docs/errors.md for {missing}"


def test_every_entry_has_a_code() -> None:
    assert not entries().keys() - said().keys()


@pytest.mark.parametrize("code", sorted(entries()))
def test_an_entry_says_what_it_means_and_what_to_do(code: str) -> None:
    meaning, do, remedy = entries()[code].partition("**Do:**")
    assert len(meaning.split()) >= 4 and do and remedy.strip(), code


def test_entries_are_in_order_and_once() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert headings == sorted(set(headings))
