"""The split: disjoint, stable when rows are added, honest about copies and small classes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.split import sizes, split
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Completion, Labelled, Row, Text

AUTO = DataSpec()


@pytest.mark.parametrize(
    ("n", "validation", "test"),
    [
        (3, 1, 1),
        (10, 1, 2),
        (100, 10, 20),
        (1_000, 100, 200),
        (1_500, 150, 200),
        (3_000, 300, 300),
        (15_000, 1_000, 1_500),
        (50_000, 1_000, 2_000),
    ],
)
def test_auto_sizes(n: int, validation: int, test: int) -> None:
    assert sizes(n, AUTO) == (validation, test)


def test_given_sizes() -> None:
    assert sizes(100, DataSpec(validation=0.25, test=0)) == (25, 0)
    assert sizes(10, DataSpec(validation=0.01, test=0.5)) == (1, 5)


def texts(n: int, start: int = 0) -> list[Row]:
    return [Text(i + 1, f"text {i}") for i in range(start, start + n)]


def labelled(*counts: int) -> list[Row]:
    rows: list[Row] = []
    for label, count in enumerate(counts):
        rows += [Labelled(len(rows) + 1 + i, f"text {label} {i}", f"class {label}") for i in range(count)]
    return rows


ROWS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), min_size=6, max_size=80)


@settings(max_examples=80, deadline=None)
@given(drawn=ROWS, seed=st.integers(0, 5), stratify=st.booleans())
def test_every_row_is_on_one_side_and_copies_stay_together(drawn: list[tuple[int, str]], seed: int, stratify: bool) -> None:
    rows: list[Row] = [Labelled(i + 1, f"text {text}" + " " * (i % 2), label) for i, (text, label) in enumerate(drawn)]
    try:
        divided = split(rows, DataSpec(stratify=stratify), seed)
    except DataError:
        return
    sides = {name: [row.number for row in found] for name, found in divided.rows.items()}
    assert sorted(number for numbers in sides.values() for number in numbers) == [row.number for row in rows]
    assert all(numbers == sorted(numbers) and numbers for numbers in sides.values())
    assert split(rows, DataSpec(stratify=stratify), seed).rows == divided.rows
    most = max(sum(other == text for other, _ in drawn) for text, _ in drawn)
    if most <= max(2, len(rows) // 20):
        where = {(row.text.strip(), name) for name, found in divided.rows.items() for row in found}
        assert len({text for text, _ in where}) == len(where)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(20, 150), added=st.integers(1, 150), seed=st.integers(0, 3))
def test_new_rows_do_not_shuffle_old_ones(n: int, added: int, seed: int) -> None:
    spec = DataSpec(test=0.2, validation=0.1)
    before = {row.number for row in split(texts(n), spec, seed).rows["test"]}
    after = {row.number for row in split(texts(n + added), spec, seed).rows["test"] if row.number <= n}
    assert before <= after or after <= before


def test_label_shares_are_kept() -> None:
    divided = split(labelled(700, 200, 100), AUTO, 0).rows
    count = {name: [sum(row.label == f"class {c}" for row in rows) for c in range(3)] for name, rows in divided.items()}
    assert count == {"train": [490, 140, 70], "validation": [70, 20, 10], "test": [140, 40, 20]}


def test_classes_of_one_or_two_rows_stay_in_train() -> None:
    rows = [*labelled(50, 50), Labelled(101, "alone", "refund"), Labelled(102, "two", "rare"), Labelled(103, "three", "rare")]
    divided = split(rows, AUTO, 0)
    assert {101, 102, 103} <= {row.number for row in divided.rows["train"]}
    said = next(n for n in divided.notices if n.what.startswith("D011"))
    assert said.what == 'D011 class "rare" has 2 rows (and 1 more such classes); cannot be in train and test, so it stays in train'
    assert said.key == "data.stratify=false"


def test_without_stratification_nothing_is_said_of_classes() -> None:
    divided = split([*labelled(50, 50), Labelled(101, "alone", "refund")], DataSpec(stratify=False), 0)
    assert not any(n.what.startswith("D011") for n in divided.notices)


def test_copies_are_counted() -> None:
    rows = [*texts(100), *(Text(200 + i, f" text {i}\n") for i in range(4))]
    divided = split(rows, AUTO, 0)
    said = next(n for n in divided.notices if n.what.startswith("D012"))
    assert said.what.startswith("D012 4 rows (4 %) repeat another row (rows 200, 201, 202 and 1 more); copies stay on one side")


def test_the_same_text_with_two_labels_is_said_and_stays_together() -> None:
    rows = [*labelled(40, 40), Labelled(91, "text 0 1", "class 1")]
    divided = split(rows, AUTO, 0)
    assert any("2 rows are the same text with different labels (1 texts; rows 2, 91); kept" in n.what for n in divided.notices)
    assert any({2, 91} <= {row.number for row in found} for found in divided.rows.values())


def test_answers_to_one_prompt_stay_together_but_a_fixed_prompt_does_not_bind() -> None:
    several = [Completion(3 * i + j + 1, f"prompt {i}", f"answer {j}") for i in range(40) for j in range(3)]
    sides = [{row.prompt for row in found} for found in split(several, AUTO, 0).rows.values()]
    assert sum(map(len, sides)) == 40
    fixed = [Completion(i + 1, "Write a poem.", f"poem {i}") for i in range(40)]
    assert {name: len(rows) for name, rows in split(fixed, AUTO, 0).rows.items()} == {"train": 28, "validation": 4, "test": 8}


def test_tiny_classes_everywhere_fall_back_to_an_unstratified_split() -> None:
    divided = split(labelled(2, 2, 2), AUTO, 0)
    assert all(divided.rows.values())
    assert any("does not keep label shares" in n.what for n in divided.notices)


@pytest.mark.parametrize("rows", [texts(2), [Text(i, "same") for i in range(20)]])
def test_too_few_rows(rows: list[Row]) -> None:
    with pytest.raises(DataError) as caught:
        split(rows, AUTO, 0)
    assert caught.value.code == "D015"
    assert split(rows, DataSpec(test=0, validation=0), 0).rows["train"] == rows
