"""docs/methods says what the methods say of themselves, and its drawings mark where they train."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest

from afina.methods import METHODS
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "methods"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import make_methods

        return make_methods.pages()
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_the_pages_are_in_step(pages: dict[str, str]) -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(pages), "python docs/make_methods.py"
    for name, text in pages.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: python docs/make_methods.py"


def marks(svg: str) -> list[str]:
    """The texts of a drawing that stand in a marked box."""
    root = ElementTree.fromstring(svg)
    return [part.text or "" for part in root if part.tag.endswith("text") and part.get("fill") == "#fff"]


def test_each_drawing_marks_something(pages: dict[str, str]) -> None:
    drawings = {name: text for name, text in pages.items() if name.endswith(".svg")}
    assert len(drawings) == len(METHODS.names())
    assert all(marks(text) for text in drawings.values())


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("houlsby", ["output", "down"]),
        ("prompt_tuning", ["learned rows"]),
        ("ln_tuning", ["norm", "norm", "final norm"]),
        ("ladder_side", ["side network"]),
        ("pfeiffer", ["end of the layer"]),
        ("lora", ["query", "key", "value", "output", "gate", "up", "down"]),
    ],
)
def test_the_places_are_those_of_the_method(name: str, places: list[str], pages: dict[str, str]) -> None:
    assert marks(pages[f"{name}.svg"]) == places


def test_every_method_has_a_row_in_the_index(pages: dict[str, str]) -> None:
    for name in METHODS:
        assert f"| [{name}](" in pages["index.md"]
