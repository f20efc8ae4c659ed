"""The data's part of the page: what was read, kept and left out, how it was divided, and rows as the model sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from afina.compare.charts import Figures
from afina.compare.report.wording import label_text, plain
from afina.run import Run, read_json

MOST_NUMBERS = 12
MOST_LABELS = 24
_SPLITS = ("train", "validation", "test")
_USES = {"train": "learned from", "validation": "chose the checkpoint", "test": "compared on, once"}


def data_part(run: Run, figures: Figures) -> dict[str, Any] | None:
    """Return what data/report.json says; None where there is none."""
    report = read_json(run.data / "report.json")
    if not report:
        return None
    splits: Mapping[str, int] = report.get("splits") or {}
    kept = int(report.get("n_kept", sum(splits.values())))
    return {
        "path": plain(report.get("path", "")),
        "sha256": str(report.get("sha256", "")),
        "format": plain(report.get("format", "")),
        "encoding": plain(report.get("encoding", "")),
        "columns": [(plain(role), plain(column)) for role, column in (report.get("columns") or {}).items()],
        "unused": [plain(column) for column in report.get("unused_columns") or ()],
        "n_read": int(report.get("n_read", kept)),
        "n_kept": kept,
        "dropped": [_reason(reason, numbers) for reason, numbers in (report.get("dropped") or {}).items()],
        "n_repeats": int(report.get("n_repeats", 0)),
        "n_conflicts": len(report.get("conflicts") or ()),
        "splits": _splits(splits, report.get("lengths") or {}, figures),
        "balance": _balance(report.get("balance") or {}, figures),
        "n_trained_tokens": int(report.get("n_trained_tokens", 0)),
        "hides": bool(report.get("hides")),
        "notices": notices(report.get("notices") or ()),
        "samples": [sample(value) for value in report.get("samples") or ()],
    }


def _reason(reason: str, numbers: Sequence[int]) -> dict[str, Any]:
    return {
        "reason": plain(reason),
        "n": len(numbers),
        "some": ", ".join(f"{n:,}" for n in numbers[:MOST_NUMBERS]),
        "more": len(numbers) - MOST_NUMBERS,
        "all": ", ".join(f"{n}" for n in numbers),
    }


def _splits(splits: Mapping[str, int], lengths: Mapping[str, Mapping[str, float]], figures: Figures) -> list[dict[str, Any]]:
    whole = max(1, sum(splits.values()))
    rows: list[dict[str, Any]] = []
    for name in (*_SPLITS, *(name for name in splits if name not in _SPLITS)):
        if name not in splits:
            continue
        n, sizes = splits[name], lengths.get(name) or {}
        shown = {key: f"{sizes[key]:,.0f}" if key in sizes and sizes.get("n") else "–" for key in ("mean", "p50", "p95", "max", "total")}
        bar = figures.share(f"{name}: {100 * n / whole:.0f} % of the rows", n / whole, "tuned" if name == "train" else "other")
        rows.append({"name": name, "use": _USES.get(name, ""), "n": n, "bar": bar, **shown})
    return rows


def _balance(balance: Mapping[str, Mapping[str, int]], figures: Figures) -> dict[str, Any] | None:
    """Rows of each label in each split, the commonest first; a bar for the label's share of all rows."""
    names = [name for name in _SPLITS if name in balance]
    labels = {label for counts in balance.values() for label in counts}
    if not labels:
        return None
    totals = {label: sum(counts.get(label, 0) for counts in balance.values()) for label in labels}
    whole = sum(totals.values()) or 1
    largest = max(totals.values()) or 1
    rows = [
        {
            "label": label_text(label),
            "counts": [balance[name].get(label, 0) for name in names],
            "share": f"{100 * totals[label] / whole:.1f} %",
            "bar": figures.share(f"{100 * totals[label] / whole:.1f} % of the rows", totals[label] / largest, "other"),
        }
        for label in sorted(labels, key=lambda label: (-totals[label], label))
    ]
    return {"splits": names, "rows": rows[:MOST_LABELS], "rest": rows[MOST_LABELS:], "n_labels": len(rows)}


def notices(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return notices without repeats, warnings marked."""
    told: dict[tuple[str, str, str], dict[str, Any]] = {}
    for item in items:
        what, why, key = (plain(item.get(part, "")) for part in ("what", "why", "key"))
        told.setdefault((what, why, key), {"what": what, "why": why, "key": key, "warning": item.get("level") == "warning"})
    return list(told.values())


def sample(value: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    """Return a row as the model sees it: pieces of text, learned or not."""
    fields: Mapping[str, Any] = value if isinstance(value, Mapping) else {"pieces": value}
    pieces = [{"text": plain(text), "learned": bool(learned)} for text, learned in fields.get("pieces") or ()]
    return {
        "number": fields.get("number"),
        "n_tokens": fields.get("n_tokens"),
        "label": label_text(fields["label"]) if fields.get("label") else "",
        "pieces": clipped(pieces),
        "rest": pieces if sum(len(piece["text"]) for piece in pieces) > MOST_CHARACTERS else [],
        "n_characters": sum(len(piece["text"]) for piece in pieces),
        "any_learned": any(piece["learned"] for piece in pieces),
    }


MOST_CHARACTERS = 900


def clipped(pieces: Sequence[Mapping[str, Any]], most: int = MOST_CHARACTERS) -> list[dict[str, Any]]:
    """Return the pieces' first `most` characters."""
    kept: list[dict[str, Any]] = []
    left = most
    for piece in pieces:
        if left <= 0:
            break
        text = piece["text"]
        kept.append({"text": text if len(text) <= left else text[:left] + " …", "learned": piece["learned"]})
        left -= len(text)
    return kept
