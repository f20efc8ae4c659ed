"""Text files: a table when every line says so, else JSON when it begins so, else running text cut into documents."""

from __future__ import annotations

import re
from pathlib import Path

from afina.data.sources.base import SOURCES, Record, Table
from afina.data.sources.csv import read_csv
from afina.data.sources.dialect import NO_SEPARATOR, find_separator
from afina.data.sources.json import read_json
from afina.recipe.schema import DataSpec
from afina.types import Notice

MARKER = "<|endoftext|>"
MIN_TABLE_ROWS = 5


@SOURCES.register(".txt")
@SOURCES.register(".md")
def read_text(path: Path, text: str, spec: DataSpec) -> Table:
    """Return a table of one column "text", one row a document; or what the table or JSON inside the text file says."""
    first = text.lstrip()[:2]
    if first[:1] == "{" or first in ("[{", '["', "[[") or (first[:1] == "[" and first[1:].isspace()):
        return read_json(path, text, spec)
    if _is_table(text, spec):
        return read_csv(path, text, spec)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    documents, how = _documents(text)
    records = [Record(number, {"text": document}) for number, document in documents]
    lengths = sum(len(document) for _, document in documents) / max(1, len(documents))
    notice = Notice(
        f"{path}: running text, {len(records):,} documents of {lengths:,.0f} characters on average",
        how,
        'to decide yourself: a JSONL file with one {"text": ...} per document',
    )
    return Table(path, ("text",), records, (notice,), "text")


def _is_table(text: str, spec: DataSpec) -> bool:
    if spec.separator != "auto":
        return True
    if MARKER in text or text.count("\n") < MIN_TABLE_ROWS:
        return False
    separator, share = find_separator(text, "auto", ".txt")
    # prose has commas, so only a TAB may be forgiven a few ragged rows
    return separator != NO_SEPARATOR and (share > 0.95 if separator == "\t" else share == 1.0)


def _documents(text: str) -> tuple[list[tuple[int, str]], str]:
    """Return (line, document) pairs and how they were told apart."""
    if MARKER in text:
        return _split(text, re.escape(MARKER)), f"separated by {MARKER}"
    if re.search(r"\n[ \t]*\n", text.strip()):
        return _split(text, r"\n[ \t]*(?:\n[ \t]*)+"), "separated by blank lines"
    return _split(text, "\n"), "one per line: there are no blank lines"


def _split(text: str, pattern: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    line, start = 1, 0
    for match in (*re.finditer(pattern, text), None):
        piece = text[start : match.start()] if match else text[start:]
        stripped = piece.strip("\n")
        if stripped.strip():
            found.append((line + len(piece) - len(piece.lstrip("\n")), stripped))
        if match:
            line += text.count("\n", start, match.end())
            start = match.end()
    return found
