"""`mlm` and `span` beside the losses that transformers' own models compute from the same batch, and learned from random weights."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch

import afina
from afina.models.families import FAMILIES
from afina.objectives.mlm import Mlm
from afina.objectives.span import Span
from afina.score import actor_of
from afina.score.base import real_tokens
from afina.types import IGNORE_INDEX, Context, Example, Vocabulary
from tests.conftest import ANIMALS, FOODS
from tests.tiny import tiny_settings, write_tiny_encoder, write_tiny_encoder_decoder

VOCABULARY = Vocabulary(320, frozenset({0, 1, 2, 3, 4, *range(220, 320)}), 4, tuple(range(319, 219, -1)), 3)


def examples(n: int = 6) -> list[Example]:
    rng = random.Random(0)
    found = []
    for number in range(n):
        inside = tuple(rng.randrange(5, 220) for _ in range(rng.randrange(4, 40)))
        found.append(Example(number, (2, *inside, 3), (IGNORE_INDEX, *inside, IGNORE_INDEX)))
    return found


@pytest.mark.parametrize("family", [name for name in FAMILIES if FAMILIES[name].kind == "encoder"])
def test_masked_loss_is_that_of_transformers(family: str) -> None:
    from transformers import AutoConfig, AutoModelForMaskedLM

    torch.manual_seed(0)
    config = AutoConfig.for_model(family, **tiny_settings(family), pad_token_id=0)
    model = AutoModelForMaskedLM.from_config(config).eval().double()
    objective = Mlm(name="mlm")
    batch = objective.collate(examples(), Context("encoder", VOCABULARY, (0, 1)))
    assert batch.labels_BT is not None
    mask_BT = real_tokens(batch.input_ids_BT, batch.lengths_B)
    with torch.no_grad():
        ours = objective.loss({"policy": actor_of(model)}, batch).terms["nll"].total.item() / objective.counts(batch)["tokens"]
        theirs = model(input_ids=batch.input_ids_BT, attention_mask=mask_BT, labels=batch.labels_BT).loss.item()
    assert ours == pytest.approx(theirs, rel=1e-5)


@pytest.mark.parametrize(("family", "style"), [("t5", "sentinels"), ("mt5", "sentinels"), ("t5", "infilling"), ("bart", "infilling")])
def test_denoising_loss_is_that_of_transformers(family: str, style: Any) -> None:
    from transformers import AutoConfig, AutoModelForSeq2SeqLM

    torch.manual_seed(0)
    ids = {"pad_token_id": 0, "eos_token_id": 3, "decoder_start_token_id": 0}
    model = AutoModelForSeq2SeqLM.from_config(AutoConfig.for_model(family, **tiny_settings(family), **ids)).eval().double()
    objective = Span(name="span", style=style).settled(VOCABULARY, 64)
    batch = objective.collate(examples(), Context("encoder-decoder", VOCABULARY, (0, 1)))
    assert batch.labels_BT is not None
    mask_BT = real_tokens(batch.input_ids_BT, batch.lengths_B)
    with torch.no_grad():
        ours = objective.loss({"policy": actor_of(model)}, batch).terms["nll"].total.item() / objective.counts(batch)["tokens"]
        theirs = model(input_ids=batch.input_ids_BT, attention_mask=mask_BT, labels=batch.labels_BT[:, 1:].contiguous()).loss.item()
    assert ours == pytest.approx(theirs, rel=1e-5)


def write_with_mask(folder: Path) -> Path:
    """An encoder-decoder whose tokenizer has BART's mask token in place of sentinels."""
    write_tiny_encoder_decoder(folder)
    tokenizer, config = folder / "tokenizer.json", folder / "tokenizer_config.json"
    tokenizer.write_text(tokenizer.read_text().replace("<extra_id_0>", "<mask>").replace("<extra_id_", "<unused_"))
    config.write_text(config.read_text().replace("{", '{"mask_token": "<mask>", ', 1))
    return folder


WRITTEN = {
    "mlm": (write_tiny_encoder, "mlm", None),
    "sentinels": (write_tiny_encoder_decoder, "span", "sentinels"),
    "infilling": (write_with_mask, "span", "infilling"),
}


@pytest.mark.parametrize(("write", "name", "style"), WRITTEN.values(), ids=WRITTEN)
def test_text_is_learned_from_random_weights(write: Any, name: str, style: str | None, tmp_path: Path) -> None:
    """Below the unigram model by interval: the words around a hidden one were used. The objective follows from the kind of model."""
    rng = random.Random(0)
    model = write(tmp_path / "model")
    words = (*ANIMALS, *FOODS)
    texts = [" ".join(f"the {one} and the {one} and" for one in rng.sample(words, 4)) for _ in range(200)]
    (tmp_path / "texts.txt").write_text("\n\n".join(texts), encoding="utf-8")
    told: list[Any] = []
    run = afina.train(
        tmp_path / "texts.txt",
        model,
        on_ready=told.append,
        learning_rate=5e-3,
        max_steps=160,
        batch_size=16,
        **{"model.random_init": True, "output.dir": str(tmp_path / "runs"), "eval.bootstrap": 200},
    )
    assert (told[0].objective.name, getattr(told[0].objective, "style", None)) == (name, style)
    assert any(notice.what == f"objective = {name}" for notice in told[0].notices)
    entries = {entry["name"]: entry["metrics"]["loss"] for entry in run.comparison["entries"]}
    assert entries["tuned"]["high"] < 0.9 * entries["unigram"]["low"] < entries["base"]["mean"]
    assert all("perplexity" not in entry["metrics"] for entry in run.comparison["entries"])
