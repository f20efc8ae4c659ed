from __future__ import annotations

import math

import numpy as np
import pytest

from afina.evaluate import bootstrap
from afina.evaluate.bootstrap import Interval
from afina.evaluate.metrics import METRICS


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


def made_up(seed: int, n: int = 40) -> dict[str, tuple[list, list]]:
    """What each kind of metric reads: (got, wanted)."""
    rng = np.random.default_rng(seed)
    wanted = [str(x) for x in rng.integers(0, 5, n)]
    got = [w if rng.random() < 0.6 else str(rng.integers(0, 6)) for w in wanted]
    numbers = rng.normal(50, 3, n).round(0)
    sets = [tuple(str(c) for c in range(4) if rng.random() < 0.4) for _ in range(n)]
    return {
        "classes": (got, wanted),
        "text": ([f"the {g} cat sat on a mat" for g in got], [f"the {w} cat sat on a mat" for w in wanted]),
        "numbers": ((numbers + rng.normal(0, 2, n)).round(0).tolist(), numbers.tolist()),
        "sets": ([tuple(sorted({*labels, "0"})) if rng.random() < 0.3 else labels for labels in sets], sets),
        "tags": ([("B-" + g, "O", "B-X") for g in got], [("B-" + w, "O", "B-X") for w in wanted]),
        "loss": (rng.gamma(2, 5, n).tolist(), rng.integers(1, 9, n).tolist()),
    }


@pytest.mark.parametrize("name", METRICS.names())
def test_every_metric_on_drawn_rows_is_its_score_on_a_list_of_them(name: str) -> None:
    metric = METRICS[name]
    got, wanted = made_up(2)[metric.needs]
    assert metric.interval(got, wanted).mean == pytest.approx(metric.score(got, wanted))
    index_RN = np.random.default_rng(3).integers(0, 40, (20, 40))
    by_draw = metric._drawn(got, wanted)(index_RN)
    assert len(set(by_draw.round(9))) > 5
    for row, value in zip(index_RN, by_draw, strict=True):
        assert value == pytest.approx(metric.score([got[i] for i in row], [wanted[i] for i in row]))


@pytest.mark.parametrize("name", METRICS.names())
def test_a_metric_differs_by_its_two_scores_on_the_same_rows(name: str) -> None:
    metric = METRICS[name]
    got, wanted = made_up(4)[metric.needs]
    other = got[::-1]
    found = metric.difference(got, other, wanted)
    assert found.mean == pytest.approx(metric.score(got, wanted) - metric.score(other, wanted))
    assert metric.difference(got, got, wanted) == Interval(0.0, 0.0, 0.0)


def test_paired_macro_f1() -> None:
    wanted = ["a", "b"] * 50
    found = METRICS["macro_f1"].difference(wanted, ["a"] * 100, wanted)
    assert found.mean == pytest.approx(1 - (2 / 3) / 2)
    assert found.low > 0.5


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
        (lambda: METRICS["macro_f1"].interval([], []), "no rows to score"),
    ],
)
def test_what_cannot_be_resampled_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
