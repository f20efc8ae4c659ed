"""How the tags of words are written: B-PER begins an entity, I-PER goes on with it, O is outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_ONES_WORD = {"L": "E", "U": "S"}
"""BILOU's letters for what BIOES calls an end and a single word."""


class Mark(NamedTuple):
    """A tag's letter, one of B I E S, and the label behind it ("_" where there is none); "O" without a label for what marks nothing."""

    letter: str
    label: str


OUTSIDE = Mark("O", "")


def mark_of(tag: str) -> Mark:
    """Return what a tag says of entities, whichever of IOB1, IOB2, BIOES and BILOU it is written in."""
    letter = _ONES_WORD.get(tag[:1], tag[:1])
    if letter not in ("B", "I", "E", "S") or tag[1:2] not in ("", "-"):
        return OUTSIDE
    return Mark(letter, tag[2:] or "_")


def marks_entities(tags: Iterable[str]) -> bool:
    """Whether some of these tags mark entities; those of parts of speech do not."""
    return any(mark_of(tag) != OUTSIDE for tag in tags)
