"""A folder of text files: every file is one document, numbered in the order of the names. Folders inside may be its classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afina.data.records import Record, RecordSpool
from afina.data.sources.base import Dropped, Table
from afina.data.sources.refuse import IMAGE_SUFFIXES, TABLE_SUFFIXES
from afina.data.sources.text import open_text
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

TEXT_SUFFIXES = {".txt", ".md"}
NAMED = 3


def members(path: Path) -> tuple[list[Path], list[Path]]:
    """Return the text files of a folder and its folders, and the other files, in the order of their names. Hidden ones do not count."""
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file.relative_to(path))]
    texts = [file for file in files if file.suffix.lower() in TEXT_SUFFIXES]
    return texts, [file for file in files if file.suffix.lower() not in TEXT_SUFFIXES]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _inner(path: Path, file: Path) -> str:
    """The name of the folder inside `path` that a file lies in; "" for one that lies in `path` itself."""
    return "" if file.parent == path else file.parent.name


def read_folder(path: Path, spec: DataSpec) -> Table:
    """Return one row a text file: its "text" and, where they lie in several folders, the name of its "folder".

    Raises DataError D017 when the folder holds something else, D003 when all its files are empty.
    """
    texts, others = members(path)
    _refuse_others(path, texts, others)
    columns = ("text", "folder") if len({_inner(path, file) for file in texts} - {""}) > 1 else ("text",)
    records, notices, dropped, encodings = RecordSpool(), list[Notice](), list[Dropped](), dict[str, None]()
    for number, file in enumerate(texts, start=1):
        text = open_text(file, file, spec.encoding)
        notices += text.notices
        if text.survey.blank:
            dropped.append(Dropped(number, "empty file"))
            notices.append(Notice(f"{file}: empty file, not used", level="warning"))
            continue
        encodings[text.encoding] = None
        values: dict[str, Any] = {"text": "".join(text.lines(newline=None)).strip("\n")}
        records.append(Record(number, values | ({"folder": _inner(path, file)} if "folder" in columns else {})))
    if not records:
        raise DataError("D003", f"{len(texts):,} files, all empty", where=str(path), fix="data.path=FOLDER with texts")
    shown = ", ".join(f"row {number} is {file.relative_to(path)}" for number, file in enumerate(texts[:NAMED], start=1))
    notices.append(Notice(f"{path}: {len(texts):,} text files, each one document", f"in the order of their names: {shown}"))
    if others:
        names = ", ".join(str(file.relative_to(path)) for file in others[:NAMED])
        notices.append(Notice(f"{path}: {len(others):,} other files are not read: {names}", level="warning"))
    return Table(path, columns, records.finish(), tuple(notices), "folder of texts", ", ".join(encodings), tuple(dropped))


def _refuse_others(path: Path, texts: list[Path], others: list[Path]) -> None:
    where = str(path)
    images = [file for file in others if file.suffix.lower() in IMAGE_SUFFIXES]
    if images and 2 * len(images) >= len(texts) + len(others):
        what, fix = f"a folder of {len(images):,} images; afina trains text models", "data.path=FILE with one text per row (CSV or JSONL)"
        raise DataError("D017", what, where=where, fix=fix)
    tables = [file for file in others if file.suffix.lower() in TABLE_SUFFIXES]
    if tables:
        names = ", ".join(str(file.relative_to(path)) for file in tables[:5])
        raise DataError("D017", f"a folder; it holds {names}", where=where, fix=f"data.path={tables[0]}")
    if not texts:
        raise DataError(
            "D017", "a folder without any CSV, TSV, JSON, JSONL, Parquet, Excel or text file", where=where, fix="data.path=FILE"
        )
