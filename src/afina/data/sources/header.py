"""Whether the first row names the columns, and which names it gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from afina.data.names import KNOWN
from afina.data.sources.dialect import Line
from afina.types import Notice

NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+)(e[+-]?\d+)?%?", re.IGNORECASE)
SAMPLE_ROWS = 200


def has_header(rows: list[Line]) -> tuple[bool, str]:
    """Return whether the first row holds names, and why."""
    first = [cell.strip() for cell in rows[0].fields]
    # a header that is repeated further down (glued files) says nothing about values
    body = [row.fields for row in rows[1 : SAMPLE_ROWS + 1] if row.fields != rows[0].fields]
    columns = [[fields[column] for fields in body if column < len(fields)] for column in range(len(first))]
    known = [cell for cell, below in zip(first, columns, strict=True) if cell.lower() in KNOWN and cell not in below]
    if known:
        return True, f'the first row has the name "{known[0]}"'
    if not body:
        return False, "it is the only row"
    for cell in first:
        if NUMBER.fullmatch(cell):
            return False, f'the first row has the number "{cell}"'
        if len(cell) > 60 or cell.count(" ") > 7:
            return False, "the first row has a long text"
    for cell, below in zip(first, columns, strict=True):
        if cell and cell in below and len(set(below)) <= max(2, len(below) // 5):
            return False, f'"{cell}" of the first row is also a value below it'
    for cell, below in zip(first, columns, strict=True):
        if below and sum(bool(NUMBER.fullmatch(value.strip())) for value in below) >= 0.9 * len(below):
            return True, f'"{cell}" stands above numbers'
        if cell and below and sum(map(len, below)) > 3 * len(cell) * len(below):
            return True, f'"{cell}" is short and stands above long texts'
    return True, "nothing in the first row looks like data"


def clean_names(cells: list[str], path: str) -> tuple[list[str], list[Notice]]:
    """Return column names without stray characters ("" stays for an unnamed column), unique, with what was repaired."""
    notices: list[Notice] = []
    if any("\r" in cell or "\n" in cell for cell in cells):
        notices.append(Notice(f"D009 {path}: header contains a stray carriage return; removed.", level="warning"))
    names = [" ".join(cell.replace("﻿", "").split()) for cell in cells]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            number = 2
            while f"{name}_{number}" in names:
                number += 1
            names[index] = f"{name}_{number}"
            notices.append(Notice(f'{path}: two columns are called "{name}"; the later one is read as "{names[index]}"', level="warning"))
    return names, notices


def unnamed(index: int, names: Sequence[str]) -> str:
    """Return a name for the column at `index` that no other column has."""
    name = f"column{index + 1}"
    while name in names:
        name += "_"
    return name
