"""JSON and JSONL. Numbers keep their spelling, nested values (lists of messages) are kept, errors name line and column."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from afina.data.sources.base import SOURCES, Record, Table, listed
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

SHOWN = 80


class _Reader:
    """Parses values and counts what JSON allows but a row should not have."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self.repeated: list[int] = []
        self.not_numbers: list[int] = []
        self.surrogates: list[int] = []
        # parse_float=str: 0.10 stays "0.10", as labels are read as they are written
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_float=str, parse_constant=self._constant)

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
            value = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            raise self._error(text, error, first_line) from None
        except RecursionError:
            raise DataError("D004", "nested too deeply", where=f"{self.path}:{first_line}", fix="one flat object per row") from None
        if "\\u" in text and _has_surrogate(value):
            self.surrogates.append(self.number)
            value = _without_surrogates(value)
        return value

    def _error(self, text: str, error: json.JSONDecodeError, first_line: int) -> DataError:
        lines = text.split("\n")
        line = lines[error.lineno - 1]
        column = error.colno
        reason = _reason(error, line)
        shown = line if len(line) <= SHOWN else f"...{line[max(0, column - SHOWN // 2) : column + SHOWN // 2]}..."
        number = first_line + error.lineno - 1
        return DataError(
            "D004",
            f"not valid JSON: {reason}. Line: {shown.strip()}",
            where=f"{self.path}:{number}:{column}",
            fix=f"mend line {number} of {self.path}",
        )

    def notices(self) -> list[Notice]:
        said: list[Notice] = []
        if self.repeated:
            said.append(Notice(f"{self.path}: rows {listed(self.repeated)} name a key twice; the last one counts", level="warning"))
        if self.not_numbers:
            said.append(Notice(f"{self.path}: NaN or Infinity in rows {listed(self.not_numbers)} is read as missing", level="warning"))
        if self.surrogates:
            what = f"{self.path}: half characters (lone \\ud800..\\udfff) in rows {listed(self.surrogates)} are read as �"
            said.append(Notice(what, "no text encoding can hold them", level="warning"))
        return said


def _reason(error: json.JSONDecodeError, line: str) -> str:
    before = line[: error.colno - 1].rstrip()
    if error.msg == "Expecting value":
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
    return spelled.get(error.msg, error.msg)


def _has_surrogate(value: Any) -> bool:
    return any("\ud800" <= char <= "\udfff" for text in _strings(value) for char in text)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return "".join("�" if "\ud800" <= char <= "\udfff" else char for char in value)
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return value


@SOURCES.register(".json")
@SOURCES.register(".jsonl")
@SOURCES.register(".ndjson")
def read_json(path: Path, text: str, spec: DataSpec) -> Table:
    """Return the rows of a JSON array, of an object that holds one list, or of a JSONL file, whatever the suffix says.

    Raises DataError D004 (not valid JSON), D018 (rows are no objects, or several lists).
    """
    reader = _Reader(path)
    if text.lstrip()[:1] == "[" and not _is_lines(text):
        return _array(path, reader, reader.parse(text), "JSON")
    if _is_lines(text) or (path.suffix.lower() in (".jsonl", ".ndjson") and not _is_whole(text)):
        return _lines(path, reader, text)
    value = reader.parse(text)
    if not isinstance(value, dict):
        raise DataError(
            "D018", f"the file holds one {_kind(value)}, not rows", where=str(path), fix='[{"text": ...}, ...] or one object per line'
        )
    return _object(path, reader, value)


def _is_lines(text: str) -> bool:
    """Whether the first line is a whole value and more lines follow."""
    head, _, rest = text.strip().partition("\n")
    return bool(rest.strip()) and _is_whole(head)


def _is_whole(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(path: Path, reader: _Reader, text: str) -> Table:
    elements: list[tuple[int, Any]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            reader.number = number
            elements.append((number, reader.parse(line.rstrip("\r"), number)))
    return _rows(path, reader, elements, "JSONL")


def _array(path: Path, reader: _Reader, value: list[Any], kind: str) -> Table:
    return _rows(path, reader, list(enumerate(value, start=1)), kind)


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
    table = _array(path, reader, value[lists[0]], "JSON")
    left = [key for key in value if key != lists[0]]
    said = Notice(f'{path}: rows are read from "{lists[0]}"' + (f"; not used: {', '.join(left)}" if left else ""))
    return Table(path, table.columns, table.records, (said, *table.notices), table.format)


def _rows(path: Path, reader: _Reader, elements: list[tuple[int, Any]], kind: str) -> Table:
    if elements and all(isinstance(value, str) for _, value in elements):
        elements = [(number, {"text": value}) for number, value in elements]
    columns: dict[str, None] = {}
    records: list[Record] = []
    for number, value in elements:
        if not isinstance(value, dict):
            where = f"{path}:{number}"
            raise DataError(
                "D018", f"this row is a {_kind(value)}, not an object", where=where, fix='write each row as {"column": value, ...}'
            )
        columns.update(dict.fromkeys(value))
        records.append(Record(number, value))
    return Table(path, tuple(columns), records, tuple(reader.notices()), kind)


def _not_rows(path: Path, what: str, fix: str) -> DataError:
    return DataError("D018", what, where=str(path), fix=fix)


def _kind(value: Any) -> str:
    return {list: "list", str: "string", bool: "true/false", int: "number", type(None): "null"}.get(type(value), type(value).__name__)
