"""The comparison of taggers: baselines by hand, a probe that finds what states hold, entities drawn by sentence."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from afina.compare.comparison import Comparison
from afina.compare.tagging import compare_tags, memorised
from afina.errors import AfinaError
from afina.evaluate.metrics import entity_f1, token_accuracy
from afina.evaluate.tasks.tags import likeliest, losses, truth
from afina.recipe.schema import EvalSpec
from afina.types import IGNORE_INDEX, Example, Tagged

LABELS = ("B-LOC", "B-PER", "I-PER", "O")
KIND = {"Ana": "B-PER", "Vidal": "I-PER", "Oslo": "B-LOC", "saw": "O", "in": "O"}


class Told:
    """A model that knows the words of LABELS with `sure` log-odds; its states are one-hot."""

    def __init__(self, rows: Sequence[Tagged], wrong: Sequence[int] = (), sure: float = 3.0) -> None:
        self.rows, self.wrong, self.sure = {row.number: row for row in rows}, set(wrong), sure

    def tag_logps(self, examples: Sequence[Example], n_tags: int) -> list[np.ndarray]:
        found = []
        for example in examples:
            logits_WC = np.zeros((len(self.rows[example.number].tags), n_tags))
            for place, tag in enumerate(self.rows[example.number].tags):
                logits_WC[place, 3 if example.number in self.wrong else LABELS.index(tag)] = self.sure
            found.append(logits_WC - np.log(np.exp(logits_WC).sum(-1, keepdims=True)))
        return found

    def word_features(self, examples: Sequence[Example]) -> list[np.ndarray]:
        return [np.eye(5)[[list(KIND).index(word) for word in self.rows[example.number].words]] for example in examples]


def sentences(n: int, start: int = 1) -> list[Tagged]:
    rng = random.Random(start)
    found = []
    for number in range(start, start + n):
        words = ["Ana", *(["Vidal"] if rng.random() < 0.5 else []), "saw", *(["Oslo"] if rng.random() < 0.5 else ["in"]), "in"]
        found.append(Tagged(number, tuple(words), tuple(KIND[word] for word in words)))
    return found


def examples_of(rows: Sequence[Tagged]) -> list[Example]:
    return [Example(row.number, tuple(range(len(row.words))), values=tuple(float(LABELS.index(tag)) for tag in row.tags)) for row in rows]


def compared(train: Sequence[Tagged], test: Sequence[Tagged], wrong: Sequence[int] = (), **spec: object) -> Comparison:
    told = Told([*train, *test], wrong)
    return compare_tags(
        told,
        told,
        labels=LABELS,
        train=train,
        test=test,
        train_examples=examples_of(train),
        test_examples=examples_of(test),
        spec=EvalSpec.model_validate({"bootstrap": 200, **spec}),
    )


def test_words_are_remembered() -> None:
    train = [
        Tagged(1, ("May", "may", "go"), ("B-PER", "O", "O")),
        Tagged(2, ("May", "and", "Oslo"), ("B-PER", "O", "B-LOC")),
        Tagged(3, ("May", "or"), ("B-DATE", "O")),
    ]
    found = memorised(train, [Tagged(9, ("May", "MAY", "oslo", "Bergen"), ("O",) * 4)])
    assert found.predictions == [("B-PER", "B-PER", "B-LOC", "O")]
    assert found.note.startswith("75%")


def test_every_entry_is_scored_on_the_same_sentences() -> None:
    train, test = sentences(60), sentences(40, 101)
    found = compared(train, test, wrong=[101, 102, 103])
    assert [entry.name for entry in found.entries] == ["most frequent tag", "most frequent tag of the word", "frozen probe", "tuned"]
    assert found.main_metric == "entity_f1" and found.task == "tags"
    scores = {entry.name: entry.metrics["entity_f1"].mean for entry in found.entries}
    assert scores["most frequent tag"] == 0
    assert scores["most frequent tag of the word"] == scores["frozen probe"] == 1
    wanted = [row.tags for row in test]
    got = [row.tags if row.number > 103 else ("O",) * len(row.tags) for row in test]
    assert found.tuned.predictions == got and found.wanted == wanted
    assert scores["tuned"] == pytest.approx(entity_f1(got, wanted))
    assert found.tuned.metrics["token_accuracy"].mean == pytest.approx(token_accuracy(got, wanted))
    assert found.tuned.metrics["entity_f1"].low < scores["tuned"] < found.tuned.metrics["entity_f1"].high
    assert found.outcomes["most frequent tag"] == "better" and found.outcomes["frozen probe"] == "undecided"
    assert found.verdict.startswith("Tuning does not win")
    assert {worst.number for worst in found.worst[:3]} == {101, 102, 103}
    assert found.worst[0].got == "nothing" and "(PER)" in found.worst[0].wanted
    assert (found.per_class[0].label, found.per_class[0].n) == ("PER", 40)
    again = Comparison.from_json(found.to_json())
    assert again.tuned.metrics == found.tuned.metrics and again.verdict == found.verdict


def test_a_metric_can_be_chosen_and_parts_of_speech_have_one_of_their_own() -> None:
    train, test = sentences(60), sentences(40, 101)
    assert compared(train, test, metric="token_accuracy").main_metric == "token_accuracy"
    plain = {"B-LOC": "NOUN", "B-PER": "NAME", "I-PER": "NAME", "O": "VERB"}
    told = Told([*train, *test])
    found = compare_tags(
        None,
        told,
        labels=("NOUN", "NAME", "X", "VERB"),
        train=[Tagged(row.number, row.words, tuple(plain[tag] for tag in row.tags)) for row in train],
        test=[Tagged(row.number, row.words, tuple(plain[tag] for tag in row.tags)) for row in test],
        train_examples=examples_of(train),
        test_examples=examples_of(test),
        spec=EvalSpec(bootstrap=100),
    )
    assert found.main_metric == "token_accuracy" and "entity_f1" not in found.tuned.metrics
    assert "frozen probe" not in [entry.name for entry in found.entries]
    assert found.worst[0].wanted.startswith("Ana/NAME ")


def test_without_rows_nothing_is_compared() -> None:
    with pytest.raises(AfinaError, match="V001"):
        compared(sentences(4), [])


def test_windows_of_one_sentence_are_one_row() -> None:
    examples = [
        Example(4, (1, 2, 3), values=(0.0, 3.0, IGNORE_INDEX)),
        Example(4, (2, 3), values=(IGNORE_INDEX, 1.0)),
        Example(5, (1,), values=(2.0,)),
    ]
    logps = [np.log(np.full((2, 4), 0.25)), np.log(np.full((1, 4), 0.25)), np.log(np.array([[0.1, 0.1, 0.7, 0.1]]))]
    sums_N, counts_N = losses(examples, logps)
    assert counts_N.tolist() == [3, 1]
    assert sums_N == pytest.approx([3 * np.log(4), -np.log(0.7)])
    assert truth(examples, LABELS) == [("B-LOC", "O", "B-PER"), ("I-PER",)]
    assert likeliest(examples, logps, LABELS) == [("B-LOC",) * 3, ("I-PER",)]
