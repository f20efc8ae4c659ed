"""A tag a word: the most frequent tag, the most frequent tag of each word, a frozen probe on the words' states, tuned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from afina.compare import baselines
from afina.compare.base import COMPARISONS, Sheet, check_rows
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Resampling, finish, with_loss, worst_of
from afina.evaluate.metrics import TAG_METRICS, entities, per_entity, per_tag
from afina.evaluate.metrics.user import users_metrics
from afina.evaluate.tasks.tags import likeliest, losses
from afina.types import Example, Tagged
from afina.types.tags import marks_entities

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job
    from afina.recipe.schema import EvalSpec

MOST_PROBED = 10_000
"""Words that a probe learns from."""


class AskedOfWords(Protocol):
    """A model that can be asked about words; afina.evaluate.ask.Ask is one."""

    def tag_logps(self, examples: Sequence[Example], n_tags: int) -> Sequence[NDArray[Any]]:
        """Return log p(tag) of each example's words, [W, C] each."""
        ...

    def word_features(self, examples: Sequence[Example]) -> Sequence[NDArray[Any]]:
        """Return the hidden states of each example's words, [W, D] each."""
        ...


@COMPARISONS.register("tags")
def compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    return compare_tags(
        base,
        tuned,
        labels=job.dataset.labels,
        train=cast("Sequence[Tagged]", job.dataset.splits["train"]),
        test=cast("Sequence[Tagged]", job.dataset.splits["test"]),
        train_examples=job.encoded.examples["train"],
        test_examples=job.encoded.examples["test"],
        spec=job.recipe.eval,
        seed=job.recipe.seed,
    )


def compare_tags(
    base: AskedOfWords | None,
    tuned: AskedOfWords,
    *,
    labels: Sequence[str],
    train: Sequence[Tagged],
    test: Sequence[Tagged],
    train_examples: Sequence[Example],
    test_examples: Sequence[Example],
    spec: EvalSpec,
    seed: int = 0,
) -> Comparison:
    """Compare taggers. Sentences are drawn, not words: those of one sentence are not independent.

    The base is not asked in words: what it would write has no one reading as a tag for every word. Its hidden states are the probe's.
    labels: the tags in the order of `tag_logps`. Raises AfinaError V001 without rows.
    """
    check_rows(train)
    check_rows(test)
    marks = marks_entities(labels)
    metrics = (*(TAG_METRICS if marks else TAG_METRICS[1:]), *users_metrics(spec))
    wanted = [row.tags for row in test]
    sheet = Sheet(metrics, cast("list[Any]", wanted), Resampling(spec.bootstrap, seed), [row.number for row in test])
    unasked = "not asked in words, for what it writes names no word's tag; its hidden states are the frozen probe's"
    sheet.notes.append(f"base model: {'not asked' if base is None else unasked}")
    sheet.add("most frequent tag", "majority", _most_frequent(train, test))
    sheet.add("most frequent tag of the word", "memorised words", memorised(train, test))
    if base is not None:
        sheet.add("frozen probe", "frozen probe", _probe(base, train, test, train_examples, test_examples, seed))
    logps = tuned.tag_logps(test_examples, len(labels))
    got = likeliest(test_examples, logps, labels)
    sheet.add("tuned", "tuned", Answers(cast("list[Any]", got)))
    sums_N, counts_N = losses(test_examples, logps)
    sheet.entries[-1] = with_loss(sheet.entries[-1], sums_N, counts_N, sheet.resampling, in_order=False)
    unseen = {tag for row in test for tag in row.tags} - {tag for row in train for tag in row.tags}
    if unseen:
        sheet.notes.append(
            f"{len(unseen)} tags of the test rows stand in no training row ({', '.join(sorted(unseen)[:4])}); they count too"
        )
    sure = (-sums_N / counts_N).tolist()
    shown = [
        (row.number, row.asked, _shown(row, row.tags, marks), _shown(row, g, marks), s) for row, g, s in zip(test, got, sure, strict=True)
    ]
    return finish(
        "tags",
        spec.metric if spec.metric in metrics else metrics[0],
        sheet.entries,
        sheet.wanted,
        sheet.resampling,
        worst_of(shown),
        len(test),
        per_class=per_entity(got, wanted) if marks else per_tag(got, wanted),
        numbers=[row.number for row in test],
        notes=sheet.notes,
        worst_by="mean log-probability of the wanted tags, in nats",
    )


def _most_frequent(train: Sequence[Tagged], test: Sequence[Tagged]) -> Answers:
    one = baselines.majority([tag for row in train for tag in row.tags], 1)
    return Answers(
        cast("list[Any]", [(one.predictions[0],) * len(row.words) for row in test]), one.note.replace("training rows", "training words")
    )


def memorised(train: Sequence[Tagged], test: Sequence[Tagged]) -> Answers:
    """Give every word the tag that it most often has in the training rows, else that of its spelling in small letters, else the most
    frequent tag of all; ties go to the first in alphabetical order."""
    counts: dict[str, Counter[str]] = {}
    for row in train:
        for word, tag in zip(row.words, row.tags, strict=True):
            for key in dict.fromkeys((word, f"\0{word.lower()}")):
                counts.setdefault(key, Counter())[tag] += 1
    known = {key: _commonest(tags) for key, tags in counts.items()}
    usual = _commonest(Counter(tag for row in train for tag in row.tags))
    tags = [tuple(known.get(word, known.get(f"\0{word.lower()}", usual)) for word in row.words) for row in test]
    words = [word for row in test for word in row.words]
    share = sum(f"\0{word.lower()}" in known for word in words) / len(words)
    return Answers(cast("list[Any]", tags), f"{share:.0%} of the test words stand in a training row; the others get the most frequent tag")


def _commonest(tags: Counter[str]) -> str:
    return min(tags.items(), key=lambda item: (-item[1], item[0]))[0]


def _probe(
    base: AskedOfWords,
    train: Sequence[Tagged],
    test: Sequence[Tagged],
    train_examples: Sequence[Example],
    test_examples: Sequence[Example],
    seed: int,
) -> Answers:
    """Logistic regression on the base's hidden states of the words of training rows drawn by seed."""
    order = np.random.default_rng(seed).permutation(len(train)).tolist()
    upto = next((i + 1 for i, n in enumerate(accumulate(len(train[i].words) for i in order)) if n >= MOST_PROBED), len(order))
    kept = sorted(order[:upto])
    numbers = {train[i].number for i in kept}
    seen_WD = np.concatenate(base.word_features([example for example in train_examples if example.number in numbers]))
    unseen_WD = np.concatenate(base.word_features(test_examples))
    found = baselines.frozen_probe(seen_WD, [tag for i in kept for tag in train[i].tags], unseen_WD, seed)
    ends = list(accumulate(len(row.words) for row in test))
    tags = [tuple(found.predictions[end - len(row.words) : end]) for end, row in zip(ends, test, strict=True)]
    drawn = f"; learned from {len(seen_WD):,} words of {len(kept):,} training rows, drawn by seed" if upto < len(train) else ""
    return Answers(cast("list[Any]", tags), found.note.replace("numbers a row", "numbers a word") + drawn)


def _shown(row: Tagged, tags: Sequence[str], marks: bool) -> str:
    """The entities that tags mark, or every word with its tag."""
    if marks:
        return ", ".join(f"{' '.join(row.words[first : last + 1])} ({label})" for first, last, label in entities(tags)) or "nothing"
    return " ".join(f"{word}/{tag}" for word, tag in zip(row.words, tags, strict=True))
