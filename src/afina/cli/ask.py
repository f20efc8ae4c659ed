"""Asking at the terminal which column is what, where afina is not sure and a person is there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import typer

from afina.errors import DataError

Result = TypeVar("Result")


def with_answers(start: Callable[[dict[str, str]], Result], columns: Mapping[str, str], ask: bool) -> Result:
    """Return start(columns); where that raises a question, a person chooses one reading by its number and it starts again.

    ask: False where nobody is to be asked (--yes, --json); nobody is either where standard input is no terminal.
    Raises the question itself when it is not asked or the person chooses none.
    """
    given = dict(columns)
    while True:
        try:
            return start(given)
        except DataError as error:
            chosen = _chosen(error) if ask and sys.stdin.isatty() else None
            if chosen is None or chosen == given:
                raise
            given = chosen


def _chosen(error: DataError) -> dict[str, str] | None:
    from afina.data.columns import Question

    if not isinstance(error, Question) or not error.candidates:
        return None
    typer.echo(f"{error.where}: {error.what}", err=True)
    for number, layout in enumerate(error.candidates, start=1):
        shown = ", ".join(f"{role} = {column}" for role, column in layout.mapping().items())
        typer.echo(f"  {number}  {layout.shape}: {shown}", err=True)
    typer.echo("  0  none of these", err=True)
    number = typer.prompt("Which one?", type=int, default=0, err=True)
    if not 1 <= number <= len(error.candidates):
        return None
    layout = error.candidates[number - 1]
    typer.echo(f"The same without asking: {layout.command()}", err=True)
    return layout.named()
