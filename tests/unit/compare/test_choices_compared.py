"""The comparison of multiple choice with models that are tables: who is asked what, and what the baselines say. No torch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from afina.compare.choices import compare_choices, most_alike, offer_of
from afina.compare.comparison import Comparison
from afina.compare.prompting import Prompting
from afina.errors import AfinaError
from afina.recipe.schema import EvalSpec
from afina.types import IGNORE_INDEX, Choices, Example

SPEC = EvalSpec(bootstrap=200, max_generated=12, shots=2)
PROMPTING = Prompting(encode=lambda text: [ord(char) for char in text], context=400)


def row(n: int, same: bool) -> Choices:
    if same:
        return Choices(n, f"is {n} even", ("yes", "no"), n % 2 if n % 5 else 1)
    return Choices(n, f"which is a fruit, {n}", (f"a very long stone {n}", f"plum {n}", "ice")[: 2 + n % 2], 1)


def example(row: Choices) -> Example:
    """As a decoder's form lays it out, a letter a token."""
    parts = [([*map(ord, row.prompt)], [*map(ord, option)]) for option in row.choices]
    starts = np.cumsum([0, *(len(prompt) + len(option) for prompt, option in parts[:-1])])
    ids = [index for prompt, option in parts for index in (*prompt, *option)]
    labels = [index for prompt, option in parts for index in (*([IGNORE_INDEX] * len(prompt)), *option)]
    return Example(row.number, tuple(ids), tuple(labels), row.answer, values=tuple(map(float, starts)))


class Table:
    """Knows the answer, or likes the last option; its log-probabilities grow with the length, so that ranking by mean matters."""

    def __init__(self, knows: bool) -> None:
        self.knows = knows
        self.prompts: list[str] = []

    def option_logps(self, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
        width = max(len(one.values) for one in examples)
        sums, lengths = np.full((len(examples), width), -math.inf), np.ones((len(examples), width))
        for place, one in enumerate(examples):
            n = len(one.values)
            lengths[place, :n] = [10.0 * (k + 1) for k in range(n)]
            liked = one.target if self.knows else n - 1
            sums[place, :n] = [-(0.1 if k == liked else 1.0) * lengths[place, k] for k in range(n)]
        return sums, lengths

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> list[float]:
        self.prompts.append("".join(map(chr, prompt_ids)))
        return [-0.1 * len(choice) if k == len(choices) - 1 else -1.0 * len(choice) for k, choice in enumerate(choices)]


def compared(same: bool, base: Table | None = None, rank_by: str = "mean", test: Sequence[Choices] = ()) -> Comparison:
    test = list(test) or [row(n, same) for n in range(100, 150)]
    return compare_choices(
        base or Table(False),
        Table(True),
        train=[row(n, same) for n in range(60)],
        test=test,
        test_examples=[example(one) for one in test if one.number != 101],
        prompting=PROMPTING,
        rank_by=rank_by,
        spec=SPEC,
    )


def test_options_of_the_row_are_compared_with_position_length_and_likeness() -> None:
    found = compared(same=False)
    assert [entry.name for entry in found.entries] == [
        *("base zero-shot", "base 2-shot", "most common answer", "most common position", "longest option", "tf-idf similarity", "tuned"),
    ]
    accuracy = {entry.name: entry.metrics["accuracy"].mean for entry in found.entries}
    assert accuracy["tuned"] == accuracy["most common position"] == 1
    assert accuracy["longest option"] == 0
    assert "macro_f1" not in found.tuned.metrics
    assert found.outcomes["longest option"] == "better"
    assert found.outcomes["most common position"] == "undecided"
    assert found.verdict.startswith("Tuning does not win")
    assert Comparison.from_json(found.to_json()) == found


def test_options_that_are_the_same_in_every_row_are_classes() -> None:
    found = compared(same=True)
    names = [entry.name for entry in found.entries]
    assert "tf-idf + logistic regression" in names
    assert not {"most common position", "longest option", "tf-idf similarity"} & set(names)
    assert {"accuracy", "macro_f1"} <= set(found.tuned.metrics)
    assert {score.label for score in found.per_class} == {"yes", "no"}
    usual = found.entry("most common answer")
    assert set(usual.predictions or ()) == {"no"}


def test_the_base_is_asked_behind_worked_examples_with_right_answers() -> None:
    base = Table(False)
    found = compared(same=True, base=base)
    assert len(base.prompts) == found.entry("base 2-shot").n_rows == SPEC.max_generated
    shown = base.prompts[0]
    shots = [line for line in shown.split("\n\n")[:-1] if line]
    assert len(shots) == 2
    rows = {one.prompt: one for one in (row(n, True) for n in range(60))}
    for shot in shots:
        prompt, answer = shot.split("\n")
        assert rows[prompt].choices[rows[prompt].answer] == answer


def test_a_row_that_fits_nowhere_is_not_asked_and_said() -> None:
    found = compared(same=False)
    assert found.tuned.n_rows == 49
    assert found.n_test == 50
    assert 101 not in found.numbers
    assert "1 of 50 test rows have an option that fits nowhere whole: not asked" in found.notes


def test_ranking_by_sum_prefers_short_options() -> None:
    """The table's right option has 10 times the mean of the others, but a long one has the smaller sum."""
    assert compared(same=False, rank_by="mean").tuned.metrics["accuracy"].mean == 1
    test = [Choices(n, "which", ("ice", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "plum"), 11) for n in range(20)]
    assert compared(same=False, rank_by="sum", test=test).tuned.metrics["accuracy"].mean == 0


def test_the_worst_rows_are_those_whose_right_option_is_least_likely() -> None:
    found = compared(same=False)
    assert [worst.score for worst in found.worst] == sorted(worst.score for worst in found.worst)
    assert all(worst.wanted.startswith("plum") for worst in found.worst)


def test_likeness_needs_words() -> None:
    rows = [Choices(1, "the red plum", ("a plum", "a stone"), 0), Choices(2, "the old stone", ("a plum", "a stone"), 1)]
    assert most_alike(rows, rows).predictions == ["a plum", "a stone"]
    silent = [Choices(1, "?!", ("!", "?"), 0)]
    assert most_alike(silent, silent).predictions == ["!"]


def test_an_offer_is_the_prompt_and_the_options_of_the_example() -> None:
    one = row(7, False)
    offer = offer_of(one, example(one))
    assert "".join(map(chr, offer.ids)) == one.prompt
    assert ["".join(map(chr, option)) for option in offer.options] == list(one.choices)


def test_without_test_rows_it_says_so() -> None:
    with pytest.raises(AfinaError, match="V001"):
        compare_choices(
            Table(False), Table(True), train=[row(1, True)], test=[], test_examples=[], prompting=PROMPTING, rank_by="mean", spec=SPEC
        )
