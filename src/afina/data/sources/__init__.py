"""Data files, by suffix: a path in, a table of records out. Refusals come before any parsing, each with one clear sentence."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from heapq import merge
from pathlib import Path

from afina.data.records import RecordSpool
from afina.data.sources import conll as conll
from afina.data.sources import csv as csv
from afina.data.sources import hub
from afina.data.sources import json as json
from afina.data.sources import parquet as parquet
from afina.data.sources import prose as prose
from afina.data.sources import xlsx as xlsx
from afina.data.sources.base import SOURCES, Content, Dropped, Record, Source, Table
from afina.data.sources.folder import members, read_folder
from afina.data.sources.packed import inner_name, packer, unpacked
from afina.data.sources.refuse import AGAIN, check_head, check_path, unreadable
from afina.errors import DataError, UsageError
from afina.recipe.schema import DataSpec
from afina.types import Notice

__all__ = ["SOURCES", "Content", "Dropped", "Record", "Source", "Table", "fingerprint", "read_table"]

HEAD_BYTES = 4096
NOT_TEXT = {".parquet", ".xlsx", ".xlsm"}


def read_table(spec: DataSpec) -> Table:
    """Read `spec.path`: a file, packed or not, a folder of texts, or a data set of the hub ("hf://datasets/owner/name").

    Raises UsageError (exit 2) when there is no such file, DataError (exit 65) for everything that is not a readable table, MachineError
    and NetworkError when the hub does not give it.
    """
    if hub.is_address(spec.path):
        paths, said = hub.fetch(spec.path)
        table = _joined([_read(path, spec) for path in paths])
        table = replace(table, notices=(said, *table.notices))
    else:
        check_path(Path(spec.path))
        try:
            table = _read(Path(spec.path), spec)
        except OSError as error:
            raise unreadable(Path(spec.path), error) from error
    if spec.sheet and table.kind != "Excel":
        what = f"only Excel workbooks have sheets, and {table.where} is {table.format}"
        raise UsageError("D030", what, where="data.sheet", fix="leave data.sheet out")
    return table


def fingerprint(path: str) -> str:
    """Return the SHA-256 of a file's bytes; of a folder or hub data set that of its files' sums, in the order of their names.

    The folders inside a folder count, as they may be the classes.
    """
    files = hub.fetch(path)[0] if hub.is_address(path) else members(Path(path))[0] if Path(path).is_dir() else []
    if len(files) > 1 or Path(path).is_dir():
        inside = Path(path) if Path(path).is_dir() else None
        whole = "\n".join(f"{file.relative_to(inside) if inside else file.name} {fingerprint(str(file))}" for file in files)
        return hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()
    digest = hashlib.sha256()
    with (files[0] if files else Path(path)).open("rb") as opened:
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _read(path: Path, spec: DataSpec) -> Table:
    if path.is_dir():
        return read_folder(path, spec)
    kind = packer(_head(path))
    if not kind:
        return _read_file(path, path, spec)
    with unpacked(path, kind) as file:
        if packer(_head(file)):
            raise DataError("D019", "packed twice: an archive inside the archive", where=str(path), fix=f"unpack {path} once")
        table = _read_file(path, file, spec)
        return replace(table, format=f"{table.format} in {kind}")


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(HEAD_BYTES)


def _read_file(path: Path, file: Path, spec: DataSpec) -> Table:
    head, size = _head(file), file.stat().st_size
    if not head:
        raise DataError("D003", "file has 0 rows (0 bytes). Is the download complete?", where=str(path), fix=AGAIN)
    suffix, notices = inner_name(path).suffix.lower(), list[Notice]()
    found = _not_text(file, head)
    if not found:
        check_head(path, head)
    content = Content(path, file, found or suffix, spec.encoding)
    if not found and content.text.survey.blank:
        raise DataError("D003", f"file has 0 rows ({size:,} bytes, all blank). Is the download complete?", where=str(path), fix=AGAIN)
    if not found and (suffix not in SOURCES or suffix in NOT_TEXT):
        found = sniff(content.text.head())
        what = f'suffix "{suffix}" is not known' if suffix not in SOURCES else f"{path} is no {suffix[1:]} file"
        notices.append(Notice(f"{what}; the content looks like {found[1:]}", key=f"rename it to {inner_name(path).stem}{found}"))
        content.suffix = found
    if content.suffix in (".tsv", ".txt") and spec.separator == spec.header == "auto" and conll.is_sentences(content.text):
        content.suffix = ".conll"
    table = SOURCES[content.suffix](content, spec)
    if not table.records:
        columns = f"only the header {', '.join(table.columns)}" if table.columns else f"{size:,} bytes"
        raise DataError("D003", f"file has 0 rows ({columns}). Is the download complete?", where=str(path), fix=AGAIN)
    if content.suffix in NOT_TEXT:
        return replace(table, notices=(*notices, *table.notices))
    text = content.text
    return replace(table, encoding=text.encoding, notices=(*text.notices, *notices, *table.notices))


def _not_text(file: Path, head: bytes) -> str:
    """Return the suffix of a Parquet file or workbook, told by its bytes, or ""."""
    if head.startswith(b"PAR1"):
        return ".parquet"
    if head.startswith(b"PK\x03\x04"):
        if file.suffix.lower() in NOT_TEXT:
            return ".xlsx"
        try:
            with zipfile.ZipFile(file) as archive:
                return ".xlsx" if "xl/workbook.xml" in archive.namelist() else ""
        except (zipfile.BadZipFile, OSError):
            return ""
    return ""


def _joined(tables: list[Table]) -> Table:
    """Return the parts of a data set as one table, its rows (also those that are not used) numbered on."""
    if len(tables) == 1:
        return tables[0]
    records, dropped, number = RecordSpool(), list[Dropped](), 0
    for table in tables:
        for row in merge(table.records, table.dropped, key=lambda row: row.number):
            number += 1
            if isinstance(row, Dropped):
                dropped.append(Dropped(number, row.reason))
            else:
                records.append(Record(number, row.values))
    columns = tuple(dict.fromkeys(column for table in tables for column in table.columns))
    notices = tuple(notice for table in tables for notice in table.notices)
    path, encodings = tables[0].path.parent, ", ".join(dict.fromkeys(table.encoding for table in tables))
    return Table(path, columns, records.finish(), notices, tables[0].format, encodings, tuple(dropped))


def sniff(text: str) -> str:
    """Return the suffix that the content of a file of unknown suffix looks like."""
    return ".json" if json.begins_as_json(text) else ".txt"
