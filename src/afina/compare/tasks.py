"""The comparison of each kind of task: who is asked what. Each asks the tuned model once about the test rows and never learns from them.

classes: base zero-shot and k-shot, majority, tf-idf + logistic regression, frozen probe, tuned.
text: base zero-shot and k-shot, most common answer, copy of the prompt, tuned; loss on the answers for base and tuned.
lm: loss of base, a unigram model of the training tokens, and tuned, document by document.

Letters: N rows, C classes, D features, V vocabulary.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from afina.compare import baselines
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Entry, Kind, Resampling, Worst, answered, finish, with_loss, worst_of
from afina.compare.prompting import (
    Prompting,
    Prompts,
    answer_shots,
    best_choices,
    few_shot,
    label_shots,
    shot_of,
    worked,
    zero_shot,
)
from afina.errors import AfinaError, UsageError
from afina.evaluate.metrics import METRICS, by_row, corpus_chrf, per_class
from afina.evaluate.questions import cut_note
from afina.types import IGNORE_INDEX, Chat, Completion, Example, Labelled, Pair, Text

if TYPE_CHECKING:
    from afina.evaluate.questions import Question
    from afina.recipe.schema import EvalSpec

CLASS_METRICS = ("accuracy", "macro_f1")
TEXT_METRICS = ("exact_match", "rouge_l", "chrf")


Losses = tuple[NDArray[Any], NDArray[Any]]
"""Summed nll (nats) and number of tokens, each [N]."""


class Asked(Protocol):
    """A model that can be asked about many rows at once; afina.evaluate.ask.Ask is one."""

    def nll(self, examples: Sequence[Example]) -> Losses:
        """Return each example's summed negative log-likelihood (nats) and its number of learned tokens, both [N]."""
        ...

    def class_logps(self, examples: Sequence[Example], n_classes: int) -> NDArray[Any]:
        """Return log p(class | text), [N, C]."""
        ...

    def features(self, examples: Sequence[Example]) -> NDArray[Any]:
        """Return hidden states, [N, D]."""
        ...

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> Sequence[float]:
        """Return log p(choice | prompt) summed over the choice's tokens, one a choice. Units: nats."""
        ...

    def generate(self, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], max_new_tokens: int) -> list[str]:
        """Return the greedy answer to each prompt."""
        ...


class _Sheet:
    """Collects the entries and notes of one comparison."""

    def __init__(self, metrics: Sequence[str], wanted: list[str], resampling: Resampling) -> None:
        self.metrics, self.wanted, self.resampling = metrics, wanted, resampling
        self.entries: list[Entry] = []
        self.notes: list[str] = []

    def add(self, name: str, kind: Kind, answers: Answers, rows: Sequence[int] | None = None, losses: Losses | None = None) -> None:
        entry = answered(name, kind, self.metrics, answers.predictions, self.wanted, self.resampling, answers.note, rows)
        self.entries.append(entry if losses is None else with_loss(entry, *losses, self.resampling))


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
    _check(test, test_examples)
    _check(train, train_examples)
    sheet = _Sheet(CLASS_METRICS, [row.label for row in test], Resampling(spec.bootstrap, seed))
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
        spec.metric if spec.metric in CLASS_METRICS else "accuracy",
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
    sheet: _Sheet,
    base: Asked,
    labels: Sequence[str],
    train: Sequence[Labelled | Pair],
    test: Sequence[Labelled | Pair],
    prompting: Prompting,
    spec: EvalSpec,
    seed: int,
) -> None:
    """Prompt the base model for a seeded subset of the test rows, without and with worked examples."""
    chosen = _subset(len(test), spec.max_generated, seed)
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
        sheet.add(name, kind, Answers(got, _joined("the label with the largest mean log-probability a token", prompts.note())), chosen)

    ask("base zero-shot", "base zero-shot", zero_shot(questions, prompting.encode, budget))
    if spec.shots:
        prompts = few_shot(questions, label_shots(train, spec.shots, seed), prompting.encode, budget)
        if max(prompts.n_shots):
            ask(f"base {max(prompts.n_shots)}-shot", "base k-shot", prompts)
        else:
            sheet.notes.append(f"base k-shot: not asked, no worked example fits in {budget} tokens")


