"""Running text: loss of base, a unigram model of the training tokens, and tuned, document by document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from afina.compare.base import COMPARISONS, Asked, Losses, check_rows, learned_ids, losses_of
from afina.compare.comparison import Comparison, Entry, Kind, Resampling, Worst, finish, with_loss, worst_of
from afina.errors import AfinaError
from afina.types import Example, Text

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job
    from afina.recipe.schema import EvalSpec


@COMPARISONS.register("text")
def compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    return compare_lm(
        base,
        tuned,
        train_examples=job.encoded.examples["train"],
        test_examples=job.encoded.examples["test"],
        test=cast("Sequence[Text]", job.dataset.splits["test"]),
        vocab_size=job.facts.vocab_size,
        spec=job.recipe.eval,
        seed=job.recipe.seed,
    )


def compare_lm(
    base: Asked | None,
    tuned: Asked,
    *,
    train_examples: Sequence[Example],
    test_examples: Sequence[Example],
    test: Sequence[Text],
    vocab_size: int,
    spec: EvalSpec,
    seed: int = 0,
) -> Comparison:
    """Compare the loss on running text. Pieces of one document (examples of one number) are drawn together: they are not independent.

    The unigram model gives each token its share of the training tokens, one added to every count of the vocabulary (Laplace).
    Raises AfinaError V001 without test examples, V002 where base and tuned were scored on different tokens.
    """
    check_rows(test_examples)
    resampling = Resampling(spec.bootstrap, seed)
    asked: dict[str, Asked] = {"tuned": tuned} if base is None else {"base": base, "tuned": tuned}
    notes = ["base model: not asked"] if base is None else []
    unigram = _Unigram(train_examples, vocab_size)
    losses = losses_of({**asked, "unigram": unigram}, test_examples, notes, "documents")
    if not losses:
        raise AfinaError("V001", "the test documents have no token to predict", where="comparison", fix="data.test=0.1")
    numbers = _documents(test_examples)
    totals, n_tokens = losses["tuned"]
    text = {row.number: row.text for row in test}
    names: list[tuple[str, Kind, str]] = [
        ("base", "base", ""),
        ("unigram", "unigram", "each token's share of the training tokens"),
        ("tuned", "tuned", ""),
    ]
    entries = [
        with_loss(Entry(name, kind, {}, len(totals), note), *losses[name], resampling) for name, kind, note in names if name in losses
    ]
    worst: list[Worst] = worst_of(
        [(number, text.get(number, ""), "", "", total / n) for number, total, n in zip(numbers, totals, n_tokens, strict=True)],
        high_is_bad=True,
    )
    return finish(
        "lm", "loss", entries, [], resampling, worst, len(numbers), numbers=numbers, notes=notes, worst_by="loss, in nats per token"
    )


class _Unigram:
    """Token frequencies of the training examples."""

    def __init__(self, examples: Sequence[Example], vocab_size: int) -> None:
        counts_V = np.ones(vocab_size)
        for example in examples:
            counts_V += np.bincount(learned_ids(example), minlength=vocab_size)
        self.nll_V = np.log(counts_V.sum()) - np.log(counts_V)

    def nll(self, examples: Sequence[Example]) -> Losses:
        learned = [learned_ids(example) for example in examples]
        return np.array([self.nll_V[ids].sum() for ids in learned]), np.array([float(len(ids)) for ids in learned])


def _documents(examples: Sequence[Example]) -> list[int]:
    """Return the numbers of the documents with a predicted token, in order."""
    return list(dict.fromkeys(example.number for example in examples if len(learned_ids(example))))
