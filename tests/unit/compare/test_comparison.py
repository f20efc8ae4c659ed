from __future__ import annotations

import dataclasses
import json
import math

import pytest

from afina.compare.comparison import Comparison, Entry, Kind, Resampling, answered, finish, with_loss, worst_of
from afina.evaluate.bootstrap import Interval
from afina.evaluate.metrics import per_class

FAST = Resampling(n=200)
WANTED = ["a", "b"] * 50


def right(n: int, start: int = 0) -> list[str]:
    """Predictions right on n rows from `start` on, wrong elsewhere."""
    return [w if start <= i < start + n else "x" for i, w in enumerate(WANTED)]


def compared(tuned: list[str], others: dict[str, list[str]], kind: Kind = "majority") -> Comparison:
    entries = [answered(name, kind, ("accuracy", "macro_f1"), got, WANTED, FAST) for name, got in others.items()]
    entries.append(answered("tuned", "tuned", ("accuracy", "macro_f1"), tuned, WANTED, FAST))
    return finish("classes", "accuracy", entries, WANTED, FAST, [], len(WANTED))


def test_tuned_wins() -> None:
    result = compared(right(95), {"base zero-shot": right(30), "other": right(50)}, "base zero-shot")
    assert result.outcomes == {"base zero-shot": "better", "other": "better"}
    assert result.verdict.startswith("Tuning wins: accuracy 0.950 [")
    assert "on 100 rows; the best of 2 others, other, has 0.500 [" in result.verdict
    assert "base model" not in result.verdict


def test_tuned_loses() -> None:
    result = compared(right(40), {"weak": right(5), "tf-idf": right(90)})
    assert result.outcomes == {"weak": "better", "tf-idf": "worse"}
    assert result.verdict.startswith("Tuning does not win: tuned has accuracy 0.400 [")
    assert "tf-idf is better (0.900 [" in result.verdict
    assert "tuned minus it -0.500 [" in result.verdict
    assert "it beats weak" in result.verdict
    assert result.verdict.endswith("The base model has no accuracy here, so nothing is said about it.")


def test_tuned_ties() -> None:
    result = compared(right(60), {"probe": right(60, start=20)})
    assert result.outcomes == {"probe": "undecided"}
    assert "Tuning does not win" in result.verdict
    assert "no difference from probe is shown (0.000 [" in result.verdict


def test_the_same_answers_are_a_tie() -> None:
    assert compared(right(60), {"probe": right(60)}).outcomes == {"probe": "undecided"}


def test_five_differing_rows_prove_nothing_and_six_do() -> None:
    few = compared(right(5), {"other": right(0)})
    assert few.differences[0].interval.low > 0
    assert few.outcomes == {"other": "undecided"}
    assert compared(right(6), {"other": right(0)}).outcomes == {"other": "better"}


def test_nobody_to_compare_with() -> None:
    assert compared(right(6), {}).verdict.startswith("Nothing to compare with: tuned has accuracy 0.060")


def test_differences_are_tuned_minus_other_in_every_metric() -> None:
    result = compared(right(90), {"other": right(50)})
    assert [(d.name, d.metric) for d in result.differences] == [("other", "accuracy"), ("other", "macro_f1")]
    name, metric, interval = result.differences[0]
    assert (name, metric, interval.mean) == ("other", "accuracy", pytest.approx(0.4))
    tuned, other = result.tuned.metrics["macro_f1"], result.entry("other").metrics["macro_f1"]
    assert result.differences[1].interval.mean == pytest.approx(tuned.mean - other.mean)


def test_a_subset_is_paired_on_the_common_rows() -> None:
    rows = list(range(0, 100, 4))
    prompted = answered("base zero-shot", "base zero-shot", ("accuracy", "macro_f1"), ["a"] * 25, WANTED, FAST, rows=rows)
    tuned = answered("tuned", "tuned", ("accuracy", "macro_f1"), right(50), WANTED, FAST)
    result = finish("classes", "accuracy", [prompted, tuned], WANTED, FAST, [], 100)
    assert prompted.n_rows == 25
    assert prompted.metrics["accuracy"].mean == 1.0
    # rows 0, 4, ..., 96: tuned is right on the 13 below 50, the base on all 25
    assert result.differences[0].interval.mean == pytest.approx(13 / 25 - 1)
    assert result.outcomes == {"base zero-shot": "worse"}


