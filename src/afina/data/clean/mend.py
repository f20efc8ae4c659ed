"""The repairs of values, on a whole table."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from afina.data.cells import structured
from afina.data.clean.base import REPAIRS, Repair, steps
from afina.data.clean.personal import has_personal
from afina.data.records import Record, RecordSpool
from afina.data.sources.base import Dropped, Table, listed
from afina.data.wordwise import spans_of
from afina.recipe.schema import DataSpec
from afina.types import Notice

HAS_PERSONAL = "it holds personal data"
MOVES_PLACES = "its spans count the characters of a text that this repair changes"
Change = tuple[str, Repair, object, object]
"""(column, repair, before, after)."""


class Mender:
    """Repairs records as the recipe wants. The columns that decide the split stay as they are: a masked user would be every user."""

    def __init__(self, spec: DataSpec) -> None:
        self.repairs = [each for each in REPAIRS if each.wanted(spec)]
        self.refuses_personal = spec.personal_data == "drop"
        self._columns = {spec.group, spec.time, spec.split}

    def __bool__(self) -> bool:
        return bool(self.repairs) or self.refuses_personal

    def changes(self, record: Record) -> list[Change]:
        """Return the changes in the order in which they are made."""
        made: list[Change] = []
        for column, value in record.values.items():
            if column in self._columns or not isinstance(value, (str, list, dict)):
                continue
            for each, after in steps(self.repairs, value):
                made.append((column, each, value, after))
                value = after
        return made

    def misplaces(self, record: Record, changes: Sequence[Change]) -> Repair | None:
        """Return the repair that changes a text before the end of a span marked in another column: the row can no more be trusted."""
        texts = [(each, before, after) for _, each, before, after in changes if isinstance(before, str) and structured(before) is before]
        if not texts:
            return None
        ends = [span.end for value in record.values.values() for span in spans_of(structured(value)) or ()]
        last = max(ends, default=0)
        return next((each for each, before, after in texts if before[:last] != str(after)[:last]), None)

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
        changes = mender.changes(record)
        if moving := mender.misplaces(record, changes):
            dropped.append(Dropped(record.number, f"data.{moving.key}: {MOVES_PLACES}"))
            continue
        if changes:
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
    personal = [drop.number for drop in dropped if drop.reason == HAS_PERSONAL]
    if personal:
        what = f"{len(personal):,} rows hold personal data and are left out: rows {listed(personal)}"
        said.append(Notice(what, key="data.personal_data"))
    moved = [drop for drop in dropped if drop.reason != HAS_PERSONAL]
    if moved:
        what = f"{len(moved):,} rows with marked spans are left out: rows {listed([drop.number for drop in moved])}"
        said.append(Notice(what, moved[0].reason, level="warning"))
    return replace(table, records=spool.finish(), notices=(*table.notices, *said), dropped=(*table.dropped, *dropped))


def _notice(each: Repair, numbers: array[int]) -> Notice:
    return Notice(f"{len(numbers):,} rows were repaired: rows {listed(numbers)}", each.because, f"data.{each.key}")
