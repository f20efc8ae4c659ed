"""data.strip_space: no blanks around texts and labels."""

from __future__ import annotations

from afina.data.clean.base import repair


@repair("strip_space", 40, "it had space around it")
def strip_space(text: str) -> str:
    return text.strip()
