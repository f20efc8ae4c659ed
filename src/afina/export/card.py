"""README.md: a model card whose front matter the hub reads and whose body says what was done, measured and not measured."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from afina.compare.comparison import Comparison
from afina.compare.report.setting import lock_of
from afina.compare.report.wording import clock, comparison_of, day, interval_text, label_text, metric_name, role_of, short_name, sign_of
from afina.export.forms import WORDINGS, form_of
from afina.export.prompts import kind_of, settled
from afina.export.using import Library, use_of
from afina.run import Run, read_json, read_jsonl

if TYPE_CHECKING:
    from afina.job import Job
    from afina.models.locate import Located

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Base:
    """The model that was trained further. name: a hub id, or a path; license and languages: as its own card names them."""

    name: str
    is_on_hub: bool = False
    revision: str = ""
    license: str = ""
    languages: tuple[str, ...] = ()

    @property
    def public_name(self) -> str:
        """The hub id, or the last part of a path: a card is published, paths of this machine are not."""
        return self.name if self.is_on_hub else Path(self.name).name or self.name


def write_card(job: Job, run: Run) -> Path:
    """Write the card into the run's folder and into its trained folder; return the first.

    Both are the same but for the folder named in the examples. Raises OSError when a folder cannot be written.
    """
    base = base_of(job.located)
    library: Library = "peft" if run.is_adapter else "transformers"
    _put(run.card, card_text(run, base, library, run.trained.name))
    _put(run.trained / "README.md", card_text(run, base, library, "."))
    return run.card


def _put(path: Path, text: str) -> None:
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    staged.write_bytes(text.encode("utf-8", "replace"))
    os.replace(staged, path)


def base_of(located: Located) -> Base:
    """Return a base model with the licence and the languages that its own card names; unknown ones stay unsaid."""
    from huggingface_hub import ModelCard

    base = Base(located.name, located.kind == "hub", located.revision)
    card = located.body / "README.md"
    try:
        data = ModelCard.load(card, ignore_metadata_errors=True).data if card.is_file() else None
    except Exception:  # someone else's card, in any state
        return base
    if data is None:
        return base
    language, rights = data.get("language"), data.get("license")
    named = [language] if isinstance(language, str) else language or []
    return dataclasses.replace(base, license=rights if isinstance(rights, str) else "", languages=tuple(str(name) for name in named))


def base_from_lock(run: Run) -> Base:
    """Return the base model as the lock names it: its fingerprint is "owner/name@commit" for a model of the hub."""
    name, _, commit = str((lock_of(run).get("sha256") or {}).get("model", "")).partition("@")
    if commit:
        return Base(name, True, commit)
    return Base(str((settled(run).get("model") or {}).get("path", "")))


def card_text(run: Run, base: Base, library: Library, folder: str, beside: Path | None = None) -> str:
    """Return the card: YAML front matter, then Markdown.

    folder: what the examples load, relative to where the card lies. beside: that folder on this disk; default: the run's trained one.
    """
    lock, facts = lock_of(run), run.facts()
    comparison = comparison_of(run.comparison())
    wording = WORDINGS[form_of(run)]
    metrics = run.metrics()
    labels = [cell(label_text(label)) for label in facts.get("labels") or ()]
    body = _template().render(
        name=run.name,
        base=base,
        library=library,
        wording=wording,
        labels=labels,
        named=_named(labels, "tags" if wording.example == "tags.md" else "labels"),
        unit=_range(run) if wording.example == "score.md" else "",
        facts=facts,
        day=day(facts.get("finished")),
        verdict=comparison.verdict.replace(comparison.main_metric, short_name(comparison.main_metric)) if comparison else "",
        results=_results(comparison) if comparison else None,
        data=read_json(run.data / "report.json"),
        training=_training(run, metrics, facts),
        recipe=settled(run),
        recipe_yaml=_read(run.recipe_yaml),
        hardware=_hardware(lock),
        versions=lock.get("versions") or {},
        use=use_of(run, library, folder, beside or run.trained),
        where=f"runs/{run.name}" if run.path.absolute().parent.name == "runs" else run.name,
    )
    return f"---\n{_front_matter(run, base, library, comparison)}\n---\n\n{body.strip()}\n"


def _named(labels: Sequence[str], what: str) -> str:
    more = f" and {len(labels) - 40} more" if len(labels) > 40 else ""
    return f"{len(labels)} {what}: {', '.join(labels[:40])}{more}"


def _range(run: Run) -> str:
    """Return a sentence on the numbers that were learned."""
    mean, scale = (float(value) for value in run.facts().get("standard") or (0.0, 1.0))
    return f"Its numbers are in the units of the file; those of its training have mean {mean:.4g} and standard deviation {scale:.4g}."


# --- front matter ---


def _front_matter(run: Run, base: Base, library: Library, comparison: Comparison | None) -> str:
    from huggingface_hub import ModelCardData

    facts = run.facts()
    task = WORDINGS[form_of(run)].pipeline if kind_of(run) != "encoder-decoder" else "text-generation"
    tags = dict.fromkeys(["afina", *(str(facts[key]) for key in ("method", "objective") if facts.get(key))])
    known: dict[str, Any] = {"license": base.license, "language": list(base.languages)}
    data = ModelCardData(
        base_model=base.public_name or None,
        library_name=library,
        pipeline_tag=task,
        tags=list(tags),
        model_name=run.name,
        eval_results=_eval_results(run, comparison, task) or None,
        **{key: value for key, value in known.items() if value},
    )
    return data.to_yaml().strip()


def _eval_results(run: Run, comparison: Comparison | None, task: str) -> list[Any]:
    from huggingface_hub import EvalResult

    if comparison is None:
        return []
    report = read_json(run.data / "report.json")
    name = Path(str(report.get("path") or run.facts().get("data") or "data")).name
    tuned = comparison.tuned
    return [
        EvalResult(
            task_type=task,
            dataset_type="local-file",
            dataset_name=f"{name}, test rows",
            dataset_split="test",
            dataset_revision=str(report.get("sha256", ""))[:16] or None,
            metric_type=metric,
            metric_name=metric_name(metric),
            metric_value=round(interval.mean, 6),
            metric_args={"interval": 0.95, "low": round(interval.low, 6), "high": round(interval.high, 6), "rows": tuned.n_rows},
        )
        for metric, interval in tuned.metrics.items()
        if all(map(math.isfinite, interval))
    ]


# --- body ---


def _results(comparison: Comparison) -> dict[str, Any]:
    metrics = sorted(comparison.tuned.metrics, key=lambda name: name != comparison.main_metric)
    main = comparison.main_metric

    def place(entry: Any) -> float:
        value = entry.metrics[main].mean if main in entry.metrics else math.nan
        return -sign_of(main) * value if math.isfinite(value) else math.inf

    rows = [
        {
            "name": f"**{cell(entry.name)}**" if role_of(entry) == "tuned" else cell(entry.name),
            "n_rows": f"{entry.n_rows:,}",
            "cells": [interval_text(name, entry.metrics[name]) if name in entry.metrics else "–" for name in metrics],
        }
        for entry in sorted(comparison.entries, key=place)
    ]
    notes = [f"{cell(entry.name)}: {cell(entry.note)}" for entry in comparison.entries if entry.note] + [
        cell(note) for note in comparison.notes
    ]
    rare = [cell(label_text(score.label)) for score in comparison.per_class if score.n < 10]
    return {
        "columns": [metric_name(name) for name in metrics],
        "rows": rows,
        "notes": notes,
        "forgetting": cell(comparison.forgetting.sentence) if comparison.forgetting else "",
        "n_test": comparison.n_test,
        "rare": rare[:12],
        "n_rare": len(rare),
    }


def cell(text: Any) -> str:
    """Return a text as one Markdown table cell or list item: on one line, with nothing in it that Markdown or HTML would act on."""
    return re.sub(r"([\\`*_|<>\[\]])", r"\\\1", " ".join(str(text).split()))


def _training(run: Run, metrics: list[dict[str, Any]], facts: dict[str, Any]) -> dict[str, Any]:
    steps = [row for row in metrics if row.get("event") == "step"]
    events = read_jsonl(run.events_jsonl)
    started = next((row for row in events if row.get("event") == "started"), {})
    finished = next((row for row in reversed(events) if row.get("event") == "finished"), {})
    seconds = facts.get("seconds")
    peak = max((float(row.get("memory_gib") or 0) for row in steps), default=0.0)
    return {
        "n_trainable": started.get("n_trainable"),
        "n_params": started.get("n_params"),
        "steps": steps[-1]["step"] if steps else 0,
        "tokens": sum(int(row.get("n_tokens") or 0) for row in steps),
        "best_step": finished.get("best_step"),
        "time": clock(float(seconds)) if isinstance(seconds, int | float) else "",
        "peak": f"{peak:.1f} GiB" if peak else "",
    }


def _hardware(lock: dict[str, Any]) -> str:
    platform = lock.get("platform") or {}
    device = next(
        (notice.get("why", "") for notice in lock.get("reasons") or () if str(notice.get("key", "")).startswith("train.device")), ""
    )
    threads = f"{platform['threads']} CPU threads" if platform.get("threads") else ""
    return ", ".join(str(part) for part in (device, threads, platform.get("system", "")) if part)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip() if path.is_file() else ""


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["count"] = lambda n: f"{n:,}"
    environment.filters["cell"] = cell
    environment.filters["python"] = lambda text: json.dumps(text, ensure_ascii=False)
    environment.filters["fence"] = lambda text: "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return environment.get_template("card.md")
