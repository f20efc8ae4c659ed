"""What every source gives: a table of records that remember where they stood in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from afina.recipe.schema import DataSpec
from afina.registry import Registry
from afina.types import Notice


class Record(NamedTuple):
    """One row as it stands in the file.

    number: 1-based physical line of the row's start (CSV, JSONL, text), or 1-based element index (JSON array).
    """

    number: int
    values: dict[str, Any]


class Dropped(NamedTuple):
    """One row that is not used, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Table:
    """A file as read: nothing is interpreted yet, strings are as written."""

    path: Path
    columns: tuple[str, ...]
    records: list[Record]
    notices: tuple[Notice, ...] = ()
    format: str = ""
    encoding: str = "utf-8"
    dropped: tuple[Dropped, ...] = ()

    @property
    def where(self) -> str:
        return str(self.path)


class Source(Protocol):
    """Reads the decoded text of one kind of file."""

    def __call__(self, path: Path, text: str, spec: DataSpec) -> Table: ...


SOURCES: Registry[Source] = Registry("data format")
"""File suffix, with its dot, to the source that reads it."""


def listed(numbers: Sequence[int], shown: int = 3) -> str:
    """Return "2, 17, 90 and 14 more"; row numbers have no thousands separator, which would read as another number."""
    head = ", ".join(str(number) for number in numbers[:shown])
    rest = len(numbers) - shown
    return f"{head} and {rest:,} more" if rest > 0 else head


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
