"""Multiple choice: base zero-shot and k-shot, most common answer and position, longest option, tf-idf, tuned.

The base is asked exactly as the tuned model is: the same prompt, the same options, the same ranking. Where every row has the same options
they are classes, and tf-idf with logistic regression on the prompt is the baseline; else tf-idf's likeness of prompt and option.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from afina.compare import baselines
from afina.compare.base import COMPARISONS, Sheet, check_rows, drawn, joined, prompting_of
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Kind, Resampling, finish, worst_of
from afina.compare.prompting import Prompting, Shot, worked
from afina.evaluate.metrics import per_class
from afina.evaluate.metrics.user import users_metrics
from afina.evaluate.tasks.choices import Picked, pick, rank_by_of
from afina.objectives.choices import options_of
from afina.types import IGNORE_INDEX, Choices, Example, Message

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job
    from afina.recipe.schema import EvalSpec


class AskedForOptions(Protocol):
    """A model that can be asked which option is likeliest; afina.evaluate.ask.Ask is one."""

    def option_logps(self, examples: Sequence[Example]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return log p of each option, summed over its tokens, and their number, both [N, K]; -inf and 1 where a row has fewer."""
        ...

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> Sequence[float]:
        """Return log p(choice | prompt) summed over the choice's tokens, one a choice. Units: nats."""
        ...


@dataclass(frozen=True)
class Offer:
    """A row as a question in tokens, exactly as in training, and its options in tokens."""

    ids: list[int]
    messages: tuple[Message, ...]
    options: list[list[int]]


@COMPARISONS.register("choices")
def compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    return compare_choices(
        base,
        tuned,
        train=cast("Sequence[Choices]", job.dataset.splits["train"]),
        test=cast("Sequence[Choices]", job.dataset.splits["test"]),
        test_examples=job.encoded.examples["test"],
        prompting=prompting_of(job),
        rank_by=rank_by_of(job.objective),
        spec=job.recipe.eval,
        seed=job.recipe.seed,
    )


def compare_choices(
    base: AskedForOptions,
    tuned: AskedForOptions,
    *,
    train: Sequence[Choices],
    test: Sequence[Choices],
    test_examples: Sequence[Example],
    prompting: Prompting,
    rank_by: str,
    spec: EvalSpec,
    seed: int = 0,
) -> Comparison:
    """Compare answerers of multiple choice on the test rows; the base with worked examples on `spec.max_generated` of them, drawn by seed.

    Raises AfinaError V001 without training rows or test examples.
    """
    check_rows(test_examples)
    check_rows(train)
    examples = {example.number: example for example in test_examples}
    asked = [row for row in test if row.number in examples]
    same = len({frozenset(row.choices) for row in (*train, *asked)}) == 1
    metrics = ("accuracy", *(("macro_f1",) if same else ()), *users_metrics(spec))
    wanted = [row.choices[row.answer] for row in asked]
    sheet = Sheet(metrics, wanted, Resampling(spec.bootstrap, seed), [row.number for row in asked])
    if len(asked) < len(test):
        sheet.notes.append(f"{len(test) - len(asked)} of {len(test)} test rows have an option that fits nowhere whole: not asked")
    in_order = [examples[row.number] for row in asked]

    def answers(model: AskedForOptions, note: str = "") -> tuple[Picked, Answers]:
        picked = pick(*model.option_logps(in_order), [row.answer for row in asked], rank_by)
        return picked, Answers([row.choices[index] for row, index in zip(asked, picked.index_N.tolist(), strict=True)], note)

    sheet.add("base zero-shot", "base zero-shot", answers(base, "the prompt and the ranking exactly as in training")[1])
    if spec.shots:
        _ask_with_examples(sheet, base, train, asked, in_order, prompting, rank_by, spec, seed)
    _add_baselines(sheet, train, asked, same, seed)
    picked, got = answers(tuned)
    sheet.add("tuned", "tuned", got)
    return finish(
        "choices",
        spec.metric if spec.metric in metrics else "accuracy",
        sheet.entries,
        sheet.wanted,
        sheet.resampling,
        worst_of(
            [
                (row.number, row.prompt, row.choices[row.answer], said, -float(loss))
                for row, said, loss in zip(asked, got.predictions, picked.losses_N, strict=True)
            ]
        ),
        len(test),
        per_class=per_class(got.predictions, sheet.wanted) if same else [],
        numbers=[row.number for row in asked],
        notes=sheet.notes,
        worst_by="log-probability of the right option among the options, in nats",
    )


