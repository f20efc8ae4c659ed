"""One class a row: base zero-shot and k-shot, majority, tf-idf + logistic regression, frozen probe, tuned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from afina.compare import baselines
from afina.compare.base import COMPARISONS, Asked, Sheet, check_rows, drawn, joined, prompting_of
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Kind, Resampling, finish, worst_of
from afina.compare.prompting import Prompting, Prompts, best_choices, few_shot, label_shots, zero_shot
from afina.errors import UsageError
from afina.evaluate.metrics import CLASS_METRICS, per_class
from afina.evaluate.metrics.user import users_metrics
from afina.types import Example, Labelled, Pair

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job
    from afina.recipe.schema import EvalSpec


@COMPARISONS.register("label")
def compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    """An encoder, which writes no words, is asked for its hidden states alone."""
    return compare_classes(
        base,
        tuned,
        labels=job.dataset.labels,
        train=cast("Sequence[Labelled | Pair]", job.dataset.splits["train"]),
        test=cast("Sequence[Labelled | Pair]", job.dataset.splits["test"]),
        train_examples=job.encoded.examples["train"],
        test_examples=job.encoded.examples["test"],
        prompting=prompting_of(job) if job.facts.kind != "encoder" else None,
        spec=job.recipe.eval,
        seed=job.recipe.seed,
    )


def compare_classes(
    base: Asked | None,
    tuned: Asked,
    *,
    labels: Sequence[str],
    train: Sequence[Labelled | Pair],
    test: Sequence[Labelled | Pair],
    train_examples: Sequence[Example],
    test_examples: Sequence[Example],
    prompting: Prompting | None,
    spec: EvalSpec,
    seed: int = 0,
) -> Comparison:
    """Compare classifiers. The base model is prompted for `spec.max_generated` test rows drawn by seed, everything else answers all.

    prompting: None for a base that writes no words (an encoder).
    labels: the classes in the order of `class_logps`. The main metric is `spec.metric` if it is one on classes, else accuracy.
    Raises AfinaError V001 without rows, V002 where rows and examples do not match, UsageError V005 for a label without tokens.
    """
    check_rows(test, test_examples)
    check_rows(train, train_examples)
    metrics = (*CLASS_METRICS, *users_metrics(spec))
    sheet = Sheet(metrics, [row.label for row in test], Resampling(spec.bootstrap, seed), [row.number for row in test])
    train_labels = [row.label for row in train]
    if base is None:
        sheet.notes.append("base model: not asked")
    elif prompting is None:
        sheet.notes.append("base model: not asked in words, an encoder writes none; its hidden states are the frozen probe's")
    else:
        _ask_for_labels(sheet, base, labels, train, test, prompting, spec, seed)
    sheet.add("majority class", "majority", baselines.majority(train_labels, len(test)))
    by_words = baselines.tfidf_logistic([row.asked for row in train], train_labels, [row.asked for row in test], seed)
    sheet.add("tf-idf + logistic regression", "tf-idf + logistic regression", by_words)
    if base is not None:
        kept, note = baselines.rows_to_learn_from(train_labels, seed)
        seen, unseen = base.features([train_examples[i] for i in kept.tolist()]), base.features(test_examples)
        probe = baselines.frozen_probe(seen, baselines.chosen(train_labels, kept), unseen, seed)
        sheet.add("frozen probe", "frozen probe", Answers(probe.predictions, probe.note + note))
    logps_NC = np.asarray(tuned.class_logps(test_examples, len(labels)))
    got = baselines.chosen(labels, logps_NC.argmax(-1))
    sheet.add("tuned", "tuned", Answers(got))
    column = {label: i for i, label in enumerate(labels)}
    known = set(train_labels)
    unknown = sum(row.label not in known for row in test)
    if unknown:
        sheet.notes.append(f"{unknown} of {len(test)} test rows have a label that no training row has; they count like any other")
    sure = [float(logps_NC[i, column[row.label]]) if row.label in column else -math.inf for i, row in enumerate(test)]
    return finish(
        "classes",
        spec.metric if spec.metric in metrics else "accuracy",
        sheet.entries,
        sheet.wanted,
        sheet.resampling,
        worst_of([(row.number, row.asked, row.label, g, s) for row, g, s in zip(test, got, sure, strict=True)]),
        len(test),
        per_class=per_class(got, sheet.wanted),
        numbers=[row.number for row in test],
        notes=sheet.notes,
        worst_by="log-probability of the wanted label, in nats",
    )


def _ask_for_labels(
    sheet: Sheet,
    base: Asked,
    labels: Sequence[str],
    train: Sequence[Labelled | Pair],
    test: Sequence[Labelled | Pair],
    prompting: Prompting,
    spec: EvalSpec,
    seed: int,
) -> None:
    """Prompt the base model for a seeded subset of the test rows, without and with worked examples."""
    chosen = drawn(len(test), spec.max_generated, seed)
    choices = [list(prompting.encode(f" {label}")) for label in labels]
    if not all(choices):
        empty = labels[choices.index([])]
        raise UsageError(
            "V005", f'the label "{empty}" has no tokens in this tokenizer', where="comparison", fix="rename it, or eval.compare=false"
        )
    first = [] if prompting.bos_id is None else [prompting.bos_id]
    budget = prompting.context - max(map(len, choices)) - len(first)
    questions = [test[i].asked for i in chosen]

    def ask(name: str, kind: Kind, prompts: Prompts) -> None:
        logps_NC = np.array([base.choice_logps([*first, *ids], choices) for ids in prompts.ids])
        got = baselines.chosen(labels, best_choices(logps_NC, [len(choice) for choice in choices]))
        sheet.add(name, kind, Answers(got, joined("the label with the largest mean log-probability a token", prompts.note())), chosen)

    ask("base zero-shot", "base zero-shot", zero_shot(questions, prompting.encode, budget))
    if spec.shots:
        prompts = few_shot(questions, label_shots(train, spec.shots, seed), prompting.encode, budget)
        if max(prompts.n_shots):
            ask(f"base {max(prompts.n_shots)}-shot", "base k-shot", prompts)
        else:
            sheet.notes.append(f"base k-shot: not asked, no worked example fits in {budget} tokens")
