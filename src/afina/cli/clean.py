"""afina clean."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from afina.cli import complete, render
from afina.cli.ask import with_answers
from afina.cli.train import Columns, Encoding, columns_of
from afina.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from afina.data.clean.file import Cleaned, Proposal
    from afina.recipe.schema import DataSpec
    from afina.types import Notice

SAFE = ("fix_encoding", "unescape_html", "strip_control", "strip_space", "normalize_labels", "merge_turns", "drop_empty", "exact")
"""Proposals that the command to type contains: what else would change is the person's choice."""


def clean(
    file: Annotated[str, typer.Argument(help="A data file.")],
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE]...",
            help="Repairs: fix_encoding=true drop_duplicates=near personal_data=mask",
            autocompletion=complete.data_settings,
        ),
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

    given = columns_of(columns)
    spec = _spec(file, keys, given, encoding)
    if not wanted(spec):
        found, notices = proposals(spec)
        words = [*(keys or []), *([f"data.encoding={encoding}"] if encoding else []), *_maps(given)]
        _propose(spec, found, notices, words, out, json)
        return
    if not out:
        fix = f"--out {shlex.quote(_target(file))}"
        raise UsageError("U010", "where should the repaired file go? It is never written over", fix=fix)
    check_out(Path(file), Path(out))
    _check_free(Path(out), yes)

    def cleaned(mapping: dict[str, str]) -> Cleaned:
        return clean_file(spec.model_copy(update={"map": mapping}), Path(out))

    _show(with_answers(cleaned, spec.map, ask=not (yes or json)), json)


def _maps(columns: Mapping[str, str]) -> list[str]:
    return [word for role, column in columns.items() for word in ("--map", f"{role}={column}")]


def _target(file: str) -> str:
    """Return a name for the repaired file, here, of the same kind where that can be written."""
    from afina.data.clean.write import WRITERS

    path = Path(file)
    return f"{path.stem}-clean{path.suffix if path.suffix.lower() in WRITERS else '.jsonl'}"


def _spec(file: str, keys: list[str] | None, columns: Mapping[str, str], encoding: str) -> DataSpec:
    """Return the data settings. Raises UsageError U012 for a key that is none of the data."""
    from afina.data.sources.refuse import check_path
    from afina.recipe.load import load

    if "://" not in file:
        check_path(Path(file))
    values = {"data": {"path": file, "map": dict(columns), **({"encoding": encoding} if encoding else {})}}
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


def _propose(spec: DataSpec, found: list[Proposal], notices: list[Notice], words: list[str], out: str, json: bool) -> None:
    """Show what each repair would do, and the command with those that are safe. words: what was typed besides the file and OUT."""
    safe = [
        each.setting
        for each in found
        if any(each.setting.startswith(f"data.{name}=") or each.setting.endswith(f"={name}") for name in SAFE)
    ]
    command = shlex.join(["afina", "clean", spec.path, *safe, *words, "--out", out or _target(spec.path)]) if safe else ""
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
