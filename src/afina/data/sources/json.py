"""JSON and JSONL. Numbers keep their spelling, nested values (lists of messages) are kept, errors name line and column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from afina.data.cells import has_halves, is_too_deep, without_halves
from afina.data.records import Record, RecordSpool
from afina.data.sources.base import SOURCES, Content, Dropped, Table, listed, not_numbers
from afina.data.sources.elements import Malformed, elements, place
from afina.data.sources.text import Text
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

SHOWN = 80
LONG_INT = 4000
"""Digits from which Python refuses to make a number; such a one stays as written."""
FIRST_LINE_CHARS = 16 << 20
WHOLE_CHARS = 256 << 20
"""An object that is a file of its own is read at once; a longer one would take gigabytes."""
BEGINNING = re.compile(r"""\s*(?:\{\s*["'}]|\[\s*(?:["{\]]|\[\s*[\[{"\d]))""")
Numbered = Iterator[tuple[int, Any]]


class _Reader:
    """Parses values and counts what JSON allows but a row should not have."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self.repeated: list[int] = []
        self.not_numbers: list[int] = []
        self.surrogates: list[int] = []
        # parse_float=str: 0.10 stays "0.10", as labels are read as they are written
        self.decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_float=str, parse_int=_as_int, parse_constant=self._constant)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs):
            self.repeated.append(self.number)
        return values

    def _constant(self, _: str) -> None:
        self.not_numbers.append(self.number)

    def parse(self, text: str, first_line: int = 1) -> Any:
        """Return the value of the whole text. Raises DataError D004 with file:line:column."""
        try:
            return self.mended(self.decoder.decode(text), text)
        except json.JSONDecodeError as error:
            line = text.split("\n")[error.lineno - 1]
            raise _invalid(self.path, error.msg, first_line + error.lineno - 1, error.colno, line, error.colno - 1) from None
        except RecursionError:
            raise _too_deep(f"{self.path}:{first_line}") from None

    def mended(self, value: Any, text: str) -> Any:
        """Return a value without half characters, which its text can only hold as escapes. Raises DataError D004 when nested too deeply."""
        if is_too_deep(value, text):
            raise _too_deep(f"{self.path}:{max(1, self.number)}")
        if "\\u" not in text or not has_halves(value):
            return value
        self.surrogates.append(self.number)
        return without_halves(value)

    def notices(self) -> list[Notice]:
        said: list[Notice] = []
        if self.repeated:
            what = f"{self.path}: rows {listed(_once(self.repeated))} name a key twice; the last one counts"
            said.append(Notice(what, level="warning"))
        if self.not_numbers:
            said.append(not_numbers(self.path, _once(self.not_numbers)))
        if self.surrogates:
            what = f"{self.path}: half characters (lone \\ud800..\\udfff) in rows {listed(self.surrogates)} are read as �"
            said.append(Notice(what, "no text encoding can hold them", level="warning"))
        return said


def _once(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


def _as_int(digits: str) -> int | str:
    return int(digits) if len(digits) < LONG_INT else digits


def _too_deep(where: str) -> DataError:
    return DataError("D004", "nested too deeply", where=where, fix="one flat object per row")


def _invalid(path: Path, message: str, number: int, column: int, line: str, at: int) -> DataError:
    """line: the line, or what of it is near; at: where in it the mistake is."""
    shown = line if len(line) <= SHOWN else f"...{line[max(0, at + 1 - SHOWN // 2) : at + 1 + SHOWN // 2]}..."
    what = f"not valid JSON: {_reason(message, line[:at])}. Line: {shown.strip()}"
    return DataError("D004", what, where=f"{path}:{number}:{column}", fix=f"mend line {number} of {path}")


def _reason(message: str, before: str) -> str:
    before = before.rstrip()
    if message == "Expecting value":
        if before.endswith(":"):
            return f"value missing after {before[before.rfind(',') + 1 :].strip().lstrip('{').strip()[-40:]}"
        return "value missing" + (' after ","' if before.endswith(",") else "")
    spelled = {
        "Extra data": "something follows the end of the value",
        "Expecting ',' delimiter": 'a "," is missing',
        "Expecting ':' delimiter": 'a ":" is missing',
        "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
        "Unterminated string starting at": "a string is not closed",
        "Invalid control character at": "a raw control character in a string (write \\n for a line break)",
    }
    return spelled.get(message, message)


@SOURCES.register(".json")
@SOURCES.register(".jsonl")
@SOURCES.register(".ndjson")
def read_json(content: Content, spec: DataSpec) -> Table:
    """Return the rows of a JSON array, of an object that holds one list, or of a JSONL file, whatever the suffix says.

    Raises DataError D004 (not valid JSON), D018 (rows are no objects, or several lists).
    """
    path, text, reader = content.path, content.text, _Reader(content.path)
    start = _Start(text)
    if start.char == "[" and not start.is_lines:
        return _rows(path, reader, _array(text, reader), "JSON")
    if start.is_lines or (content.suffix in (".jsonl", ".ndjson") and (start.char == "{" or not start.is_whole)):
        return _rows(path, reader, _lines(text, reader), "JSONL")
    if text.survey.n_chars > WHOLE_CHARS:
        what = f"one JSON object of {text.survey.n_chars:,} characters; so large a file must be a list or have one object a line"
        raise _not_rows(path, what, f"jq -c '.KEY[]' {path} > {path.with_suffix('.jsonl')}")
    value = reader.parse("".join(text.blocks()))
    if not isinstance(value, dict):
        raise _not_rows(path, f"the file holds one {_kind(value)}, not rows", '[{"text": ...}, ...] or one object per line')
    return _object(path, reader, value)


def begins_as_json(text: str) -> bool:
    """Whether a text begins with rows as JSON spells them, or as one who writes Python does; "[Music]" and "{applause}" do not."""
    return bool(BEGINNING.match(text))


def read_whole_lines(content: Content) -> Table:
    """Return the rows of a JSONL file without the lines that are no JSON or no object, which are dropped rows."""
    reader, text, dropped = _Reader(content.path), content.text, list[Dropped]()
    table = _rows(content.path, reader, _whole(text, reader, dropped), "JSONL")
    return replace(table, encoding=text.encoding, notices=(*text.notices, *table.notices), dropped=tuple(dropped))


def _whole(text: Text, reader: _Reader, dropped: list[Dropped]) -> Numbered:
    for number, line in _numbered(text, reader):
        try:
            value = reader.parse(line, number)
        except DataError:
            dropped.append(Dropped(number, "not valid JSON"))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            dropped.append(Dropped(number, f"a {_kind(value)}, not an object"))


class _Start:
    """How a file begins. char: its first character. is_lines: the first line is a whole value and more follow.

    is_whole: the first line is all there is, and valid.
    """

    def __init__(self, text: Text) -> None:
        with text.open() as file:
            filled = (line for line in iter(lambda: file.readline(FIRST_LINE_CHARS), "") if line.replace("\x00", "").strip())
            first, *rest = [line.replace("\x00", "") for line in islice(filled, 2)]
        self.char = first.lstrip()[:1]
        is_value = (not rest or first.endswith("\n")) and _is_value(first)
        self.is_lines, self.is_whole = is_value and bool(rest), is_value and not rest


def _is_value(text: str) -> bool:
    try:
        json.loads(text, parse_int=_as_int)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(text: Text, reader: _Reader) -> Numbered:
    for number, line in _numbered(text, reader):
        yield number, reader.parse(line, number)


def _numbered(text: Text, reader: _Reader) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, and tell the reader where it is."""
    for number, line in enumerate(text.lines(), start=1):
        if line.strip():
            reader.number = number
            yield number, line.rstrip("\r\n")


def _array(text: Text, reader: _Reader) -> Numbered:
    reader.number = 1
    try:
        for number, (value, written) in enumerate(elements(text, reader.decoder), start=1):
            yield number, reader.mended(value, written)
            reader.number = number + 1
    except Malformed as error:
        found = place(text, error.position)
        raise _invalid(reader.path, error.message, found.line, found.column, found.shown, found.at) from None
    except RecursionError:
        raise _too_deep(f"{reader.path}:{reader.number}") from None


def _object(path: Path, reader: _Reader, value: dict[str, Any]) -> Table:
    lists = [key for key, item in value.items() if isinstance(item, list) and item and all(isinstance(element, dict) for element in item)]
    if not lists or set(lists) & {"messages", "conversations"}:
        columns = [key for key, item in value.items() if isinstance(item, (list, dict))]
        if len(columns) > 1 and len(columns) == len(value):
            raise _not_rows(
                path, f"the file holds columns ({', '.join(columns[:4])}), not rows", "write it again with orient='records', lines=True"
            )
        return _rows(path, reader, [(1, value)], "JSON")
    if len(lists) > 1:
        raise _not_rows(
            path,
            f"the file holds {len(lists)} lists: {', '.join(lists)}",
            f'save the list to train on as a file of its own, e.g. "{lists[0]}"',
        )
    table = _rows(path, reader, enumerate(value[lists[0]], start=1), "JSON")
    left = [key for key in value if key != lists[0]]
    said = Notice(f'{path}: rows are read from "{lists[0]}"' + (f"; not used: {', '.join(left)}" if left else ""))
    return Table(path, table.columns, table.records, (said, *table.notices), table.format)


def _rows(path: Path, reader: _Reader, values: Iterable[tuple[int, Any]], kind: str) -> Table:
    """Objects as they are; texts, when all are texts, as rows of one column."""
    columns: dict[str, None] = {}
    records = RecordSpool()
    first: tuple[int, Any] | None = None
    for number, value in values:
        first = first or (number, value)
        if isinstance(first[1], str) and isinstance(value, str):
            value = {"text": value}
        elif isinstance(first[1], str) or not isinstance(value, dict):
            at, wrong = first if isinstance(first[1], str) else (number, value)
            raise DataError(
                "D018", f"this row is a {_kind(wrong)}, not an object", where=f"{path}:{at}", fix='write each row as {"column": value, ...}'
            )
        if not value.keys() <= columns.keys():
            columns.update(dict.fromkeys(value))
        records.append(Record(number, value))
    return Table(path, tuple(columns), records.finish(), tuple(reader.notices()), kind)


def _not_rows(path: Path, what: str, fix: str) -> DataError:
    return DataError("D018", what, where=str(path), fix=fix)


def _kind(value: Any) -> str:
    return {list: "list", str: "string", bool: "true/false", int: "number", type(None): "null"}.get(type(value), type(value).__name__)
