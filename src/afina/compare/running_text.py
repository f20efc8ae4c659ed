"""Running text: loss of base, a unigram model of the training tokens, and tuned, document by document.

Where noise is put over the text, all three are asked for the same hidden tokens, and the unigram model has counted hidden ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from afina.compare.base import COMPARISONS, Asked, Losses, check_rows, learned_ids, losses_of
from afina.compare.comparison import Comparison, Entry, Kind, Resampling, Worst, finish, with_loss, worst_of
from afina.errors import AfinaError
from afina.types import Example, Text

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job
    from afina.recipe.schema import EvalSpec


@COMPARISONS.register("noised")
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
        learned=tuned.learned,
        in_order=job.objective.example == "text",
    )


Learned = Callable[[Sequence[Example]], Sequence[NDArray[Any]]]
"""The tokens of each example that the loss is about."""
AT_ONCE = 1024
"""Examples whose tokens are held at one time."""


def _as_labelled(examples: Sequence[Example]) -> list[NDArray[Any]]:
    return [learned_ids(example) for example in examples]


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
    learned: Learned = _as_labelled,
    in_order: bool = True,
) -> Comparison:
    """Compare the loss on running text. Pieces of one document (examples of one number) are drawn together: they are not independent.

    The unigram model gives each token its share of the training tokens, one added to every count of the vocabulary (Laplace).
    Raises AfinaError V001 without test examples, V002 where base and tuned were scored on different tokens.
    """
    check_rows(test_examples)
    resampling = Resampling(spec.bootstrap, seed)
    asked: dict[str, Asked] = {"tuned": tuned} if base is None else {"base": base, "tuned": tuned}
    notes = ["base model: not asked"] if base is None else []
    unigram = _Unigram(train_examples, vocab_size, learned)
    losses = losses_of({**asked, "unigram": unigram}, test_examples, notes, "documents")
    if not losses:
        raise AfinaError("V001", "the test documents have no token to predict", where="comparison", fix="data.test=0.1")
    numbers = _documents(test_examples, learned)
    totals, n_tokens = losses["tuned"]
    text = {row.number: row.text for row in test}
    names: list[tuple[str, Kind, str]] = [
        ("base", "base", ""),
        ("unigram", "unigram", f"each token's share of the {'training tokens' if in_order else 'tokens asked for in training'}"),
        ("tuned", "tuned", ""),
    ]
    entries = [
        with_loss(Entry(name, kind, {}, len(totals), note), *losses[name], resampling, in_order)
        for name, kind, note in names
        if name in losses
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

    def __init__(self, examples: Sequence[Example], vocab_size: int, learned: Learned) -> None:
        counts_V = np.ones(vocab_size)
        for _, tokens in _in_parts(examples, learned):
            counts_V += np.bincount(np.concatenate(tokens), minlength=vocab_size)
        self.nll_V, self.learned = np.log(counts_V.sum()) - np.log(counts_V), learned

    def nll(self, examples: Sequence[Example]) -> Losses:
        found = [(self.nll_V[ids].sum(), float(len(ids))) for _, tokens in _in_parts(examples, self.learned) for ids in tokens]
        sums_N, counts_N = np.array(found).reshape(-1, 2).T
        return sums_N, counts_N


def _in_parts(examples: Sequence[Example], learned: Learned) -> Iterator[tuple[Sequence[Example], Sequence[NDArray[Any]]]]:
    """Yield examples beside their tokens, AT_ONCE of them: a corpus may lie on disk because it fits nowhere else."""
    for start in range(0, len(examples), AT_ONCE):
        part = examples[start : start + AT_ONCE]
        yield part, learned(part)


def _documents(examples: Sequence[Example], learned: Learned) -> list[int]:
    """Return the numbers of the documents with a predicted token, in order."""
    beside = ((one, ids) for part, tokens in _in_parts(examples, learned) for one, ids in zip(part, tokens, strict=True))
    return list(dict.fromkeys(example.number for example, ids in beside if len(ids)))
