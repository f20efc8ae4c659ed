"""The end of a run: base, baselines and the saved result on the test rows, which nothing has touched before."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, cast

from afina.compare.comparison import Comparison
from afina.compare.prompting import Asking, Prompting, Shot
from afina.compare.tasks import compare_classes, compare_lm, compare_text
from afina.data.encoder import Encoder
from afina.evaluate.ask import EVAL_TOKENS, Ask
from afina.evaluate.questions import Question, questions
from afina.job import Job
from afina.methods import HeadFacts
from afina.run import Run
from afina.score import actor_of
from afina.strategy import Single
from afina.types import Chat, Completion, Labelled, Message, Pair, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER_CUT = 10**9
"""Prompts with worked examples are measured by the comparison itself, which leaves examples out rather than cutting text."""


def compare_run(job: Job, run: Run) -> Comparison:
    """Return the comparison of the run's saved model with the base and the baselines.

    What is measured is what was saved: the model is read back from the run's folder. The base keeps its language-model head, so that it
    can be prompted, whatever head the objective trained.
    """
    from afina.models.load import build, load_trained

    recipe = job.recipe
    strategy = Single(recipe.model.precision, recipe.train.device)
    device = str(strategy.device)
    head = HeadFacts("lm") if job.facts.kind != "encoder" else job.head  # an encoder is asked for hidden states alone
    base = build(job.located, job.facts, head, recipe.model.precision, device, recipe.model.random_init, recipe.seed, ())
    tuned = load_trained(run, device, recipe.model.precision)
    try:
        asked = [Ask(actor_of(model.to(device)), job.objective, strategy, job.decode, EVAL_TOKENS) for model in (base, tuned)]
        return _compare(job, *asked)
    finally:
        del base, tuned
        gc.collect()


def _compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    spec, seed = job.recipe.eval, job.recipe.seed
    new_tokens = spec.max_new_tokens
    assert new_tokens != "auto"
    train, test = job.dataset.splits["train"], job.dataset.splits["test"]
    train_examples, test_examples = job.encoded.examples["train"], job.encoded.examples["test"]
    if job.objective.name == "classify":
        return compare_classes(
            base,
            tuned,
            labels=job.dataset.labels,
            train=cast("Sequence[Labelled | Pair]", train),
            test=cast("Sequence[Labelled | Pair]", test),
            train_examples=train_examples,
            test_examples=test_examples,
            prompting=_prompting(job) if job.facts.kind != "encoder" else None,
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
        questions=questions(job.encoded, test, test_examples, spec.max_generated, seed, new_tokens),
        test_examples=test_examples,
        prompting=_prompting(job),
        spec=spec,
        seed=seed,
    )


def _prompting(job: Job) -> Prompting:
    new_tokens = job.recipe.eval.max_new_tokens
    assert new_tokens != "auto"
    tokenizer, encoder = job.tokenizer, job.encoded.encoder
    uncut = Encoder(tokenizer, job.recipe.data, NEVER_CUT, kind=job.facts.kind)

    def turns(shots: Sequence[Shot], question: Asking) -> list[int]:
        """Worked examples as earlier turns of a conversation, then the question."""
        earlier = [message for shot in shots for message in (Message("user", shot.question), Message("assistant", shot.answer))]
        return uncut.prompt_ids([*earlier, *cast("Question", question).messages])

    return Prompting(
        encode=lambda text: tokenizer.encode(text, follows=True),
        context=job.facts.max_length,
        bos_id=tokenizer.bos if tokenizer.adds_bos else None,
        stop_ids=tuple(encoder.stop_ids),
        max_new_tokens=new_tokens,
        turns=turns if encoder.template else None,
    )
