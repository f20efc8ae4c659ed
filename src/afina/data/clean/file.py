"""A file cleaned into another one, with a ledger of every change; or what each repair would do, without doing it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from afina.data.cells import as_written
from afina.data.clean.base import REPAIRS
from afina.data.clean.leave import LEAVES_OUT, judged, left_out
from afina.data.clean.mend import HAS_PERSONAL, MOVES_PLACES, Mender, mended
from afina.data.clean.write import WRITERS
from afina.data.columns import Layout, recognise
from afina.data.ledger import NOT_READ, Entry, Ledger
from afina.data.options import with_options
from afina.data.outputs import check_place, unwritable
from afina.data.records import Record, RecordSpool
from afina.data.rows import TypedRows
from afina.data.sources import read_table
from afina.data.sources.base import Dropped, Table
from afina.errors import DataError, UsageError
from afina.recipe.schema import DataSpec
from afina.types import Notice

DECIMAL = re.compile(r"-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)")
EMPTY = " is empty"
"""How the reason ends for which data.drop_empty leaves a row out."""
BY_ROW = ("normalize_labels", "drop_empty", *LEAVES_OUT)
KEYS = (*(each.key for each in REPAIRS), *BY_ROW)
"""Every repair, by its key under data., in order."""


@dataclass(frozen=True)
class Cleaned:
    """What was done. rows: repair -> the rows it changed or left out (numbers of the file that was read)."""

    path: str
    out: str
    ledger: str
    n_read: int
    n_written: int
    rows: Mapping[str, list[int]]
    notices: tuple[Notice, ...]


@dataclass
class Verdicts:
    """What the repairs of rows say. labels: row number -> (column, new label). left: row number -> (key, why)."""

    labels: dict[int, tuple[str, str]] = field(default_factory=dict)
    left: dict[int, tuple[str, str]] = field(default_factory=dict)


def wanted(spec: DataSpec) -> list[str]:
    """Return the repairs that a recipe asks for, in order."""
    return [key for key in dict.fromkeys(KEYS) if getattr(spec, key) not in (False, "no", "keep")]


def clean_file(spec: DataSpec, out: Path, objective: str = "auto") -> Cleaned:
    """Write the file of `spec`, repaired as its keys say, to `out`, and every change to `out`.ledger.jsonl; the file itself stays.

    Raises UsageError U010 (out is the file itself), U011 (a suffix that is not written), DiskError I001, I003 (it cannot be written),
    DataError D015 (no row is left), and what reading raises.
    """
    ledger_path = check_out(Path(spec.path), out)
    source = read_table(spec)
    verdicts = _verdicts(with_options(mended(source, spec), spec), spec, objective)
    partial, ledger = out.with_name(f".partial-{out.name}"), Ledger(ledger_path.with_name(f".partial-{ledger_path.name}"))
    try:
        with ledger:
            for drop in source.dropped:
                ledger.add(Entry(drop.number, None, NOT_READ, None, None, drop.reason))
            records = _cleaned(source, Mender(spec), verdicts, ledger)
        if not len(records):
            raise DataError("D015", f"no row of {len(source.records):,} would be left", where=spec.path, fix="fewer data.drop_... keys")
        notices = WRITERS[out.suffix.lower()](partial, source.columns, records)
        notices += _decimals(source, out, records) + _read_back(partial, out, source.columns, records)
        os.replace(ledger.path, ledger_path)
        os.replace(partial, out)
    except OSError as error:
        raise unwritable(error, out, "--out") from error
    finally:
        for path in (partial, ledger.path):
            with contextlib.suppress(OSError):
                path.unlink()
    n_read = len(source.records) + len(source.dropped)
    rows = {key: ledger.rows[key] for key in (NOT_READ, *dict.fromkeys(KEYS)) if key in ledger.rows}
    return Cleaned(spec.path, str(out), str(ledger_path), n_read, len(records), rows, (*source.notices, *notices))


def check_out(path: Path, out: Path) -> Path:
    """Return where the ledger goes. Raises UsageError U010, U011, DiskError I003."""
    if out.suffix.lower() not in WRITERS:
        raise UsageError(
            "U011", f'"{out.suffix}" is not written', where=str(out), fix=f"--out {out.stem}.csv ({', '.join(WRITERS.names())})"
        )
    check_place(out, "--out")
    ledger = out.with_name(f"{out.name}.ledger.jsonl")
    for written in (out, ledger):
        if written.resolve() == path.resolve() or (written.exists() and path.exists() and written.samefile(path)):
            fix = f"--out {path.stem}-clean{out.suffix}"
            raise UsageError("U010", f"this is the file to be cleaned ({path}); it is never written over", where=str(written), fix=fix)
    return ledger


def _verdicts(table: Table, spec: DataSpec, objective: str) -> Verdicts:
    """Ask the repairs of rows. Raises what recognising raises, when one is wanted."""
    verdicts = Verdicts()
    if not any(key in BY_ROW for key in wanted(spec)):
        return verdicts
    layout = recognise(table, spec.map, objective, spec.prompt)
    found = judged(table, layout, spec)
    if spec.normalize_labels:
        verdicts.labels = _labels(table, layout, found)
    if spec.drop_empty:
        verdicts.left |= {drop.number: ("drop_empty", drop.reason) for drop in _empty(found)}
    for key, left in left_out(found.rows, spec):
        verdicts.left |= {drop.number: (key, drop.reason) for drop in left}
    return verdicts


def _empty(found: TypedRows) -> list[Dropped]:
    return [drop for drop in found.dropped if drop.reason.endswith(EMPTY)]


def _labels(table: Table, layout: Layout, found: TypedRows) -> dict[int, tuple[str, str]]:
    """Return the labels that reading with data.normalize_labels spells otherwise."""
    columns = layout.roles.get("label", ())
    if len(columns) != 1:
        return {}
    spelled = {row.number: label for row in found.rows if isinstance(label := getattr(row, "label", None), str)}
    return {
        record.number: (columns[0], new)
        for record in table.records
        if (new := spelled.get(record.number)) is not None and new != as_written(record.values.get(columns[0]))
    }


def _cleaned(source: Table, mender: Mender, verdicts: Verdicts, ledger: Ledger) -> Sequence[Record]:
    spool = RecordSpool()
    for record in source.records:
        values = dict(record.values)
        changes = mender.changes(record)
        for column, each, before, after in changes:
            ledger.add(Entry(record.number, column, each.key, before, after, each.because))
            values[column] = after
        if record.number in verdicts.labels:
            column, label = verdicts.labels[record.number]
            ledger.add(Entry(record.number, column, "normalize_labels", values.get(column), label, "another spelling of one label"))
            values[column] = label
        why = ("personal_data", HAS_PERSONAL) if mender.refuses(Record(record.number, values)) else verdicts.left.get(record.number)
        if moving := mender.misplaces(record, changes):
            why = (moving.key, MOVES_PLACES)
        if why is None:
            spool.append(Record(record.number, values))
        else:
            ledger.add(Entry(record.number, None, why[0], values, None, why[1]))
    return spool.finish()


def _decimals(source: Table, out: Path, records: Sequence[Record]) -> list[Notice]:
    """JSON's decimal numbers are read as they are spelled, as text, and so they are written."""
    if not source.format.startswith("JSON") or out.suffix.lower() in (".csv", ".tsv"):
        return []
    texts = ((column, value) for record in records for column, value in record.values.items() if isinstance(value, str))
    columns = sorted({column for column, value in texts if DECIMAL.fullmatch(value)})
    if not columns:
        return []
    what = f'decimal numbers of {", ".join(columns)} are text in {out} ("0.10"), also where {source.path} has them as numbers'
    return [Notice(what, "so their spelling is kept")]


