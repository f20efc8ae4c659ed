"""Delimited text: CSV, TSV and their many relatives. Strings stay as written: `NA`, `None`, `007` and `TRUE` are text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from afina.data.records import Record, RecordSpool
from afina.data.sources.base import SOURCES, Content, Dropped, Table, listed, percent
from afina.data.sources.dialect import NO_SEPARATOR, SPELLED, Line, Quoting, find_quoting, find_separator, parse, shape_of
from afina.data.sources.header import SAMPLE_ROWS, clean_names, has_header, unnamed
from afina.data.sources.lines import Lines
from afina.data.sources.refuse import AGAIN
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

REPEATS = "repeats the header"
USUAL = {".csv": ",", ".tsv": "\t"}


@SOURCES.register(".csv")
@SOURCES.register(".tsv")
def read_csv(content: Content, spec: DataSpec) -> Table:
    """Return the rows of a delimited file; it is parsed a few times, a row at a time.

    Raises DataError D007 when quotes are never closed or most rows do not fit the header, D003 when nothing is left.
    """
    path, lines = content.path, Lines(content.text)
    notices = _line_end_notices(lines, path)
    separator, share = find_separator(lines, spec.separator, content.suffix)
    if spec.separator == "auto" and separator != USUAL.get(content.suffix, separator) and separator != NO_SEPARATOR:
        shown = "100 %" if share == 1 else f"{share:.0%}".replace("%", " %")
        what = f"D006 {path}: separator looks like {SPELLED[separator]} ({shown} of rows). Read with {SPELLED[separator]}."
        notices.append(Notice(what, key="data.separator"))
    quoting, broken = find_quoting(lines, separator, path)
    notices += _quoting_notices(path, lines, quoting, broken)
    rows = _Rows(lines, separator, quoting, notices, path)
    if not rows.first:
        what = f"file has 0 rows ({content.text.survey.n_chars:,} characters). Is the download complete?"
        raise DataError("D003", what, where=str(path), fix=AGAIN)
    return _table(path, rows, spec, notices)


def _line_end_notices(lines: Lines, path: Path) -> list[Notice]:
    if not lines.is_doubled:
        return []
    what = f"D009 {path}: header contains a stray carriage return; removed."
    return [Notice(what, f"{lines.text.survey.n_doubled:,} lines end with two carriage returns", level="warning")]


def _quoting_notices(path: Path, lines: Lines, quoting: Quoting, broken: int) -> list[Notice]:
    if broken:
        what = f"{path}:{broken}: text follows a closing quote; the quotes of such fields were read as well as they can be"
        return [Notice(what, 'a quote inside a quoted field is written ""', level="warning")]
    if not quoting.quoted and lines.text.survey.has_quote:
        return [Notice(f"{path}: quotes are read as characters of the text", "the rows fit together so, and not with quotes around fields")]
    if quoting.escaped:
        return [Notice(f'{path}: quotes inside fields are written \\" and were read so')]
    return []


class _Rows:
    """The rows of the file, read again at every iteration. first: as many as the header is judged by. ended, blank: rows that a carriage
    return ended, and lines of nothing but space, as the last iteration met them."""

    def __init__(self, lines: Lines, separator: str, quoting: Quoting, notices: list[Notice], path: Path) -> None:
        self.separator = separator
        self._lines, self._quoting = lines, quoting
        self.ended: list[int] = []
        self.blank: list[int] = []
        self.first = list(islice(self, SAMPLE_ROWS + 1))
        spaced = Quoting(True, quoting.escaped, False, True)
        if self._has_leading_spaces() and shape_of(lines, separator, spaced).broken is None:
            notices.append(Notice(f"{path}: a space follows every separator; it is not part of the values"))
            self._quoting = spaced
            self.first = list(islice(self, SAMPLE_ROWS + 1))

    def _has_leading_spaces(self) -> bool:
        """`a, b, "c, d"`: a space after every separator belongs to the layout, not to the values."""
        later = [field for row in self.first[:200] for field in row.fields[1:]]
        if self.separator in (NO_SEPARATOR, "\t") or not later or not all(map(_is_spaced, self.first[0].fields[1:])):
            return False
        return sum(map(_is_spaced, later)) >= 0.95 * len(later)

    def __iter__(self) -> Iterator[Line]:
        self.blank = []
        found = parse(self._lines, self.separator, self._quoting, blank=self.blank)
        return self._restored(found) if self._lines.has_stand_ins else found

    def _restored(self, rows: Iterator[Line]) -> Iterator[Line]:
        self.ended = []
        for row in rows:
            fields, ended = self._lines.restored(row.fields)
            if ended:
                self.ended.append(row.number)
            yield Line(row.number, fields)


def _is_spaced(field: str) -> bool:
    return field.startswith(" ")


def _table(path: Path, rows: _Rows, spec: DataSpec, notices: list[Notice]) -> Table:
    header, why = (spec.header, "data.header says so") if isinstance(spec.header, bool) else has_header(rows.first)
    if header:
        names, repaired = clean_names(rows.first[0].fields, str(path))
        notices += repaired
    else:
        width = Counter(len(row.fields) for row in rows).most_common(1)[0][0]
        names = [f"column{index + 1}" for index in range(width)]
        if not isinstance(spec.header, bool):
            notices.append(Notice(f"{path}: no header row; the columns are called {', '.join(names)}", why, "data.header=true"))
    names, fitted = _unnamed_columns(path, names, rows, notices)
    body = _Body(names, fitted)
    for row in rows:
        if header and row.fields == rows.first[0].fields:
            if row.number != rows.first[0].number:  # files glued together repeat their header: such a row is no example
                body.dropped.append(Dropped(row.number, REPEATS))
        else:
            body.add(row)
    _refuse_misfits(path, body)
    notices += _line_notices(path, rows) + body.notices(path, rows.separator)
    kind = "TSV" if rows.separator == "\t" else "CSV"
    return Table(path, tuple(names), body.records.finish(), tuple(notices), kind, dropped=tuple(body.dropped))


def _line_notices(path: Path, rows: _Rows) -> list[Notice]:
    first = rows.first[0].number
    said: list[Notice] = []
    if first in rows.ended:
        said.append(Notice(f"D009 {path}: header contains a stray carriage return; removed.", level="warning"))
    if rows.ended and rows.ended != [first]:
        said.append(Notice(f"{path}: a stray carriage return at the end of rows {listed(rows.ended)} was removed", level="warning"))
    if rows.blank:
        said.append(Notice(f"{path}: {len(rows.blank):,} lines hold nothing but space and are no rows: {listed(rows.blank)}"))
    return said


Fit = Callable[[list[str]], list[str]]


def _unnamed_columns(path: Path, names: list[str], rows: _Rows, notices: list[Notice]) -> tuple[list[str], Fit | None]:
    """Trailing columns without a name: dropped when empty; else their pieces were cut from the last named column by the separator.

    Returns the names, and what makes the fields of a row fit them.
    """
    named = len(names)
    while named and not names[named - 1]:
        named -= 1
    named = named or len(names)
    for index in range(named):
        if not names[index]:
            names[index] = unnamed(index, names)
            notices.append(Notice(f'{path}: column {index + 1} has no name; called "{names[index]}"'))
    n_unnamed = len(names) - named
    if not n_unnamed:
        return names, None
    full: list[int] = []
    n = n_chars = 0
    for row in islice(rows, 1, None):
        if any(field.strip() for field in row.fields[named:]):
            full.append(row.number)
        if len(row.fields) >= named:
            n += 1
            n_chars += len(row.fields[named - 1])
    what = f"{path}: {n_unnamed} trailing {'columns have' if n_unnamed > 1 else 'column has'} no name"
    if full and n_chars < 20 * n:
        notices.append(Notice(f"{what} but text in rows {listed(full)}; those rows do not fit the header"))
        return names[:named], lambda fields: _trimmed(fields, named)
    if not full:
        notices.append(Notice(f"{what} and {'are' if n_unnamed > 1 else 'is'} empty; dropped"))
    else:
        what += f'; in {len(full):,} rows ({listed(full)}) the text of "{names[named - 1]}" runs on into them and was joined again'
        notices.append(Notice(what, "an unquoted separator cut it", f"put quotes around such texts in {path.name}", "warning"))
    return names[:named], lambda fields: _joined(fields, named, rows.separator)


def _trimmed(fields: list[str], width: int) -> list[str]:
    kept = len(fields)
    while kept > width and not fields[kept - 1].strip():
        kept -= 1
    return fields[:kept]


def _joined(fields: list[str], width: int, separator: str) -> list[str]:
    fields = _trimmed(fields, width)
    if len(fields) <= width:
        return fields
    return [*fields[: width - 1], separator.join(fields[width - 1 :])]


@dataclass
class _Body:
    """Takes rows and keeps those that fit the names. width: of the first row, before it was fitted."""

    names: Sequence[str]
    fit: Fit | None
    records: RecordSpool = field(default_factory=RecordSpool)
    dropped: list[Dropped] = field(default_factory=list)
    misfits: list[Dropped] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    n_trimmed: int = 0
    n_rows: int = 0
    width: int = 0

    def add(self, row: Line) -> None:
        fields = self.fit(row.fields) if self.fit else row.fields
        self.n_rows += 1
        self.width = self.width or len(fields)
        if len(fields) > len(self.names):
            fields = _trimmed(fields, len(self.names))
            if len(fields) > len(self.names):
                self.misfits.append(Dropped(row.number, f"{len(fields)} fields, header has {len(self.names)}"))
                self.dropped.append(self.misfits[-1])
                return
            self.n_trimmed += 1
        if len(fields) < len(self.names):
            self.short.append(row.number)
        self.records.append(Record(row.number, dict(zip(self.names, fields, strict=False))))

    def notices(self, path: Path, separator: str) -> list[Notice]:
        said: list[Notice] = []
        if self.misfits:
            first = self.misfits[0]
            cause = "comma" if separator == "," else f"{SPELLED.get(separator, separator)} in a text"
            numbers = [drop.number for drop in self.misfits]
            more = "Row not used." if len(numbers) == 1 else f"{len(numbers):,} rows not used: {listed(numbers)}."
            what = f"D007 {path}:{first.number}: {first.reason}: probably an unquoted {cause}. {more}"
            said.append(Notice(what, level="warning"))
        if self.short:
            what = f"{len(self.short):,} rows have fewer fields than the header: {listed(self.short)}; the missing ones are read as empty"
            said.append(Notice(f"{path}: {what}", level="warning"))
        repeated = [drop.number for drop in self.dropped if drop.reason == REPEATS]
        if repeated:
            said.append(Notice(f"{path}: rows that repeat the header are not used: {listed(repeated)}", level="warning"))
        if self.n_trimmed:
            said.append(Notice(f"{path}: {self.n_trimmed:,} rows end with empty extra fields; those were ignored"))
        return said


def _refuse_misfits(path: Path, body: _Body) -> None:
    """Raise DataError D007 when no row fits the header, or fewer than half do."""
    width = len(body.names)
    if body.misfits and not body.records:
        raise DataError("D007", f"no row has the header's {width} fields", where=str(path), fix="data.separator=';' or data.header=false")
    if 2 * len(body.misfits) > body.n_rows:
        raise DataError(
            "D007",
            f"{body.width} fields, header has {width}, in {percent(len(body.misfits), body.n_rows)} of rows",
            where=f"{path}:{body.misfits[0].number}",
            fix='put quotes around texts that hold the separator, or data.separator="|" (the right one)',
        )
