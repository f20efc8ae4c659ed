from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afina.errors import UsageError
from afina.evaluate import metrics


def test_macro_f1_by_hand() -> None:
    wanted, got = ["a", "a", "a", "b"], ["a", "a", "b", "c"]
    # a: 2 right, 3 true, 2 predicted -> 4/5; b: 0 right -> 0; c: predicted, never true -> 0
    assert metrics.macro_f1(got, wanted) == pytest.approx(0.8 / 3)
    assert metrics.accuracy(got, wanted) == 0.5


def test_per_class_by_hand() -> None:
    rows = metrics.per_class(["a", "a", "b", "c"], ["a", "a", "a", "b"])
    assert [(row.label, row.n) for row in rows] == [("a", 3), ("b", 1), ("c", 0)]
    assert rows[0].precision == 1.0
    assert rows[0].recall == pytest.approx(2 / 3)
    assert (rows[2].precision, rows[2].recall, rows[2].f1) == (0.0, 0.0, 0.0)


def test_exact_match_ignores_white_space_only() -> None:
    assert metrics.exact_match("  bon \n dia ", "bon dia") == 1.0
    assert metrics.exact_match("Bon dia", "bon dia") == 0.0
    assert metrics.exact_match("bon dia.", "bon dia") == 0.0


def test_rouge_l_by_hand() -> None:
    # LCS "the sat mat" = 3 of 4 got and 6 wanted: 2*3/(4+6)
    assert metrics.rouge_l("the sat big mat", "the cat sat on the mat") == pytest.approx(0.6)
    assert metrics.rouge_l("", "") == 0.0
    assert metrics.rouge_l("...", "word") == 0.0


def test_words_keep_accents_marks_and_the_catalan_interpunct() -> None:
    assert metrics.words("L'acció del col·legi, AVUI · demà") == ["l", "acció", "del", "col·legi", "avui", "demà"]
    assert metrics.words("accio\u0301") == ["acció"]
    assert metrics.words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
    assert metrics.rouge_l("acció", "accio") == 0.0


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_bit_parallel_lcs_is_the_table(a: list[str], b: list[str]) -> None:
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    assert metrics.lcs_length(a, b) == table[-1][-1]


def test_the_loss_is_weighted_by_tokens() -> None:
    assert metrics.mean_loss([10.0, 1.0], [10, 1]) == 1.0
    assert metrics.mean_loss([30.0, 1.0], [10, 1]) == pytest.approx(31 / 11)
    assert math.isnan(metrics.token_loss(0.0, 0))


def test_perplexity() -> None:
    assert metrics.perplexity(math.log(50)) == pytest.approx(50)
    assert metrics.perplexity(1e6) == math.inf
    assert math.isnan(metrics.perplexity(math.nan))


@pytest.mark.parametrize("name", ["accuracy", "macro_f1", "mcc", "exact_match", "rouge_l", "chrf", "bleu"])
def test_every_metric_has_a_row_score_and_a_total(name: str) -> None:
    metric = metrics.METRICS[name]
    assert metric.larger_is_better
    best = metric.score(["a b", "c d"], ["a b", "c d"])
    assert best == pytest.approx(100.0 if metric.unit == "points" else 1.0)
    if metric.is_mean:
        got, wanted = ["one two", "three four"], ["one", "three four"]
        rows = [metric.per_example(g, w) for g, w in zip(got, wanted, strict=True)]
        assert metric.score(got, wanted) == pytest.approx(sum(rows) / 2)


def test_loss_metrics() -> None:
    assert not metrics.METRICS["loss"].larger_is_better
    assert metrics.METRICS["loss"].score([4.0, 2.0], [1, 2]) == 2.0
    assert metrics.METRICS["perplexity"].score([4.0, 2.0], [1, 2]) == pytest.approx(math.exp(2))
    assert metrics.METRICS["perplexity"].per_example(2.0, 2) == pytest.approx(math.e)


def test_lists_of_different_lengths_and_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="1 predictions for 2 rows"):
        metrics.accuracy(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="no rows"):
        metrics.macro_f1([], [])
    with pytest.raises(ValueError, match="no tokens"):
        metrics.mean_loss([0.0], [0])


def test_an_unknown_metric_is_named_with_the_nearest() -> None:
    assert metrics.named("chrf").name == "chrf"
    with pytest.raises(UsageError) as error:
        metrics.named("acuracy")
    assert error.value.text() == 'R004 eval.metric: no metric is called "acuracy"\n  Do: eval.metric=accuracy'


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, afina.compare.classes, afina.compare.words, afina.compare.running_text, afina.evaluate.metrics;"
        "print([m for m in ('torch', 'sklearn', 'sacrebleu', 'scipy', 'transformers') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
