"""The glossary has every word that a recipe is written in, in order, each in a few plain sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from afina.objectives import OBJECTIVES
from afina.recipe.keys import sections
from afina.trackers import TRACKERS

PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^\*\*(.+?)\*\* (.+)$", PAGE, re.MULTILINE))
WORDS = {
    *("adapter", "base", "checkpoint", "chunk", "epoch", "update", "micro-batch", "packing", "token budget", "probe", "interval", "split"),
    *("near-duplicate", "mask", "batch size", "learning rate", "loss", "plan", "recipe", "recipe.lock", "run", "row", "example", "side"),
    *("verdict", "notice", "ledger", "group", "leak", "layout", "tracker", "nano", "seed"),
}


@pytest.mark.parametrize("kind", ["words of the pages", "sections", "methods", "objectives", "trackers"])
def test_it_has_every_word(kind: str) -> None:
    wanted = {
        "words of the pages": WORDS,
        "sections": set(sections()),
        "methods": {"full", "freeze", "lora"},  # each has a page of its own too: docs/methods
        "objectives": set(OBJECTIVES),
        "trackers": set(TRACKERS),
    }[kind]
    assert not wanted - set(ENTRIES), f"explain in docs/glossary.md: {sorted(wanted - set(ENTRIES))}"


def test_entries_are_in_order_and_once() -> None:
    headings = re.findall(r"^\*\*(.+?)\*\*", PAGE, re.MULTILINE)
    assert headings == sorted(set(headings), key=str.lower)


@pytest.mark.parametrize("word", sorted(ENTRIES))
def test_an_entry_is_short_and_plain(word: str) -> None:
    sentences = re.findall(r"[.?](?= |$|\))", ENTRIES[word].partition(" [")[0])
    assert 1 <= len(sentences) <= 4 and len(ENTRIES[word]) <= 320


def test_words_in_italics_have_their_entry() -> None:
    plain = {word.lower() for word in ENTRIES} | {part for word in ENTRIES for part in word.split(", ")}
    for named in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGE):
        word = named.lower()
        assert {word, word.removesuffix("s"), word.removesuffix("es")} & plain or named == "italics", named
