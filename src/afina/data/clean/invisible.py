"""data.strip_control: characters that no one sees and that make equal texts unequal."""

from __future__ import annotations

import re
from functools import cache

from afina.data.clean.base import repair


@repair("strip_control", 30, "it held control or invisible characters")
def strip_control(text: str) -> str:
    """Return the text without C0 and C1 controls (tab and line breaks stay; a carriage return alone is a line break) and zero-width marks.

    Joiners stay where scripts and emoji need them.
    """
    if text.isascii() and text.isprintable():
        return text
    return _removed().sub(lambda found: "\n" if found.group() == "\r" else "", text)


@cache
def _removed() -> re.Pattern[str]:
    from afina.data.checks.control_characters import CONTROL
    from afina.data.checks.invisible_characters import ALWAYS, JOINERS

    letter = "[0-9A-Za-z]"
    return re.compile(f"{CONTROL.pattern}|[{ALWAYS}]|(?<={letter})[{JOINERS}]|[{JOINERS}](?={letter})")
