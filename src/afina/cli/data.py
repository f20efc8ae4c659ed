"""afina check."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from afina.cli import complete, render
from afina.cli.ask import with_answers
from afina.cli.train import Columns, Encoding, columns_of

if TYPE_CHECKING:
    from afina.data.examine import Examination

MARKS = {"error": "[red]error[/]", "warning": "[yellow]warning[/]", "info": "[dim]note[/]"}
LISTED = 6
"""Row numbers of a finding on the screen; --json and --report have all."""


def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A data file, as train takes it.")],
    overrides: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="Data settings, as train takes them.", autocompletion=complete.data_settings),
    ] = None,
    against: Annotated[str, typer.Option("--against", help="A file that must not share rows with this one: its test set.")] = "",
    model: Annotated[str, typer.Option("--model", "-m", help="Check lengths and tokens for this model.")] = "",
    columns: Columns = None,
    encoding: Encoding = "",
    show: Annotated[int, typer.Option("--show", help="Print this many rows, with a model as it sees them.")] = 0,
    report: Annotated[str, typer.Option("--report", help="Write a page with every row behind every number.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Examine a data file before training: what is broken, repeated, leaked, mislabelled or private.

    Examples:

      afina check support.csv --map text=message --map label=team

      afina check train.jsonl --against test.jsonl --report data_report.html
    """
    from afina.data.outputs import check_place

    if report:
        check_place(Path(report), "--report")
    keys = [*(overrides or []), *([f"data.encoding={encoding}"] if encoding else [])]
    found = _found(file, against, model, columns_of(columns), keys, show, ask=not json)
    if report:
        from afina.data.checks_page import write_page

        write_page(found, Path(report))
    if json:
        render.as_json(found.as_dict())
    else:
        _print(found, report)


def _found(file: str, against: str, model: str, columns: dict[str, str], keys: list[str], show: int, ask: bool) -> Examination:
    """Examine the file; a person at the terminal says which column is what, or the file is examined without that."""
    from afina import api
    from afina.data.columns import Question

    def examined(given: dict[str, str]) -> Examination:
        return api.check(file, against, model, map=given, overrides=keys, show=show, must_be_clear=True)

    if ask and sys.stdin.isatty():
        with contextlib.suppress(Question):
            return with_answers(examined, columns, ask)
    return api.check(file, against, model, map=columns, overrides=keys, show=show)


def _print(found: Examination, report: str) -> None:
    """The file on one line, the layout on one, each finding on one."""
    console = render.out()
    console.print(f"[bold]file[/]    {escape(found.path)}: {found.n_rows:,} rows, {found.format}, {found.encoding}", soft_wrap=True)
    layout = found.layout
    shown = f"{layout.shape} ({layout.confidence:.0%}): {layout.command()}" if layout else found.question
    console.print(f"[bold]{'layout' if layout else 'asked'}[/]" + f"{'':<{2 if layout else 3}}" + escape(shown), soft_wrap=True)
    if found.findings:
        rows = [
            [MARKS[one.level], one.check, f"{one.n_rows:,}", escape(one.what), _rows(one.rows), escape(one.fix)] for one in found.findings
        ]
        console.print()
        console.print(render.table(["", "check", "rows", "found", "where", "do"], rows, numbers=(2,), folds=(3, 4, 5)))
    else:
        console.print("nothing found: no empty, broken, repeated, mislabelled or private rows")
    for sample in found.samples:
        console.print(f"row {sample.number}: {render.masked(sample.pieces)} {escape(sample.label)}", soft_wrap=True)
    if report:
        console.print(f"\nreport  {report}", soft_wrap=True, markup=False)


def _rows(rows: tuple[int, ...]) -> str:
    more = f" and {len(rows) - LISTED:,} more" if len(rows) > LISTED else ""
    return ", ".join(map(str, rows[:LISTED])) + more
