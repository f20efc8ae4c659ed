"""Answers in words beside the wanted ones. Units: shares in [0, 1] for exact match and ROUGE-L, 0 to 100 for chrF and BLEU."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from afina.evaluate.metrics.base import Metric, add, check_pairs, mean_of

if TYPE_CHECKING:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

TEXT_METRICS = ("exact_match", "rouge_l", "chrf", "bleu")
"""What is reported of answers in words."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_INTERPUNCT = "·"


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
    check_pairs(got, wanted)
    return _chrf().corpus_score(list(got), [list(wanted)]).score


@lru_cache(2)
def _bleu(effective_order: bool) -> BLEU:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(effective_order=effective_order)


def bleu(got: str, wanted: str) -> float:
    """Return BLEU in [0, 100] of one row: sacrebleu's sentence score (13a tokens, exponential smoothing, no n-grams longer than the text).

    Its mean over rows is what intervals are made from. That mean is not the BLEU of papers, which is `corpus_bleu`: a row without a common
    4-gram pulls the mean down, and short rows weigh as much as long ones. Source: Papineni et al. 2002; Post 2018 (sacrebleu).
    """
    return _bleu(True).sentence_score(got, [wanted]).score


def corpus_bleu(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return sacrebleu's corpus BLEU in [0, 100]: n-grams and lengths are added over the rows first. The number papers report."""
    check_pairs(got, wanted)
    return _bleu(False).corpus_score(list(got), [list(wanted)]).score


add(Metric("exact_match", True, "text", exact_match, partial(mean_of, exact_match)))
add(Metric("rouge_l", True, "text", rouge_l, partial(mean_of, rouge_l)))
add(Metric("chrf", True, "text", chrf, partial(mean_of, chrf), unit="points"))
add(Metric("bleu", True, "text", bleu, partial(mean_of, bleu), unit="points"))
