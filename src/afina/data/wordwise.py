"""A text as words with their places, and marked spans of it as a tag for every word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, TypeGuard

OUTSIDE = "O"
"""The tag of a word that belongs to nothing."""
ALONE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Scripts without spaces between words: every character is a word."""
STARTS = ("start", "start_offset", "start_char", "begin")
ENDS = ("end", "end_offset", "end_char")
LABELS = ("label", "labels", "type", "tag", "entity_group", "entity", "entity_type", "class", "category")
QUOTES = ("text", "word", "value", "surface")
"""Keys under which a span repeats its own characters."""


class Word(NamedTuple):
    """A piece of a text without space in it, and where its first character stands."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Span(NamedTuple):
    """Characters [start, end) of a text, and what they are. quoted: the characters themselves, where the data repeats them."""

    start: int
    end: int
    label: str
    quoted: str = ""


def words_of(text: str, borders: Collection[int] = ()) -> list[Word]:
    """Return the words of a text: runs of letters, digits and their marks; every other character that is no space is one.

    borders: places where a word ends whatever stands there.
    """
    found: list[Word] = []
    start = -1
    for place, char in enumerate(text):
        joins = char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"
        alone = not joins or ALONE.match(char) is not None
        if start >= 0 and (alone or place in borders):
            found.append(Word(text[start:place], start))
            start = -1
        if alone and not char.isspace():
            found.append(Word(char, place))
        elif not alone and start < 0:
            start = place
    return found if start < 0 else [*found, Word(text[start:], start)]


def spans_of(value: Any) -> list[Span] | None:
    """Return the spans that a list holds: objects with a start, an end and a label, or [start, end, label]; None when it holds others."""
    if not isinstance(value, list):
        return None
    found = [_span(item) for item in value]
    return None if None in found else [span for span in found if span is not None]


def _span(item: Any) -> Span | None:
    if isinstance(item, dict):
        start, end, label, quoted = (next((item[key] for key in keys if key in item), None) for keys in (STARTS, ENDS, LABELS, QUOTES))
        label = label[0] if isinstance(label, list) and len(label) == 1 else label
    elif isinstance(item, list) and len(item) == 3:
        start, end, label, quoted = *item, ""
    else:
        return None
    if not (_is_place(start) and _is_place(end) and isinstance(label, str)):
        return None
    return Span(start, end, label, quoted if isinstance(quoted, str) else "")


def _is_place(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def wrong(text: str, spans: Sequence[Span]) -> str:
    """Return why spans cannot be those of a text; "" where they can."""
    before = Span(0, 0, "")
    for span in sorted(spans):
        if not 0 <= span.start < span.end <= len(text) or not text[span.start : span.end].strip():
            return f"the span {span.start} to {span.end} is not in its text of {len(text):,} characters"
        if span.quoted and span.quoted != text[span.start : span.end]:
            return f"the span {span.start} to {span.end} says {span.quoted[:40]!r} where the text has {text[span.start : span.end][:40]!r}"
        if not span.label.strip():
            return f"the span {span.start} to {span.end} has no label"
        if span.start < before.end:
            return f"the spans {before.start} to {before.end} and {span.start} to {span.end} overlap"
        before = span
    return ""


def tagged(text: str, spans: Sequence[Span]) -> tuple[list[Word], list[str]]:
    """Return the words of a text and a tag for each: B-label for a span's first word, I-label for its others, O outside.

    A word ends where a span begins or ends, so that the spans come back exactly. The spans must not overlap.
    """
    words = words_of(text, {place for span in spans for place in (span.start, span.end)})
    tags = [OUTSIDE] * len(words)
    for span in spans:
        inside = [index for index, word in enumerate(words) if span.start <= word.start < span.end]
        for index in inside:
            tags[index] = f"{'B' if index == inside[0] else 'I'}-{span.label.strip()}"
    return words, tags


def ends_early(text: str, span: Span) -> bool:
    """Whether a span ends one character before its last word does, as it would if its end were that of the last character."""
    if span.end >= len(text) or not (text[span.end - 1].isalnum() and text[span.end].isalnum()) or ALONE.match(text[span.end]):
        return False
    return span.end + 1 == len(text) or not text[span.end + 1].isalnum()