def _ask_with_examples(
    sheet: Sheet,
    base: AskedForOptions,
    train: Sequence[Choices],
    asked: Sequence[Choices],
    examples: Sequence[Example],
    prompting: Prompting,
    rank_by: str,
    spec: EvalSpec,
    seed: int,
) -> None:
    """Ask the base behind worked examples, on rows drawn by seed."""
    chosen = drawn(len(asked), spec.max_generated, seed)
    offers = [offer_of(asked[i], examples[i]) for i in chosen]
    shots = [Shot(row.prompt, row.choices[row.answer]) for row in (train[i] for i in drawn(len(train), spec.shots, seed))]
    budget = prompting.context - max(len(option) for offer in offers for option in offer.options)
    prompts = worked(offers, shots, prompting, budget)
    if not max(prompts.n_shots):
        sheet.notes.append(f"base k-shot: not asked, no worked example fits in {budget} tokens")
        return
    got: list[str] = []
    for i, offer, ids in zip(chosen, offers, prompts.ids, strict=True):
        sums_1K = np.array([base.choice_logps(ids, offer.options)])
        lengths_1K = np.array([[len(option) for option in offer.options]], dtype=float)
        got.append(asked[i].choices[int(pick(sums_1K, lengths_1K, [-1], rank_by).index_N[0])])
    sheet.add(f"base {max(prompts.n_shots)}-shot", "base k-shot", Answers(got, prompts.note()), chosen)


def offer_of(row: Choices, example: Example) -> Offer:
    """Return an encoded row as prompt and options."""
    options = [[label for label in option.labels if label != IGNORE_INDEX] for option in options_of(example)]
    n_prompt = example.second or next(place for place, label in enumerate(example.labels) if label != IGNORE_INDEX)
    return Offer(list(example.ids[:n_prompt]), (Message("user", row.prompt),), options)


# --- what needs no model ---


def _add_baselines(sheet: Sheet, train: Sequence[Choices], asked: Sequence[Choices], same: bool, seed: int) -> None:
    right = Counter(row.choices[row.answer] for row in train)
    places = Counter(row.answer for row in train)
    ordered = len({row.choices for row in (*train, *asked)}) == 1

    def add(name: str, kind: Kind, pick_one: Callable[[Choices], int], note: str) -> None:
        sheet.add(name, kind, Answers([row.choices[pick_one(row)] for row in asked], note))

    def most(row: Choices, worth: Callable[[int], float]) -> int:
        """The first of those that are worth most."""
        return max(range(len(row.choices)), key=lambda i: (worth(i), -i))

    note = "the option that was right most often in the training rows"
    add("most common answer", "most common answer", lambda row: most(row, lambda i: right[row.choices[i]]), note)
    if not ordered:
        note = "the place of the right option in most of the training rows"
        add("most common position", "most common position", lambda row: most(row, lambda i: places[i]), note)
    if same:
        answers = [row.choices[row.answer] for row in train]
        by_words = baselines.tfidf_logistic([row.prompt for row in train], answers, [row.prompt for row in asked], seed)
        sheet.add("tf-idf + logistic regression", "tf-idf + logistic regression", by_words)
        return
    add("longest option", "longest option", lambda row: most(row, lambda i: len(row.choices[i])), "by characters")
    sheet.add("tf-idf similarity", "tf-idf similarity", most_alike(train, asked))


def most_alike(train: Sequence[Choices], asked: Sequence[Choices]) -> Answers:
    """Answer with the option that is most like the prompt, by the cosine of their words' tf-idf (learned from the training rows)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    try:
        words.fit([text for row in train for text in (row.prompt, *row.choices)])
    except ValueError:  # scikit-learn's answer to texts without a single word
        return Answers([row.choices[0] for row in asked], "no words: always the first option")
    got: list[str] = []
    for row in asked:
        options_KD: Any = words.transform(row.choices)
        alike_K = np.asarray((options_KD @ words.transform([row.prompt]).T).todense()).ravel()  # type: ignore[union-attr]
        got.append(row.choices[int(alike_K.argmax())])
    return Answers(got, joined("the option most like the prompt", "words, cosine; ties to the first"))
