from __future__ import annotations

import math

import numpy as np
import pytest

from afina.evaluate import bootstrap
from afina.evaluate.bootstrap import Interval
from afina.evaluate.metrics import macro_f1


def test_equal_values_have_no_width() -> None:
    assert bootstrap.interval([2.0] * 5) == Interval(2.0, 2.0, 2.0)
    assert bootstrap.interval([3.0]) == Interval(3.0, 3.0, 3.0)


def test_the_mean_of_a_coin_by_the_normal_formula() -> None:
    found = bootstrap.interval([0.0, 1.0] * 200, n=4000)
    half = 1.96 * math.sqrt(0.25 / 400)
    assert found.mean == 0.5
    assert found.low == pytest.approx(0.5 - half, abs=0.005)
    assert found.high == pytest.approx(0.5 + half, abs=0.005)


def test_same_seed_same_interval_and_a_wider_level_is_wider() -> None:
    values = np.random.default_rng(0).normal(size=50)
    assert bootstrap.interval(values, seed=7) == bootstrap.interval(values, seed=7)
    assert bootstrap.interval(values, seed=7) != bootstrap.interval(values, seed=8)
    narrow, wide = bootstrap.interval(values, level=0.5), bootstrap.interval(values, level=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_pieces_do_not_change_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=31)
    whole = bootstrap.interval(values)
    monkeypatch.setattr(bootstrap, "_DRAWN_AT_ONCE", 100)
    assert bootstrap.interval(values) == whole


def test_a_ratio_is_of_sums() -> None:
    assert bootstrap.ratio_interval([10.0, 1.0], [10, 1]) == Interval(1.0, 1.0, 1.0)
    found = bootstrap.ratio_interval([30.0, 1.0], [10, 1])
    assert found.mean == pytest.approx(31 / 11)
    assert (found.low, found.high) == (1.0, 3.0)


def test_pairing_removes_what_the_rows_share() -> None:
    hard = np.random.default_rng(1).normal(0, 5, 300)
    found = bootstrap.paired_difference(hard + 0.1, hard)
    assert found == pytest.approx((0.1, 0.1, 0.1))
    alone = bootstrap.interval(hard)
    assert alone.high - alone.low > 0.5


def test_paired_ratio_difference() -> None:
    counts = np.array([3.0, 5.0, 8.0])
    found = bootstrap.paired_ratio_difference(counts * 2.0, counts, counts * 2.5, counts)
    assert found == pytest.approx((-0.5, -0.5, -0.5))


def test_macro_f1_equals_the_metric_on_the_rows_and_on_each_draw() -> None:
    rng = np.random.default_rng(2)
    wanted = [str(x) for x in rng.integers(0, 5, 40)]
    got = [w if rng.random() < 0.6 else str(rng.integers(0, 6)) for w in wanted]
    assert bootstrap.macro_f1_interval(got, wanted).mean == pytest.approx(macro_f1(got, wanted))
    index_RN = rng.integers(0, 40, (20, 40))
    by_draw = bootstrap._macro_f1(got, wanted)(index_RN)
    for row, value in zip(index_RN, by_draw, strict=True):
        assert value == pytest.approx(macro_f1([got[i] for i in row], [wanted[i] for i in row]))


def test_paired_macro_f1() -> None:
    wanted = ["a", "b"] * 50
    found = bootstrap.paired_macro_f1_difference(wanted, ["a"] * 100, wanted)
    assert found.mean == pytest.approx(1 - (2 / 3) / 2)
    assert found.low > 0.5
    assert bootstrap.paired_macro_f1_difference(wanted, wanted, wanted) == Interval(0.0, 0.0, 0.0)


def test_perplexity_of_an_interval() -> None:
    assert bootstrap.exponential(Interval(0.0, math.log(2), 1000.0)) == pytest.approx((1.0, 2.0, math.inf))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap.interval([]), "at least one row"),
        (lambda: bootstrap.interval([1.0, math.nan]), "1 values that are not numbers"),
        (lambda: bootstrap.interval([[1.0]]), "one number a row"),
        (lambda: bootstrap.interval([1.0], level=95), "between 0 and 1"),
        (lambda: bootstrap.paired_difference([1.0], [1.0, 2.0]), "same rows"),
        (lambda: bootstrap.ratio_interval([1.0], [0]), "without tokens"),
        (lambda: bootstrap.macro_f1_interval([], []), "0 wanted labels"),
    ],
)
def test_what_cannot_be_resampled_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
