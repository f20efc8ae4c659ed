"""User text never becomes a control token: `<|im_end|>` inside a message is text, and is encoded as text.

Before a template renders, every such string in a message is put between two private-use marks; after rendering the marked pieces are
encoded without control tokens and the marks are gone. Marks that a template's own string work has separated still cut the text there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from afina.errors import DataError
from afina.types import Message

OPEN, CLOSE = "\U0010ff01", "\U0010ff02"
ANSWER, END_ANSWER = "\U0010ff03", "\U0010ff04"
"""Stand around what a template's {% generation %} block renders."""
RESERVED = re.compile("[\U0010ff00-\U0010ff0f]")
ESCAPED = re.compile(r"\\U0010ff0([0-9a-f])|\\udbff\\udf0([0-9a-f])")
"""The marks as Python's repr and as JSON write them, where a template prints an object instead of its texts."""
MARKS = re.compile(f"({OPEN}[^{OPEN}{CLOSE}]*{CLOSE}|[{OPEN}{CLOSE}])")


class Piece(NamedTuple):
    """A stretch of rendered text; control tokens are recognised only where `control` is set."""

    text: str
    control: bool


@dataclass(frozen=True)
class Shield:
    """Protects the special tokens of one tokenizer."""

    specials: Sequence[str]
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        longest_first = sorted((token for token in self.specials if token), key=len, reverse=True)
        object.__setattr__(self, "_pattern", re.compile("|".join(map(re.escape, longest_first)) or "(?!)"))

    def protect(self, text: str, where: str = "") -> str:
        """Return the text with its special-token strings marked. Raises DataError T003 when it holds the marks themselves."""
        if RESERVED.search(text) or ("\\" in text and ESCAPED.search(text)):
            raise DataError(
                "T003", "the text holds private-use characters U+10FF00 to U+10FF0F", where=where, fix="remove them from the row"
            )
        return self._pattern.sub(f"{OPEN}\\g<0>{CLOSE}", text)

    def messages(self, messages: Sequence[Message], where: str = "") -> tuple[Message, ...]:
        return tuple(
            Message(
                message.role,
                self.protect(message.content, where),
                self.values(message.tool_calls, where),
                self.protect(message.tool_call_id, where),
                self.protect(message.name, where),
                self.protect(message.reasoning_content, where),
                message.learned,
            )
            for message in messages
        )

    def values(self, value: Any, where: str = "") -> Any:
        """Return a value as JSON has them with every string in it protected, keys too."""
        if isinstance(value, str):
            return self.protect(value, where)
        if isinstance(value, Mapping):
            return {self.protect(str(key), where): self.values(inner, where) for key, inner in value.items()}
        return type(value)(self.values(inner, where) for inner in value) if isinstance(value, (list, tuple)) else value


def pieces(text: str) -> list[Piece]:
    """Cut rendered text at its marks; a marked stretch is plain text, a lone mark only cuts."""
    found: list[Piece] = []
    for index, stretch in enumerate(MARKS.split(text)):
        bare = RESERVED.sub("", stretch)
        if bare:
            found.append(Piece(bare, control=index % 2 == 0))
    return found


def bare(text: str) -> str:
    """Return rendered text without any mark."""
    return RESERVED.sub("", text)


def unescaped(text: str) -> str:
    """Return rendered text with marks that a template has written as escapes as marks again."""
    if "\\U0010ff0" not in text and "\\udbff" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(0x10FF00 + int(found[1] or found[2], 16)), text)
