"""Metrics and intervals against other people's code."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    matthews_corrcoef,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
    r2_score,
    root_mean_squared_error,
)

from afina.evaluate import bootstrap, metrics

WORDS = ["the", "cat", "Sat", "on", "a", "mat", "2", "well-read", "it's", "dog_house", "ran,", "(far)", ""]


def texts(seed: int, n: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randrange(0, 30))) for _ in range(n)]


def test_rouge_l_is_rouge_score_on_ascii() -> None:
    scorer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer(["rougeL"], use_stemmer=False)
    for got, wanted in zip(texts(1, 200), texts(2, 200), strict=True):
        assert metrics.rouge_l(got, wanted) == pytest.approx(scorer.score(wanted, got)["rougeL"].fmeasure, abs=1e-12)


def test_chrf_is_sacrebleu_sentence_and_corpus() -> None:
    import sacrebleu

    got, wanted = ["el gat és a casa", "bon dia"], ["el gat era a casa", "bona nit"]
    for g, w in zip(got, wanted, strict=True):
        assert metrics.chrf(g, w) == sacrebleu.sentence_chrf(g, [w]).score
    assert metrics.corpus_chrf(got, wanted) == sacrebleu.corpus_chrf(got, [wanted]).score
    assert metrics.chrf("gat", "gat") == 100.0


def test_class_scores_are_scikit_learns() -> None:
    rng = random.Random(0)
    wanted = [rng.choice("abcd") for _ in range(200)]
    got = [rng.choice("abce") for _ in range(200)]
    assert metrics.macro_f1(got, wanted) == pytest.approx(f1_score(wanted, got, average="macro", zero_division=0))
    table = {row.label: row for row in metrics.per_class(got, wanted)}
    labels = sorted(table)
    precision, recall, f1, n = precision_recall_fscore_support(wanted, got, labels=labels, zero_division=0)
    for i, label in enumerate(labels):
        row = table[label]
        assert (row.precision, row.recall, row.f1, row.n) == pytest.approx((precision[i], recall[i], f1[i], n[i]))


def test_bleu_is_sacrebleu_sentence_and_corpus() -> None:
    import sacrebleu

    got = ["el gat negre dorm a casa seva", "bon dia a tothom", "plou"]
    wanted = ["el gat negre dorm a la casa", "bona nit a tothom, amics", "fa sol"]
    for g, w in zip(got, wanted, strict=True):
        assert metrics.bleu(g, w) == sacrebleu.sentence_bleu(g, [w]).score
    assert metrics.corpus_bleu(got, wanted) == sacrebleu.corpus_bleu(got, [wanted]).score
    assert 0 < metrics.corpus_bleu(got, wanted) != metrics.METRICS["bleu"].score(got, wanted)


def test_mcc_is_scikit_learns_for_two_classes_and_more() -> None:
    rng = random.Random(1)
    for classes in ("ab", "abcd"):
        wanted = [rng.choice(classes) for _ in range(150)]
        got = [w if rng.random() < 0.4 else rng.choice(classes + "e") for w in wanted]
        assert metrics.mcc(got, wanted) == pytest.approx(matthews_corrcoef(wanted, got), abs=1e-12)
    assert metrics.mcc(["a"] * 4, ["a", "b", "a", "b"]) == matthews_corrcoef(["a", "b", "a", "b"], ["a"] * 4) == 0.0


def test_scores_of_numbers_are_scipys_and_scikit_learns() -> None:
    rng = np.random.default_rng(7)
    wanted = rng.normal(1000, 3, 90).round(1)  # rounded: equal numbers share a rank
    got = (wanted + rng.normal(0, 2, 90)).round(0)
    assert metrics.rmse(got, wanted) == pytest.approx(root_mean_squared_error(wanted, got), rel=1e-12)
    assert metrics.METRICS["mae"].score(got, wanted) == pytest.approx(mean_absolute_error(wanted, got), rel=1e-12)
    assert metrics.METRICS["mse"].score(got, wanted) == pytest.approx(mean_squared_error(wanted, got), rel=1e-12)
    assert metrics.r2(got, wanted) == pytest.approx(r2_score(wanted, got), abs=1e-9)
    assert metrics.pearson(got, wanted) == pytest.approx(stats.pearsonr(got, wanted).statistic, abs=1e-9)
    assert metrics.spearman(got, wanted) == pytest.approx(stats.spearmanr(got, wanted).statistic, abs=1e-12)


@pytest.mark.parametrize("constant", [0.1, 1e9 + 0.1, -7.0])
def test_a_constant_rises_and_falls_with_nothing(constant: float) -> None:
    varied, flat = [1.0, 2.0, 4.0, 3.0], [constant] * 4
    assert metrics.pearson(flat, varied) == metrics.pearson(varied, flat) == metrics.spearman(flat, varied) == 0.0
    assert metrics.r2(flat, flat) == r2_score(flat, flat) == 1.0
    assert metrics.r2(varied, flat) == r2_score(flat, varied) == 0.0
    assert metrics.METRICS["pearson"].interval(flat, varied) == (0.0, 0.0, 0.0)


def test_scores_of_sets_are_scikit_learns() -> None:
    rng = random.Random(2)
    classes = list("abcde")
    wanted = [tuple(sorted(rng.sample(classes, rng.randrange(0, 4)))) for _ in range(120)]
    got = [w if rng.random() < 0.5 else tuple(rng.sample(classes, rng.randrange(0, 4))) for w in wanted]
    true, given = (np.array([[label in labels for label in classes] for labels in rows]) for rows in (wanted, got))
    assert metrics.micro_f1(got, wanted) == pytest.approx(f1_score(true, given, average="micro"))
    assert metrics.macro_f1(got, wanted) == pytest.approx(f1_score(true, given, average="macro", zero_division=0))
    assert metrics.METRICS["exact_set"].score(got, wanted) == pytest.approx(accuracy_score(true, given))
    precision, recall, f1, n = precision_recall_fscore_support(true, given, zero_division=0)
    table = {row.label: row for row in metrics.per_class(got, wanted)}
    for i, label in enumerate(classes):
        row = table[label]
        assert (row.precision, row.recall, row.f1, row.n) == pytest.approx((precision[i], recall[i], f1[i], n[i]))


def test_interval_is_scipys_percentile_bootstrap() -> None:
    values = np.random.default_rng(3).gamma(2.0, size=80)
    ours = bootstrap.interval(values, seed=1, n=20_000)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="percentile", random_state=2).confidence_interval
    assert ours.mean == pytest.approx(values.mean())
    # Two independent draws of 20,000 resamples: the quantiles' own Monte Carlo error is about 1 % of the interval's width.
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs), abs=0.03 * (theirs.high - theirs.low))


def test_ratio_interval_is_scipys_paired_bootstrap() -> None:
    rng = np.random.default_rng(4)
    counts = rng.integers(1, 50, 60)
    sums = counts * rng.gamma(3.0, 0.5, 60)
    ours = bootstrap.ratio_interval(sums, counts, seed=1, n=20_000)
    theirs = stats.bootstrap(
        (sums, counts),
        lambda s, c, axis: s.sum(axis) / c.sum(axis),
        paired=True,
        vectorized=True,
        n_resamples=20_000,
        method="percentile",
        random_state=2,
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs), abs=0.03 * (theirs.high - theirs.low))


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for seed in range(400):
        found = bootstrap.interval(rng.random(100) < 0.7, seed=seed, n=400)
        hits += found.low <= 0.7 <= found.high
    # 95 % nominal; the percentile method is a little short at 100 rows; 0.91 is three standard errors below 0.943
    assert 0.91 <= hits / 400 <= 0.985


def test_the_paired_difference_covers_the_truth() -> None:
    rng = np.random.default_rng(6)
    hits = 0
    for seed in range(300):
        hard = rng.random(150)
        found = bootstrap.paired_difference(hard + rng.normal(0.1, 0.3, 150), hard, seed=seed, n=400)
        hits += found.low <= 0.1 <= found.high
    assert 0.90 <= hits / 300 <= 0.99
