"""Any number of classes a row: the usual set, tf-idf and a frozen probe with one logistic regression a class, tuned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from afina.compare import linear
from afina.compare.base import COMPARISONS, Sheet, check_rows
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Resampling, finish, worst_of
from afina.evaluate.metrics import SET_METRICS, per_class
from afina.evaluate.metrics.user import users_metrics
from afina.evaluate.tasks.labels import likely, losses, threshold_of
from afina.types import MultiLabelled

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job


@COMPARISONS.register("labels")
def compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    """Compare multi-label classifiers. The main metric is `eval.metric` if it is one on sets, else micro-F1.

    The base model is not asked in words: what it writes is a sentence, from which a set of labels could only be guessed.
    """
    spec, seed = job.recipe.eval, job.recipe.seed
    train, test = (cast("Sequence[MultiLabelled]", job.dataset.splits[split]) for split in ("train", "test"))
    check_rows(test, job.encoded.examples["test"])
    check_rows(train)
    classes = job.dataset.labels
    wanted = [row.labels for row in test]
    metrics = (*SET_METRICS, *users_metrics(spec))
    sheet = Sheet(metrics, wanted, Resampling(spec.bootstrap, seed), [row.number for row in test])
    sheet.notes.append("base model: not asked in words, from which several labels could only be guessed; see the frozen probe")
    known, texts, test_texts = [row.labels for row in train], [row.text for row in train], [row.text for row in test]
    sheet.add("usual labels", "majority", linear.usual_set(known, len(test)))
    sheet.add("most frequent labels", "majority", linear.best_set(known, len(test)))
    by_words = linear.tfidf_one_vs_rest(texts, known, test_texts, classes, seed)
    sheet.add("tf-idf + logistic regression", "tf-idf + logistic regression", by_words)
    kept, note = linear.drawn_rows(len(train), len(classes), seed)
    seen, unseen = base.features([job.encoded.examples["train"][int(i)] for i in kept]), base.features(job.encoded.examples["test"])
    probe = linear.probe_one_vs_rest(seen, [known[i] for i in kept], unseen, classes, seed)
    sheet.add("frozen probe", "frozen probe", Answers(probe.predictions, probe.note + note))
    logits_NC = tuned.outputs(job.encoded.examples["test"], len(classes))
    threshold = threshold_of(tuned)
    got = likely(logits_NC, classes, threshold)
    sheet.add("tuned", "tuned", Answers(got, f"labels of probability {threshold:g} or more"))
    nll_N = losses(logits_NC, linear.indicators(wanted, classes))
    return finish(
        "labels",
        spec.metric if spec.metric in metrics else "micro_f1",
        sheet.entries,
        wanted,
        sheet.resampling,
        worst_of([(row.number, row.text, shown(row.labels), shown(g), -nll) for row, g, nll in zip(test, got, nll_N, strict=True)]),
        len(test),
        per_class=per_class(got, wanted),
        numbers=[row.number for row in test],
        notes=sheet.notes,
        worst_by="mean log-probability of the right yes or no, in nats",
    )


def shown(labels: Sequence[str]) -> str:
    return ", ".join(labels) or "none"