def test_two_subsets_without_a_common_row_have_no_difference() -> None:
    a = answered("other", "majority", ("accuracy",), ["a"], WANTED, FAST, rows=[0])
    b = answered("tuned", "tuned", ("accuracy",), ["b"], WANTED, FAST, rows=[1])
    result = finish("classes", "accuracy", [a, b], WANTED, FAST, [], 100)
    assert result.differences == []
    assert result.verdict.startswith("Nothing to compare with")


def test_a_smaller_loss_is_better() -> None:
    counts = [2.0, 3.0] * 10
    base = with_loss(Entry("base", "base", {}, 20), [c * (2 + 0.01 * i) for i, c in enumerate(counts)], counts, FAST)
    tuned = with_loss(Entry("tuned", "tuned", {}, 20), [c * (1 + 0.01 * i) for i, c in enumerate(counts)], counts, FAST)
    result = finish("lm", "loss", [base, tuned], [], FAST, [], 20)
    assert result.outcomes == {"base": "better"}
    assert [d.metric for d in result.differences] == ["loss"]
    assert result.differences[0].interval.mean == pytest.approx(-1)
    assert tuned.metrics["perplexity"].mean == pytest.approx(math.exp(tuned.metrics["loss"].mean))
    swapped = [dataclasses.replace(base, kind="tuned"), dataclasses.replace(tuned, kind="base")]
    assert finish("lm", "loss", swapped, [], FAST, [], 20).outcomes == {"tuned": "worse"}


def test_worst_rows() -> None:
    rows = [(i, f"in {i}", "w", "g", float(i % 5)) for i in range(30)]
    assert [(w.number, w.score) for w in worst_of(rows, 3)] == [(0, 0.0), (5, 0.0), (10, 0.0)]
    assert [w.number for w in worst_of(rows, 2, high_is_bad=True)] == [4, 9]
    assert len(worst_of(rows)) == 10
    assert len(worst_of([(1, "x" * 5000, "", "", 0.0)])[0].input) == 2002


def test_json_round_trip_is_exact_and_standard() -> None:
    base = with_loss(answered("base zero-shot", "base zero-shot", ("accuracy",), right(3), WANTED, FAST, "é", range(100)), [9e5], [1], FAST)
    tuned = with_loss(answered("tuned", "tuned", ("accuracy", "macro_f1"), right(90), WANTED, FAST), [1.25], [1], FAST)
    result = finish(
        "classes",
        "accuracy",
        [base, tuned],
        WANTED,
        FAST,
        worst_of([(1, "t", "a", "x", -math.inf)]),
        100,
        per_class=per_class(right(90), WANTED),
        numbers=list(range(100)),
        notes=["said"],
        worst_by="log-probability",
    )
    assert base.metrics["perplexity"].mean == math.inf
    text = json.dumps(result.to_json(), allow_nan=False)
    assert '"Infinity"' in text
    assert '"-Infinity"' in text
    again = Comparison.from_json(json.loads(text))
    assert again == result
    assert isinstance(again.tuned.metrics["accuracy"], Interval)
    later = {**result.to_json(), "new_key_of_a_later_version": 1}
    assert Comparison.from_json(later) == result


def test_an_error_that_is_not_0_is_not_said_to_be_0() -> None:
    wanted = [float(i) for i in range(20)]
    entries = [
        answered("mean", "mean", ("rmse",), [10.0] * 20, wanted, FAST),
        answered("tuned", "tuned", ("rmse",), [value + 1.234e-5 for value in wanted], wanted, FAST),
    ]
    said = finish("numbers", "rmse", entries, wanted, FAST, [], 20).verdict
    assert said.startswith("Tuning wins: rmse 1.234e-05 [1.234e-05, 1.234e-05] on 20 rows")
