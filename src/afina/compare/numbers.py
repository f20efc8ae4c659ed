"""A number a row: the mean, ridge regression on tf-idf and on frozen hidden states, tuned; all in the units of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from afina.compare import linear
from afina.compare.base import COMPARISONS, Sheet, check_rows
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Resampling, finish, worst_of
from afina.evaluate.metrics import NUMBER_METRICS
from afina.evaluate.metrics.user import users_metrics
from afina.types import Scored, ScoredPair

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.job import Job


@COMPARISONS.register("score")
def compare(job: Job, base: Ask, tuned: Ask) -> Comparison:
    """Compare regressions. The main metric is `eval.metric` if it is one on numbers, else the root mean squared error."""
    spec, seed = job.recipe.eval, job.recipe.seed
    train, test = (cast("Sequence[Scored | ScoredPair]", job.dataset.splits[split]) for split in ("train", "test"))
    check_rows(test, job.encoded.examples["test"])
    check_rows(train)
    wanted = [row.score for row in test]
    metrics = (*NUMBER_METRICS, *users_metrics(spec))
    sheet = Sheet(metrics, wanted, Resampling(spec.bootstrap, seed), [row.number for row in test])
    sheet.notes.append("base model: not asked in words, it knows nothing of this scale; see the frozen probe")
    known, texts, test_texts = [row.score for row in train], [row.asked for row in train], [row.asked for row in test]
    sheet.add("mean of the training rows", "mean", linear.mean_number(known, len(test)))
    sheet.add("tf-idf + ridge", "tf-idf + ridge", linear.tfidf_ridge(texts, known, test_texts, seed))
    kept, note = linear.drawn_rows(len(train), 10, seed)
    seen, unseen = base.features([job.encoded.examples["train"][int(i)] for i in kept]), base.features(job.encoded.examples["test"])
    probe = linear.probe_ridge(seen, [known[i] for i in kept], unseen, seed)
    sheet.add("frozen probe", "frozen probe", Answers(probe.predictions, probe.note + note))
    got = tuned.numbers(job.encoded.examples["test"]).tolist()
    sheet.add("tuned", "tuned", Answers(got))
    rows = zip(test, got, strict=True)
    return finish(
        "numbers",
        spec.metric if spec.metric in metrics else "rmse",
        sheet.entries,
        wanted,
        sheet.resampling,
        worst_of([(row.number, row.asked, f"{row.score:g}", f"{g:.6g}", abs(g - row.score)) for row, g in rows], high_is_bad=True),
        len(test),
        numbers=[row.number for row in test],
        notes=sheet.notes,
        worst_by="absolute error",
    )
