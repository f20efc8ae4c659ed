"""Delimited text: CSV, TSV and their many relatives. Strings stay as written: `NA`, `None`, `007` and `TRUE` are text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from afina.data.sources.base import SOURCES, Dropped, Record, Table, listed, percent
from afina.data.sources.dialect import NO_SEPARATOR, SPELLED, Line, Quoting, find_separator, parse, read_rows
from afina.data.sources.header import clean_names, has_header
from afina.data.sources.refuse import AGAIN
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

STRAY = "\U0010ff0d"
"""Stands for a carriage return inside a line while the csv module, which would end the row there, reads."""
USUAL = {".csv": ",", ".tsv": "\t"}


@SOURCES.register(".csv")
@SOURCES.register(".tsv")
def read_csv(path: Path, text: str, spec: DataSpec) -> Table:
    """Return the rows of a delimited file.

    Raises DataError D007 when quotes are never closed or most rows do not fit the header, D003 when nothing is left.
    """
    text, notices = _unify_line_ends(text, path)
    separator, share = find_separator(text, spec.separator, path.suffix.lower())
    if spec.separator == "auto" and separator != USUAL.get(path.suffix.lower(), separator) and separator != NO_SEPARATOR:
        shown = "100 %" if share == 1 else f"{share:.0%}".replace("%", " %")
        what = f"D006 {path}: separator looks like {SPELLED[separator]} ({shown} of rows). Read with {SPELLED[separator]}."
        notices.append(Notice(what, key="data.separator"))
    rows, quoting, broken = read_rows(text, separator, path)
    notices += _quoting_notices(path, text, quoting, broken)
    if not rows:
        raise DataError("D003", f"file has 0 rows ({len(text):,} characters). Is the download complete?", where=str(path), fix=AGAIN)
    rows = _without_leading_spaces(text, separator, rows, quoting, path, notices)
    rows = _with_returns(rows, path, notices)
    return _table(path, rows, separator, spec, notices)


def _unify_line_ends(text: str, path: Path) -> tuple[str, list[Notice]]:
    notices: list[Notice] = []
    if "\r" not in text:
        return text, notices
    if "\n" not in text:
        return text.replace("\r", "\n"), notices
    doubled = text.count("\r\r\n")
    if doubled:
        text = text.replace("\r\r\n", "\r\n")
        what = f"D009 {path}: header contains a stray carriage return; removed."
        notices.append(Notice(what, f"{doubled:,} lines end with two carriage returns", level="warning"))
    return re.sub("\r(?!\n)", STRAY, text), notices


def _with_returns(rows: list[Line], path: Path, notices: list[Notice]) -> list[Line]:
    """Put carriage returns back where they stood inside a line; at the end of a line they are damage and go."""
    if not any(STRAY in field for row in rows for field in row.fields):
        return rows
    ended = [row.number for row in rows if row.fields[-1].endswith(STRAY)]
    if rows[0].number in ended:
        notices.append(Notice(f"D009 {path}: header contains a stray carriage return; removed.", level="warning"))
    if ended and ended != [rows[0].number]:
        notices.append(Notice(f"{path}: a stray carriage return at the end of rows {listed(ended)} was removed", level="warning"))
    return [
        Line(row.number, [*(field.replace(STRAY, "\r") for field in row.fields[:-1]), row.fields[-1].rstrip(STRAY).replace(STRAY, "\r")])
        for row in rows
    ]


def _quoting_notices(path: Path, text: str, quoting: Quoting, broken: int) -> list[Notice]:
    if broken:
        what = f"{path}:{broken}: text follows a closing quote; the quotes of such fields were read as well as they can be"
        return [Notice(what, 'a quote inside a quoted field is written ""', level="warning")]
    if not quoting.quoted and '"' in text:
        return [Notice(f"{path}: quotes are read as characters of the text", "the rows fit together so, and not with quotes around fields")]
    if quoting.escaped:
        return [Notice(f'{path}: quotes inside fields are written \\" and were read so')]
    return []


def _without_leading_spaces(text: str, separator: str, rows: list[Line], quoting: Quoting, path: Path, notices: list[Notice]) -> list[Line]:
    """`a, b, "c, d"`: a space after every separator belongs to the layout, not to the values."""
    later = [field for row in rows[:200] for field in row.fields[1:]]
    if separator in (NO_SEPARATOR, "\t") or not later or sum(field.startswith(" ") for field in later) < 0.95 * len(later):
        return rows
    notices.append(Notice(f"{path}: a space follows every separator; it is not part of the values"))
    return list(parse(text, separator, Quoting(True, quoting.escaped, False, True)))


def _table(path: Path, rows: list[Line], separator: str, spec: DataSpec, notices: list[Notice]) -> Table:
    header, why = (spec.header, "data.header says so") if isinstance(spec.header, bool) else has_header(rows)
    if header:
        names, repaired = clean_names(rows[0].fields, str(path))
        notices += repaired
        body = rows[1:]
    else:
        body = rows
        width = max(set(counts := [len(row.fields) for row in rows]), key=counts.count)
        names = [f"column{index + 1}" for index in range(width)]
        if not isinstance(spec.header, bool):
            notices.append(Notice(f"{path}: no header row; the columns are called {', '.join(names)}", why, "data.header=true"))
    body, dropped = _without_repeated_header(rows[0], body) if header else (body, [])
    names, body = _unnamed_columns(path, names, body, separator, notices)
    records, misfits = _records(path, names, body, separator, notices)
    dropped += misfits
    if dropped and not records:
        raise DataError(
            "D007", f"no row has the header's {len(names)} fields", where=str(path), fix="data.separator=';' or data.header=false"
        )
    if 2 * len(misfits) > len(body):
        raise DataError(
            "D007",
            f"{len(body[0].fields)} fields, header has {len(names)}, in {percent(len(misfits), len(body))} of rows",
            where=f"{path}:{misfits[0].number}",
            fix='put quotes around texts that hold the separator, or data.separator="|" (the right one)',
        )
    kind = "TSV" if separator == "\t" else "CSV"
    return Table(path, tuple(names), records, tuple(notices), kind, dropped=tuple(dropped))


def _without_repeated_header(header: Line, body: list[Line]) -> tuple[list[Line], list[Dropped]]:
    """Files glued together repeat their header: such a row is no example."""
    dropped = [Dropped(row.number, "repeats the header") for row in body if row.fields == header.fields]
    return [row for row in body if row.fields != header.fields], dropped


def _unnamed_columns(path: Path, names: list[str], body: list[Line], separator: str, notices: list[Notice]) -> tuple[list[str], list[Line]]:
    """Trailing columns without a name: dropped when empty; else their pieces were cut from the last named column by the separator."""
    named = len(names)
    while named and not names[named - 1]:
        named -= 1
    for index in range(named):
        if not names[index]:
            names[index] = f"column{index + 1}"
            notices.append(Notice(f'{path}: column {index + 1} has no name; called "{names[index]}"'))
    unnamed = len(names) - named
    if not unnamed or not named:
        return names, body
    full = [row.number for row in body if any(field.strip() for field in row.fields[named:])]
    what = f"{path}: {unnamed} trailing {'columns have' if unnamed > 1 else 'column has'} no name"
    lengths = [len(row.fields[named - 1]) for row in body if len(row.fields) >= named]
    if full and sum(lengths) < 20 * len(lengths):
        notices.append(Notice(f"{what} but text in rows {listed(full)}; those rows do not fit the header"))
        return names[:named], [_trimmed(row, named) for row in body]
    if not full:
        notices.append(Notice(f"{what} and {'are' if unnamed > 1 else 'is'} empty; dropped"))
    else:
        what += f'; in {len(full):,} rows ({listed(full)}) the text of "{names[named - 1]}" runs on into them and was joined again'
        notices.append(Notice(what, "an unquoted separator cut it", f"put quotes around such texts in {path.name}", "warning"))
    return names[:named], [_joined(row, named, separator) for row in body]


def _trimmed(row: Line, width: int) -> Line:
    fields = list(row.fields)
    while len(fields) > width and not fields[-1].strip():
        fields.pop()
    return Line(row.number, fields)


def _joined(row: Line, width: int, separator: str) -> Line:
    fields = _trimmed(row, width).fields
    return Line(row.number, [*fields[: width - 1], separator.join(fields[width - 1 :])])


def _records(
    path: Path, names: Sequence[str], body: list[Line], separator: str, notices: list[Notice]
) -> tuple[list[Record], list[Dropped]]:
    records: list[Record] = []
    misfits: list[Dropped] = []
    short: list[int] = []
    trimmed = 0
    for row in body:
        fields = row.fields
        if len(fields) > len(names):
            fields = _trimmed(row, len(names)).fields
            if len(fields) > len(names):
                misfits.append(Dropped(row.number, f"{len(fields)} fields, header has {len(names)}"))
                continue
            trimmed += 1
        if len(fields) < len(names):
            short.append(row.number)
        records.append(Record(row.number, dict(zip(names, fields, strict=False))))
    if misfits:
        first = misfits[0]
        cause = "comma" if separator == "," else f"{SPELLED[separator]} in a text"
        more = "Row not used." if len(misfits) == 1 else f"{len(misfits):,} rows not used: {listed([drop.number for drop in misfits])}."
        notices.append(Notice(f"D007 {path}:{first.number}: {first.reason}: probably an unquoted {cause}. {more}", level="warning"))
    if short:
        what = f"{len(short):,} rows have fewer fields than the header: {listed(short)}; the missing ones are read as empty"
        notices.append(Notice(f"{path}: {what}", level="warning"))
    if trimmed:
        notices.append(Notice(f"{path}: {trimmed:,} rows end with empty extra fields; those were ignored"))
    return records, misfits
