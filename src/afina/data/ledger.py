"""What cleaning did, row by row: one JSON object a line. Applied to the file as read, it gives the file as written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from afina.data.records import Record
from afina.errors import DataError

NOT_READ = "read"
"""The "repair" of a row that the reader could not use; it was no row before either."""


@dataclass(frozen=True)
class Entry:
    """One change.

    row: its number in the file. column: None when the whole row is left out. repair: the recipe key under data. before, after: the cell's
    value, or the row's values and None. because: why.
    """

    row: int
    column: str | None
    repair: str
    before: Any
    after: Any
    because: str


class Ledger:
    """Writes entries and counts the rows of each repair.

    rows: repair -> the numbers of the rows that it changed or left out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, list[int]] = {}
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self._file = self.path.open("w", encoding="utf-8", newline="\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        assert self._file is not None
        self._file.close()

    def add(self, entry: Entry) -> None:
        assert self._file is not None
        numbers = self.rows.setdefault(entry.repair, [])
        if not numbers or numbers[-1] != entry.row:
            numbers.append(entry.row)
        self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


def entries(path: Path) -> Iterator[Entry]:
    """Yield the entries of a ledger, in the order of the rows."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield Entry(**json.loads(line))


def replay(records: Iterable[Record], changes: Iterable[Entry]) -> Iterator[Record]:
    """Yield the records with the changes of a ledger. Raises DataError D043 when the ledger is of another file."""
    by_row: dict[int, list[Entry]] = {}
    for entry in changes:
        if entry.repair != NOT_READ:
            by_row.setdefault(entry.row, []).append(entry)
    for record in records:
        values: dict[str, Any] | None = dict(record.values)
        for entry in by_row.pop(record.number, ()):
            if values is None or entry.before != (values if entry.column is None else values.get(entry.column)):
                raise DataError(
                    "D043", "the ledger says what this row never held", where=f"row {record.number}", fix="the file it was made from"
                )
            if entry.column is None:
                values = None
            else:
                values[entry.column] = entry.after
        if values is not None:
            yield Record(record.number, values)
    if by_row:
        raise DataError(
            "D043", "the ledger names a row that the file does not have", where=f"row {min(by_row)}", fix="the file it was made from"
        )
