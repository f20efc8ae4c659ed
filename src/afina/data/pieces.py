"""Several labels of a row: a list, words joined with a sign, or a column of yes and no for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from afina.data.cells import as_written, structured, truth

SIGNS = ("|", ";", ",")
MAX_CLASSES = 300
MAX_CHARS = 40


def cut(value: Any, sign: str) -> tuple[str, ...]:
    """Return the labels of a cell, without the blanks around them and each once; a list has its items whatever the sign."""
    found = structured(value)
    text = as_written(value)
    items = [as_written(item) for item in found] if isinstance(found, list) else text.split(sign) if sign else [text]
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def flagged(values: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that say yes in a row: its labels, where every label has a column."""
    return tuple(column for column in columns if truth(values.get(column)))


def sign_of(counts: Mapping[str, int]) -> str:
    """Return the sign that joins labels in these cells (cell -> how many rows have it); "" when none does.

    Pieces must be short and repeat in other company: "Washington, DC" is one label, its halves never come apart.
    """
    return next((sign for sign in SIGNS if _pieces(counts, sign)), "")


def n_classes(counts: Mapping[str, int], listed: bool = False) -> int:
    """Return how many classes the cells are sets of, 0 when they are not. listed: they were lists, joined here with "|"."""
    found = _pieces(counts, "|", listed) if listed else _pieces(counts, sign_of(counts) or "|")
    return len(found)


def _pieces(counts: Mapping[str, int], sign: str, listed: bool = False) -> Counter[str]:
    """Return label -> rows that have it; empty when the cells are not sets of labels."""
    if not listed and sum(n for cell, n in counts.items() if sign in cell) < max(2, 0.03 * sum(counts.values())):
        return Counter()
    rows: Counter[str] = Counter()
    company: dict[str, set[frozenset[str]]] = defaultdict(set)
    for cell, n in counts.items():
        labels = cut(cell, sign)
        for label in labels:
            rows[label] += n
            company[label].add(frozenset(labels) - {label})
    if not 2 <= len(rows) <= MAX_CLASSES or max(map(len, rows)) > MAX_CHARS:
        return Counter()
    repeats = sum(rows.values()) >= 2 * len(rows)
    apart = sum(len(others) > 1 for others in company.values()) >= 0.5 * len(rows)
    return rows if repeats and (apart or (sign == "|" and not listed)) else Counter()
