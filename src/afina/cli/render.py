"""What the commands print. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from afina.types import Notice

if TYPE_CHECKING:
    from afina.api import FinishedRun
    from afina.job import Job

GIB = 2**30


PIPE_WIDTH = 200
"""Columns of a table that goes to a file or another program, where folding would cut names in two."""


def out() -> Console:
    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(highlight=False, width=wide)


def err() -> Console:
    return Console(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))  # noqa: T201


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), folds: Sequence[int] = ()) -> Table:
    """A plain table; `numbers` are the columns set to the right, `folds` those that may take several lines (all, when none is named)."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for i, name in enumerate(columns):
        whole = bool(folds) and i not in folds
        made.add_column(name, justify="right" if i in numbers else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        made.add_row(*row)
    return made


def notices(console: Console, items: Iterable[Notice]) -> None:
    for notice in items:
        mark = "!" if notice.level == "warning" else "-"
        console.print(f"  {mark} {notice}", markup=False, soft_wrap=True)


def plan(job: Job, console: Console) -> None:
    """The plan on one screen: data, model, choices with reasons, memory, three samples with the learned part marked."""
    recipe, facts = job.recipe, job.facts
    sizes = ", ".join(f"{len(rows):,} {split}" for split, rows in job.dataset.splits.items())
    console.print(f"[bold]data[/]   {escape(recipe.data.path)}: {sizes}", soft_wrap=True)
    console.print(f"[bold]model[/]  {escape(job.located.name)}: {facts.family}, {facts.n_params / 1e6:.2f} M parameters", soft_wrap=True)
    what = f"{job.objective.name} with {job.method.name}: {job.plan.n_trainable:,} trained parameters, {job.plan.n_steps} steps"
    console.print(f"[bold]train[/]  {what}", soft_wrap=True)
    console.print(f"[bold]memory[/] about {job.plan.budget.total / GIB:.2f} GiB: {_memory(job.plan.budget.to_json())}", soft_wrap=True)
    notices(console, job.notices)
    green = "what may be hidden" if job.encoded.report.hides else "learned part"
    console.print(f"[bold]sample rows as the model sees them[/] ({green} in green)")
    for sample in job.encoded.report.samples:
        label = f" {masked([(sample.label, True)])}" if sample.label else ""
        console.print(f"  row {sample.number}: {masked(sample.pieces)}{label}", soft_wrap=True)


def _memory(parts: dict[str, int]) -> str:
    """The parts that count, largest first."""
    names = {"runtime": "libraries", "beside": "frozen models"}
    shown = sorted(((size, name) for name, size in parts.items() if name != "total" and size >= GIB / 200), reverse=True)
    return ", ".join(f"{names.get(name, name)} {size / GIB:.2f}" for size, name in shown)


def plan_json(job: Job) -> dict[str, Any]:
    """What the plan says, for programs."""
    from afina.recipe.dump import as_values

    rows = {split: len(rows) for split, rows in job.dataset.splits.items()}
    notices = [dataclasses.asdict(notice) for notice in job.notices]
    return {"recipe": as_values(job.recipe), "rows": rows, "labels": list(job.dataset.labels), **job.plan.to_json(), "notices": notices}


def masked(pieces: Iterable[tuple[str, bool]], width: int = 900) -> str:
    """Return the beginning of a row on one line, what is learned of it in green."""
    shown, left = "", width
    for text, learned in pieces:
        if left > 0:
            shown += f"[{'green' if learned else 'dim'}]{escape(text[:left].replace(chr(10), '⏎'))}[/]"
        left -= len(text)
    return shown + (" …" if left < 0 else "")


def result(finished: FinishedRun, json_wanted: bool) -> None:
    """The comparison as a table, the verdict, and what to do next."""
    if json_wanted:
        as_json(
            {
                "run": str(finished.path),
                "metrics": finished.metrics,
                "comparison": finished.comparison,
                "sha256": finished.run.facts().get("sha256"),
            }
        )
        return
    console = out()
    comparison(console, finished.comparison)
    console.print(f"\nreport  {finished.run.report_html}\nuse it  {_next(finished)}", soft_wrap=True, markup=False)
    for name, where in finished.run.trackers().items():
        console.print(f"{name}  {where}", soft_wrap=True, markup=False)


def _next(finished: FinishedRun) -> str:
    from afina.objectives import OBJECTIVES  # and with it pydantic, which --help does without

    verbs = {
        "predict": f"afina predict {finished.path} FILE.csv",
        "generate": f'afina generate {finished.path} "How a text begins"',
        "chat": f"afina chat {finished.path}",
    }
    return verbs[OBJECTIVES[finished.run.facts()["objective"]].use]


def comparison(console: Console, document: dict[str, Any]) -> None:
    entries = document.get("entries", [])
    if not entries:
        console.print("no comparison was made (eval.compare=false, or no test rows)")
        return
    main = document["main_metric"]
    names = [main, *(name for name in dict.fromkeys(name for entry in entries for name in entry["metrics"]) if name != main)]
    for shown, full in ((names, names), (names, [main]), ([name for name in names if name != "perplexity"], [main])):
        cells = [
            [entry["name"], str(entry["n_rows"]), *(_cell(entry["metrics"].get(name), name in full) for name in shown)] for entry in entries
        ]
        headings = ["on test rows", "rows", *shown]
        if sum(max(map(len, column)) + 2 for column in zip(headings, *cells, strict=True)) - 2 <= console.width:
            break
    rows = [list(map(escape, row)) for row in cells]
    console.print(table(headings, rows, numbers=range(1, len(headings))))
    if len(full) < len(names):
        console.print("intervals are 95 %; those of the other metrics are in the report", style="dim")
    console.print()
    console.print(document["verdict"], markup=False)
    if forgetting := document.get("forgetting"):
        console.print(forgetting["sentence"], markup=False)


def _cell(value: dict[str, float] | None, with_interval: bool) -> str:
    if value is None:
        return ""
    mean, low, high = (number(float(value[key])) for key in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]" if with_interval else mean


def number(value: float) -> str:
    """Return a metric with three decimals; with three digits where those would all be 0."""
    if 0 < abs(value) < 0.0005:
        return f"{value:.3g}"
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:,.0f}" if abs(value) < 1e6 else f"{value:.2e}"
