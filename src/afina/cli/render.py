"""What the commands print. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from afina.types import Notice

if TYPE_CHECKING:
    from afina.api import FinishedRun
    from afina.job import Job

GIB = 2**30


def out() -> Console:
    return Console(highlight=False)


def err() -> Console:
    return Console(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))  # noqa: T201


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Table:
    """A plain table; `numbers` are the columns set to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for i, name in enumerate(columns):
        made.add_column(name, justify="right" if i in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def notices(items: Iterable[Notice]) -> None:
    console = err()
    for notice in items:
        mark = "!" if notice.level == "warning" else "-"
        console.print(f"  {mark} {notice}", markup=False, soft_wrap=True)


def plan(job: Job) -> None:
    """The plan on one screen: data, model, choices with reasons, memory, three samples with the learned part marked."""
    console, recipe, facts = err(), job.recipe, job.facts
    sizes = ", ".join(f"{len(rows):,} {split}" for split, rows in job.dataset.splits.items())
    console.print(f"[bold]data[/]   {recipe.data.path}: {sizes}", soft_wrap=True)
    console.print(f"[bold]model[/]  {job.located.name}: {facts.family}, {facts.n_params / 1e6:.2f} M parameters", soft_wrap=True)
    what = f"{job.objective.name} with {job.method.name}: {job.plan.n_trainable:,} trained parameters, {job.plan.n_steps} steps"
    console.print(f"[bold]train[/]  {what}", soft_wrap=True)
    budget = job.plan.budget
    console.print(
        f"[bold]memory[/] about {budget.total / GIB:.2f} GiB (weights {budget.weights / GIB:.2f}, optimizer {budget.optimizer / GIB:.2f})"
    )
    notices(job.notices)
    console.print("[bold]sample rows as the model sees them[/] (learned part in green)")
    for sample in job.encoded.report.samples:
        pieces = "".join(f"[green]{_escape(text)}[/]" if learned else f"[dim]{_escape(text)}[/]" for text, learned in sample.pieces)
        label = f" [green]{_escape(sample.label)}[/]" if sample.label else ""
        console.print(f"  row {sample.number}: {_clip(pieces)}{label}", soft_wrap=True)


def _escape(text: str) -> str:
    return text.replace("[", r"\[").replace("\n", "⏎")


def _clip(markup: str, width: int = 900) -> str:
    return markup if len(markup) <= width else markup[: markup.rfind("[/]", 0, width) + 3] + " …"


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
    verb = "predict" if finished.run.facts().get("objective") == "classify" else "chat"
    file = " FILE.csv" if verb == "predict" else ""
    console.print(f"\nreport  {finished.run.report_html}\nuse it  afina {verb} {finished.path}{file}", soft_wrap=True)


def comparison(console: Console, document: dict[str, Any]) -> None:
    entries = document.get("entries", [])
    if not entries:
        console.print("no comparison was made (eval.compare=false, or no test rows)")
        return
    names = list(dict.fromkeys(name for entry in entries for name in entry["metrics"]))
    rows = [[entry["name"], str(entry["n_rows"]), *(_interval(entry["metrics"].get(name)) for name in names)] for entry in entries]
    console.print(table(["on test rows", "rows", *names], rows, numbers=range(1, len(names) + 2)))
    console.print(f"\n{document['verdict']}", soft_wrap=True, markup=False)


def _interval(value: dict[str, float] | None) -> str:
    return "" if value is None else f"{value['mean']:.3f} [{value['low']:.3f}, {value['high']:.3f}]".replace("[", r"\[")
