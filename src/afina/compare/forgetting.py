"""What tuning cost elsewhere: the loss on a general text before and after, on the same tokens.

A decoder is asked for every token of it, an encoder or encoder-decoder for the tokens that noise hides, the same ones before and after.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from afina.data.encoder import Encoder
from afina.data.general import NONE, general_rows
from afina.errors import UsageError
from afina.evaluate.bootstrap import Interval, paired_ratio_difference, ratio_interval
from afina.evaluate.metrics import by_row
from afina.job import LM_CHUNK
from afina.objectives import OBJECTIVES
from afina.recipe.schema import DataSpec
from afina.types import Kind

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job

OBJECTIVE_OF: dict[Kind, str] = {"decoder": "lm", "encoder": "mlm", "encoder-decoder": "span"}


@dataclass(frozen=True)
class Forgetting:
    """Losses on a general text, in nats per token, with intervals over its documents; difference: tuned minus base, paired.

    source: "bundled" or the file. objective: what the models were asked. sentence: what it comes to, in words.
    """

    source: str
    objective: str
    n_documents: int
    n_tokens: int
    base: Interval
    tuned: Interval
    difference: Interval
    sentence: str

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Forgetting:
        intervals = {name: Interval(*(float(value[name][key]) for key in Interval._fields)) for name in ("base", "tuned", "difference")}
        return cls(**{**value, **intervals})


def measure_forgetting(job: Job, base: Ask, tuned: Ask) -> tuple[Forgetting | None, list[str]]:
    """Return what tuning cost on the general text, and notes on what was not measured.

    None where it is not wanted, where the tuned model has no words, or where the base knew nothing (random weights).
    """
    source = job.recipe.eval.general_text
    if source == NONE or job.objective.head != "lm" or job.recipe.model.random_init:
        return None, []
    rows, left_out = general_rows(source)
    name = OBJECTIVE_OF[job.facts.kind]
    max_length = min(job.facts.max_length, LM_CHUNK)
    try:
        objective = OBJECTIVES[name](name=name).settled(job.tokenizer.vocabulary, max_length)
    except UsageError as error:
        return None, [f"forgetting: not measured, {error.what}"]
    examples = Encoder(job.tokenizer, DataSpec(), max_length, kind=job.facts.kind).encode(rows, name, strict=False).examples
    from afina.evaluate.ask import Ask  # and with it torch, which a page made from eval.json does without

    asked = (Ask(ask.actor, objective, ask.strategy, ask.decode, ask.micro_tokens, ask.context.vocabulary) for ask in (base, tuned))
    (before_N, counts_N), (after_N, _) = (by_row(examples, *ask.nll(examples)) for ask in asked)
    known_N = counts_N > 0
    before_N, after_N, counts_N = before_N[known_N], after_N[known_N], counts_N[known_N]
    if not len(counts_N) or not np.isfinite([*before_N, *after_N]).all():
        return None, ["forgetting: not measured, the loss on the general text is not a finite number"]
    n, seed = job.recipe.eval.bootstrap, job.recipe.seed
    before, after = (ratio_interval(sums_N, counts_N, seed, n) for sums_N in (before_N, after_N))
    difference = paired_ratio_difference(after_N, counts_N, before_N, counts_N, seed, n)
    found = Forgetting(source, name, len(counts_N), int(counts_N.sum()), before, after, difference, "")
    notes = [f"forgetting: measured on {left_out} of {source}"] if left_out else []
    return replace(found, sentence=said(found)), notes


def said(found: Forgetting) -> str:
    """Return the measure as one sentence that claims no more than the interval shows."""
    what = "the bundled general text" if found.source == "bundled" else found.source
    tokens = "token" if found.objective == "lm" else "hidden token"
    change = f"{found.difference.mean:+.3f} [{found.difference.low:+.3f}, {found.difference.high:+.3f}]"
    outcome = "no change is shown"
    if found.difference.low > 0:
        outcome = "tuning cost some of what the base knew"
    elif found.difference.high < 0:
        outcome = "it is better there too"
    numbers = f"loss {found.base.mean:.3f} before, {found.tuned.mean:.3f} after tuning ({change} nats per {tokens})"
    if found.objective == "lm" and max(found.base.mean, found.tuned.mean) < 20:
        numbers += f", perplexity {math.exp(found.base.mean):.1f} and {math.exp(found.tuned.mean):.1f}"
    return f"Forgetting: on {what}, {numbers}: {outcome}."
