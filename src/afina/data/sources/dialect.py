"""How a delimited file is written: its separator and its quoting, found by trying and comparing, never by the first line alone."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from afina.data.names import KNOWN
from afina.errors import DataError, UsageError

SEPARATORS = (",", ";", "\t", "|")
NO_SEPARATOR = "\x1f"
"""Delimiter of a one-column file: the unit separator, which no text contains."""
SPELLED = {"\t": "TAB", ",": '","', ";": '";"', "|": '"|"', NO_SEPARATOR: "none (one column)"}
SAMPLE_ROWS = 500

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


def parse(text: str, separator: str, quoting: Quoting) -> Iterator[Line]:
    """Yield the rows that are not blank. Raises csv.Error where strict quoting is broken."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        quoting=csv.QUOTE_MINIMAL if quoting.quoted else csv.QUOTE_NONE,
        escapechar="\\" if quoting.escaped else None,
        strict=quoting.strict and quoting.quoted,
        skipinitialspace=quoting.spaced,
    )
    start = 1
    for fields in reader:
        if fields and (len(fields) > 1 or fields[0].strip()):
            yield Line(start, fields)
        start = reader.line_num + 1


def find_separator(text: str, forced: str, suffix: str) -> tuple[str, float]:
    """Return the separator and the share of sampled rows that have the commonest number of fields."""
    if forced != "auto":
        separator = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "none": NO_SEPARATOR}.get(
            forced.lower(), forced
        )
        if len(separator) != 1 or separator in '"\r\n':
            raise UsageError(
                "D006", f'"{forced}" cannot separate fields: one character is needed', where="data.separator", fix="data.separator=auto"
            )
        return separator, consistency(_sample(text, separator))[1]
    order = ("\t", ",", ";", "|") if suffix == ".tsv" else SEPARATORS
    best, best_share = NO_SEPARATOR, 0.0
    for separator in order:
        rows = _sample(text, separator)
        width, share = consistency(rows)
        # the header must be cut by it too: prose in a one-column file has commas, its header has none
        names = [cell.strip().lower() for cell in rows[0].fields]
        enough = 0.01 if len(names) > 1 and all(names) and any(name in KNOWN for name in names) else 0.6
        if width >= 2 and share >= enough and len(names) >= 2 and share > best_share + 1e-9:
            best, best_share = separator, share
    return best, best_share


def _sample(text: str, separator: str) -> list[Line]:
    quoted = '"' in text and not (separator == "\t" and _better_unquoted(text, separator))
    return list(itertools.islice(parse(text, separator, Quoting(quoted, strict=False)), SAMPLE_ROWS))


def _better_unquoted(text: str, separator: str) -> bool:
    shares = [
        consistency(list(itertools.islice(parse(text, separator, Quoting(quoted, strict=False)), SAMPLE_ROWS)))[1]
        for quoted in (False, True)
    ]
    return shares[0] > shares[1]


def consistency(rows: list[Line]) -> tuple[int, float]:
    """Return the commonest number of fields and the share of rows that have it. Empty fields beyond the first row's width do not count."""
    if not rows:
        return 0, 0.0
    first = len(rows[0].fields)
    width, count = Counter(_width(row.fields, first) for row in rows).most_common(1)[0]
    return width, count / len(rows)


def _width(fields: list[str], at_least: int) -> int:
    width = len(fields)
    while width > at_least and not fields[width - 1].strip():
        width -= 1
    return width


def read_rows(text: str, separator: str, path: Path) -> tuple[list[Line], Quoting, int]:
    """Return all rows, how quotes were read, and the line of the first quote that is not written by the rules (0: none).

    Raises DataError D007 when a quote is opened and never closed.
    """
    if '"' not in text:
        plain = Quoting(quoted=False)
        return list(parse(text, separator, plain)), plain, 0
    rows, broken, unclosed = _strictly(text, separator, Quoting())
    if not broken:
        literal = list(parse(text, separator, Quoting(quoted=False)))
        swallows = any("\n" in field for row in rows for field in row.fields)
        if consistency(literal)[1] > consistency(rows)[1] or (
            separator == "\t" and swallows and consistency(literal)[1] >= consistency(rows)[1]
        ):
            return literal, Quoting(quoted=False), 0
        return rows, Quoting(), 0
    if '\\"' in text:
        escaped, still_broken, _ = _strictly(text, separator, Quoting(escaped=True))
        if not still_broken:
            return escaped, Quoting(escaped=True), 0
    literal = list(parse(text, separator, Quoting(quoted=False)))
    loose = list(parse(text, separator, Quoting(strict=False)))
    if consistency(literal)[1] >= consistency(loose)[1] and not _mostly_closed(literal, separator):
        return literal, Quoting(quoted=False), 0
    if unclosed:
        swallowed = text.count("\n") - broken
        what = f"a quote opens here and is never closed (it would swallow {swallowed:,} lines)"
        raise DataError(
            "D007", what, where=f"{path}:{broken}", fix=f'close the quote on line {broken}, or write "" for a quote inside a field'
        )
    return loose, Quoting(strict=False), broken


def _mostly_closed(literal: list[Line], separator: str) -> bool:
    """Whether most fields that begin with a quote end with one: then quotes group fields, and the others are mistakes."""
    begun = [field.strip() for row in literal for field in row.fields if field.lstrip().startswith('"')]
    closed = sum(len(field) > 1 and field.endswith('"') for field in begun)
    return 2 * closed > len(begun) or (2 * closed == len(begun) and separator != "\t")


def _strictly(text: str, separator: str, quoting: Quoting) -> tuple[list[Line], int, bool]:
    """Return the rows up to the first broken quote, its line (0: none), and whether it was never closed."""
    rows: list[Line] = []
    try:
        for row in parse(text, separator, quoting):
            rows.append(row)
    except csv.Error as error:
        following = rows[-1].number + 1 + sum(field.count("\n") for field in rows[-1].fields) if rows else 1
        return rows, following, "unexpected end" in str(error)
    return rows, 0, False
