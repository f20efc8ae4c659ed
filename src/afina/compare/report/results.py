"""The comparison's part of the page: the headline, the table, the differences, the classes and the worst answers."""

from __future__ import annotations

import math
from typing import Any

from afina.compare.charts import MOST_POINTS, Bar, Figures, Point
from afina.compare.comparison import Comparison, Entry
from afina.compare.report.wording import (
    base_entry,
    better_word,
    count_of,
    interval_text,
    label_text,
    metric_name,
    metric_value,
    plain,
    role_of,
    short_name,
    sign_of,
    true_minus,
)
from afina.evaluate.bootstrap import Interval
from afina.evaluate.metrics import METRICS

OUTCOMES = {"better": "tuned is better", "worse": "tuned is worse", "undecided": "no difference shown"}


def headline(comparison: Comparison | None, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the title, the sentence under it, and the two or three numbers that matter."""
    if comparison is None:
        return {"title": _state_title(facts), "sentence": _state_sentence(facts), "numbers": [], "good": None}
    verdict = true_minus(plain(comparison.verdict).replace(comparison.main_metric, short_name(comparison.main_metric)))
    title, _, rest = verdict.partition(": ")
    if not rest or len(title) > 40:
        title, rest = "The comparison", verdict
    return {
        "title": title,
        "sentence": rest[:1].upper() + rest[1:],
        "numbers": _numbers(comparison),
        "good": title == "Tuning wins",
    }


def _numbers(comparison: Comparison) -> list[dict[str, str]]:
    metric, base = comparison.main_metric, base_entry(comparison)
    numbers = [_number("tuned", "tuned", metric, comparison.tuned.metrics[metric])]
    if base is not None:
        numbers.append(_number(base.name, "base", metric, base.metrics[metric]))
        change = next((d for d in comparison.differences if d.name == base.name and d.metric == metric), None)
        if change is not None:
            numbers.append(_number("difference, same rows", "other", metric, change.interval, signed=True))
    return numbers


def _number(name: str, style: str, metric: str, interval: Interval, signed: bool = False) -> dict[str, str]:
    mean, low, high = (metric_value(metric, value, signed) for value in interval)
    return {"name": name, "style": style, "metric": metric_name(metric), "mean": mean, "interval": f"{low} to {high}"}


def _state_title(facts: dict[str, Any]) -> str:
    return {
        "finished": "Trained, not compared",
        "interrupted": "Interrupted",
        "failed": "The training failed",
        "running": "Still running",
    }.get(str(facts.get("state", "")), "Not trained yet")


def _state_sentence(facts: dict[str, Any]) -> str:
    state = str(facts.get("state", ""))
    if state == "finished":
        what = "No comparison was made, so nothing here says that the tuned model is better than the base model."
        return f"{what} Set eval.compare=true and data.test above 0 to get one."
    if state == "failed":
        return f"What it said: {plain(facts.get('error') or 'nothing')}"
    if state in ("interrupted", "running"):
        return "This page shows what was recorded so far. The same command goes on from the last checkpoint."
    return "This page shows the data and the plan."


# --- the comparison ---


def comparison_part(comparison: Comparison, figures: Figures) -> dict[str, Any]:
    """Return the table of entries (metric columns in the tuned model's order) and the forest plots of the main metric."""
    metrics = list(comparison.tuned.metrics)
    metrics.sort(key=lambda name: name != comparison.main_metric)
    entries = sorted(comparison.entries, key=lambda entry: _place(comparison, entry.metrics))
    rows = [
        {
            "name": plain(entry.name),
            "style": role_of(entry),
            "n_rows": entry.n_rows,
            "cells": [_cell(name, entry.metrics.get(name)) for name in metrics],
            "note": plain(entry.note),
            "outcome": "" if entry.kind == "tuned" else OUTCOMES.get(comparison.outcomes.get(entry.name, ""), ""),
        }
        for entry in entries
    ]
    return {
        "metric": metric_name(comparison.main_metric),
        "better": better_word(comparison.main_metric),
        "columns": [short_name(name) for name in metrics],
        "rows": rows,
        "forest": _forest(comparison, entries, figures),
        "n_test": comparison.n_test,
        "notes": [plain(note) for note in comparison.notes],
        "forgetting": true_minus(plain(comparison.forgetting.sentence)) if comparison.forgetting else "",
        "documents": comparison.task == "lm",
    }


def _place(comparison: Comparison, metrics: dict[str, Interval]) -> float:
    value = metrics.get(comparison.main_metric)
    if value is None or math.isnan(value.mean):
        return math.inf
    return -sign_of(comparison.main_metric) * value.mean


def _cell(name: str, interval: Interval | None) -> dict[str, str]:
    if interval is None:
        return {"mean": "–", "interval": ""}
    mean, low, high = (metric_value(name, value) for value in interval)
    return {"mean": mean, "interval": f"{low} to {high}"}


def _forest(comparison: Comparison, entries: list[Entry], figures: Figures) -> Any:
    metric = comparison.main_metric
    bars = [_bar(entry.name, metric, entry.metrics[metric], role_of(entry)) for entry in entries if metric in entry.metrics]
    limits = (0.0, 1.0) if METRICS[metric].unit == "share" else None
    said = "; ".join(f"{bar.name} {bar.text}" for bar in bars)
    return figures.forest(f"{metric_name(metric)} of every entry with its 95 % interval: {said}", bars, limits=limits)


def differences_part(comparison: Comparison, figures: Figures) -> dict[str, Any] | None:
    """Return tuned minus every other entry: a plot of the main metric, a table of all metrics."""
    if not comparison.differences:
        return None
    order = [entry.name for entry in sorted(comparison.entries, key=lambda entry: _place(comparison, entry.metrics))]
    main = sorted((d for d in comparison.differences if d.metric == comparison.main_metric), key=lambda d: order.index(d.name))
    bars = [_bar(d.name, d.metric, d.interval, role_of(comparison.entry(d.name)), signed=True) for d in main]
    said = "; ".join(f"{bar.name} {bar.text}" for bar in bars)
    rows = [
        {
            "name": plain(d.name),
            "metric": metric_name(d.metric),
            "mean": metric_value(d.metric, d.interval.mean, True),
            "interval": " to ".join(metric_value(d.metric, value, True) for value in d.interval[1:]),
            "outcome": OUTCOMES.get(comparison.outcomes.get(d.name, ""), "") if d.metric == comparison.main_metric else "",
        }
        for d in sorted(comparison.differences, key=lambda d: (d.metric != comparison.main_metric, d.metric, order.index(d.name)))
    ]
    title = f"Paired differences in {metric_name(comparison.main_metric)}, tuned minus each other entry: {said}"
    return {
        "forest": figures.forest(title, bars, reference=0.0),
        "rows": rows,
        "metric": metric_name(comparison.main_metric),
        "better": better_word(comparison.main_metric),
    }


def _bar(name: str, metric: str, interval: Interval, style: str, signed: bool = False) -> Bar:
    text = interval_text(metric, interval, signed)
    return Bar(plain(name), interval.mean, interval.low, interval.high, text, style)


def scatter_part(comparison: Comparison, figures: Figures) -> dict[str, Any] | None:
    """Return what the tuned model said of each number beside the true one; None where the answers are no numbers."""
    said = comparison.tuned.predictions
    if comparison.task != "numbers" or not said:
        return None
    pairs = [Point(float(wanted), float(got)) for wanted, got in zip(comparison.wanted, said, strict=True)]
    drawn = [pair for pair in pairs[:: math.ceil(len(pairs) / MOST_POINTS)] if math.isfinite(pair.y)]
    metric = comparison.main_metric
    numbers = interval_text(metric, comparison.tuned.metrics[metric])
    picture = figures.scatter(f"True and predicted numbers of {count_of(len(drawn), 'test row')}; {metric_name(metric)} {numbers}", drawn)
    note = f"{len(drawn):,} of {len(pairs):,} rows are drawn." if len(drawn) < len(pairs) else ""
    return {"picture": picture, "note": note}


# --- where it goes wrong ---


def classes_part(comparison: Comparison, figures: Figures) -> dict[str, Any] | None:
    """Return precision, recall and F1 of every label, F1 also as a bar."""
    if not comparison.per_class:
        return None
    rows = [
        {
            "label": label_text(score.label),
            "n": score.n,
            "precision": f"{score.precision:.3f}",
            "recall": f"{score.recall:.3f}",
            "f1": f"{score.f1:.3f}",
            "bar": figures.share(f"F1 {score.f1:.3f}", score.f1, "tuned"),
        }
        for score in comparison.per_class
    ]
    counted = "rows" if comparison.task != "tags" else "entities" if "entity_f1" in comparison.tuned.metrics else "words"
    return {"rows": rows, "n_labels": count_of(len(rows), "label"), "counted": counted}


def worst_part(comparison: Comparison) -> dict[str, Any] | None:
    """Return the ten worst answers with their row numbers in the data file."""
    if not comparison.worst:
        return None
    answer = label_text if comparison.task == "classes" else plain
    rows = [
        {
            "number": w.number,
            "input": plain(w.input),
            "wanted": answer(w.wanted),
            "got": answer(w.got),
            "score": _score(w.score),
            "short": 0 < len(w.wanted) + len(w.got) < 60 and "\n" not in w.wanted + w.got,
        }
        for w in comparison.worst
    ]
    by = metric_name(comparison.worst_by) if comparison.worst_by in METRICS else plain(comparison.worst_by)
    asked = "asked" if comparison.task in ("text", "choices") else "text"
    return {"rows": rows, "by": by, "asked": asked, "answers": any(row["wanted"] or row["got"] for row in rows)}


def _score(value: float) -> str:
    return f"{value:.3f}".replace("-", "−") if math.isfinite(value) else ("−∞" if value < 0 else "not a number")
