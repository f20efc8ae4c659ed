"""data.choices: the options that every row has, in training and in a file to predict."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from afina.data.columns import Question
from afina.data.prepare import Dataset, read, read_later
from afina.errors import UsageError
from afina.recipe.load import load
from afina.recipe.schema import DataSpec
from afina.types import Choices


def written(folder: Path, rows: list[dict[str, Any]]) -> str:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


VERDICTS = [("yes", "no", "maybe")[(7 * i + i // 5) % 3] for i in range(60)]
FIXED = [{"abstract": f"Trial {i} measured a great many things. Does it work?", "verdict": said} for i, said in enumerate(VERDICTS)]


def spec_of(path: str, *words: str) -> DataSpec:
    return load(None, list(words), {"data.path": path}).recipe.data


def read_fixed(folder: Path) -> Dataset:
    return read(spec_of(written(folder, FIXED), "data.choices=[yes,no,maybe]", "map.prompt=abstract", "map.answer=verdict"))


def test_every_row_has_the_options_and_the_answer_names_one(tmp_path: Path) -> None:
    dataset = read_fixed(tmp_path)
    assert dataset.objective == "choices"
    row = dataset.rows[0]
    assert isinstance(row, Choices)
    assert row.choices == ("yes", "no", "maybe")
    by_number = {row.number: row for row in dataset.rows if isinstance(row, Choices)}
    assert [by_number[i + 1].choices[by_number[i + 1].answer] for i in range(60)] == [row["verdict"] for row in FIXED]


def test_an_answer_that_is_none_of_them_is_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, [*FIXED, {"abstract": "What of this one here?", "verdict": "perhaps"}])
    dataset = read(spec_of(path, "data.choices=[yes,no,maybe]", "map.prompt=abstract", "map.answer=verdict"))
    assert [(drop.number, drop.reason) for drop in dataset.dropped] == [(61, '"verdict" = "perhaps" is none of the 3 options')]


def test_a_file_to_predict_needs_no_answers(tmp_path: Path) -> None:
    dataset = read_fixed(tmp_path)
    later = written(tmp_path, [{"abstract": "A new trial of something else."}])
    rows, dropped, notices = read_later(spec_of(later, "data.choices=[yes,no,maybe]"), dataset.layout, answers=False)
    assert rows == [Choices(1, "A new trial of something else.", ("yes", "no", "maybe"), -1)]
    assert not dropped
    assert not any("is read as" in str(notice) for notice in notices)


def test_options_in_columns_of_their_own_are_needed_to_predict(tmp_path: Path) -> None:
    rows = [
        {"question": f"Which is it, {i}?", "option_a": f"one {i}", "option_b": f"two {i}", "answer": "AB"[i * i % 3 % 2]} for i in range(40)
    ]
    dataset = read(spec_of(written(tmp_path, rows)))
    assert dataset.layout.roles["choices"] == ("option_a", "option_b")
    for row in rows:
        del row["answer"]
    later, _, _ = read_later(spec_of(written(tmp_path, rows[:3])), dataset.layout, answers=False)
    assert [row.choices for row in later if isinstance(row, Choices)] == [(f"one {i}", f"two {i}") for i in range(3)]


def test_a_column_of_options_beside_fixed_ones_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [{**row, "choices": ["a", "b"]} for row in FIXED])
    with pytest.raises(UsageError, match="gives every row the same options"):
        read(spec_of(path, "data.choices=[yes,no,maybe]"))


@pytest.mark.parametrize("value", ["[yes]", "[yes,yes]", "[yes,'']"])
def test_a_choice_is_between_different_options(tmp_path: Path, value: str) -> None:
    path = written(tmp_path, FIXED)
    with pytest.raises(UsageError, match="two options or more, each different and none empty"):
        read(spec_of(path, f"data.choices={value}"))


def test_asked_for_without_options_it_says_what_to_type_and_that_works(tmp_path: Path) -> None:
    path = written(tmp_path, FIXED)
    with pytest.raises(Question) as caught:
        read(spec_of(path), "choices")
    words = shlex.split(caught.value.fix)
    assert "data.choices=[maybe,no,yes]" in words
    typed = [f"map.{word}" if words[place - 1] == "--map" else word for place, word in enumerate(words) if word != "--map"]
    assert read(spec_of(path, *typed), "choices").objective == "choices"


@pytest.mark.corpus
def test_boolq_is_recognised_and_pubmedqa_needs_its_options(corpus: Path) -> None:
    boolq = read(spec_of(str(corpus / "data/boolq/boolq_val.jsonl")))
    assert (boolq.objective, len(boolq.rows), boolq.rows[0].choices) == ("choices", 3270, ("no", "yes"))  # type: ignore[union-attr]
    words = ["data.choices=[yes,no,maybe]", "map.prompt=context", "map.answer=continuation"]
    pubmed = read(spec_of(str(corpus / "data/pubmedqa-1k/pubmed_qa_labeled.jsonl"), *words))
    assert (pubmed.objective, len(pubmed.rows), len(pubmed.dropped)) == ("choices", 1000, 0)
