"""Where words begin among tokens: what each token of a vocabulary says of it, read from its spelling and held to the tokenizer's own words.

Three ways are known: WordPiece marks tokens that go on with a word (##ing), Metaspace those that begin one (▁the), byte-level vocabularies
cut words before a space and where letters, digits and other characters meet. Each token gets a letter for how it begins and one for how it
ends (`objectives.noise.words_at` reads them):

    s  a space, which belongs to the word after it       w  a word of its own, or a line break
    L, N, P  a letter, a digit, another character        -  within a word, whatever stands before it (first) or after it (last)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from afina.objectives.noise import words_at
from afina.types import WordMarks

if TYPE_CHECKING:
    import tokenizers

PROBES = (
    "The weather-vane turned, 41 times in 2024; why? Nobody (not even Ann) knew.",
    "An überflüssig long wordwithoutspaces",
    "It's 12cd, we'll see",
)
"""Texts on which the marks must agree with the tokenizer's own words."""


def word_marks(backend: tokenizers.Tokenizer, special: frozenset[int]) -> WordMarks | None:
    """Return how a tokenizer's tokens stand in words; None where it cuts no text into words, or in a way that its tokens do not show."""
    vocabulary = backend.get_vocab(with_added_tokens=True)
    size = max(vocabulary.values(), default=-1) + 1
    for way, unread in ((_continued, "w"), (_spaced, "-"), (_bytes, "w")):  # an unknown piece is a word, or stands within one
        first, last = [unread] * size, [unread] * size
        for token, index in vocabulary.items():
            if index not in special:
                first[index], last[index] = way(token)
        marks = WordMarks("".join(first), "".join(last))
        if all(_agree(backend, text, marks) for text in PROBES):
            return marks
    return None


def _agree(backend: tokenizers.Tokenizer, text: str, marks: WordMarks) -> bool:
    """Whether the words are those of the tokenizer, of which there must be several."""
    found = backend.encode(text, add_special_tokens=False)
    if len(set(found.word_ids)) < 2:
        return False
    theirs = np.cumsum([True, *(one != other for one, other in zip(found.word_ids, found.word_ids[1:], strict=False))]) - 1
    return bool((words_at(found.ids, marks) == theirs).all())


# --- the three ways ---


def _continued(token: str) -> tuple[str, str]:
    return ("-", "w") if token.startswith("##") and len(token) > 2 else ("w", "w")


def _spaced(token: str) -> tuple[str, str]:
    return ("s" if token.startswith("\u2581") else "-", "s" if token == "\u2581" else "-")


def _bytes(token: str) -> tuple[str, str]:
    """Half of a character, whose other bytes stand in another token, parts nothing."""
    if token[-1].isascii() and (token[0] == "\u0120" or token[0].isascii()):
        return "s" if token[0] == "\u0120" else _kind(token[0]), _kind(token[-1])
    known = _byte_of()
    text = bytes(known[char] for char in token if char in known).decode("utf-8", "replace")
    return (_kind(text[0]), _kind(text[-1])) if text else ("w", "w")


@cache
def _kind(char: str) -> str:
    if char == "\N{REPLACEMENT CHARACTER}":
        return "-"
    if char.isspace():
        return "s" if char == " " else "w"
    category = unicodedata.category(char)[0]
    return category if category in "LN" else "P"


@cache
def _byte_of() -> Mapping[str, int]:
    """The characters by which byte-level vocabularies spell bytes: visible ones themselves, the others from U+0100 on in order."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(256 + place): byte for place, byte in enumerate(hidden)}
