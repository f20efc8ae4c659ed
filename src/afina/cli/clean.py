"""afina clean."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from afina.cli import render
from afina.cli.train import Columns, Encoding, columns_of
from afina.errors import UsageError

if TYPE_CHECKING:
    from afina.data.clean.file import Cleaned, Proposal
    from afina.recipe.schema import DataSpec
    from afina.types import Notice

SAFE = ("fix_encoding", "unescape_html", "strip_control", "strip_space", "normalize_labels", "merge_turns", "drop_empty", "exact")
"""Proposals that the command to type contains: what else would change is the person's choice."""


def clean(
    file: Annotated[str, typer.Argument(help="A data file.")],
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="Repairs: fix_encoding=true drop_duplicates=near personal_data=mask"),
    ] = None,
    out: Annotated[str, typer.Option("--out", "-o", help="New file: .csv, .tsv, .jsonl, .json or .parquet.")] = "",
    columns: Columns = None,
    encoding: Encoding = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write over OUT if it exists.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a repaired copy of a data file, with a ledger of every change.

    Without a repair it says which would change how many rows. The same keys in `train` train on the same rows. The ledger
    (OUT.ledger.jsonl) holds what was removed: keep it where the file itself may be.

    Examples:

      afina clean support.csv

      afina clean support.csv fix_encoding=true drop_duplicates=exact --out support-clean.csv
    """
    from afina.data.clean.file import check_out, clean_file, proposals, wanted

    spec = _spec(file, keys, columns, encoding)
    if not wanted(spec):
        found, notices = proposals(spec)
        _propose(spec, found, notices, columns, out, json)
        return
    if not out:
        suffix = Path(file).suffix if Path(file).suffix in (".csv", ".tsv", ".jsonl", ".json", ".parquet") else ".jsonl"
        raise UsageError(
            "U010", "where should the repaired file go? It is never written over", fix=f"--out {Path(file).stem}-clean{suffix}"
        )
    check_out(Path(file), Path(out))
    _check_free(Path(out), yes)
    done = clean_file(spec, Path(out))
    _show(done, json)


def _spec(file: str, keys: list[str] | None, columns: list[str] | None, encoding: str) -> DataSpec:
    """Return the data settings. Raises UsageError U012 for a key that is none of the data."""
    from afina.data.sources.refuse import check_path
    from afina.recipe.load import load

    if "://" not in file:
        check_path(Path(file))
    values = {"data": {"path": file, "map": columns_of(columns), **({"encoding": encoding} if encoding else {})}}
    loaded = load(None, keys or [], values)
    other = [key for key in loaded.lines if not key.startswith("data.")]
    if other:
        raise UsageError(
            "U012", f"{other[0]} changes no data", where=other[0], fix="keys of data only: fix_encoding=true, drop_duplicates=exact"
        )
    return loaded.recipe.data


def _check_free(out: Path, yes: bool) -> None:
    if not out.exists() or yes:
        return
    if sys.stdin.isatty() and typer.confirm(f"{out} exists. Write over it?", default=False, err=True):
        return
    raise UsageError("U010", "it exists", where=str(out), fix="--yes to write over it, or another --out")


def _propose(spec: DataSpec, found: list[Proposal], notices: list[Notice], columns: list[str] | None, out: str, json: bool) -> None:
    safe = [
        each.setting
        for each in found
        if any(each.setting.startswith(f"data.{name}=") or each.setting.endswith(f"={name}") for name in SAFE)
    ]
    path = Path(spec.path)
    maps = [f"--map {shlex.quote(pair)}" for pair in columns or []]
    target = out or f"{path.stem}-clean{path.suffix if path.suffix in ('.csv', '.tsv', '.jsonl', '.json', '.parquet') else '.jsonl'}"
    command = " ".join(["afina clean", shlex.quote(str(path)), *safe, *maps, "--out", shlex.quote(target)]) if safe else ""
    if json:
        rows = [{"setting": each.setting, "leaves_out": each.leaves_out, "n_rows": len(each.rows), "rows": each.rows} for each in found]
        render.as_json({"path": spec.path, "proposals": rows, "command": command, "notices": [str(notice) for notice in notices]})
        return
    render.notices(render.err(), notices)
    if not found:
        render.out().print(f"{spec.path}: no repair would change a row")
        return
    lines = [[each.setting, "leaves out" if each.leaves_out else "changes", f"{len(each.rows):,}", _numbers(each.rows)] for each in found]
    render.out().print(render.table(["repair", "", "rows", "which"], lines, numbers=(2,), folds=(3,)))
    if command:
        render.out().print(f"\nnothing was written. To repair:  {command}", markup=False, soft_wrap=True)


def _show(done: Cleaned, json: bool) -> None:
    if json:
        repairs = {key: {"n_rows": len(rows), "rows": rows} for key, rows in done.rows.items()}
        counts = {
            "n_read": done.n_read,
            "n_written": done.n_written,
            "repairs": repairs,
            "notices": [str(notice) for notice in done.notices],
        }
        render.as_json({"path": done.path, "out": done.out, "ledger": done.ledger, **counts})
        return
    render.notices(render.err(), done.notices)
    console = render.out()
    if done.rows:
        lines = [[key, f"{len(rows):,}", _numbers(rows)] for key, rows in done.rows.items()]
        console.print(render.table(["repair", "rows", "which"], lines, numbers=(1,), folds=(2,)))
    console.print(f"{done.n_read:,} rows read, {done.n_written:,} written to {done.out}", markup=False, soft_wrap=True)
    console.print(f"every change: {done.ledger}", markup=False, soft_wrap=True)


def _numbers(rows: list[int]) -> str:
    from afina.data.sources.base import listed

    return listed(rows, 5)
