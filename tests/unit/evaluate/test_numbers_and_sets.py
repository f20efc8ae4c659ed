"""Tasks of numbers and of sets of labels: what they make of a head's outputs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from afina.data.columns import recognise
from afina.data.rows import standard_of
from afina.data.sources import read_table
from afina.data.sources.base import Table
from afina.evaluate.predict import _write_csv
from afina.evaluate.tasks.labels import likely, losses, probabilities
from afina.evaluate.tasks.score import shown
from afina.job import _shared
from afina.objectives import OBJECTIVES, learned_by
from afina.recipe.schema import DataSpec
from afina.types import Labelled, MultiLabelled, Pair, Scored, ScoredPair, Standard

LABELS = ("a", "b", "c")


def test_labels_are_given_from_the_threshold_on() -> None:
    logits_NC = np.log(np.array([[0.6, 0.5, 0.2], [0.1, 0.1, 0.1]]) / (1 - np.array([[0.6, 0.5, 0.2], [0.1, 0.1, 0.1]])))
    assert likely(logits_NC, LABELS, 0.5 - 1e-9) == [("a", "b"), ()]
    assert likely(logits_NC, LABELS, 0.55) == [("a",), ()]
    assert probabilities(np.array([[1000.0, -1000.0]])).tolist() == [[1.0, 0.0]]


def test_the_loss_of_sets_is_finite_for_sure_mistakes() -> None:
    found = losses(np.array([[2.0, -1.0], [1000.0, -1000.0]]), np.array([[True, True], [False, True]]))
    assert found[0] == pytest.approx((math.log1p(math.exp(-2)) + math.log1p(math.exp(1))) / 2)
    assert found[1] == 1000.0


def test_a_predicted_set_is_joined_in_a_csv(tmp_path: Path) -> None:
    with (tmp_path / "out.csv").open("w", newline="") as file:
        _write_csv(file, [{"row": 1, "labels": ("a", "c"), "probabilities": {"a": 0.9}}, {"row": 2, "labels": (), "probabilities": {}}])
    assert (tmp_path / "out.csv").read_text().splitlines() == ["row,labels,probabilities", '1,a|c,"{""a"": 0.9}"', "2,,{}"]


def test_numbers_are_shown_with_nine_digits() -> None:
    assert shown(1000.123456789) == 1000.12346
    assert shown(1.5e-7) == 1.5e-7


def test_numbers_are_learned_in_standard_deviations_from_their_mean() -> None:
    rows = [Scored(i, "t", value) for i, value in enumerate((2.0, 4.0, 6.0))]
    standard = standard_of(rows)
    assert standard == Standard(4.0, pytest.approx(math.sqrt(8 / 3)))
    assert [standard.of(row.score) for row in rows] == pytest.approx([-math.sqrt(1.5), 0.0, math.sqrt(1.5)])
    assert standard_of([Labelled(1, "t", "a")]) == Standard()


def test_classify_stands_for_one_label_and_for_several() -> None:
    assert learned_by("classify") == (Labelled, Pair, MultiLabelled)
    assert learned_by("regress") == (Scored, ScoredPair)
    asked = OBJECTIVES["classify"](name="classify", label_smoothing=0.1)  # type: ignore[call-arg]
    assert _shared(asked, OBJECTIVES["multilabel"]) == {"label_smoothing": 0.1}


def test_a_few_whole_numbers_are_a_score_where_the_objective_is_named(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_text("".join(json.dumps({"text": f"a review of some words, number {i}", "stars": 1 + i % 5}) + "\n" for i in range(40)))
    table = read_table(DataSpec(path=str(path)))
    named = recognise(table, objective="regress")
    assert (named.shape, named.mapping()) == ("scored", {"text": "text", "score": "stars"})
    assert recognise(table).shape == "labelled"


def test_two_texts_with_a_number_are_a_score_and_with_a_few_whole_ones_only_where_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"

    def written(label: Callable[[int], object]) -> Table:
        rows = [{"sentence1": f"a man plays number {i}", "sentence2": f"someone plays song {i}", "label": label(i)} for i in range(40)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return read_table(DataSpec(path=str(path)))

    as_score = ("scored_pair", {"text": "sentence1", "other": "sentence2", "score": "label"})
    found = recognise(written(lambda i: round(0.13 * (i % 39), 2)))
    assert (found.shape, found.mapping()) == as_score
    few = written(lambda i: i % 3)
    assert recognise(few).shape == "pair"
    named = recognise(few, objective="regress")
    assert (named.shape, named.mapping()) == as_score
    yes_no = written(lambda i: ("yes", "no")[i % 2])
    assert recognise(yes_no).shape == "pair"
