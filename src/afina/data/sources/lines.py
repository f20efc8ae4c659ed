"""The lines of a delimited text, ready for the csv module, which would end a row at every carriage return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from afina.data.sources.text import Text

SAMPLE_CHARS = 1 << 20
PRIVATE = [chr(code) for code in range(0x10FF00, 0x110000)]
"""Private characters, of which hardly a text has one; those that a text has are not used as stand-ins."""


class Lines:
    """Iterates over the lines of a text, as often as asked.

    A carriage return inside a line is stood in for by `stray`, one before the line's own end by `final`; `restored` puts them back.
    `nowhere` is a character that the text does not have.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        survey = text.survey
        self.is_mac = survey.n_returns > 0 and survey.n_newlines == 0
        # a first line that ends so is damaged, as others are then; elsewhere two returns may belong to a text
        self.is_doubled = survey.n_doubled > 0 and next(text.lines(), "").endswith("\r\r\n")
        self.n_lines = survey.n_returns if self.is_mac else survey.n_newlines

    @cached_property
    def _stand_ins(self) -> tuple[str, str, str]:
        free = PRIVATE
        for block in self.text.blocks():
            if b"\xf4\x8f" in block.encode("utf-8", "surrogatepass"):  # how every one of them begins in UTF-8
                free = [char for char in free if char not in block]
        return free[0], free[1], free[2]

    @property
    def stray(self) -> str:
        return self._stand_ins[0]

    @property
    def final(self) -> str:
        return self._stand_ins[1]

    @property
    def nowhere(self) -> str:
        return self._stand_ins[2]

    def __iter__(self) -> Iterator[str]:
        if not self.text.survey.n_returns:
            return self.text.lines()
        return self._mac() if self.is_mac else self._with_stand_ins()

    def _mac(self) -> Iterator[str]:
        for line in self.text.lines("\r"):
            yield line[:-1] + "\n" if line.endswith("\r") else line

    def _with_stand_ins(self) -> Iterator[str]:
        for line in self.text.lines():
            if "\r" not in line:
                yield line
                continue
            end = "\r\n" if line.endswith("\r\n") else "\n" if line.endswith("\n") else ""
            body = line[: len(line) - len(end)]
            if self.is_doubled and end == "\r\n" and body.endswith("\r"):
                body = body[:-1]
            if body.endswith("\r"):
                body = body[:-1] + self.final
            yield body.replace("\r", self.stray) + end if "\r" in body else body + end

    @cached_property
    def head(self) -> tuple[str, ...]:
        """The first lines, about a megabyte of them."""
        found: list[str] = []
        size = 0
        for line in self:
            found.append(line)
            size += len(line)
            if size > SAMPLE_CHARS:
                break
        return tuple(found)

    @property
    def has_stand_ins(self) -> bool:
        survey = self.text.survey
        return survey.n_returns > 0 and (self.is_mac or survey.n_returns > survey.n_newlines or self._has_lone_return)

    @cached_property
    def _has_lone_return(self) -> bool:
        return any(re.search("\r(?!\n)", line) for line in self.text.lines())

    def restored(self, fields: list[str]) -> tuple[list[str], bool]:
        """Return the fields with their carriage returns, and whether one at the end of the line was left out: it is damage."""
        if self.is_mac:
            return [field.replace("\n", "\r") for field in fields], False
        ended = fields[-1].endswith(self.final)
        if ended:
            fields = [*fields[:-1], fields[-1].rstrip(self.final)]
        return [field.replace(self.stray, "\r").replace(self.final, "\r") for field in fields], ended
