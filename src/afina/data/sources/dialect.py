"""How a delimited file is written: its separator and its quoting, found by trying and comparing, never by the first line alone."""

from __future__ import annotations

import contextlib
import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from afina.data.names import KNOWN
from afina.data.sources.lines import Lines
from afina.errors import DataError, UsageError

SEPARATORS = (",", ";", "\t", "|")
NO_SEPARATOR = "none"
"""Separator of a one-column file: it is read with a character that its text does not have."""
SPELLED = {"\t": "TAB", ",": '","', ";": '";"', "|": '"|"', NO_SEPARATOR: "none (one column)"}
SAMPLE_ROWS = 500
ROW_CHARS = 32 << 20
"""A row longer than this is an open quote that swallows the rest of the file."""

csv.field_size_limit(2**31 - 1)  # the standard limit of 131,072 characters refuses long documents


class Line(NamedTuple):
    """One row: the physical line where it starts, and its fields."""

    number: int
    fields: list[str]


class Quoting(NamedTuple):
    """quoted: whether `"` groups a field. escaped: whether a backslash protects a quote. strict: no text follows a closing quote."""

    quoted: bool = True
    escaped: bool = False
    strict: bool = True
    spaced: bool = False


class Broken(Exception):
    """A quote that is not written by the rules, in the row that starts on `line`."""

    def __init__(self, line: int, unclosed: bool) -> None:
        self.line, self.unclosed = line, unclosed
        super().__init__(line)


def parse(lines: Lines, separator: str, quoting: Quoting, head: bool = False, blank: list[int] | None = None) -> Iterator[Line]:
    """Yield the rows of the file, or of its head, that are not blank. Raises Broken where strict quoting is broken.

    blank: is given the lines that hold one field of nothing but space; empty lines are none.
    """
    reader = csv.reader(
        source := _Bounded(lines.head if head else lines),
        delimiter=lines.nowhere if separator == NO_SEPARATOR else separator,
        quoting=csv.QUOTE_MINIMAL if quoting.quoted else csv.QUOTE_NONE,
        escapechar="\\" if quoting.escaped else None,
        strict=quoting.strict and quoting.quoted,
        skipinitialspace=quoting.spaced,
    )
    start = 1
    try:
        for fields in reader:
            if fields and (len(fields) > 1 or fields[0].strip()):
                yield Line(start, fields)
            elif fields and blank is not None:
                blank.append(start)
            start = reader.line_num + 1
            source.size = 0
    except csv.Error as error:
        raise Broken(start, "unexpected end" in str(error)) from None


class _Bounded:
    """Passes lines on, and ends a row that grows without end."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > ROW_CHARS:
            raise csv.Error("unexpected end: the row is too long")
        line = next(self._lines)
        self.size += len(line)
        return line


def find_separator(lines: Lines, forced: str, suffix: str) -> tuple[str, float]:
    """Return the separator and the share of sampled rows that have the commonest number of fields."""
    if forced != "auto":
        separator = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "none": NO_SEPARATOR}.get(
            forced.lower(), forced
        )
        if separator != NO_SEPARATOR and (len(separator) != 1 or separator in '"\r\n'):
            raise UsageError(
                "D006", f'"{forced}" cannot separate fields: one character is needed', where="data.separator", fix="data.separator=auto"
            )
        return separator, consistency(_sample(lines, separator))[1]
    order = ("\t", ",", ";", "|") if suffix == ".tsv" else SEPARATORS
    best, best_share = NO_SEPARATOR, 0.0
    for separator in order:
        rows = _sample(lines, separator)
        if not rows:
            continue
        width, share = consistency(rows)
        # the header must be cut by it too: prose in a one-column file has commas, its header has none
        names = [cell.strip().lower() for cell in rows[0].fields]
        enough = 0.01 if len(names) > 1 and all(names) and any(name in KNOWN for name in names) else 0.6
        if width >= 2 and share >= enough and len(names) >= 2 and share > best_share + 1e-9:
            best, best_share = separator, share
    return best, best_share


def _sample(lines: Lines, separator: str) -> list[Line]:
    quoted = any('"' in line for line in lines.head) and not (separator == "\t" and _better_unquoted(lines, separator))
    return _first(lines, separator, quoted)


def _first(lines: Lines, separator: str, quoted: bool) -> list[Line]:
    rows: list[Line] = []
    with contextlib.suppress(Broken):
        rows.extend(itertools.islice(parse(lines, separator, Quoting(quoted, strict=False), head=True), SAMPLE_ROWS))
    return rows


def _better_unquoted(lines: Lines, separator: str) -> bool:
    literal, quoted = (consistency(_first(lines, separator, quoted))[1] for quoted in (False, True))
    return literal > quoted


def consistency(rows: Iterable[Line]) -> tuple[int, float]:
    """Return the commonest number of fields and the share of rows that have it. Empty fields beyond the first row's width do not count."""
    shape = Shape()
    for row in rows:
        shape.add(row.fields)
    return shape.width, shape.share


