"""Linear baselines for sets of labels and for numbers."""

from __future__ import annotations

import numpy as np
import pytest

from afina.compare import linear
from afina.errors import AfinaError

CLASSES = ("food", "place", "price")
TEXTS = [f"{'soup ' * (i % 2)}{'garden ' * (i // 2 % 2)}visit {i}" for i in range(80)]
SETS = [("food",) * (i % 2) + ("place",) * (i // 2 % 2) for i in range(80)]


def test_the_usual_labels_are_those_that_most_rows_have() -> None:
    assert linear.usual_set([("a", "b"), ("a",), ("a",), ()], 2).predictions == [("a",)] * 2
    never = linear.usual_set([("a",), ("b",), ()], 1)
    assert never.predictions == [()]
    assert "never a label" in never.note


def test_the_best_constant_set_by_hand() -> None:
    train = [("a", "b"), ("a", "b"), ("a",), ("c",)]
    # a: 2*3/(4+6) = 0.6; a, b: 2*5/(8+6) = 0.714; a, b, c: 2*6/(12+6) = 0.667
    assert linear.best_set(train, 1).predictions == [("a", "b")]
    assert linear.best_set([()], 2).predictions == [(), ()]


def test_one_regression_a_label_learns_words_and_states() -> None:
    by_words = linear.tfidf_one_vs_rest(TEXTS[:60], SETS[:60], TEXTS[60:], CLASSES, 0)
    assert by_words.predictions == SETS[60:]
    assert "C = 10" in by_words.note
    states = np.random.default_rng(0).normal(size=(80, 6))
    states[:, 0] += [6.0 * ("food" in labels) for labels in SETS]
    states[:, 1] -= [6.0 * ("place" in labels) for labels in SETS]
    by_states = linear.probe_one_vs_rest(states[:60], SETS[:60], states[60:], CLASSES, 0)
    assert sum(got == wanted for got, wanted in zip(by_states.predictions, SETS[60:], strict=True)) >= 18
    assert not any("price" in labels for labels in by_states.predictions), "a label of no row is predicted for none"


def test_texts_without_words_leave_what_is_usual() -> None:
    assert linear.tfidf_one_vs_rest(["", "!"], [("food",), ("food",)], ["?"], CLASSES, 0).predictions == [("food",)]
    assert linear.tfidf_ridge(["", "!"], [1.0, 3.0], ["?"], 0).predictions == [2.0]


@pytest.mark.parametrize("units", [1.0, 1e9, 1e-9])
def test_ridge_learns_numbers_in_any_units(units: float) -> None:
    numbers = [(1000 + 5.0 * ("soup" in text) + 2.0 * ("garden" in text)) * units for text in TEXTS]
    by_words = linear.tfidf_ridge(TEXTS[:60], numbers[:60], TEXTS[60:], 0)
    missed = np.subtract(by_words.predictions, numbers[60:]) / units
    assert np.sqrt((missed**2).mean()) < 0.5 * np.std(numbers[60:]) / units
    states = np.random.default_rng(0).normal(size=(80, 6))
    wanted = ((states @ [1.0, 2.0, 0, 0, 0, 0] + 50) * units).tolist()
    by_states = linear.probe_ridge(states[:60], wanted[:60], states[60:], 0)
    assert by_states.predictions == pytest.approx(wanted[60:], abs=0.3 * units)
    assert linear.mean_number([1.0, 2.0, 6.0], 2).predictions == [3.0, 3.0]


def test_states_that_are_no_numbers_are_refused() -> None:
    broken = np.full((3, 2), np.nan)
    with pytest.raises(AfinaError, match=r"V004 .*hidden states of 3 training rows"):
        linear.probe_ridge(broken, [1.0, 2.0, 3.0], np.zeros((1, 2)), 0)
