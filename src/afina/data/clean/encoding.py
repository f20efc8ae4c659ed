"""data.fix_encoding: texts that were decoded with the wrong encoding, read as they were meant."""

from __future__ import annotations

from afina.data.clean.base import repair


@repair("fix_encoding", 10, "it was decoded with the wrong encoding")
def fix_encoding(text: str) -> str:
    """Return the text as meant ("cafÃ©" -> "café"); nothing else of ftfy is applied: quotes, ligatures and widths stay."""
    if text.isascii():
        return text
    from afina.data.checks.mojibake import repairable

    if not repairable(text):
        return text
    import ftfy

    return ftfy.fix_encoding(text)
