"""report.html: one page that says what a run did, made from the files of the run alone.

The page asks nobody for anything: no script, no font, no image from elsewhere, and a content policy that forbids them. It shows other
people's texts, so everything is escaped, and the policy lets only this one style sheet through (by its hash).
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from afina.compare.charts import Figures
from afina.compare.report.dataset import data_part
from afina.compare.report.results import classes_part, comparison_part, differences_part, headline, scatter_part, worst_part
from afina.compare.report.setting import choices_part, lock_of, memory_part, recipe_part, versions_part
from afina.compare.report.training import events_part, samples_part, training_part
from afina.compare.report.wording import comparison_of, day, plain
from afina.run import Run

__all__ = ["render", "write_report"]

FOLDER = Path(__file__).parent
CLIP = 320
"""Characters of a text that are shown before "all of it" has to be asked for."""


def write_report(run: Run, state: str = "") -> Path:
    """Write report.html from the files of the run, whatever of them is there, and return its path.

    A reader of the path sees the old page or the new one. Raises OSError when the folder cannot be written.
    """
    staged = run.report_html.with_name(f".report.{os.getpid()}")
    staged.write_bytes(render(run, state).encode("utf-8", "replace"))
    os.replace(staged, run.report_html)
    return run.report_html


def render(run: Run, state: str = "") -> str:
    """Return the page as HTML. state: what the page says of the run when run.json does not say it yet."""
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(style=style, style_hash=f"sha256-{digest}", clip=CLIP, **_parts(run, state))


def _parts(run: Run, state: str) -> dict[str, Any]:
    figures, facts, lock = Figures(), run.facts(), lock_of(run)
    if state:
        facts["state"] = state
    comparison = comparison_of(run.comparison())
    data = data_part(run, figures)
    return {
        "run": {
            "name": plain(run.name),
            "state": plain(facts.get("state", "planned")),
            "model": plain(facts.get("model", "")),
            "method": plain(facts.get("method", "")),
            "objective": plain(facts.get("objective", "")),
            "data": plain(facts.get("data", "")),
            "day": day(facts.get("finished") or facts.get("created")),
            "unreadable": comparison is None and run.eval_json.is_file(),
        },
        "head": headline(comparison, facts),
        "comparison": comparison_part(comparison, figures) if comparison else None,
        "differences": differences_part(comparison, figures) if comparison else None,
        "scatter": scatter_part(comparison, figures) if comparison else None,
        "training": training_part(run, figures),
        "events": events_part(run),
        "data": data,
        "generations": samples_part(run),
        "worst": worst_part(comparison) if comparison else None,
        "classes": classes_part(comparison, figures) if comparison else None,
        "choices": choices_part(run, lock, data["notices"] if data else []),
        "memory": memory_part(run, figures),
        "recipe": recipe_part(run),
        "versions": versions_part(lock, facts),
    }


@lru_cache(1)
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["count"] = lambda n: f"{n:,}"
    return environment.get_template("page.html")
