"""afina runs, show, doctor."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from afina.cli import complete, render

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Directory = Annotated[Path, typer.Option("--dir", help="Folder that holds the runs.")]


def runs(json: Json = False, directory: Directory = Path("runs")) -> None:
    """List the runs of a folder, newest first.

    Example:

      afina runs --json
    """
    from afina.run import listing

    rows = [
        {"name": run.name, "path": str(run.path), **run.facts(), "state": run.state(), "metrics": _headline(run.comparison())}
        for run in listing(directory)
    ]
    if json:
        render.as_json(rows)
        return
    lines = [
        [
            row["name"],
            row["state"],
            f"{row.get('objective', '')}, {row.get('method', '')}",
            row.get("model", ""),
            row["metrics"],
            _age(row["created"]),
        ]
        for row in rows
    ]
    console = render.out()
    if not rows:
        console.print(f"no runs in {directory}/ yet: afina train FILE.csv")
        return
    console.print(render.table(["run", "state", "what", "model", "tuned on test", "age"], lines, numbers=(5,), folds=(2, 3, 4)))


def _headline(document: dict) -> str:
    tuned = next((entry for entry in document.get("entries", []) if entry["kind"] == "tuned"), None)
    if tuned is None:
        return ""
    name = document["main_metric"]
    return f"{name} {render.number(float(tuned['metrics'][name]['mean']))}"


def _age(created: float) -> str:
    minutes = (time.time() - created) / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h" if minutes < 2880 else f"{minutes / 1440:.0f} days"


def show(
    run: Annotated[str, typer.Argument(help="A run's path or name, or last.", autocompletion=complete.runs)] = "last",
    json: Json = False,
    directory: Directory = Path("runs"),
) -> None:
    """Show one run: what was trained on what, how it compares, where its files are.

    Example:

      afina show last
    """
    from afina import api
    from afina.run import find

    facts = api.show(find(run, directory))
    if json:
        render.as_json(facts)
        return
    console = render.out()
    for key in ("name", "state", "error", "model", "method", "objective", "data", "sha256", "path"):
        if facts.get(key):
            console.print(f"[bold]{key:<10}[/]{facts[key]}", soft_wrap=True)
    if facts["last_step"]:
        step = facts["last_step"]
        console.print(f"[bold]{'step':<10}[/]{step['step']}/{step['total_steps']}  loss {step['loss']:.4f}")
    console.print()
    if facts["state"] != "finished":
        console.print("not finished: the command that started it continues it")
        return
    render.comparison(console, facts["comparison"])


def doctor(json: Json = False, directory: Directory = Path("runs")) -> None:
    """Look for what would stop or slow a training here: versions, device, memory, disks, hub.

    It asks the hub whether it answers, unless HF_HUB_OFFLINE=1. Exit code 1 when a check fails.

    Example:

      afina doctor
    """
    from afina.doctor import examine

    checks = examine(directory)
    if json:
        render.as_json([check.__dict__ for check in checks])
    else:
        marks = {"ok": "ok", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}
        rows = [[marks[check.state], check.name, escape(check.found), escape(check.fix)] for check in checks]
        render.out().print(render.table(["", "check", "found", "do"], rows, folds=(2, 3)))
    if any(check.state == "fail" for check in checks):
        raise typer.Exit(1)
