"""Text decoded with the wrong encoding once before: "cafÃ©" for "café"."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry

NEAR = re.compile(r"[\x00-\x7f]{0,2}[^\x00-\x7f]+(?:[\x00-\x7f]{1,3}[^\x00-\x7f]+)*[\x00-\x7f]{0,2}")
"""What ftfy calls bad are letters beyond ASCII that stand together, with at most two ASCII characters on each side: only these are
searched, and the whole text once they are bad."""


@check("mojibake")
class Mojibake(RowCheck):
    """Texts that ftfy can repair by undoing a wrong decoding."""

    fix = "data.fix_encoding=true"

    def wrong(self, entry: Entry) -> str:
        texts = (*entry.texts.values(), *entry.labels)
        return "mojibake" if any(not text.isascii() and repairable(text) for text in texts) else ""

    def sentence(self, n: str) -> str:
        return f"{n} with letters garbled by a wrong decoding, which can be undone"


def repairable(text: str) -> bool:
    """Whether undoing a wrong decoding changes the text into something better."""
    import ftfy
    from ftfy.badness import is_bad

    return is_bad("\n".join(NEAR.findall(text))) and is_bad(text) and ftfy.fix_encoding(text) != text
