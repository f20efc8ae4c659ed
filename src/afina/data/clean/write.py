"""Writes rows as a file of a given suffix: the same columns, every string as it is. One format = one function and one registration."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from afina.data.cells import as_written
from afina.data.records import Record
from afina.registry import Registry
from afina.types import Notice

Writer = Callable[[Path, Sequence[str], Sequence[Record]], list[Notice]]
"""Writes the records and returns what could not be written as it was."""

WRITERS: Registry[Writer] = Registry("output format")
BATCH = 10_000
INT64 = 2**63


def _separated(path: Path, columns: Sequence[str], records: Iterable[Record], separator: str) -> list[Notice]:
    """Fields that hold a separator, a quote, a line break or outer space are quoted; null is an empty field."""

    def field(text: str) -> str:
        special = any(char in text for char in (separator, '"', "\n", "\r")) or text != text.strip()
        return '"' + text.replace('"', '""') + '"' if special or (len(columns) == 1 and not text) else text

    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(separator.join(map(field, columns)) + "\n")
        for record in records:
            file.write(separator.join(field(as_written(record.values.get(column))) for column in columns) + "\n")
    return []


@WRITERS.register(".csv")
def write_csv(path: Path, columns: Sequence[str], records: Sequence[Record]) -> list[Notice]:
    return _separated(path, columns, records, ",")


@WRITERS.register(".tsv")
def write_tsv(path: Path, columns: Sequence[str], records: Sequence[Record]) -> list[Notice]:
    return _separated(path, columns, records, "\t")


@WRITERS.register(".jsonl")
def write_jsonl(path: Path, columns: Sequence[str], records: Sequence[Record]) -> list[Notice]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record.values, ensure_ascii=False) + "\n")
    return []


@WRITERS.register(".json")
def write_json(path: Path, columns: Sequence[str], records: Sequence[Record]) -> list[Notice]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for index, record in enumerate(records):
            file.write(("[\n" if index == 0 else ",\n") + json.dumps(record.values, ensure_ascii=False))
        file.write("\n]\n")
    return []


@WRITERS.register(".parquet")
def write_parquet(path: Path, columns: Sequence[str], records: Sequence[Record]) -> list[Notice]:
    """A column of one kind keeps it; a mixed column, or a structure whose rows differ in shape, is written as text and said."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    types = {column: _type(column, records) for column in columns}
    schema = pa.schema([(column, kind or pa.string()) for column, kind in types.items()])
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in _batches(records):
            arrays = [
                pa.array([_cell(record.values.get(column), types[column]) for record in batch], schema.field(column).type)
                for column in columns
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
    mixed = [column for column, kind in types.items() if kind is None]
    return (
        [Notice(f"columns {', '.join(mixed)} hold values of several kinds; written as text", "a parquet column has one")] if mixed else []
    )


def _cell(value: Any, kind: Any) -> Any:
    return value if kind is not None or value is None else as_written(value)


def _type(column: str, records: Sequence[Record]) -> Any:
    """Return the Arrow type that gives every value back as it was; None when there is none."""
    import pyarrow as pa

    plain = {str: pa.string(), int: pa.int64(), bool: pa.bool_(), float: pa.float64(), type(None): pa.string()}
    kinds, fits = set[type](), True
    for record in records:
        value = record.values.get(column)
        if value is not None:
            kinds.add(type(value))
            fits = fits and (not isinstance(value, int) or -INT64 <= value < INT64)
    if len(kinds) > 1 or not fits:
        return None
    return _nested(column, records) if kinds & {list, dict} else plain.get(next(iter(kinds), type(None)))


def _nested(column: str, records: Sequence[Record]) -> Any:
    """Return the Arrow type of lists or objects, which gives every one back as it was; None when there is none."""
    import pyarrow as pa

    found = pa.schema([(column, pa.null())])
    try:
        for batch in _batches(records):
            made = pa.array([record.values.get(column) for record in batch]).type
            found = pa.unify_schemas([found, pa.schema([(column, made)])], promote_options="permissive")
        kind = found.field(column).type
        for batch in _batches(records):
            values = [record.values.get(column) for record in batch]
            if pa.array(values, kind).to_pylist() != values:
                return None
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return None
    return kind


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    remaining = iter(records)
    while batch := list(islice(remaining, BATCH)):
        yield batch
