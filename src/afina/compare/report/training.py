"""The training's part of the page: curves, small multiples, what happened on the way, and answers over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from afina.compare.charts import Curve, Figures, Mark, Point, smoothed
from afina.compare.report.wording import better_word, clock, metric_name, metric_value, plain
from afina.run import Run, read_jsonl

MOST_TABLE_ROWS = 60
_TOLD = ("started", "recovered", "finished")
_REASONS = {"done": "all steps done", "early_stopping": "stopped early: no better evaluation", "signal": "stopped by a signal"}


def training_part(run: Run, figures: Figures) -> dict[str, Any] | None:
    """Return the curves of metrics.jsonl; None before the first step."""
    rows = run.metrics()
    steps = [row for row in rows if row.get("event") == "step"]
    evaluations = [row for row in rows if row.get("event") == "evaluated"]
    if not steps and not evaluations:
        return None
    best = _best(evaluations)
    return {
        "loss": _loss(steps, evaluations, best, figures),
        "validation": bool(evaluations),
        "small": _small(steps, evaluations, best, figures),
        "table": _step_table(steps),
        "evaluations": _evaluation_table(evaluations, best),
        "best": None if best is None else f"{int(best['step']):,}",
        "summary": _summary(steps),
        "seconds": clock(sum(_number(row.get("seconds")) for row in steps if math.isfinite(_number(row.get("seconds"))))),
    }


def _best(evaluations: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The evaluation that chose the checkpoint: the last one called best."""
    return next((row for row in reversed(evaluations) if row.get("best")), None)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _points(rows: Sequence[dict[str, Any]], key: str) -> list[Point]:
    return [Point(_number(row.get("step")), _number(row.get(key))) for row in rows]


def _measured(rows: Sequence[dict[str, Any]], metric: str) -> list[Point]:
    return [Point(_number(row.get("step")), _number(row["metrics"][metric])) for row in rows if metric in row.get("metrics", {})]


def _loss(steps: list[dict[str, Any]], evaluations: list[dict[str, Any]], best: dict[str, Any] | None, figures: Figures) -> Markup:
    raw = _points(steps, "loss")
    validation = _measured(evaluations, "loss")
    curves = [Curve("training, every step", "raw", raw), Curve("training, smoothed", "train", smoothed(raw))] if raw else []
    if validation:
        curves.append(Curve("validation", "validation", validation))
    mark = None
    if best is not None and "loss" in best.get("metrics", {}):
        value = _number(best["metrics"]["loss"])
        mark = Mark(_number(best["step"]), value, f"best checkpoint: step {int(best['step']):,}")
    last = f"; at the end training {raw[-1].y:.3f}" if raw else ""
    held = f", validation {validation[-1].y:.3f}" if validation else ""
    return figures.lines(f"Loss by step{last}{held}", curves, mark, height=280)


def _small(
    steps: list[dict[str, Any]], evaluations: list[dict[str, Any]], best: dict[str, Any] | None, figures: Figures
) -> list[dict[str, Any]]:
    """Small multiples: each validation metric besides the loss, then learning rate and gradient norm."""
    names = list(dict.fromkeys(name for row in evaluations for name in row.get("metrics", {})))
    drawn: list[dict[str, Any]] = []
    for name in names:
        points = _measured(evaluations, name)
        if name in ("loss", "perplexity") or not points:
            continue
        mark = None
        if best is not None and name in best["metrics"]:
            value = _number(best["metrics"][name])
            mark = Mark(_number(best["step"]), value, f"{metric_value(name, value)} at the best step")
        title = f"Validation {metric_name(name)} by step"
        drawn.append(
            {
                "name": f"Validation {metric_name(name)}",
                "note": better_word(name),
                "svg": figures.lines(title, [Curve(name, "validation", points)], mark, 150),
            }
        )
    if steps:
        rate, norm = _points(steps, "learning_rate"), _points(steps, "grad_norm")
        drawn.append(
            {
                "name": "Learning rate",
                "note": "",
                "svg": figures.lines("Learning rate by step", [Curve("rate", "train", rate)], None, 150, 0.0),
            }
        )
        curves = [Curve("norm", "raw", norm), Curve("norm, smoothed", "train", smoothed(norm))]
        drawn.append(
            {"name": "Gradient norm", "note": "before clipping", "svg": figures.lines("Gradient norm by step", curves, None, 150, 0.0)}
        )
    return [figure for figure in drawn if figure["svg"]]


