"""What every source gives: a table of records that remember where they stood in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from afina.data.records import Record
from afina.data.sources.text import Text, open_text
from afina.recipe.schema import DataSpec
from afina.registry import Registry
from afina.types import Notice

__all__ = ["SOURCES", "Content", "Dropped", "Record", "Source", "Table", "listed", "not_numbers", "percent"]


class Dropped(NamedTuple):
    """One row that is not used, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Table:
    """A file as read: nothing is interpreted yet, strings are as written. records may lie on disk: iterate, index, slice, ask len."""

    path: Path
    columns: tuple[str, ...]
    records: Sequence[Record]
    notices: tuple[Notice, ...] = ()
    format: str = ""
    encoding: str = "utf-8"
    dropped: tuple[Dropped, ...] = ()

    @property
    def where(self) -> str:
        return str(self.path)

    @property
    def kind(self) -> str:
        """The format, without what the file is packed in: "CSV" of "CSV in gzip"."""
        return self.format.partition(" in ")[0]


@dataclass
class Content:
    """What a source reads. path: the file as the person named it, for messages. file: where its bytes lie, unpacked.

    suffix: what the content is read as. encoding: the name asked for, or "auto".
    """

    path: Path
    file: Path
    suffix: str
    encoding: str = "auto"

    @cached_property
    def text(self) -> Text:
        """The decoded text; Raises as open_text does."""
        return open_text(self.path, self.file, self.encoding)


class Source(Protocol):
    """Reads one kind of file."""

    def __call__(self, content: Content, spec: DataSpec) -> Table: ...


SOURCES: Registry[Source] = Registry("data format")
"""File suffix, with its dot, to the source that reads it."""


def listed(numbers: Sequence[int], shown: int = 3) -> str:
    """Return "2, 17, 90 and 14 more"; row numbers have no thousands separator, which would read as another number."""
    head = ", ".join(str(number) for number in numbers[:shown])
    rest = len(numbers) - shown
    return f"{head} and {rest:,} more" if rest > 0 else head


def not_numbers(path: Path, numbers: Sequence[int]) -> Notice:
    """Return the notice that NaN and infinity are no values."""
    return Notice(f"{path}: NaN or Infinity in rows {listed(numbers)} is read as missing", level="warning")


def percent(part: int, whole: int) -> str:
    """Return a share as "18 %", never rounded to 0 % or 100 % when it is neither."""
    if whole == 0:
        return "0 %"
    share = 100 * part / whole
    if 0 < share < 1:
        return "under 1 %"
    if 99 < share < 100:
        return "over 99 %"
    return f"{share:.0f} %"
