"""A table and its layout to typed rows. What is left out or changed is counted, with row numbers and the key that decides."""

from __future__ import annotations

import json
import random
import re
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

from afina.data.columns import SHAPES, Layout
from afina.data.columns.reader import Reader
from afina.data.sources.base import Dropped, Table, listed
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Labelled, MultiLabelled, Notice, Pair, Row, Scored, ScoredPair, Standard, Tagged

ASKED: dict[str, str] = {name: SHAPES[name].asked for name in SHAPES}
"""The role that a file to predict must have."""
MISSING_WORDS = frozenset({"na", "n/a", "nan", "none", "null", "nil", "-", "?", "missing", "unknown"})


@dataclass(frozen=True)
class TypedRows:
    """rows in file order; dropped: the row numbers that are not used, and why."""

    rows: list[Row]
    dropped: list[Dropped]
    notices: list[Notice]


def typed(table: Table, layout: Layout, spec: DataSpec, seed: int = 0, answers: bool = True) -> TypedRows:
    """Return the typed rows of a table.

    answers: False when labels, completions and last answers may be missing (a file to predict); they are then "".

    Raises DataError D002 (a needed field is empty and spec.drop_empty is off), T003 (a conversation that is none), D015 (nothing left).
    """
    notices = _unused_notice(layout)
    reader = Reader(table, layout, spec, answers)
    rows: list[Row] = list(SHAPES[layout.shape].rows(reader, table.records))
    notices += reader.notices()
    dropped = [*table.dropped, *reader.left_out()]
    empty = reader.all_empty()
    if empty:
        _check_empty(table, empty, spec)
        dropped += [Dropped(number, f'"{column}" is empty') for number, column in empty.items()]
        numbers = sorted(empty)
        what = f"{len(empty):,} of {len(table.records):,} rows have an empty field and are left out: rows {listed(numbers)}"
        notices.append(Notice(what, key="data.drop_empty", level="warning"))
    if layout.shape in ("labelled", "multi_labelled") and answers:
        rows, said = _labels(rows, spec)
        notices += said
    if not rows:
        raise DataError(
            "D015",
            f"no row is left to train on: {len(dropped):,} of {len(table.records):,} are not usable",
            where=table.where,
            fix="more data",
        )
    rows, said = at_most(rows, spec.max_rows, seed)
    return TypedRows(rows, sorted(dropped), notices + said)


CLASSED = (Labelled, Pair, MultiLabelled, Tagged)
"""Rows whose target is one of the classes, several, or one for each word."""


def classes_of(row: Row) -> tuple[str, ...]:
    """Return the classes that a row names; none where its target is no class."""
    return row.classes if isinstance(row, CLASSED) else ()


def respelled(row: Row, spell: Callable[[str], str]) -> Row:
    """Return the row with its classes spelled as `spell` has them."""
    if isinstance(row, MultiLabelled):
        return replace(row, labels=tuple(dict.fromkeys(spell(label) for label in row.labels)))
    if isinstance(row, Tagged):
        return replace(row, tags=tuple(map(spell, row.tags)))
    return replace(row, label=spell(row.label)) if isinstance(row, Labelled | Pair) else row


LARGEST_NUMBER = 1e30
"""What fp32 weights can be scaled to, with room for a few standard deviations."""


def check_numbers(rows: Sequence[Row], where: str) -> None:
    """Raise DataError D027 where a row's number is too large to be learned or measured."""
    largest = max((row for row in rows if isinstance(row, Scored | ScoredPair)), key=lambda row: abs(row.score), default=None)
    if largest is not None and abs(largest.score) > LARGEST_NUMBER:
        what = f"the number {largest.score:g} is larger than {LARGEST_NUMBER:g}, which fp32 weights cannot come near"
        raise DataError("D027", what, where=f"{where}:{largest.number}", fix="divide the column, or take its logarithm")


