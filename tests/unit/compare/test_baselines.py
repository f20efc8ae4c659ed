from __future__ import annotations

import numpy as np
import pytest

from afina.compare import baselines
from afina.errors import AfinaError


def test_majority() -> None:
    answers = baselines.majority(["b", "a", "b", "a", "c"], 3)
    assert answers.predictions == ["a"] * 3
    assert answers.note == 'always "a" (40.0% of the training rows)'


def test_most_common_answer() -> None:
    answers = baselines.most_common_answer(["yes", "no", "yes"], 2)
    assert answers.predictions == ["yes", "yes"]
    assert "2 of 3" in answers.note


def test_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="no training rows"):
        baselines.majority([], 1)
    with pytest.raises(ValueError, match="2 training rows beside 1 labels"):
        baselines.tfidf_logistic(["a", "b"], ["x"], ["a"])


def test_copying_the_prompt() -> None:
    long, answer = "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10", "s1 s2 s3 s4"
    summary = baselines.copied_prompt(["a b c d e f"], [long], [answer])
    assert summary is not None
    assert summary.predictions == ["a b c d"]
    correction = baselines.copied_prompt(["he go to home"], ["she go to home"], ["she goes home now"])
    assert correction is not None
    assert correction.predictions == ["he go to home"]
    assert baselines.copied_prompt(["x"], [long], ["yes"]) is None
    assert baselines.copied_prompt(["x"], ["q"], [answer]) is None


def test_tfidf_learns_words_accents_and_single_letters() -> None:
    train = ["mà esquerra", "ma maison", "una mà", "ma voiture"] * 3
    labels = ["ca", "fr", "ca", "fr"] * 3
    assert baselines.tfidf_logistic(train, labels, ["mà", "ma"]).predictions == ["ca", "fr"]
    letters = baselines.tfidf_logistic(["x", "y"] * 4, ["1", "2"] * 4, ["y", "x"])
    assert letters.predictions == ["2", "1"]
    assert "C = 10" in letters.note


def test_tfidf_leaves_character_ngrams_out_of_long_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "_MOST_CHARACTERS", 10)
    answers = baselines.tfidf_logistic(["good film", "bad film"] * 3, ["+", "-"] * 3, ["good"])
    assert answers.predictions == ["+"]
    assert "character" not in answers.note


@pytest.mark.parametrize(("texts", "labels"), [(["a", "b"], ["x", "x"]), (["!!", "  "], ["x", "y"])])
def test_one_label_or_no_words_is_the_majority(texts: list[str], labels: list[str]) -> None:
    assert baselines.tfidf_logistic(texts, labels, ["c", "d"]).predictions == ["x", "x"]


def test_a_sample_is_said_out_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "_MOST_ROWS_X_CLASSES", 10)
    texts, labels = ["good", "bad"] * 600, ["+", "-"] * 600
    answers = baselines.tfidf_logistic(texts, labels, ["bad"])
    assert answers.predictions == ["-"]
    assert "learned from 1,000 of 1,200 training rows" in answers.note


def test_the_frozen_probe_separates_what_is_separable() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 120)
    features = rng.normal(size=(120, 6)) * [1, 1, 1, 100, 1e-3, 1] + np.eye(6)[truth] * 6
    labels = [f"class {i}" for i in truth]
    answers = baselines.frozen_probe(features[:80], labels[:80], features[80:])
    assert np.mean([a == b for a, b in zip(answers.predictions, labels[80:], strict=True)]) > 0.9
    assert "6 numbers a row; C = " in answers.note


def test_the_probe_with_a_class_of_one_row_and_few_rows() -> None:
    features = np.array([[0.0], [1.0], [0.1], [0.9], [5.0]])
    answers = baselines.frozen_probe(features, ["a", "b", "a", "b", "c"], features)
    assert len(answers.predictions) == 5
    assert baselines.frozen_probe(features, ["a"] * 5, features).predictions == ["a"] * 5


def test_hidden_states_that_are_not_numbers() -> None:
    with pytest.raises(AfinaError) as error:
        baselines.frozen_probe(np.zeros((2, 1)), ["a", "b"], np.array([[np.inf], [0.0]]))
    assert error.value.text() == (
        "V004 frozen probe: the base model's hidden states of 1 test rows are not finite numbers\n"
        "  Do: model.precision=fp32, or eval.compare=false"
    )