@dataclass
class Shape:
    """What all rows together say of one way to read them. swallows: a field holds a line end."""

    first: int = 0
    widths: Counter[int] = field(default_factory=Counter)
    swallows: bool = False
    broken: Broken | None = None

    def add(self, fields: list[str]) -> None:
        if not self.first:
            self.first = len(fields)
        width = len(fields)
        while width > self.first and not fields[width - 1].strip():
            width -= 1
        self.widths[width] += 1

    @property
    def width(self) -> int:
        return self.widths.most_common(1)[0][0] if self.widths else 0

    @property
    def share(self) -> float:
        return self.widths.most_common(1)[0][1] / self.widths.total() if self.widths else 0.0


def shape_of(lines: Lines, separator: str, quoting: Quoting) -> Shape:
    """Read the whole file one way and return what came of it, up to the first broken quote."""
    shape = Shape()
    try:
        for row in parse(lines, separator, quoting):
            shape.add(row.fields)
            shape.swallows = shape.swallows or (separator == "\t" and any("\n" in cell for cell in row.fields))
    except Broken as broken:
        shape.broken = broken
    return shape


def find_quoting(lines: Lines, separator: str, path: Path) -> tuple[Quoting, int]:
    """Return how quotes are read, and the line of the first one that is not written by the rules (0: none).

    Raises DataError D007 when a quote is opened and never closed.
    """
    unquoted, survey = Quoting(quoted=False), lines.text.survey
    if not survey.has_quote:
        return unquoted, 0
    strict = shape_of(lines, separator, Quoting())
    if strict.broken is None and strict.share == 1 and not strict.swallows:
        return Quoting(), 0  # no other way to read them can fit better
    literal = shape_of(lines, separator, unquoted)
    if strict.broken is None:
        prose = separator == "\t" and strict.swallows and literal.share >= strict.share and not _has_quoted_header(lines, separator)
        return (unquoted if literal.share > strict.share or prose else Quoting()), 0
    if survey.has_escaped_quote and shape_of(lines, separator, Quoting(escaped=True)).broken is None:
        return Quoting(escaped=True), 0
    loose = shape_of(lines, separator, Quoting(strict=False))
    line = strict.broken.line
    if literal.share >= loose.share and not _mostly_closed(parse(lines, separator, unquoted), separator):
        return unquoted, 0
    if strict.broken.unclosed or loose.broken is not None:
        what = f"a quote opens here and is never closed (it would swallow {lines.n_lines - line:,} lines)"
        raise DataError("D007", what, where=f"{path}:{line}", fix=f'close the quote on line {line}, or write "" for a quote inside a field')
    return Quoting(strict=False), line


def _has_quoted_header(lines: Lines, separator: str) -> bool:
    """Whether every name of the first row stands in quotes: then whoever wrote the file put them around all fields."""
    first = _first(lines, separator, quoted=False)[0].fields
    return all(len(cell) > 1 and cell.startswith('"') and cell.rstrip().endswith('"') for cell in first)


def _mostly_closed(literal: Iterable[Line], separator: str) -> bool:
    """Whether most fields that begin with a quote end with one: then quotes group fields, and the others are mistakes."""
    begun = closed = 0
    for row in literal:
        for cell in row.fields:
            if cell.lstrip().startswith('"'):
                begun += 1
                closed += len(cell.strip()) > 1 and cell.rstrip().endswith('"')
    return 2 * closed > begun or (2 * closed == begun and separator != "\t")