def standard_of(rows: Sequence[Row], where: str = "") -> Standard:
    """Return mean and standard deviation of the rows' numbers; (0, 1) where they have none. Raises DataError D023 for equal ones."""
    scores = [row.score for row in rows if isinstance(row, Scored | ScoredPair)]
    if not scores:
        return Standard()
    standard = Standard(fmean(scores), pstdev(scores))
    if standard.scale <= 1e-12 * abs(standard.mean):
        what = f"every training row has the number {scores[0]:g}; there is nothing to learn"
        raise DataError("D023", what, where=where, fix="--map score=COLUMN with numbers that differ, or objective=lm")
    return standard


def _unused_notice(layout: Layout) -> list[Notice]:
    if not layout.unused:
        return []
    shown = ", ".join(layout.unused[:8]) + (f" and {len(layout.unused) - 8} more" if len(layout.unused) > 8 else "")
    return [Notice(f"columns not used: {shown}", key="data.map")]


def _check_empty(table: Table, empty: dict[int, str], spec: DataSpec) -> None:
    if spec.drop_empty:
        return
    numbers = sorted(empty)
    first = numbers[0]
    what = f'"{empty[first]}" is empty ({len(numbers):,} of {len(table.records):,} rows).'
    raise DataError("D002", what, where=f"{table.where}:{first}", fix=f"data.drop_empty=true, or fix rows {listed(numbers)}")


def _labels(rows: list[Row], spec: DataSpec) -> tuple[list[Row], list[Notice]]:
    """Say which labels look missing or look the same; merge look-alikes when asked to."""
    notices: list[Notice] = []
    counts = Counter(label for row in rows for label in classes_of(row))
    for label in sorted(counts):
        if label.strip().lower() in MISSING_WORDS:
            what = f'D008 note: "{label}" is kept as the label "{label}" ({counts[label]:,} rows).'
            notices.append(Notice(what, "to treat it as missing, name it", read_as_missing([label.strip()])))
    alike: dict[str, list[str]] = {}
    for label in counts:
        alike.setdefault(same_label(label), []).append(label)
    spelling: dict[str, str] = {}
    for group in alike.values():
        if len(group) < 2:
            continue
        group.sort(key=lambda label: (-counts[label], label != label.strip(), label))
        affected = sum(counts[label] for label in group[1:])
        shown = ", ".join(f'"{label}"' for label in group[:5])
        if spec.normalize_labels:
            spelling.update(dict.fromkeys(group[1:], group[0].strip()) | {group[0]: group[0].strip()})
            notices.append(
                Notice(f'D010 labels {shown} were merged into "{group[0].strip()}" ({affected:,} rows)', key="data.normalize_labels")
            )
        else:
            what = f"D010 labels {shown} look the same ({affected:,} rows)"
            notices.append(Notice(what, "they are trained as different classes", "data.normalize_labels=true", "warning"))
    if spelling:
        rows = [respelled(row, lambda label: spelling.get(label, label)) for row in rows]
    return rows, notices


def read_as_missing(words: Sequence[str]) -> str:
    """Return what to type so that these words are missing: quoted for the shell, and for YAML those that mean something else there."""
    plain = re.compile("(?!null$)[a-z]+(?:/[a-z]+)?", re.IGNORECASE)
    key = f"data.na=[{','.join(word if plain.fullmatch(word) else json.dumps(word, ensure_ascii=False) for word in words)}]"
    return shlex.quote(key) if '"' in key else key


def same_label(label: str) -> str:
    """Return what two spellings of one label have in common: case and space left out."""
    return " ".join(label.casefold().split())


def at_most(rows: list[Row], max_rows: int | None, seed: int) -> tuple[list[Row], list[Notice]]:
    """Return at most `max_rows` rows, drawn by seed, in file order, and what is said about it."""
    if max_rows is None or len(rows) <= max_rows:
        return rows, []
    chosen = sorted(random.Random(f"rows/{seed}").sample(range(len(rows)), max_rows))
    return [rows[index] for index in chosen], [
        Notice(f"{max_rows:,} of {len(rows):,} rows are used, drawn by seed {seed}", key="data.max_rows")
    ]
