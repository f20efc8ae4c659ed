"""Text files: a table when every line says so, else JSON when it begins so, else running text cut into documents."""

from __future__ import annotations

from collections.abc import Iterator

from afina.data.records import Record, RecordSpool
from afina.data.sources.base import SOURCES, Content, Table
from afina.data.sources.csv import read_csv
from afina.data.sources.dialect import NO_SEPARATOR, find_separator
from afina.data.sources.json import begins_as_json, read_json
from afina.data.sources.lines import Lines
from afina.data.sources.text import Text
from afina.recipe.schema import DataSpec
from afina.types import Notice

MARKER = "<|endoftext|>"
MIN_TABLE_ROWS = 5


@SOURCES.register(".txt")
@SOURCES.register(".md")
def read_text(content: Content, spec: DataSpec) -> Table:
    """Return a table of one column "text", one row a document; or what the table or JSON inside the text file says."""
    path, text = content.path, content.text
    if begins_as_json(text.head()):
        return read_json(content, spec)
    has_marker = any(MARKER in line for line in text.lines())
    if _is_table(text, spec, has_marker):
        return read_csv(content, spec)
    documents, how = _documents(text, has_marker)
    records, n_chars = RecordSpool(), 0
    for number, document in documents:
        records.append(Record(number, {"text": document}))
        n_chars += len(document)
    notice = Notice(
        f"{path}: running text, {len(records):,} documents of {n_chars / max(1, len(records)):,.0f} characters on average",
        how,
        'to decide yourself: a JSONL file with one {"text": ...} per document',
    )
    return Table(path, ("text",), records.finish(), (notice,), "text")


def _is_table(text: Text, spec: DataSpec, has_marker: bool) -> bool:
    if spec.separator != "auto":
        return True
    lines = Lines(text)
    if has_marker or lines.n_lines < MIN_TABLE_ROWS:
        return False
    separator, share = find_separator(lines, "auto", ".txt")
    # prose has commas, so only a TAB may be forgiven a few ragged rows
    return separator != NO_SEPARATOR and (share > 0.95 if separator == "\t" else share == 1.0)


def _documents(text: Text, has_marker: bool) -> tuple[Iterator[tuple[int, str]], str]:
    """Return (line, document) pairs and how they were told apart."""
    if has_marker:
        return _joined(_pieces(text)), f"separated by {MARKER}"
    if _has_blank_line(text):
        return _joined((number, line, not line.strip(" \t\n")) for number, line in _numbered(text)), "separated by blank lines"
    return _joined(item for number, line in _numbered(text) for item in ((number, line, False), (number, "", True))), (
        "one per line: there are no blank lines"
    )


def _numbered(text: Text) -> Iterator[tuple[int, str]]:
    return enumerate(text.lines(newline=None), start=1)


def _has_blank_line(text: Text) -> bool:
    """Whether a blank line stands between two that are not."""
    seen = blank = False
    for line in text.lines(newline=None):
        if not line.strip():
            blank = seen
        elif blank:
            return True
        else:
            seen = True
    return False


def _pieces(text: Text) -> Iterator[tuple[int, str, bool]]:
    for number, line in _numbered(text):
        *ended, rest = line.split(MARKER)
        for piece in ended:
            yield number, piece, False
            yield number, "", True
        yield number, rest, False


def _joined(pieces: Iterator[tuple[int, str, bool]]) -> Iterator[tuple[int, str]]:
    """Put pieces (line, text, whether a document ends here) together; a document begins at its first line that is not empty."""
    start, held = 0, list[str]()
    for number, piece, ends in pieces:
        if ends:
            document = "".join(held).strip("\n")
            if document.strip():
                yield start, document
            start, held = 0, []
            continue
        if not start and piece.strip("\n"):
            start = number
        held.append(piece)
    document = "".join(held).strip("\n")
    if document.strip():
        yield start, document
