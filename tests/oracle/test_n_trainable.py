"""Each method's closed form of its trained parameters against the model it makes ready."""

from __future__ import annotations

import zlib
from functools import cache
from itertools import product
from typing import Any

import pytest
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts, Method
from afina.models.facts import FAMILIES, facts_from_config
from afina.models.load import own_output_matrix
from afina.types import Horizon, ModelFacts
from tests.tiny import tiny_settings

HEADS = {"lm": HeadFacts("lm"), "classes": HeadFacts("classes", 3), "scalar": HeadFacts("scalar"), "tags": HeadFacts("tags", 5)}
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "lora": [{"r": 4}, {"r": 1, "target_modules": "all-linear"}, {"r": 2, "target_modules": ("*.1.*",)}, {"r": 2, "init": "pissa"}],
    "freeze": [{"n_layers": 0}, {"n_layers": 1}, {"n_layers": 2}],
    "adalora": [{"init_r": 4, "target_r": 2}],
    "bitfit": [{}, {"scope": "all-linear"}, {"scope": "all-linear", "terms": ("attention_output",)}],
    "fourierft": [{"n_frequencies": 10}],
    "hra": [{"r": 2}],
    "krona": [{}, {"layout": "lokr", "train_norms": True}],
    "loha": [{"r": 2}],
    "lokr": [{}, {"r": 1}],
    "oft": [{"block_size": 4}],
    "spectrum": [{"top_share": 0.25}, {"top_share": 1.0}],
    "vera": [{"r": 3}],
    "houlsby": [{"width": 4, "train_norms": True, "cross_attention": True}],
    "pfeiffer": [{"width": 4}],
    "parallel": [{"width": 4, "source": "residual"}],
    "compacter": [{"factor_rank": 2}],
    "compacter++": [{"shared_rule": False}],
    "adamix": [{"width": 3, "consistency": 0}, {"width": 3, "flavour": "lora", "consistency": 0}],
    "adapter_fusion": [{"width": 3, "tasks": ("a", "b")}],
    "ipt": [{"n": 4, "size": 3, "hidden": 8, "tasks": ("a", "b")}, {"n": 4, "size": 3, "hidden": 0, "tasks": ("a", "b", "c")}],
    "p_tuning": [{"n": 4, "hidden": 6}, {"n": 4, "hidden": 6, "encoder": "lstm"}],
    "prefix_tuning": [{"n": 4}, {"n": 4, "hidden": 6}],
    "prompt_tuning": [{"n": 4}],
    "warp": [{"n": 4}],
}

WITHOUT_FEED_FORWARD = ("mixtral", "qwen3_moe")
"""Their experts are no linear maps."""
BY_FEED_FORWARD = ("houlsby", "parallel", "compacter", "compacter++", "adamix", "krona_b", "krona_b_res")


@cache
def config_of(family: str, tied: bool) -> Any:
    named = {"tie_word_embeddings": tied, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
    return AutoConfig.for_model(family, **{**tiny_settings(family, vocab_size=40, positions=32), **named})


def build(family: str, tied: bool, head: HeadFacts) -> tuple[nn.Module, ModelFacts]:
    config = config_of(family, tied)
    facts = facts_from_config({**config.to_dict(), "tie_word_embeddings": tied})
    if head.head == "lm":
        made = {"decoder": AutoModelForCausalLM, "encoder": AutoModelForMaskedLM, "encoder-decoder": AutoModelForSeq2SeqLM}[facts.kind]
        model = made.from_config(config)
        if not tied:
            own_output_matrix(model)
        return model, facts
    config.num_labels = head.n_outputs
    made = AutoModelForTokenClassification if head.head == "tags" else AutoModelForSequenceClassification
    return made.from_config(config), facts


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [(name, settings) for name in METHODS for settings in SETTINGS.get(name, [{}])]


def parameters() -> list[Any]:
    """Every method on every family, head and tie: Llama and one other family by turns each time, the rest in the full set."""
    found: list[Any] = []
    for name, settings in cases():
        traits, families = METHODS[name].traits, list(FAMILIES)
        turn = families[zlib.crc32(f"{name}{settings}".encode()) % len(families)]
        for family, tied, head in product(families, (True, False), HEADS):
            if HEADS[head].head not in traits.heads or FAMILIES[family].kind not in traits.kinds:
                continue
            marks = () if family in ("llama", turn) else pytest.mark.full
            label = f"{name}-{settings}-{family}-{'tied' if tied else 'untied'}-{head}"
            found.append(pytest.param(name, settings, family, tied, head, id=label, marks=marks))
    return found


@pytest.mark.parametrize(("name", "settings", "family", "tied", "head"), parameters())
def test_n_trainable_is_what_the_model_trains(name: str, settings: dict[str, Any], family: str, tied: bool, head: str) -> None:
    method: Method = METHODS[name](name=name, **settings)
    if method.traits.data_dependent:
        pytest.skip("the count depends on the data")
    if family in method.traits.lacks:
        pytest.skip("its traits leave this family out")
    if head != "lm" and head not in facts_from_config(config_of(family, tied).to_dict()).heads:
        with pytest.raises(MethodError, match="H005"):
            method.n_trainable(facts_from_config(config_of(family, tied).to_dict()), HEADS[head])
        return
    model, facts = build(family, tied, HEADS[head])
    if family in WITHOUT_FEED_FORWARD and name in BY_FEED_FORWARD and settings.get("flavour") != "lora":
        for refused in (lambda: method.n_trainable(facts, HEADS[head]), lambda: method.attach(model, facts, HEADS[head], Horizon(10))):
            with pytest.raises(MethodError, match=r"R003 method: this .* model has no linear map of the kind feed_forward_output"):
                refused()
        return
    attached = method.attach(model, facts, HEADS[head], Horizon(10))
    trained = {path: p for path, p in attached.named_parameters() if p.requires_grad}
    assert sum(p.numel() for p in trained.values()) == method.n_trainable(facts, HEADS[head])
    for module in HEADS[head].modules(facts):
        assert any(f".{module}." in f".{path}" for path in trained), module
