"""Options that every row has: data.choices, as a column beside those of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import overload

from afina.data.sources.base import Record, Table
from afina.errors import UsageError
from afina.recipe.schema import DataSpec

COLUMN = "choices"


class Offered(Sequence[Record]):
    """Records with one column more, made when they are asked for: they may lie on disk."""

    def __init__(self, records: Sequence[Record], choices: Sequence[str]) -> None:
        self.records, self.more = records, {COLUMN: list(choices)}

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        found = self.records[index]
        return [self._with(record) for record in found] if isinstance(found, list) else self._with(found)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Record]:
        return map(self._with, self.records)

    def _with(self, record: Record) -> Record:
        return Record(record.number, {**record.values, **self.more})


def with_options(table: Table, spec: DataSpec) -> Table:
    """Return the table with the options of data.choices as its column "choices"; as it is where none are given.

    Raises UsageError R001 where they are no choice, R007 where the file has a column of that name already.
    """
    if not spec.choices:
        return table
    if len(spec.choices) < 2 or len(set(spec.choices)) < len(spec.choices) or not all(map(str.strip, spec.choices)):
        what = f"data.choices has {', '.join(map(repr, spec.choices))}: it must be two options or more, each different and none empty"
        raise UsageError("R001", what, where="data.choices", fix="data.choices=[yes,no]")
    if COLUMN in table.columns:
        what = f'data.choices gives every row the same options, and the file has a column "{COLUMN}" of its own'
        raise UsageError("R007", what, where="data.choices", fix="leave out data.choices, or rename the column")
    return replace(table, columns=(*table.columns, COLUMN), records=Offered(table.records, spec.choices))
