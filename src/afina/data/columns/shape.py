"""A shape of data: its roles, how it is recognised, and how its rows are made. One file each; a shape registers itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.sources.base import Record
from afina.objectives import OBJECTIVES
from afina.registry import Registry
from afina.types import Row

if TYPE_CHECKING:
    from afina.data.columns.reader import Reader


class Shape:
    """roles: those that must be there, the one that is asked first. optional: those that may be absent. asked_too: others that a file to
    predict must have.

    meaning: what such rows are, in a person's words. templates: whether a chat template is put around the texts of such rows.
    """

    name: ClassVar[str]
    roles: ClassVar[tuple[str, ...]]
    optional: ClassVar[tuple[str, ...]] = ()
    asked_too: ClassVar[tuple[str, ...]] = ()
    row_type: ClassVar[type[Row]]
    meaning: ClassVar[str]
    templates: ClassVar[bool] = False

    @property
    def asked(self) -> str:
        """The role that a file to predict must have."""
        return self.roles[0]

    @property
    def objective(self) -> str:
        """The objective that learns such rows; "" while there is none."""
        able = (name for name in OBJECTIVES if self.row_type in OBJECTIVES[name].rows and OBJECTIVES[name].follows_from_rows)
        return next(able, "")

    def find(self, seen: Evidence) -> list[Layout]:
        """Return the readings of a table as this shape, the surest first; none when it cannot be one."""
        raise NotImplementedError

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        """Return the best column for a role among those not taken, and how sure that is."""
        for layout in self.find(seen):
            found = layout.roles.get(role, ())
            if len(found) == 1 and found[0] not in taken:
                return found[0], layout.confidence
        return "", 0.0

    def accepts(self, roles: dict[str, tuple[str, ...]], seen: Evidence) -> bool:
        """Whether columns that a person named can be this shape, where two shapes have the same roles."""
        return True

    def describes(self, row: Row) -> bool:
        """Whether a typed row is of this shape, where two shapes give one type of row."""
        return isinstance(row, self.row_type)

    def row(self, reader: Reader, record: Record) -> Row | None:
        """Return one typed row; None when the reader was told why not."""
        raise NotImplementedError

    def rows(self, reader: Reader, records: Iterable[Record]) -> Iterator[Row]:
        """Return the typed rows of all records that give one."""
        for record in records:
            row = self.row(reader, record)
            if row is not None:
                yield row

    def to_type(self, seen: Evidence) -> str:
        """Return what to type for this reading of a table in which nothing was recognised."""
        return "--map " + " --map ".join(f"{role}=COLUMN" for role in self.roles)

    def instead(self, layout: Layout) -> str:
        """Return what can be learned from such rows today, while no objective learns the shape itself."""
        return ""


SHAPES: Registry[Shape] = Registry("data shape")
"""Name -> the shape."""


def shape_of(row: Row) -> Shape:
    """Return the shape of a typed row."""
    return next(shape for shape in SHAPES.values() if shape.describes(row))


def register(shape: type[Shape]) -> type[Shape]:
    """Register a shape under its name."""
    SHAPES.register(shape.name)(shape())
    return shape
