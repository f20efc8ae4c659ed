"""Columns that are no part of a row: data.group, data.time and data.split decide the split, data.task says which task a row is of.
Kept by row number, beside the rows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from afina.data.sources.base import Table, listed
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice, Row, Split

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Column = Mapping[int, str]
SIDES: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "tr", "trn"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev", "development", "eval", "evaluation", "vld"), "validation"),
    **dict.fromkeys(("test", "testing", "tst", "te", "holdout"), "test"),
}
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p")
WRITTEN = ("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%a %b %d %H:%M:%S %z %Y")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Beside:
    """Row number -> what the row's column says; None where the recipe names no such column."""

    group: Column | None = None
    time: Column | None = None
    split: Column | None = None
    task: Column | None = None


NOTHING = Beside()


def beside(table: Table, spec: DataSpec) -> Beside:
    """Return the columns that the recipe names beside the rows' own. Raises DataError D001 for one that is not there."""
    named = {"group": spec.group, "time": spec.time, "split": spec.split, "task": spec.task}
    return Beside(**{key: _column(table, key, name) if name else None for key, name in named.items()})


def _column(table: Table, key: str, name: str) -> Column:
    from afina.data.columns import columns_of
    from afina.data.profile import as_written

    try:
        columns = columns_of(table, name, key)
    except DataError as error:
        fix = error.fix.replace("--map ", "data.")
        raise DataError(error.code, error.what, where=error.where, fix=fix) from None
    return {record.number: " ".join(as_written(record.values.get(column)) for column in columns) for record in table.records}


def sides_of(rows: Sequence[Row], column: Column, name: str) -> list[Split]:
    """Return each row's side by its word. Raises DataError D042 naming the first row whose word is none."""
    words = {word: SIDES.get(word.strip().casefold()) for word in {column[row.number] for row in rows}}
    if None in words.values():
        wrong = [row.number for row in rows if words[column[row.number]] is None]
        what = f'"{column[wrong[0]]}" in column "{name}" is not train, validation or test ({len(wrong):,} rows: {listed(wrong)})'
        raise DataError(
            "D042", what, where=f"row {wrong[0]}", fix="write train, validation (dev, val) or test there, or data.split= (empty)"
        )
    return [words[column[row.number]] for row in rows]  # type: ignore[misc]


def times_of(rows: Sequence[Row], column: Column, name: str) -> tuple[Array, list[Notice]]:
    """Return each row's time as a number [N]: numbers as they are, dates in seconds; the whole column is read in one way.

    Raises DataError D041 naming the rows whose value is no time.
    """
    import numpy as np

    words = [column[row.number].strip() for row in rows]
    best: list[int] = list(range(len(words)))
    for read in (_number, _iso, *map(_by_format, (*DAY_FIRST, *MONTH_FIRST, *WRITTEN)), _mail):
        times = [read(word) for word in words]
        wrong = [index for index, time in enumerate(times) if time is None]
        if not wrong:
            return np.array(times, dtype=np.float64), _ambiguous(words, read, name)
        if len(wrong) < len(best):
            best = wrong
    numbers = [rows[index].number for index in best]
    what = f'"{words[best[0]]}" in column "{name}" is no time that the other rows share ({len(best):,} rows: {listed(numbers)})'
    raise DataError("D041", what, where=f"row {numbers[0]}", fix="write dates as 2024-01-31 or 2024-01-31T10:00, or data.time= (empty)")


Reader = Callable[[str], float | None]


def _number(word: str) -> float | None:
    value = float(word) if NUMBER.fullmatch(word) else math.inf
    return value if math.isfinite(value) else None


def _seconds(moment: datetime) -> float:
    """A time without a zone is read as UTC, whatever machine this is."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _iso(word: str) -> float | None:
    try:
        return _seconds(datetime.fromisoformat(word.removesuffix(" UTC")))
    except ValueError:
        return None


def _by_format(pattern: str) -> Reader:
    def read(word: str) -> float | None:
        try:
            return _seconds(datetime.strptime(word, pattern))
        except ValueError:
            return None

    read.__name__ = pattern
    return read


def _mail(word: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return _seconds(parsedate_to_datetime(word))
    except ValueError:
        return None


def _ambiguous(words: Sequence[str], read: Reader, name: str) -> list[Notice]:
    """Say so when days and months could be read the other way round."""
    if read.__name__ not in DAY_FIRST:
        return []
    other = _by_format(read.__name__.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m"))
    if any(other(word) is None for word in words):
        return []
    return [
        Notice(f'dates of "{name}" are read as day, month, year', "they could be month, day, year too: write 2024-01-31", level="warning")
    ]