def _read_back(partial: Path, out: Path, columns: tuple[str, ...], records: Sequence[Record]) -> list[Notice]:
    """Read what was written as any program would, and say where it is not what was meant."""
    again = read_table(DataSpec(path=str(partial)))
    pairs = zip(records, again.records, strict=False)
    wrong = next((read for written, read in pairs if any(_differ(written, read, column) for column in columns)), None)
    if wrong is None and len(again.records) == len(records):
        return []
    what = f"{out}:{wrong.number} is not read back as it was written" if wrong else ""
    what = what or f"{out} is read back as {len(again.records):,} rows, not {len(records):,}"
    return [Notice(what, "the form of the file is guessed otherwise", "data.header=true, data.separator=, or another suffix", "warning")]


def _differ(one: Record, other: Record, column: str) -> bool:
    return as_written(one.values.get(column)) != as_written(other.values.get(column))


@dataclass(frozen=True)
class Proposal:
    """What one repair alone would do. setting: what to type."""

    setting: str
    rows: list[int]
    leaves_out: bool


def proposals(spec: DataSpec, objective: str = "auto") -> tuple[list[Proposal], list[Notice]]:
    """Return the repairs that would change something, each alone on the file as it is, and what could not be judged."""
    source = read_table(spec)
    found: dict[str, list[int]] = {each.key: [] for each in REPAIRS}
    for record in source.records:
        for each in REPAIRS:
            if any(each(value) is not value for value in record.values.values() if isinstance(value, (str, list, dict))):
                found[each.key].append(record.number)
    made = [Proposal(f"data.{each.key}={'mask' if each.key == 'personal_data' else 'true'}", found[each.key], False) for each in REPAIRS]
    made.append(Proposal("data.personal_data=drop", found["personal_data"], True))
    try:
        made += _row_proposals(source, spec, objective)
    except DataError as error:
        said = Notice(f"the repairs of rows were not judged: {error.what}", key=error.fix, level="warning")
        return [each for each in made if each.rows], [*source.notices, said]
    return [each for each in made if each.rows], list(source.notices)


def _row_proposals(source: Table, spec: DataSpec, objective: str) -> Iterator[Proposal]:
    layout = recognise(source, spec.map, objective, spec.prompt)
    plain = spec.model_copy(update={"normalize_labels": True})
    found = judged(source, layout, plain)
    yield Proposal("data.normalize_labels=true", sorted(_labels(source, layout, found)), False)
    yield Proposal("data.drop_empty=true", sorted(drop.number for drop in _empty(found)), True)
    for key, values in (("drop_placeholders", (True,)), ("drop_duplicates", ("exact", "near"))):
        for value in values:
            alone = spec.model_copy(update={"drop_placeholders": False, "drop_duplicates": "no", key: value})
            left = [drop.number for _, drops in left_out(found.rows, alone) for drop in drops]
            yield Proposal(f"data.{key}={str(value).lower()}", sorted(left), True)
