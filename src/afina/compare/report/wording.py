"""Numbers and names as a reader wants them. The model card uses the same words."""

from __future__ import annotations

import math
import re
import time
from typing import Any

from afina.compare.comparison import Comparison, Entry
from afina.evaluate.bootstrap import Interval
from afina.evaluate.metrics import METRICS

GIB, MIB = 2**30, 2**20

_NAMES = {
    "macro_f1": "macro F1",
    "entity_f1": "entity F1",
    "token_accuracy": "token accuracy",
    "exact_match": "exact match",
    "rouge_l": "ROUGE-L",
    "chrf": "chrF",
    "bleu": "BLEU",
    "mcc": "MCC",
    "micro_f1": "micro F1",
    "rmse": "RMSE",
    "mae": "MAE",
    "mse": "MSE",
    "r2": "R²",
    "pearson": "Pearson r",
    "spearman": "Spearman ρ",
    "loss": "loss (nats per token)",
}
_DECIMALS = {"share": 3, "points": 1, "nats/token": 3, "ratio": 2, "correlation": 3, "own": 3}
_ANY_SIZE = frozenset({"nats/token", "data", "data squared", "own"})
"""Units whose numbers may be as small as they like."""
_CONTROLS: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(32) if code not in (9, 10)},
    **{code: f"⟨U+{code:04X}⟩" for code in (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))},
    0x7F: 0x2421,
}
"""Characters that are not seen but act: controls, and those that turn the direction of the text around them."""
_SURROGATES = re.compile("[\ud800-\udfff]")


def metric_name(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " "))


def short_name(name: str) -> str:
    """The metric's name without its unit."""
    return metric_name(name).partition(" (")[0]


def metric_value(name: str, value: float, signed: bool = False) -> str:
    """Return a metric with the decimals of its unit, three digits where those would show a loss or an error as 0, and a true minus sign."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("−∞" if value < 0 else "∞")
    unit = METRICS[name].unit if name in METRICS else "share"
    sign = "+" if signed else ""
    if unit in _ANY_SIZE and 0 < abs(value) < 0.0005:
        return f"{value:{sign}.3g}".replace("-", "−")
    decimals = _DECIMALS[unit] if unit in _DECIMALS else _for_four_digits(value)
    return f"{value:{sign},.{decimals}f}".replace("-", "−")


def _for_four_digits(value: float) -> int:
    """Return the decimals that show four digits of a number in units of its own; six at most."""
    return 3 if value == 0 else max(0, min(6, 3 - math.floor(math.log10(abs(value)))))


def interval_text(name: str, interval: Interval, signed: bool = False) -> str:
    """Return "0.842 [0.801, 0.881]"."""
    mean, low, high = (metric_value(name, value, signed) for value in interval)
    return f"{mean} [{low}, {high}]"


def better_word(name: str) -> str:
    if name not in METRICS:
        return ""
    return "higher is better" if METRICS[name].larger_is_better else "lower is better"


def sign_of(name: str) -> int:
    """1 where larger is better, -1 where smaller is."""
    return 1 if name not in METRICS or METRICS[name].larger_is_better else -1


def base_entry(comparison: Comparison) -> Entry | None:
    """Return the base model's best entry in the main metric, if it was asked."""
    metric = comparison.main_metric
    asked = [entry for entry in comparison.entries if entry.kind.startswith("base") and metric in entry.metrics]
    return max(asked, key=lambda entry: sign_of(metric) * entry.metrics[metric].mean, default=None)


def role_of(entry: Entry) -> str:
    """Return "tuned", "base" or "other"."""
    return "tuned" if entry.kind == "tuned" else "base" if entry.kind.startswith("base") else "other"


def comparison_of(document: dict[str, Any]) -> Comparison | None:
    """Return eval.json as a comparison; None where there is none, or none that can be read."""
    try:
        return Comparison.from_json(document) if document.get("entries") else None
    except (KeyError, TypeError, ValueError):
        return None


def size(n_bytes: float) -> str:
    return f"{n_bytes / GIB:,.2f} GiB" if n_bytes >= 0.1 * GIB else f"{n_bytes / MIB:,.1f} MiB"


def true_minus(text: str) -> str:
    """Return a sentence with minus signs before its negative numbers; hyphens inside words stay."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)


def clock(seconds: float) -> str:
    """Return "2 h 05 min", "3 min 20 s" or "41 s"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02d} min"
        if hours
        else f"{minutes} min {rest:02d} s"
        if minutes
        else f"{seconds:.1f} s"
        if seconds < 10
        else f"{rest} s"
    )


def day(stamp: Any) -> str:
    """Return a time of run.json as "21 November 2026, 09:14", UTC; "" where there is none."""
    if not isinstance(stamp, int | float):
        return ""
    made = time.gmtime(stamp)
    return f"{made.tm_mday} {time.strftime('%B %Y, %H:%M', made)} UTC"


def plain(value: Any) -> str:
    """Return a text of someone's data as a page can hold it: what acts without being seen is shown, broken characters are replaced."""
    return _SURROGATES.sub("\ufffd", str(value)).translate(_CONTROLS)


def label_text(label: Any) -> str:
    """Return a class name; in quotes where it is empty or has space around it, which nobody would see."""
    shown = plain(label)
    return shown if shown and shown == shown.strip() else f'"{shown}"'


def count_of(n: int, noun: str) -> str:
    """Return "1 row", "2 rows"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
