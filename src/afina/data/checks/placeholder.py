"""Stand-ins that were never replaced by text."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry

WORDS = frozenset(
    [
        "todo",
        "tbd",
        "fixme",
        "test",
        "testing",
        "asdf",
        "asdfasdf",
        "asdfgh",
        "qwerty",
        "xxx",
        "xxxx",
        "xx",
        "foo",
        "bar",
        "foobar",
        "placeholder",
        "dummy",
        "noinput",
        "<noinput>",
        "sample",
        "sampletext",
        "insert",
        "blank",
        "prueba",
        "prova",
        "[text]",
        "<text>",
    ]
)
ANYWHERE = re.compile(r"lorem ipsum|\b(?:TODO|FIXME)\b\s*[:\-]|\[(?:insert|your|placeholder)\b[^\]\n]{0,40}\]", re.IGNORECASE)
PUNCTUATION = re.compile(r"[.\-_?!*#\u2026,;:/\\ \n\t]+")
LONG_ENOUGH_TO_BE_CODE = 400


@check("placeholder")
class Placeholder(RowCheck):
    """A text or answer that is a stand-in: lorem ipsum, TODO, asdf, "test", or nothing but punctuation."""

    fix = "replace or remove these rows"

    def wrong(self, entry: Entry) -> str:
        return next((kind for text in entry.texts.values() if (kind := stand_in(text))), "")

    def sentence(self, n: str) -> str:
        return f"{n} with a stand-in for text: {', '.join(list(self.kinds)[:5])}"


def stand_in(text: str) -> str:
    """Return the stand-in that a text is ("" when it is none)."""
    plain = text.strip()
    if not plain:
        return ""
    if len(plain) < 20:
        word = plain.casefold().strip(" .!?:")
        if (word and WORDS.issuperset(word.split())) or (len(word) > 2 and len(set(word)) == 1 and word.isalpha()):
            return word
        if PUNCTUATION.fullmatch(plain):
            return plain
    if len(plain) < LONG_ENOUGH_TO_BE_CODE or "orem ipsum" in plain:
        found = ANYWHERE.search(plain)
        return found.group().strip().lower() if found else ""
    return ""
