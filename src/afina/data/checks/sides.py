"""Which side of a split a row is on, where the file says so itself."""

from __future__ import annotations

from collections.abc import Callable

from afina.data.beside import SIDES
from afina.data.cells import as_written
from afina.data.checks.entries import Entry
from afina.data.sources.base import Table
from afina.recipe.schema import DataSpec

COLUMNS = ("split", "subset", "fold", "partition", "set", "dataset_split")
SAMPLE = 2000


def side_by(table: Table, spec: DataSpec) -> Callable[[Entry], str] | None:
    """Return what tells "train", "validation" or "test" of a row ("" for neither), or None in a file without such a column."""
    lower = {name.strip().lower(): name for name in table.columns}
    column = spec.split if spec.split in table.columns else next((lower[name] for name in COLUMNS if name in lower), "")
    if not column:
        return None
    step = -(-len(table.records) // SAMPLE) or 1
    values = {_side(record.values.get(column)) for record in table.records[::step]}
    if "train" not in values or len(values - {""}) < 2:
        return None
    return lambda entry: _side(entry.values.get(column))


def _side(value: object) -> str:
    return SIDES.get(as_written(value).strip().casefold(), "")
