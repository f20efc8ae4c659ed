"""Text decoded with the wrong encoding once before: "cafÃ©" for "café"."""

from __future__ import annotations

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry


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

    return is_bad(text) and ftfy.fix_encoding(text) != text