def _step_table(steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Every k-th step, the last included, at most MOST_TABLE_ROWS."""
    if not steps:
        return None
    every = max(1, math.ceil(len(steps) / MOST_TABLE_ROWS))
    chosen = steps[::-1][::every][::-1]
    rows = [
        [
            f"{int(row['step']):,}",
            f"{_number(row.get('epoch')):.2f}",
            _shown(row.get("loss")),
            f"{_number(row.get('learning_rate')):.2e}",
            _shown(row.get("grad_norm")),
            f"{_number(row.get('tokens_per_s')):,.0f}",
        ]
        for row in chosen
    ]
    return {"every": every, "rows": rows, "n": len(steps)}


def _shown(value: Any) -> str:
    number = _number(value)
    return f"{number:.4f}".replace("-", "−") if math.isfinite(number) else "not a number"


def _evaluation_table(evaluations: list[dict[str, Any]], best: dict[str, Any] | None) -> dict[str, Any] | None:
    if not evaluations:
        return None
    names = list(dict.fromkeys(name for row in evaluations for name in row.get("metrics", {})))
    rows = [
        {
            "step": f"{int(row['step']):,}",
            "cells": [metric_value(name, _number(row["metrics"].get(name))) if name in row["metrics"] else "–" for name in names],
            "best": row is best,
        }
        for row in evaluations
    ]
    return {"columns": [metric_name(name) for name in names], "rows": rows}


def _summary(steps: list[dict[str, Any]]) -> dict[str, str] | None:
    if not steps:
        return None
    last = steps[-1]
    seconds = sum(value for row in steps if math.isfinite(value := _number(row.get("seconds"))))
    tokens = sum(int(row.get("n_tokens", 0)) for row in steps)
    return {
        "steps": f"{int(last['step']):,}",
        "total": f"{int(last.get('total_steps', last['step'])):,}",
        "epochs": f"{_number(last.get('epoch')):.1f}",
        "tokens": f"{tokens:,}",
        "clock": clock(seconds),
        "speed": f"{tokens / seconds:,.0f}" if seconds > 0 else "–",
    }


# --- what happened, and answers over time ---


def events_part(run: Run) -> list[dict[str, str]]:
    """Return starts, recoveries and the end, in words."""
    told: list[dict[str, str]] = []
    for row in read_jsonl(run.events_jsonl):
        if row.get("event") in _TOLD:
            told.append({"step": f"{int(row.get('step', 0)):,}", "what": plain(_told(row))})
    return told


def _told(row: dict[str, Any]) -> str:
    if row["event"] == "recovered":
        return str(row.get("what", ""))
    if row["event"] == "finished":
        reason = str(row.get("reason"))
        return f"{_REASONS.get(reason, reason)}; {clock(float(row.get('seconds') or 0))} of steps"
    n, total = int(row.get("n_trainable", 0)), int(row.get("n_params", 0))
    share = f"{n:,} of {total:,} parameters trained" + (f" ({100 * n / total:.3g} %)" if total else "")
    origin = row.get("resumed_from")
    return f"gone on from {origin}; {share}" if origin else share


def samples_part(run: Run) -> list[dict[str, Any]]:
    """Return the sampled validation rows, each with its answers over the evaluations (a run of equal answers is told once)."""
    told: dict[int, dict[str, Any]] = {}
    for row in run.metrics():
        for sample in row.get("samples") or ():
            number = int(sample["number"])
            entry = told.setdefault(
                number, {"number": number, "prompt": plain(sample["prompt"]), "wanted": plain(sample["wanted"]), "answers": []}
            )
            got = plain(sample["got"])
            if entry["answers"] and entry["answers"][-1]["got"] == got:
                entry["answers"][-1]["last"] = int(row["step"])
            else:
                entry["answers"].append(
                    {"first": int(row["step"]), "last": int(row["step"]), "got": got, "right": got.split() == entry["wanted"].split()}
                )
    return list(told.values())
