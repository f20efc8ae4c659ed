"""What tuning cost on a general text: beside transformers' own loss, shown on every page, and left out where it means nothing."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from py3langid.langid import classify

import afina
from afina.compare.comparison import Comparison
from afina.compare.forgetting import Forgetting, said
from afina.data.general import MOST_CHARACTERS, general_rows
from afina.data.tokenize import Tokenizer
from afina.errors import AfinaError
from afina.evaluate.bootstrap import Interval
from tests.cli.calls import call

QUICK: dict[str, Any] = {"max_steps": 4, "eval.bootstrap": 100, "eval.max_generated": 2, "eval.max_new_tokens": 2, "eval.shots": 0}


def train(file: Path, model: Path, folder: Path, **keys: Any) -> Any:
    return afina.train(file, model, **{**QUICK, "output.dir": str(folder / "runs"), **keys})


def test_the_bundled_text_is_small_and_in_four_languages() -> None:
    rows, left_out = general_rows("bundled")
    assert not left_out and len(rows) == len({row.text for row in rows})
    assert 5000 < sum(len(row.text) for row in rows) < 10_000
    assert {classify(row.text)[0] for row in rows} == {"en", "es", "ca", "it"}
    assert min(Counter(classify(row.text)[0] for row in rows).values()) >= 4


def test_losses_are_those_of_transformers_and_are_shown_everywhere(tiny_model: Path, completion_jsonl: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    text = tmp_path / "general.txt"
    texts = ["The tide turns at six.", "Nobody reads the table by the door, and the boats leave."] * 3
    text.write_text("\n\n".join(f"{one} {i}" for i, one in enumerate(texts)), encoding="utf-8")
    run = train(completion_jsonl, tiny_model, tmp_path, learning_rate=0.02, method="full", **{"eval.general_text": str(text)})
    found = Comparison.from_json(run.comparison).forgetting
    assert found is not None and found.n_documents == 6
    tokenizer = Tokenizer.load(tiny_model)
    for name, folder in (("base", tiny_model), ("tuned", run.path / "model")):
        model = AutoModelForCausalLM.from_pretrained(folder).eval().double()
        total, n = 0.0, 0
        for i, one in enumerate(texts):
            ids = torch.tensor([[tokenizer.bos, *tokenizer.encode(f"{one} {i}"), tokenizer.eos]])
            with torch.no_grad():
                total += model(ids, labels=ids).loss.item() * (ids.shape[1] - 1)
            n += ids.shape[1] - 1
        assert found.n_tokens == n
        assert getattr(found, name).mean == pytest.approx(total / n, rel=1e-5)
    assert found.difference.mean == pytest.approx(found.tuned.mean - found.base.mean)
    assert found.sentence == said(found)
    number = f"{found.base.mean:.3f} before, {found.tuned.mean:.3f} after tuning"
    assert number in run.run.report_html.read_text(encoding="utf-8")
    assert number in run.run.card.read_text(encoding="utf-8")
    assert number in re.sub(r"\s+", " ", call("show", str(run.path), cwd=tmp_path).out)


@pytest.mark.parametrize(("kind", "objective"), [("tiny_encoder", "mlm"), ("tiny_encoder_decoder", "span")])
def test_other_kinds_are_asked_for_hidden_tokens(kind: str, objective: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_text("\n\n".join(f"the cat and the dog near house {i}" for i in range(60)), encoding="utf-8")
    found = Comparison.from_json(train(file, request.getfixturevalue(kind), tmp_path).comparison).forgetting
    assert found is not None and found.objective == objective
    assert "nats per hidden token" in found.sentence and "perplexity" not in found.sentence


def test_it_is_left_out_where_it_means_nothing(tiny_model: Path, labelled_csv: Path, completion_jsonl: Path, tmp_path: Path) -> None:
    assert train(labelled_csv, tiny_model, tmp_path).comparison["forgetting"] is None, "a classifier has no words"
    assert train(completion_jsonl, tiny_model, tmp_path, **{"eval.general_text": "none"}).comparison["forgetting"] is None
    started = train(completion_jsonl, tiny_model, tmp_path, method="full", **{"model.random_init": True})
    assert started.comparison["forgetting"] is None, "random weights know nothing"


def test_a_text_that_cannot_be_read_is_said_before_the_training(tiny_model: Path, completion_jsonl: Path, tmp_path: Path) -> None:
    with pytest.raises(AfinaError, match=r"gone\.txt") as caught:
        train(completion_jsonl, tiny_model, tmp_path, **{"eval.general_text": str(tmp_path / "gone.txt")})
    assert caught.value.fix.startswith("eval.general_text=")
    assert not (tmp_path / "runs").exists()


def test_of_a_long_text_the_beginning_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text("".join(json.dumps({"text": f"{i} " + "many words here " * 100}) + "\n" for i in range(100)), encoding="utf-8")
    rows, left_out = general_rows(str(path))
    assert sum(len(row.text) for row in rows) <= MOST_CHARACTERS
    assert left_out == f"its first {len(rows)} of 100 documents"


def test_the_sentence_claims_no_more_than_the_interval_shows() -> None:
    found = Forgetting("my.txt", "lm", 5, 100, Interval(2, 1.9, 2.1), Interval(2.1, 2, 2.2), Interval(0.1, -0.1, 0.3), "")
    assert said(found).endswith("no change is shown.")
    assert "on my.txt, loss 2.000 before, 2.100 after tuning (+0.100 [-0.100, +0.300] nats per token)" in said(found)
    assert "perplexity 7.4 and 8.2" in said(found)
    assert said(dataclasses.replace(found, difference=Interval(-0.2, -0.3, -0.1))).endswith("it is better there too.")