def compare_text(
    base: Asked | None,
    tuned: Asked,
    *,
    train: Sequence[Completion | Chat],
    questions: Sequence[Question],
    test_examples: Sequence[Example],
    prompting: Prompting,
    spec: EvalSpec,
    seed: int = 0,
) -> Comparison:
    """Compare answers in words, on the test rows drawn as `questions`; the loss is on all `test_examples`.

    The main metric is `spec.metric` if it is one on text, else exact match where the median wanted answer has three words or fewer, else
    ROUGE-L. Raises AfinaError V001 without questions or training rows.
    """
    _check(questions)
    _check(train)
    sheet = _Sheet(TEXT_METRICS, [question.wanted for question in questions], Resampling(spec.bootstrap, seed))
    asked: dict[str, Asked] = {"tuned": tuned} if base is None else {"base": base, "tuned": tuned}
    losses = _losses(asked, test_examples, sheet.notes)
    if cut := cut_note([question.n_cut for question in questions]):
        sheet.notes.append(cut)
    if base is None:
        sheet.notes.append("base model: not asked")
    else:
        _ask_for_answers(sheet, base, train, questions, prompting, spec, seed, losses.get("base"))
    shots = [shot_of(row) for row in train]
    usual = baselines.most_common_answer([shot.answer for shot in shots], len(questions))
    sheet.add("most common answer", "most common answer", _with_corpus_chrf(usual, sheet.wanted))
    prompts = [question.prompt for question in questions]
    copied = baselines.copied_prompt(prompts, [shot.question for shot in shots], [shot.answer for shot in shots])
    if copied is not None:
        sheet.add("copy of the prompt", "copy of the prompt", _with_corpus_chrf(copied, sheet.wanted))
    got = tuned.generate([question.ids for question in questions], prompting.stop_ids, prompting.max_new_tokens)
    sheet.add("tuned", "tuned", _with_corpus_chrf(Answers(got), sheet.wanted), losses=losses.get("tuned"))
    main = spec.metric if spec.metric in TEXT_METRICS else "exact_match" if _are_short(sheet.wanted) else "rouge_l"
    score = METRICS[main].per_example
    return finish(
        "text",
        main,
        sheet.entries,
        sheet.wanted,
        sheet.resampling,
        worst_of([(q.number, q.prompt, q.wanted, g, score(g, q.wanted)) for q, g in zip(questions, got, strict=True)]),
        len({example.number for example in test_examples}),
        numbers=[question.number for question in questions],
        notes=sheet.notes,
        worst_by=main,
    )


def _ask_for_answers(
    sheet: _Sheet,
    base: Asked,
    train: Sequence[Completion | Chat],
    questions: Sequence[Question],
    prompting: Prompting,
    spec: EvalSpec,
    seed: int,
    losses: Losses | None,
) -> None:
    """Let the base model answer, without and with worked examples before the prompt."""
    ids = [question.ids for question in questions]
    zero = base.generate(ids, prompting.stop_ids, prompting.max_new_tokens)
    answers = Answers(zero, "the prompt exactly as in training")
    sheet.add("base zero-shot", "base zero-shot", _with_corpus_chrf(answers, sheet.wanted), losses=losses)
    if not spec.shots:
        return
    budget = prompting.context - prompting.max_new_tokens
    prompts = worked(questions, answer_shots(train, spec.shots, seed), prompting, budget)
    if not max(prompts.n_shots):
        sheet.notes.append(f"base k-shot: not asked, no worked example fits in {budget} tokens")
        return
    few = base.generate(prompts.ids, prompting.stop_ids, prompting.max_new_tokens)
    few, cut = _before_next_example(few, prompting, [shot_of(row).answer for row in train])
    answers = Answers(few, _joined(prompts.note(), cut))
    sheet.add(f"base {max(prompts.n_shots)}-shot", "base k-shot", _with_corpus_chrf(answers, sheet.wanted))


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
    _check(test_examples)
    resampling = Resampling(spec.bootstrap, seed)
    asked: dict[str, Asked] = {"tuned": tuned} if base is None else {"base": base, "tuned": tuned}
    notes = ["base model: not asked"] if base is None else []
    unigram = _Unigram(train_examples, vocab_size)
    losses = _losses({**asked, "unigram": unigram}, test_examples, notes, "documents")
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
            counts_V += np.bincount(_learned(example), minlength=vocab_size)
        self.nll_V = np.log(counts_V.sum()) - np.log(counts_V)

    def nll(self, examples: Sequence[Example]) -> Losses:
        learned = [_learned(example) for example in examples]
        return np.array([self.nll_V[ids].sum() for ids in learned]), np.array([float(len(ids)) for ids in learned])


