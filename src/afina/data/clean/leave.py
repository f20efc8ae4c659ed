"""The repairs that leave out rows: they need to know what the columns mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from afina.data.columns import Layout
from afina.data.dedup import SEPARATOR, content, content_key, question
from afina.data.rows import TypedRows, at_most, typed
from afina.data.sources.base import Dropped, Table, listed
from afina.recipe.schema import DataSpec
from afina.types import Choices, Notice, Pair, Row, ScoredPair

Leaving = Callable[[Sequence[Row], DataSpec], Iterator[tuple[int, str]]]
"""Yields the position of each row that is left out, and why."""

LEAVES_OUT: dict[str, Leaving] = {}
"""Recipe key under data. -> what it leaves out; in the order of this file."""


def leaves_out(key: str) -> Callable[[Leaving], Leaving]:
    def add(leaving: Leaving) -> Leaving:
        LEAVES_OUT[key] = leaving
        return leaving

    return add


def kept_rows(table: Table, layout: Layout, spec: DataSpec, seed: int = 0) -> TypedRows:
    """Return the typed rows without those that the recipe leaves out, at most spec.max_rows. Raises what `typed` raises."""
    found = typed(table, layout, spec.model_copy(update={"max_rows": None}), seed)
    rows, dropped, notices = found.rows, list(found.dropped), list(found.notices)
    for key, left in left_out(rows, spec):
        what = f"{len(left):,} rows are left out: rows {listed([drop.number for drop in left])}"
        notices.append(Notice(what, left[0].reason, f"data.{key}"))
        numbers = {drop.number for drop in left}
        rows = [row for row in rows if row.number not in numbers]
        dropped += left
    rows, said = at_most(rows, spec.max_rows, seed)
    return TypedRows(rows, sorted(dropped), [*notices, *said])


def left_out(rows: Sequence[Row], spec: DataSpec) -> Iterator[tuple[str, list[Dropped]]]:
    """Yield each wanted key and the rows that it leaves out, in order; what one leaves out the next does not see."""
    for key, leaving in LEAVES_OUT.items():
        if getattr(spec, key) in (False, "no"):
            continue
        left = dict(leaving(rows, spec))
        if left:
            yield key, [Dropped(rows[position].number, why) for position, why in sorted(left.items())]
            rows = [row for position, row in enumerate(rows) if position not in left]


@leaves_out("drop_placeholders")
def placeholders(rows: Sequence[Row], spec: DataSpec) -> Iterator[tuple[int, str]]:
    """Rows whose question or free-text answer is a stand-in; a label may be any word."""
    from afina.data.checks.placeholder import stand_in

    for position, row in enumerate(rows):
        found = next((word for text in _said(row) if (word := stand_in(text))), "")
        if found:
            yield position, f'"{found}" stands for a text'


@leaves_out("drop_duplicates")
def repeats(rows: Sequence[Row], spec: DataSpec) -> Iterator[tuple[int, str]]:
    """Rows that repeat an earlier one: the same content, or (near) almost the same with the same label."""
    firsts: dict[bytes, int] = {}
    exact: set[int] = set()
    for position, row in enumerate(rows):
        first = firsts.setdefault(content_key(row), position)
        if first != position:
            exact.add(position)
            yield position, f"repeats row {rows[first].number}"
    firsts.clear()
    if spec.drop_duplicates != "near":
        return
    from afina.data.neardup import near_duplicates

    for group in near_duplicates(_Compared(rows)):
        earlier: dict[Any, int] = {}
        for position in group:
            first = earlier.setdefault(_verdict(rows[position]), position)
            if first != position and position not in exact:
                yield position, f"almost repeats row {rows[first].number}"


def _said(row: Row) -> list[str]:
    """The texts of a row of which each must say something: not its labels, and not its options, which may be any word."""
    if isinstance(row, Choices):
        return [row.prompt]
    if isinstance(row, Pair | ScoredPair):
        return [row.text, row.other]
    texts = [question(row).rpartition(SEPARATOR)[2]]
    return texts if _verdict(row) is not None else [*texts, content(row).rpartition(SEPARATOR)[2]]


def _verdict(row: Row) -> Any:
    """What a row says of its text in a word or a number; None where the answer is a text itself."""
    names = ("label", "labels", "tags", "score", "answer", "good")
    return next((value for name in names if (value := getattr(row, name, None)) is not None), None)


class _Compared(Sequence[str]):
    """What is compared of each row: its text beside a verdict, which must be equal; else question and answer. Made when it is asked for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, position: Any) -> Any:
        row = self._rows[position]
        return content(row) if _verdict(row) is None else question(row)


def judged(table: Table, layout: Layout, spec: DataSpec) -> TypedRows:
    """Return the typed rows of a table before any is left out; empty fields and doubled turns are no errors. Raises as `typed` does."""
    found = typed(table, layout, spec.model_copy(update={"drop_empty": True, "merge_turns": True, "max_rows": None}))
    known = set(table.dropped)
    return replace(found, dropped=[drop for drop in found.dropped if drop not in known])
