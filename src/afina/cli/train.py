"""afina train, afina plan."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from afina.cli import complete, render
from afina.cli.ask import with_answers
from afina.errors import UsageError
from afina.events import Event, Finished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from afina.api import FinishedRun
    from afina.job import Job
    from afina.training.watchers import Watcher

Data = Annotated[str, typer.Argument(metavar="DATA|RECIPE", help="A data file (csv, tsv, json, jsonl, txt) or a recipe (yaml).")]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(metavar="[KEY=VALUE]...", help="Recipe keys: learning_rate=1e-4 method=lora seed=1", autocompletion=complete.settings),
]
Model = Annotated[
    str, typer.Option("--model", "-m", help="nano (embedded), a folder, a hub id, or a finished run (its path, name, or last).")
]
Recipe = Annotated[str, typer.Option("--recipe", "-r", help="A recipe that comes with afina (afina recipes list) or a YAML file.")]
Columns = Annotated[list[str] | None, typer.Option("--map", help="role=column, as often as needed: --map text=message --map label=team")]
Encoding = Annotated[str, typer.Option("--encoding", help="Encoding of the data file when the detected one is wrong.")]


def train(
    data: Data,
    overrides: Overrides = None,
    recipe: Recipe = "",
    model: Model = "",
    columns: Columns = None,
    encoding: Encoding = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before training.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Start a new run even if the same one is unfinished.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and stop.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Train a model on a data file, and compare it with the base on rows it has not seen.

    The same command again continues an interrupted run.

    Examples:

      afina train support.csv --map text=message --map label=team

      afina train answers.jsonl --model Qwen/Qwen2.5-0.5B method=lora r=8

      afina train reviews.csv --recipe sentiment

      afina train recipe.yaml learning_rate=1e-4 --yes
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from afina.training.watchers import progress_watcher

    def ready(job: Job) -> None:
        if dry_run:
            _show(job, as_json)
            raise typer.Exit
        if not quiet:
            render.plan(job, render.err())
        if not yes and sys.stdin.isatty() and not typer.confirm("Train?", default=True, err=True):
            raise typer.Exit(1)

    watchers = [] if quiet else [progress_watcher(), _say_what_follows]
    with contextlib.ExitStack() as closing:
        for watcher in watchers:
            closing.callback(getattr(watcher, "close", lambda: None))
        result = _start(data, overrides, recipe, model, columns, encoding, ready, new, watchers, ask=not yes)
    render.result(result, as_json)


def _start(
    data: str,
    overrides: list[str] | None,
    recipe: str,
    model: str,
    columns: list[str] | None,
    encoding: str,
    ready: Callable[[Job], None],
    new: bool = False,
    watchers: Sequence[Watcher] = (),
    ask: bool = True,
) -> FinishedRun:
    from afina import api

    model = _path_of_run(model)
    path = data
    if data.endswith((".yaml", ".yml")):
        if recipe:
            raise UsageError(
                "R007", f"two recipes: {data} and --recipe {recipe}", where="--recipe", fix=f"extends: in {data}, or a data file"
            )
        recipe, path = data, ""
    keys = [*(overrides or []), *([f"data.encoding={encoding}"] if encoding else [])]

    def start(given: dict[str, str]) -> FinishedRun:
        return api.train(path, model, recipe=recipe or None, map=given, overrides=keys, new=new, watchers=watchers, on_ready=ready)

    return with_answers(start, columns_of(columns), ask)


def _path_of_run(model: str) -> str:
    """A run may be named as the other verbs name it: "last", or its name under runs/."""
    from afina.run import find, is_run

    named = model == "last" or (model and is_run(Path("runs", model)))
    return str(find(model).path) if named and not Path(model).exists() else model


def _show(job: Job, as_json: bool) -> None:
    """A plan that was asked for is a result: it goes to standard output."""
    if as_json:
        render.as_json(render.plan_json(job))
    else:
        render.plan(job, render.out())


def _say_what_follows(event: Event) -> None:
    """The comparison takes a while and has no bar."""
    if isinstance(event, Finished) and event.reason in ("done", "early_stopping"):
        render.err().print("comparing with the base and with baselines on the test rows")


def plan(
    data: Data,
    overrides: Overrides = None,
    recipe: Recipe = "",
    model: Model = "",
    columns: Columns = None,
    encoding: Encoding = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what `train` would do, what it costs and why, and stop.

    Example:

      afina plan support.csv --map text=message --map label=team
    """

    def ready(job: Job) -> None:
        _show(job, as_json)
        raise typer.Exit

    _start(data, overrides, recipe, model, columns, encoding, ready, ask=not as_json)


def columns_of(pairs: list[str] | None) -> dict[str, str]:
    """Return {role: column} of `--map role=column`. Raises UsageError U005."""
    columns: dict[str, str] = {}
    for pair in pairs or []:
        role, sign, column = pair.partition("=")
        if not sign or not role or not column:
            raise UsageError("U005", f'"{pair}" is not role=column', where="--map", fix="--map text=COLUMN")
        columns[role.strip()] = column
    return columns
