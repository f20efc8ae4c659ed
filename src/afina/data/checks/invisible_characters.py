"""Characters without ink that make equal texts unequal: zero-width spaces, soft hyphens, marks of byte order and direction."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry

ALWAYS = "\u00ad\u180e\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069"
JOINERS = "\u200c-\u200f"
"""Right in emoji, Arabic, Persian and Indic scripts; between Latin letters they are debris."""
INVISIBLE = re.compile(f"[{ALWAYS}]|[0-9A-Za-z][{JOINERS}]|[{JOINERS}][0-9A-Za-z]")


@check("invisible_characters")
class InvisibleCharacters(RowCheck):
    """Invisible characters in a text or a label."""

    fix = "data.strip_control=true"

    def wrong(self, entry: Entry) -> str:
        if entry.whole.isascii() and all(label.isascii() for label in entry.labels):
            return ""
        return "invisible" if INVISIBLE.search(entry.whole) or any(INVISIBLE.search(label) for label in entry.labels) else ""

    def sentence(self, n: str) -> str:
        return f"{n} with invisible characters (zero-width space, soft hyphen, byte-order or direction marks)"
