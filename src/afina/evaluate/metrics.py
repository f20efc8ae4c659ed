"""What a prediction is worth: functions of (got, wanted) that need no model and no torch.

Units: shares in [0, 1] for accuracy, F1, exact match and ROUGE-L; 0 to 100 for chrF, as sacrebleu reports it; nats per token for the loss.
Every per-example function scores one row, so that rows can be resampled (compare/bootstrap.py).
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afina.errors import UsageError
from afina.types import Example

if TYPE_CHECKING:
    from sacrebleu.metrics.chrf import CHRF

Needs = Literal["classes", "text", "loss"]

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_INTERPUNCT = "·"


@dataclass(frozen=True)
class Metric:
    """One way to score predictions. Everywhere in this file what the model gave comes first and what was wanted second.

    per_example: the score of one row: (got, wanted) strings, or (sum of nll, number of tokens) where needs is "loss".
        For macro_f1, which has none, it says whether the row is right (1 or 0).
    score: the value over all rows, from the same two arguments as sequences. is_mean: whether it is the mean of `per_example`.
    unit: "share" (0 to 1), "points" (0 to 100), "nats/token" or "ratio".
    """

    name: str
    larger_is_better: bool
    needs: Needs
    per_example: Callable[[Any, Any], float]
    score: Callable[[Sequence[Any], Sequence[Any]], float]
    is_mean: bool = True
    unit: Literal["share", "points", "nats/token", "ratio"] = "share"


@dataclass(frozen=True)
class ClassScore:
    """One row of the per-class table. n: rows whose true label this is. Units: shares."""

    label: str
    precision: float
    recall: float
    f1: float
    n: int


def correct(got: str, wanted: str) -> float:
    """Return 1.0 if the label is exactly right, else 0.0."""
    return float(got == wanted)


def accuracy(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the share of exactly right labels."""
    return mean_of(correct, got, wanted)


def per_class(got: Sequence[str], wanted: Sequence[str]) -> list[ClassScore]:
    """Return precision, recall and F1 of every label present in the truth or the predictions, most frequent first.

    A ratio with denominator 0 is 0: a label that is predicted but never true has recall 0 and F1 0.
    """
    _check_pairs(got, wanted)
    true, predicted = Counter(wanted), Counter(got)
    right = Counter(w for g, w in zip(got, wanted, strict=True) if g == w)
    rows = [
        ClassScore(
            label,
            precision=right[label] / predicted[label] if predicted[label] else 0.0,
            recall=right[label] / true[label] if true[label] else 0.0,
            f1=2 * right[label] / (true[label] + predicted[label]),
            n=true[label],
        )
        for label in {*true, *predicted}
    ]
    return sorted(rows, key=lambda row: (-row.n, row.label))


