"""Data files, by suffix: bytes in, a table of records out. Refusals come before any parsing, each with one clear sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from afina.data.sources import csv as csv
from afina.data.sources import json as json
from afina.data.sources import prose as prose
from afina.data.sources.base import SOURCES, Dropped, Record, Source, Table
from afina.data.sources.refuse import AGAIN, check_bytes, check_path
from afina.data.sources.text import decode
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

__all__ = ["SOURCES", "Dropped", "Record", "Source", "Table", "read_table"]


def read_table(spec: DataSpec) -> Table:
    """Read `spec.path`.

    Raises UsageError (exit 2) when there is no such file, DataError (exit 65) for everything that is not a readable table.
    """
    path = Path(spec.path)
    check_path(path)
    raw = path.read_bytes()
    check_bytes(path, raw)
    text, encoding, notices = decode(raw, spec.encoding, path)
    if not text.strip():
        raise DataError("D003", f"file has 0 rows ({len(raw):,} bytes, all blank). Is the download complete?", where=str(path), fix=AGAIN)
    suffix = path.suffix.lower()
    if suffix not in SOURCES:
        looks = sniff(text)
        notices = [
            *notices,
            Notice(f'suffix "{suffix}" is not known; the content looks like {looks[1:]}', key=f"rename it to {path.stem}{looks}"),
        ]
        suffix = looks
    table = SOURCES[suffix](path, text, spec)
    if not table.records:
        columns = f"only the header {', '.join(table.columns)}" if table.columns else f"{len(raw):,} bytes"
        raise DataError("D003", f"file has 0 rows ({columns}). Is the download complete?", where=str(path), fix=AGAIN)
    return replace(table, encoding=encoding, notices=(*notices, *table.notices))


def sniff(text: str) -> str:
    """Return the suffix that the content of a file of unknown suffix looks like."""
    head = text.lstrip()[:1]
    if head in ("{", "["):
        return ".json"
    return ".txt"
