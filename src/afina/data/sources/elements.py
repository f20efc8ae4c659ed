"""The elements of a JSON array one after another, from a text of any length."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from afina.data.sources.text import BLOCK, Text

SPACE = re.compile(r"[ \t\n\r]*")
WINDOW = 16
"""An error this near to the end of what has been read may only mean that the value goes on: no number word or escape is longer."""
CONTEXT = 200


class Malformed(Exception):
    """A mistake at character `position` of the text, in the words of Python's json module."""

    def __init__(self, message: str, position: int) -> None:
        self.message, self.position = message, position
        super().__init__(message)


class Element(NamedTuple):
    """A value and its text."""

    value: Any
    text: str


def elements(text: Text, decoder: json.JSONDecoder) -> Iterator[Element]:
    """Yield the elements of the array that the whole text is. Raises Malformed, and RecursionError for a value nested too deeply."""
    ahead = _Ahead(text)
    ahead.skip_space()
    ahead.take("[")
    ahead.skip_space()
    if ahead.peek() == "]":
        ahead.take("]")
    else:
        while True:
            yield ahead.value(decoder)
            ahead.skip_space()
            if ahead.peek() == "]":
                ahead.take("]")
                break
            if ahead.peek() != ",":
                raise Malformed("Expecting ',' delimiter", ahead.position)
            ahead.take(",")
            ahead.skip_space()
    ahead.skip_space()
    if ahead.peek():
        raise Malformed("Extra data", ahead.position)


class _Ahead:
    """The text from where it has been read to, with as much of what follows as was needed so far."""

    def __init__(self, text: Text) -> None:
        self._blocks = text.blocks()
        self._more = True
        self._buffer, self._at, self._before = "", 0, 0

    @property
    def position(self) -> int:
        return self._before + self._at

    def _extend(self, at_least: int) -> bool:
        """Read on; False at the end of the text. What has been read past is let go."""
        pieces, size = [self._buffer[self._at :]], 0
        while self._more and size < at_least:
            block = next(self._blocks, "")
            self._more = bool(block)
            pieces.append(block)
            size += len(block)
        self._before += self._at
        self._buffer, self._at = "".join(pieces), 0
        return size > 0

    def peek(self) -> str:
        """Return the next character, "" at the end."""
        if self._at == len(self._buffer):
            self._extend(BLOCK)
        return self._buffer[self._at : self._at + 1]

    def take(self, char: str) -> None:
        if self.peek() != char:
            raise Malformed("Expecting value", self.position)
        self._at += 1

    def skip_space(self) -> None:
        while self.peek() in (" ", "\t", "\n", "\r"):
            found = SPACE.match(self._buffer, self._at)
            assert found
            self._at = found.end()

    def value(self, decoder: json.JSONDecoder) -> Element:
        while True:
            try:
                value, end = decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                position = self._before + error.pos  # reading on moves the buffer
                is_cut = error.msg.startswith("Unterminated string") or error.pos + WINDOW > len(self._buffer)
                # as much again as there is, so that a long value is not read from its beginning too often
                if is_cut and self._extend(max(BLOCK, len(self._buffer) - self._at)):
                    continue
                raise Malformed(error.msg, position) from None
            # a number at the end of what has been read may have more digits
            if end == len(self._buffer) and self._more:
                self._extend(BLOCK)
                continue
            text, self._at = self._buffer[self._at : end], end
            return Element(value, text)


class Place(NamedTuple):
    """line, column: 1-based. shown: the line around the column. at: where in `shown` the column is."""

    line: int
    column: int
    shown: str
    at: int


def place(text: Text, position: int) -> Place:
    """Return where a character of the text stands, by reading it again."""
    line, column, before, passed = 1, position + 1, "", 0
    blocks = text.blocks()
    for block in blocks:
        here = position - passed
        if here <= len(block):
            head = block[:here]
            line += head.count("\n")
            if "\n" in head:
                column = here - head.rfind("\n")
            before = (before + head)[-CONTEXT:]
            after = (block[here:] + next(blocks, ""))[:CONTEXT]
            left = before[before.rfind("\n") + 1 :]
            return Place(line, column, left + after.partition("\n")[0], len(left))
        line += block.count("\n")
        if "\n" in block:
            column = position - (passed + block.rfind("\n"))
        passed += len(block)
        before = block[-CONTEXT:]
    return Place(line, column, before[before.rfind("\n") + 1 :], len(before))