def macro_f1(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the unweighted mean of the F1 of every label present in the truth or the predictions.

    The convention is scikit-learn's `f1_score(average="macro", zero_division=0)` with default `labels`. It is symmetric in its arguments.
    """
    rows = per_class(got, wanted)
    return math.fsum(row.f1 for row in rows) / len(rows)


def exact_match(got: str, wanted: str) -> float:
    """Return 1.0 if the text is the wanted one, white space collapsed and stripped, else 0.0; case, accents and punctuation count."""
    return float(" ".join(got.split()) == " ".join(wanted.split()))


def words(text: str) -> list[str]:
    """Return the lowercased words of a text: runs of letters, digits and combining marks of any script, NFC-composed.

    On ASCII this is rouge_score's tokenizer (`[a-z0-9]+`). Elsewhere it differs on purpose: rouge_score throws accented letters away and
    cuts "acció" into "acci". The Catalan interpunct between two letters belongs to its word ("col·legi" is one). Scripts written without
    spaces come out as one word a phrase: read chrF there.
    """
    text = text.lower()
    if text.isascii():
        return _ASCII_WORD.findall(text)
    text = unicodedata.normalize("NFC", text)
    last = len(text) - 1
    kept = [
        char
        if char.isalnum()
        or unicodedata.category(char)[0] == "M"
        or (char == _INTERPUNCT and 0 < i < last and text[i - 1].isalpha() and text[i + 1].isalpha())
        else " "
        for i, char in enumerate(text)
    ]
    return "".join(kept).split()


def lcs_length(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest common subsequence of two token lists.

    One big integer holds a row of the table, so a step over `b` is four integer operations.
    Source: Hyyro, "Bit-parallel LCS-length computation revisited" (2004).
    """
    full = (1 << len(a)) - 1
    places: dict[str, int] = {}
    for i, token in enumerate(a):
        places[token] = places.get(token, 0) | 1 << i
    row = full
    for token in b:
        hits = row & places.get(token, 0)
        row = ((row + hits) | (row - hits)) & full
    return len(a) - row.bit_count()


def rouge_l(got: str, wanted: str) -> float:
    """Return ROUGE-L F1 = 2 P R / (P + R), P = LCS / words got, R = LCS / words wanted; 0 where either has no words.

    Source: Lin, "ROUGE" (2004), section 3.1 with beta = 1, no stemming; equal to rouge_score on ASCII text. See `words` for the rest.
    """
    got_words, wanted_words = words(got), words(wanted)
    if not got_words or not wanted_words:
        return 0.0
    return 2 * lcs_length(wanted_words, got_words) / (len(wanted_words) + len(got_words))  # the same as 2PR / (P + R)


@lru_cache(1)
def _chrf() -> CHRF:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()


def chrf(got: str, wanted: str) -> float:
    """Return chrF2 in [0, 100] (character 6-grams, no words, white space ignored): sacrebleu's sentence score.

    Source: Popovic, "chrF" (2015), as in sacrebleu 2. Its mean over rows is what intervals are made from.
    """
    return _chrf().sentence_score(got, [wanted]).score


def corpus_chrf(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return sacrebleu's corpus chrF2 in [0, 100]: n-gram counts are added over the rows before the F-score. The number papers report."""
    _check_pairs(got, wanted)
    return _chrf().corpus_score(list(got), [list(wanted)]).score


def token_loss(total: float, n_tokens: float) -> float:
    """Return one example's nll per token, in nats; nan where it has no token."""
    return float(total / n_tokens) if n_tokens else math.nan


def mean_loss(totals: Sequence[float], n_tokens: Sequence[float]) -> float:
    """Return the nll per token over all examples: the sum of sums over the sum of counts, never a mean of means. Units: nats."""
    _check_pairs(totals, n_tokens)
    n = math.fsum(n_tokens)
    if n == 0:
        raise ValueError("no tokens to score")
    return math.fsum(totals) / n


def by_row(examples: Sequence[Example], totals: ArrayLike, n_tokens: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up the examples of one row of the file (pieces of a document, answers of a conversation): they are not independent.

    Shapes: totals and n_tokens [E examples]; returned are [N rows], in the order in which the rows first come.
    """
    numbers = {number: place for place, number in enumerate(dict.fromkeys(example.number for example in examples))}
    place_E = np.array([numbers[example.number] for example in examples], dtype=np.int64)
    return _added(place_E, totals), _added(place_E, n_tokens)


def _added(place_E: NDArray[np.int64], values: ArrayLike) -> NDArray[np.float64]:
    return np.bincount(place_E, np.asarray(values, dtype=np.float64)).astype(np.float64)


def perplexity(loss: float) -> float:
    """Return exp(loss), loss in nats per token; infinite where that leaves the range of a float."""
    return math.inf if loss > 709 else math.exp(loss)


def mean_of(per_example: Callable[[Any, Any], float], got: Sequence[Any], wanted: Sequence[Any]) -> float:
    """Return the mean of a per-example score. Raises ValueError for lists of different lengths or without rows."""
    _check_pairs(got, wanted)
    return math.fsum(per_example(g, w) for g, w in zip(got, wanted, strict=True)) / len(got)


def _check_pairs(got: Sequence[object], wanted: Sequence[object]) -> None:
    if len(got) != len(wanted):
        raise ValueError(f"{len(got)} predictions for {len(wanted)} rows")
    if not len(got):
        raise ValueError("no rows to score")


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", True, "classes", correct, accuracy),
        Metric("macro_f1", True, "classes", correct, macro_f1, is_mean=False),
        Metric("exact_match", True, "text", exact_match, partial(mean_of, exact_match)),
        Metric("rouge_l", True, "text", rouge_l, partial(mean_of, rouge_l)),
        Metric("chrf", True, "text", chrf, partial(mean_of, chrf), unit="points"),
        Metric("loss", False, "loss", token_loss, mean_loss, is_mean=False, unit="nats/token"),
        Metric(
            "perplexity",
            False,
            "loss",
            lambda total, n: perplexity(token_loss(total, n)),
            lambda totals, n: perplexity(mean_loss(totals, n)),
            is_mean=False,
            unit="ratio",
        ),
    )
}


def named(name: str) -> Metric:
    """Return the metric called `name`. Raises UsageError R004 with the nearest name."""
    if name in METRICS:
        return METRICS[name]
    near = difflib.get_close_matches(name, METRICS, 1)
    fix = f"eval.metric={near[0]}" if near else f"eval.metric= one of: {', '.join(METRICS)}"
    raise UsageError("R004", f'no metric is called "{name}"', where="eval.metric", fix=fix)
