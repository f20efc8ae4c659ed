"""A fault that stands at known rows of a file, and the list of all faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tests.unit.data.planted.clean import Labelled, support_rows, write_csv

Row = TypeVar("Row")

PLACES: tuple[int, ...] = (23, 97, 151, 208, 266)
"""Indices, from 0, of the rows that are spoilt."""


@dataclass(frozen=True)
class Planted:
    """A spoilt file and what the doctor must say about it.

    rows: 1-based lines that must be named; also: rows that may be named too (the first of two equal rows);
    exact: the fault is one of single rows, so at most two others may be named; kinds: what details.kinds must hold.
    """

    path: Path
    finding: str
    rows: tuple[int, ...] = ()
    also: tuple[int, ...] = ()
    exact: bool = True
    against: Path | None = None
    model: Path | None = None
    kinds: frozenset[str] = frozenset()


Plant = Callable[[Path], Planted]
FAULTS: dict[str, Plant] = {}


def fault(plant: Plant) -> Plant:
    FAULTS[plant.__name__] = plant
    return plant


def lines(indices: Sequence[int], header: bool = True) -> tuple[int, ...]:
    """Return the 1-based lines of rows counted from 0."""
    return tuple(index + (2 if header else 1) for index in indices)


def replaced(rows: Sequence[Row], changes: Mapping[int, Row]) -> list[Row]:
    return [changes.get(index, row) for index, row in enumerate(rows)]


def inserted(rows: Sequence[Row], extra: Mapping[int, Row]) -> list[Row]:
    """Return the rows with others between them; each then stands at its own index."""
    grown = list(rows)
    for index in sorted(extra):
        grown.insert(index, extra[index])
    return grown


def with_texts(folder: Path, finding: str, texts: Mapping[int, str], **more: Any) -> Planted:
    """The support file in which some texts are others."""
    rows = support_rows()
    rows = replaced(rows, {index: (text, rows[index][1]) for index, text in texts.items()})
    return Planted(write_csv(folder / "support.csv", rows), finding, lines(sorted(texts)), **more)


def with_labels(folder: Path, finding: str, labels: Mapping[int, str], **more: Any) -> Planted:
    """The support file in which some labels are others."""
    rows = support_rows()
    rows = replaced(rows, {index: (rows[index][0], label) for index, label in labels.items()})
    return Planted(write_csv(folder / "support.csv", rows), finding, lines(sorted(labels)), **more)


def with_more_rows(folder: Path, finding: str, extra: Mapping[int, Labelled], originals: Sequence[Labelled] = (), **more: Any) -> Planted:
    """The support file with further rows; `originals` are the rows that they repeat."""
    rows = inserted(support_rows(), extra)
    also = lines([rows.index(row) for row in originals])
    return Planted(write_csv(folder / "support.csv", rows), finding, lines(sorted(extra)), also, **more)
