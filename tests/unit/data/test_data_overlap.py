"""Leakage between files: levels of folding, and texts inside other words, on real data sets whose overlap is known."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from afina.data.overlap import LEVELS, ContentIndex, Template, fold, row_overlap


def test_each_level_folds_what_it_says() -> None:
    text = " @anna Tom &amp; Ann&#39;s CAFÉ, see http://t.co/Ab1! "
    assert fold(text, 0) == text.strip()
    assert fold(text, 1) == "@user Tom &amp; Ann&#39;s CAFÉ, see http"
    assert fold(text, 2) == fold("tom ann s café see", 2) == "tomannscafésee"
    assert fold("!?", 2) == ""


def test_a_looser_level_counts_the_stricter_ones_too() -> None:
    here = ["one text here", "@a said this to me", "ONE MORE, text", "nothing of it"]
    there = ["one text here", "@b said this to me", "one more text", "..."]
    assert row_overlap(here, there) == (1, 2, 3) and len(LEVELS) == 3


def test_a_question_is_found_inside_another_template_and_its_row_is_named() -> None:
    words = [f"{first}{second}" for first in ("bar", "lin", "mor", "sel", "tun") for second in ("ade", "ick", "olo", "ume")]
    questions = [f"does {one} {words[n * 3 % 20]} {words[n * 7 % 20]} after {words[n * 11 % 20]}" for n, one in enumerate(words)]
    there = [f"Passage: some words about {n}. Question: {question}? Answer:" for n, question in enumerate(questions)]
    here = [f"Reply with yes or no to this: {question}! Thank you very much." for question in reversed(questions)]
    template, index = Template(here), ContentIndex(there, range(100, 100 + len(there)))
    hits = [index.find(template.content(text)) for text in here]
    assert [hit.number for hit in hits if hit] == list(range(100 + len(there) - 1, 99, -1))
    other = [f"Reply with yes or no to this: where do {n} green frogs sleep in winter! Thank you very much." for n in range(20)]
    assert not any(index.find(Template(other).content(text)) for text in other)


def found_in(here: list[str], there: list[str]) -> int:
    template, index = Template(here), ContentIndex(there, range(len(there)))
    return sum(index.find(template.content(text)) is not None for text in here)


@pytest.mark.corpus
def test_italian_tweets_inside_another_corpus_by_level(corpus: Path) -> None:
    def column(path: str, place: int) -> list[str]:
        with (corpus / "data" / path).open(encoding="utf-8", errors="replace", newline="") as file:
            return [row[place] for row in csv.reader(file)][1:]

    here = [text for part in ("train", "val", "test") for text in column(f"umsab-sentiment-it/{part}.csv", 0)]
    parts = ("training_set_sentipolc16", "test_set_sentipolc16_gold2000")
    there = [text for part in parts for text in column(f"sentipolc16-it/{part}.csv", -1)]
    exact, users, everything = row_overlap(here, there)
    assert (len(here), exact) == (3033, 945)
    assert 2700 <= users <= 2760
    assert everything >= 3000


@pytest.mark.corpus
def test_all_shared_boolq_questions_are_found_whatever_stands_around_them(corpus: Path) -> None:
    data = corpus / "data"
    asked = [row["instruction"] for row in json.loads((data / "boolq/peft_boolq_test.json").read_text(encoding="utf-8"))]
    held = [json.loads(line)["query"] for line in (data / "boolq/boolq_val.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(asked) == 3270
    assert found_in(asked, held) == 3270
    bare = [match[1] for text in asked if (match := re.search("question: (.*?)\n", text))]
    unseen = [f"<<no context>> Consider it well.\nQ ({n}): {question}\nSay YES or NO, then stop." for n, question in enumerate(bare)]
    assert found_in(unseen, held) == 3270
    rows = [json.loads(line) for line in (data / "gsm8k/test.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found_in(asked, [row["question"] for row in rows]) <= 0.001 * len(asked)


@pytest.mark.full
@pytest.mark.corpus
def test_boolq_shares_nothing_with_arithmetic(corpus: Path) -> None:
    asked = [row["instruction"] for row in json.loads((corpus / "data/boolq/peft_boolq_test.json").read_text(encoding="utf-8"))]
    for part in ("train", "test"):
        rows = [json.loads(line) for line in (corpus / f"data/gsm8k/{part}.jsonl").read_text(encoding="utf-8").splitlines()]
        for field in ("question", "answer"):
            assert found_in(asked, [row[field] for row in rows]) <= 0.001 * len(asked)
            assert found_in([row[field] for row in rows], asked) <= 0.001 * len(rows)