def _learned(example: Example) -> NDArray[np.int64]:
    """Return the labelled tokens; the first position is predicted from nothing and never counts."""
    labels_T = np.array(example.labels[1:], dtype=np.int64)
    return labels_T[labels_T != IGNORE_INDEX]


def _losses(asked: dict[str, Any], examples: Sequence[Example], notes: list[str], rows: str = "rows") -> dict[str, Losses]:
    """Return each model's (summed nll, number of tokens) by row of the file; rows without tokens are left out and counted."""
    if not examples:
        notes.append("loss: not measured, no test examples")
        return {}
    losses = {name: by_row(examples, *model.nll(examples)) for name, model in asked.items()}
    n_tokens = losses["tuned"][1]
    for name, (totals, counts) in losses.items():
        if not np.array_equal(counts, n_tokens):
            raise AfinaError(
                "V002", f"tuned and {name} were scored on different tokens", where="comparison", fix="report this as a bug of afina"
            )
        if not np.isfinite(totals).all():
            n_bad = int((~np.isfinite(totals)).sum())
            raise AfinaError(
                "V006", f"the loss of {name} is not finite on {n_bad} test rows", where="comparison", fix="model.precision=fp32"
            )
    kept = n_tokens > 0
    if not kept.all():
        notes.append(f"loss: {int((~kept).sum())} of {len(kept)} test {rows} have no token to predict")
    return {name: (totals[kept], counts[kept]) for name, (totals, counts) in losses.items()} if kept.any() else {}


def _documents(examples: Sequence[Example]) -> list[int]:
    """Return the numbers of the documents with a predicted token, in order."""
    return list(dict.fromkeys(example.number for example in examples if len(_learned(example))))


def _check(rows: Sequence[Any], examples: Sequence[Example] | None = None) -> None:
    if not len(rows):
        raise AfinaError(
            "V001", "a comparison needs training rows and test rows", where="comparison", fix="data.test=0.1, or eval.compare=false"
        )
    if examples is not None and len(rows) != len(examples):
        raise AfinaError(
            "V002", f"{len(rows)} rows beside {len(examples)} examples", where="comparison", fix="report this as a bug of afina"
        )


def _subset(n_rows: int, most: int, seed: int) -> list[int]:
    """Return up to `most` positions, drawn by seed, in file order."""
    return list(range(n_rows)) if n_rows <= most else sorted(random.Random(seed).sample(range(n_rows), most))


def _are_short(answers: Sequence[str]) -> bool:
    return median(len(answer.split()) for answer in answers) <= 3


def _before_next_example(answers: list[str], prompting: Prompting, train_answers: Sequence[str]) -> tuple[list[str], str]:
    """Cut each answer where the base model goes on to invent the next example, unless wanted answers hold that separator themselves."""
    end = prompting.form.after_answer
    if prompting.turns is not None or not end or any(end in answer for answer in train_answers):
        return answers, ""
    return [answer.lstrip("\n").split(end)[0].strip() for answer in answers], "answers end where a next example begins"


def _with_corpus_chrf(answers: Answers, wanted: Sequence[str]) -> Answers:
    return Answers(answers.predictions, _joined(answers.note, f"corpus chrF {corpus_chrf(answers.predictions, wanted):.1f}"))


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
