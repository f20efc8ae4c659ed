"""The repairs of values, on a whole table."""

from __future__ import annotations

from array import array
from dataclasses import replace

from afina.data.clean.base import REPAIRS, Repair, steps
from afina.data.clean.personal import has_personal
from afina.data.records import Record, RecordSpool
from afina.data.sources.base import Dropped, Table, listed
from afina.recipe.schema import DataSpec
from afina.types import Notice

HAS_PERSONAL = "it holds personal data"


class Mender:
    """Repairs records as the recipe wants. The columns that decide the split stay as they are: a masked user would be every user."""

    def __init__(self, spec: DataSpec) -> None:
        self.repairs = [each for each in REPAIRS if each.wanted(spec)]
        self.refuses_personal = spec.personal_data == "drop"
        self._columns = {spec.group, spec.time, spec.split}

    def __bool__(self) -> bool:
        return bool(self.repairs) or self.refuses_personal

    def changes(self, record: Record) -> list[tuple[str, Repair, object, object]]:
        """Return (column, repair, before, after), in the order in which they are made."""
        made: list[tuple[str, Repair, object, object]] = []
        for column, value in record.values.items():
            if column in self._columns or not isinstance(value, (str, list, dict)):
                continue
            for each, after in steps(self.repairs, value):
                made.append((column, each, value, after))
                value = after
        return made

    def refuses(self, record: Record) -> bool:
        """Whether data.personal_data=drop leaves the record out."""
        return self.refuses_personal and any(has_personal(value) for name, value in record.values.items() if name not in self._columns)


def mended(table: Table, spec: DataSpec) -> Table:
    """Return the table with the repairs of values that the recipe wants, and a notice for each that changed something."""
    mender = Mender(spec)
    if not mender:
        return table
    spool = RecordSpool()
    changed: dict[Repair, array[int]] = {}
    dropped: list[Dropped] = []
    for record in table.records:
        if changes := mender.changes(record):
            record = Record(record.number, {**record.values, **{column: after for column, _, _, after in changes}})
            for each in {each for _, each, _, _ in changes}:
                changed.setdefault(each, array("q")).append(record.number)
        if mender.refuses(record):
            dropped.append(Dropped(record.number, HAS_PERSONAL))
        else:
            spool.append(record)
    if not changed and not dropped:
        return table
    said = [_notice(each, changed[each]) for each in mender.repairs if each in changed]
    if dropped:
        what = f"{len(dropped):,} rows hold personal data and are left out: rows {listed([drop.number for drop in dropped])}"
        said.append(Notice(what, key="data.personal_data"))
    return replace(table, records=spool.finish(), notices=(*table.notices, *said), dropped=(*table.dropped, *dropped))


def _notice(each: Repair, numbers: array[int]) -> Notice:
    return Notice(f"{len(numbers):,} rows were repaired: rows {listed(numbers)}", each.because, f"data.{each.key}")
