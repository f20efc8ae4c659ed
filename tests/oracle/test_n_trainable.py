"""Each method's closed form of its trained parameters against the model it makes ready."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSequenceClassification

from afina.methods import METHODS, HeadFacts, Method
from afina.models.facts import FAMILIES, facts_from_config
from afina.types import Horizon, ModelFacts

HEADS = {"lm": HeadFacts("lm"), "classes": HeadFacts("classes", 3)}
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "lora": [{"r": 4}, {"r": 1, "target_modules": "all-linear"}, {"r": 2, "target_modules": ("*.1.*",)}],
    "freeze": [{"n_layers": 0}, {"n_layers": 1}, {"n_layers": 2}],
}
TINY = {
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
}
GPT2_TINY = {"n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 32}


@cache
def config_of(family: str, tied: bool) -> Any:
    sizes = GPT2_TINY if family == "gpt2" else {**TINY, "max_position_embeddings": 32}
    return AutoConfig.for_model(
        family, **sizes, vocab_size=40, tie_word_embeddings=tied, bos_token_id=None, eos_token_id=None, pad_token_id=None
    )


def build(family: str, tied: bool, head: HeadFacts) -> tuple[nn.Module, ModelFacts]:
    config = config_of(family, tied)
    facts = facts_from_config(config.to_dict())
    if head.head == "lm":
        return AutoModelForCausalLM.from_config(config), facts
    config.num_labels = head.n_classes
    return AutoModelForSequenceClassification.from_config(config), facts


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [(name, settings) for name in METHODS for settings in SETTINGS.get(name, [{}])]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("name", "settings"), cases(), ids=str)
def test_n_trainable_is_what_the_model_trains(name: str, settings: dict[str, Any], family: str, tied: bool, head: str) -> None:
    method: Method = METHODS[name](name=name, **settings)
    if method.traits.data_dependent:
        pytest.skip("the count depends on the data")
    model, facts = build(family, tied, HEADS[head])
    attached = method.attach(model, facts, HEADS[head], Horizon(10))
    trained = [p for p in attached.parameters() if p.requires_grad]
    assert sum(p.numel() for p in trained) == method.n_trainable(facts, HEADS[head])
    assert any(p.requires_grad for p in model.score.parameters()) if head == "classes" else True
