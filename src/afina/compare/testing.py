"""The end of a run: base, baselines and the saved result on the test rows, which nothing has touched before."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, cast

from afina.compare.comparison import Comparison
from afina.compare.prompting import Prompting
from afina.compare.tasks import compare_classes, compare_lm, compare_text
from afina.evaluate.ask import EVAL_TOKENS, Ask
from afina.evaluate.questions import questions
from afina.job import Job
from afina.methods import HeadFacts
from afina.run import Run
from afina.score import Actor
from afina.strategy import Single
from afina.types import Chat, Completion, Labelled, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def compare_run(job: Job, run: Run) -> Comparison:
    """Return the comparison of the run's saved model with the base and the baselines.

    What is measured is what was saved: the model is read back from the run's folder. The base keeps its language-model head, so that it
    can be prompted, whatever head the objective trained.
    """
    from afina.models.load import build, load_trained

    recipe = job.recipe
    strategy = Single(recipe.model.precision, recipe.train.device)
    device = str(strategy.device)
    base = build(job.located, job.facts, HeadFacts("lm"), recipe.model.precision, device, recipe.model.random_init, recipe.seed, ())
    tuned = load_trained(run, device)
    try:
        asked = [Ask(Actor(model.to(device)), job.objective, strategy, job.decode, EVAL_TOKENS) for model in (base, tuned)]
        return _compare(job, *asked)
    finally:
        del base, tuned
        gc.collect()


def _compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    spec, seed = job.recipe.eval, job.recipe.seed
    train, test = job.dataset.splits["train"], job.dataset.splits["test"]
    train_examples, test_examples = job.encoded.examples["train"], job.encoded.examples["test"]
    if job.objective.name == "classify":
        return compare_classes(
            base,
            tuned,
            labels=job.dataset.labels,
            train=cast("Sequence[Labelled]", train),
            test=cast("Sequence[Labelled]", test),
            train_examples=train_examples,
            test_examples=test_examples,
            prompting=_prompting(job),
            spec=spec,
            seed=seed,
        )
    if job.objective.name == "lm":
        vocab = job.facts.vocab_size
        texts = cast("Sequence[Text]", test)
        return compare_lm(
            base, tuned, train_examples=train_examples, test_examples=test_examples, test=texts, vocab_size=vocab, spec=spec, seed=seed
        )
    return compare_text(
        base,
        tuned,
        train=cast("Sequence[Completion | Chat]", train),
        questions=questions(job.encoded, test, test_examples, spec.max_generated, seed),
        test_examples=test_examples,
        prompting=_prompting(job),
        spec=spec,
        seed=seed,
    )


def _prompting(job: Job) -> Prompting:
    new_tokens = job.recipe.eval.max_new_tokens
    assert new_tokens != "auto"
    tokenizer = job.tokenizer
    bos = tokenizer.bos if tokenizer.adds_bos else None
    stops = tuple(job.encoded.encoder.stop_ids)
    return Prompting(tokenizer.encode, job.facts.max_length, bos, stops, new_tokens)
