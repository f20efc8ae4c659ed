"""Parquet: rows batch by batch. What text cannot say by itself (dates, decimals, bytes) becomes text, and is said."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from afina.data.records import Record, RecordSpool
from afina.data.sources.base import SOURCES, Content, Table, listed, not_numbers
from afina.data.sources.header import clean_names, unnamed
from afina.data.sources.refuse import AGAIN
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

BATCH_ROWS = 1024


@SOURCES.register(".parquet")
def read_parquet(content: Content, spec: DataSpec) -> Table:
    """Return the rows of a Parquet file, numbered from 1. Raises DataError D019 when it is damaged or encrypted."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path, records = content.path, RecordSpool()
    try:
        with pq.ParquetFile(content.file, memory_map=False, pre_buffer=False) as file:
            names, notices = clean_names(list(file.schema_arrow.names), str(path))
            names = [name or unnamed(index, names) for index, name in enumerate(names)]
            odd = _Converted()
            notices += _changed_types(path, names, file.schema_arrow)
            classes = dict(zip(names, _class_names(file.schema_arrow), strict=True))
            notices += _named_notice(path, classes)
            for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
                columns = [column.to_pylist() for column in batch.columns]
                for cells in zip(*columns, strict=True) if columns else ():
                    odd.number = len(records) + 1
                    values = dict(zip(names, map(odd.plain, cells), strict=True))
                    values |= {name: _named(values[name], known) for name, known in classes.items() if known}
                    records.append(Record(odd.number, values))
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        what = f"a Parquet file that cannot be read ({reason})"
        raise DataError("D019", what, where=str(path), fix=AGAIN) from None
    return Table(path, tuple(names), records.finish(), (*notices, *odd.notices(path)), "Parquet")


def _class_names(schema: Any) -> list[tuple[str, ...]]:
    """Return for each column the names of its numbers, which `datasets` writes beside classes (ClassLabel) and lists of them; else ()."""
    try:
        features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    except (TypeError, KeyError, ValueError):
        features = {}
    found: list[tuple[str, ...]] = []
    for name in schema.names:
        feature = features.get(name) if isinstance(features, dict) else None
        while isinstance(feature, dict) and isinstance(feature.get("feature"), dict):
            feature = feature["feature"]
        names = feature.get("names") if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" else None
        found.append(tuple(map(str, names)) if isinstance(names, list) else ())
    return found


def _named(value: Any, names: tuple[str, ...]) -> Any:
    """Return the name of a number; nothing for -1, which stands for no class, and for a number that has none."""
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else None


def _named_notice(path: Path, classes: dict[str, tuple[str, ...]]) -> list[Notice]:
    shown = "; ".join(f"{name}: {', '.join(names[:6])}{' ...' if len(names) > 6 else ''}" for name, names in classes.items() if names)
    return [Notice(f"{path}: numbers are read as the names of their classes ({shown})", "the file says them")] if shown else []


def _changed_types(path: Path, names: list[str], schema: Any) -> list[Notice]:
    """Name the columns whose values, or values inside them, are no text, number, list or object by themselves."""
    found = {name: schema.field(index).type for index, name in enumerate(names)}
    odd = [f"{name} ({kind})" for name, kind in found.items() if _is_odd(kind)]
    return [Notice(f"{path}: read as text: {', '.join(odd)}", "dates as year-month-day, bytes as UTF-8")] if odd else []


def _is_odd(kind: Any) -> bool:
    """Whether values of an Arrow type, or some inside them, become text."""
    if kind.num_fields:
        return any(_is_odd(kind.field(index).type) for index in range(kind.num_fields))
    if hasattr(kind, "value_type"):  # of a dictionary
        return _is_odd(kind.value_type)
    return any(word in str(kind) for word in ("binary", "date", "time", "dur", "decimal"))


class _Converted:
    """Turns a value into what JSON could hold, and remembers what could not be kept."""

    def __init__(self) -> None:
        self.number = 0
        self.not_numbers: dict[int, None] = {}
        self.not_text: dict[int, None] = {}

    def plain(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, bool, int)):
            return value
        if isinstance(value, float):
            if math.isfinite(value):
                return value
            self.not_numbers[self.number] = None
            return None
        if isinstance(value, dict):
            return {str(self.plain(key)): self.plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        if isinstance(value, bytes):
            return self._bytes(value)
        return as_text(value)

    def _bytes(self, value: bytes) -> str:
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            self.not_text[self.number] = None
            return f"<{len(value):,} bytes>"

    def notices(self, path: Path) -> list[Notice]:
        said: list[Notice] = []
        if self.not_numbers:
            said.append(not_numbers(path, list(self.not_numbers)))
        if self.not_text:
            what = f"{path}: bytes that are no text in rows {listed(list(self.not_text))} are read as their number"
            said.append(Notice(what, "an image or sound cannot be learned from", level="warning"))
        return said


def as_text(value: Any) -> str:
    """Return a date, time, decimal or duration as text: "2024-01-05", not "2024-01-05T00:00:00" where there is no time."""
    written: dict[type, Callable[[Any], str]] = {
        datetime.datetime: lambda at: (at.date() if at.tzinfo is None and at.time() == datetime.time() else at).isoformat(),
        datetime.date: lambda at: at.isoformat(),
        datetime.time: lambda at: at.isoformat(),
        decimal.Decimal: lambda number: format(number, "f"),
    }
    return next((write(value) for kind, write in written.items() if isinstance(value, kind)), str(value))
