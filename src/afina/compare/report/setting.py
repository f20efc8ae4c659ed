"""The rest of the page: the choices made and why, memory planned and measured, the recipe, versions."""

from __future__ import annotations

from typing import Any

from afina.compare.charts import Figures
from afina.compare.report.dataset import notices
from afina.compare.report.wording import GIB, plain, size
from afina.errors import AfinaError
from afina.recipe.lock import read_lock
from afina.run import Run, read_json

_PARTS = {
    "weights": "weights, frozen and trained",
    "gradients": "gradients",
    "optimizer": "optimizer state",
    "averages": "averaged weights",
    "beside": "frozen models beside the trained one",
    "activations": "activations kept for the backward pass",
    "logits": "scores over the vocabulary",
    "runtime": "interpreter and libraries",
}


def lock_of(run: Run) -> dict[str, Any]:
    """Return recipe.lock; empty where there is none, or none that can be read."""
    try:
        return read_lock(run.recipe_lock) if run.recipe_lock.is_file() else {}
    except (AfinaError, OSError, ValueError):
        return {}


def choices_part(run: Run, lock: dict[str, Any], told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the notices of the lock (or of the plan), without those that the data section tells."""
    items = lock.get("reasons") or read_json(run.plan_json).get("notices") or []
    elsewhere = {(notice["what"], notice["why"], notice["key"]) for notice in told}
    return [notice for notice in notices(items) if (notice["what"], notice["why"], notice["key"]) not in elsewhere]


def memory_part(run: Run, figures: Figures) -> dict[str, Any] | None:
    """Return the plan's bytes by part beside the largest that was measured."""
    budget = read_json(run.plan_json).get("budget_bytes") or {}
    measured = [
        row["memory_gib"] * GIB for row in run.metrics() if row.get("event") == "step" and isinstance(row.get("memory_gib"), int | float)
    ]
    if not budget and not measured:
        return None
    total = float(budget.get("total") or sum(budget.values()) or 0)
    peak = max(measured, default=0.0)
    widest = max(total, peak, 1.0)
    rows = [
        {"name": label, "size": size(budget[key]), "bar": figures.share(f"{label}: {size(budget[key])}", budget[key] / widest)}
        for key, label in _PARTS.items()
        if key in budget
    ]
    sums = []
    if total:
        sums.append(
            {"name": "planned in all", "size": size(total), "bar": figures.share(f"planned: {size(total)}", total / widest, "base")}
        )
    if peak:
        sums.append(
            {"name": "largest measured", "size": size(peak), "bar": figures.share(f"measured: {size(peak)}", peak / widest, "tuned")}
        )
    ratio = f"{100 * peak / total:.0f} %" if peak and total else ""
    return {"rows": rows, "sums": sums, "ratio": ratio}


def recipe_part(run: Run) -> dict[str, str]:
    """Return the recipe and its lock as text."""
    return {"yaml": _text(run.recipe_yaml), "lock": _text(run.recipe_lock)}


def versions_part(lock: dict[str, Any], facts: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return groups of (name, value): software, machine, hashes."""
    platform = lock.get("platform") or {}
    models = {"model": "base model (fingerprint)", "teacher": "teacher (fingerprint)"}
    hashes = {models.get(name, f"{name} (SHA-256)"): value for name, value in (lock.get("sha256") or {}).items()}
    if facts.get("sha256"):
        hashes["trained weights (SHA-256)"] = facts["sha256"]
    groups = [("Software", lock.get("versions") or {}), ("Machine", platform), ("Hashes", hashes)]
    return [
        (name, [(plain(key), plain(value)) for key, value in values.items() if value not in ("", None)])
        for name, values in groups
        if values
    ]


def _text(path: Any) -> str:
    try:
        return plain(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
