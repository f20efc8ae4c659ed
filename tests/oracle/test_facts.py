"""Closed forms against the models themselves, built on the meta device."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)
from transformers.pytorch_utils import Conv1D

from afina.errors import MachineError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import FAMILIES, facts_from_config
from afina.models.load import own_output_matrix
from afina.types import LinearShape
from tests.tiny import tiny_settings

TINY = {
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 50,
    "max_position_embeddings": 64,
}
GPT2_TINY = {"n_embd": 24, "n_layer": 3, "n_head": 4, "n_positions": 64, "vocab_size": 50}
T5_TINY = {"d_model": 24, "d_ff": 40, "d_kv": 8, "num_layers": 3, "num_heads": 4, "vocab_size": 50, "relative_attention_num_buckets": 8}
BART_TINY = {
    "d_model": 24,
    "encoder_layers": 2,
    "decoder_layers": 3,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 40,
    "decoder_ffn_dim": 48,
    "vocab_size": 50,
    "max_position_embeddings": 64,
}
DEBERTA_V3 = {
    "relative_attention": True,
    "position_buckets": 16,
    "max_relative_positions": -1,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
    "pos_att_type": "p2c|c2p",
    "position_biased_input": False,
}
NO_SPECIAL = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}

CASES: dict[str, dict[str, Any]] = {
    "llama": {"model_type": "llama", **TINY},
    "llama-tied-biased-wide-heads": {
        "model_type": "llama",
        **TINY,
        "tie_word_embeddings": True,
        "attention_bias": True,
        "mlp_bias": True,
        "head_dim": 10,
    },
    "llama-one-kv-per-head": {"model_type": "llama", **TINY, "num_key_value_heads": None, "head_dim": None},
    "mistral": {"model_type": "mistral", **TINY},
    "mistral-null-head-dim": {"model_type": "mistral", **TINY, "head_dim": None, "tie_word_embeddings": True},
    "qwen2": {"model_type": "qwen2", **TINY},
    "qwen2-tied": {"model_type": "qwen2", **TINY, "tie_word_embeddings": True},
    "qwen3": {"model_type": "qwen3", **TINY, "head_dim": 8, "attention_bias": True},
    "qwen3-default-head-dim": {"model_type": "qwen3", **TINY, "tie_word_embeddings": True},
    "gemma": {"model_type": "gemma", **TINY, "head_dim": 8},
    "gemma-untied": {"model_type": "gemma", **TINY, "tie_word_embeddings": False, "attention_bias": True},
    "gemma2": {"model_type": "gemma2", **TINY, "head_dim": 8},
    "gemma3_text": {"model_type": "gemma3_text", **TINY, "head_dim": 8},
    "gemma3_text-default-head-dim": {"model_type": "gemma3_text", **TINY},
    "phi3": {"model_type": "phi3", **TINY},
    "phi3-tied": {"model_type": "phi3", **TINY, "tie_word_embeddings": True},
    "gpt2": {"model_type": "gpt2", **GPT2_TINY},
    "gpt2-untied-narrow": {"model_type": "gpt2", **GPT2_TINY, "n_inner": 56, "tie_word_embeddings": False},
    "smollm3": {"model_type": "smollm3", **TINY},
    "smollm3-biased": {"model_type": "smollm3", **TINY, "attention_bias": True, "mlp_bias": True, "tie_word_embeddings": False},
    "phi": {"model_type": "phi", **TINY},
    "phi-qk-norms-tied": {"model_type": "phi", **TINY, "qk_layernorm": True, "tie_word_embeddings": True},
    "mixtral": {"model_type": "mixtral", **TINY, "num_local_experts": 4},
    "qwen3_moe": {"model_type": "qwen3_moe", **TINY, "num_experts": 6, "moe_intermediate_size": 20, "head_dim": 8},
    "bert": {"model_type": "bert", **TINY},
    "bert-untied": {"model_type": "bert", **TINY, "tie_word_embeddings": False, "type_vocab_size": 3},
    "roberta": {"model_type": "roberta", **TINY, "max_position_embeddings": 66},
    "xlm-roberta": {"model_type": "xlm-roberta", **TINY, "max_position_embeddings": 66, "type_vocab_size": 1},
    "deberta-v2": {"model_type": "deberta-v2", **TINY},
    "deberta-v3": {"model_type": "deberta-v2", **TINY, **DEBERTA_V3},
    "deberta-own-keys": {"model_type": "deberta-v2", **TINY, **DEBERTA_V3, "share_att_key": False, "type_vocab_size": 2},
    "modernbert": {"model_type": "modernbert", **TINY},
    "modernbert-biased": {
        "model_type": "modernbert",
        **TINY,
        "attention_bias": True,
        "mlp_bias": True,
        "norm_bias": True,
        "decoder_bias": False,
        "classifier_bias": True,
    },
    "t5": {"model_type": "t5", **T5_TINY},
    "t5-v1.1": {"model_type": "t5", **T5_TINY, "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False, "num_decoder_layers": 2},
    "mt5": {"model_type": "mt5", **T5_TINY},
    "bart": {"model_type": "bart", **BART_TINY},
    "bart-untied": {"model_type": "bart", **BART_TINY, "tie_word_embeddings": False},
    "Llama-3.2-1B": {
        "model_type": "llama",
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 64,
        "vocab_size": 128_256,
        "max_position_embeddings": 131_072,
        "tie_word_embeddings": True,
    },
    "Qwen2.5-0.5B": {
        "model_type": "qwen2",
        "hidden_size": 896,
        "intermediate_size": 4864,
        "num_hidden_layers": 24,
        "num_attention_heads": 14,
        "num_key_value_heads": 2,
        "vocab_size": 151_936,
        "max_position_embeddings": 32_768,
        "tie_word_embeddings": True,
    },
    "gemma-2-2b": {  # published without tie_word_embeddings
        "model_type": "gemma2",
        "hidden_size": 2304,
        "intermediate_size": 9216,
        "num_hidden_layers": 26,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "vocab_size": 256_000,
        "max_position_embeddings": 8192,
    },
    "gpt2-124M": {
        "model_type": "gpt2",
        "n_embd": 768,
        "n_layer": 12,
        "n_head": 12,
        "n_positions": 1024,
        "n_ctx": 1024,
        "vocab_size": 50_257,
    },
    "SmolLM-135M": {
        "model_type": "llama",
        "hidden_size": 576,
        "intermediate_size": 1536,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "vocab_size": 49_152,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": True,
    },
}
PUBLISHED = {
    "Llama-3.2-1B": 1_235_814_400,
    "Qwen2.5-0.5B": 494_032_768,
    "gemma-2-2b": 2_614_341_888,
    "gpt2-124M": 124_439_808,
    "SmolLM-135M": 134_515_008,
}


def built_config(config: dict[str, Any]) -> Any:
    settings = {key: value for key, value in config.items() if key != "model_type"}
    return AutoConfig.for_model(config["model_type"], **{**NO_SPECIAL, **settings})


def on_meta(config: dict[str, Any]) -> nn.Module:
    made = {"decoder": AutoModelForCausalLM, "encoder": AutoModelForMaskedLM, "encoder-decoder": AutoModelForSeq2SeqLM}
    with torch.device("meta"):
        model = made[FAMILIES[config["model_type"]].kind].from_config(built_config(config))
    if not facts_from_config(config).tied:
        own_output_matrix(model)
    return model


def linears_of(model: nn.Module) -> dict[str, LinearShape]:
    """The linear maps inside the layers: heads, poolers and transforms are outside of them."""
    found: dict[str, LinearShape] = {}
    for path, module in model.named_modules():
        if not any(part.isdigit() for part in path.split(".")):
            continue
        if isinstance(module, nn.Linear):
            found[path] = LinearShape(module.out_features, module.in_features, module.bias is not None)
        elif isinstance(module, Conv1D):
            rows, columns = module.weight.shape
            found[path] = LinearShape(columns, rows, True)
    return found


def n_params(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("name", CASES)
def test_facts_equal_the_built_model(name: str) -> None:
    config = CASES[name]
    facts, model = facts_from_config(config), on_meta(config)
    assert facts.linears == linears_of(model)
    assert facts.n_params == n_params(model)
    outside = (module for path, module in model.named_modules() if isinstance(module, nn.Embedding) and ".0." not in path)
    assert facts.n_embedding_params == sum(p.numel() for p in {p for module in outside for p in module.parameters()})
    layers = list(model.get_submodule(facts.blocks))
    assert n_params(layers[-1]) == facts.n_params_per_layer and len(layers) == facts.n_layers
    assert n_params(layers[0]) == facts.n_params_per_layer + facts.n_params_in_first_layer
    assert facts.final_norm_params == (n_params(model.get_submodule(facts.final_norm)) if facts.final_norm else 0)
    built = model.config
    assert (facts.family, facts.hidden_size, facts.vocab_size) == (built.model_type, built.hidden_size, built.vocab_size)
    assert facts.tied == (model.get_input_embeddings().weight is model.get_output_embeddings().weight)


NORMS = ("Norm", "RMSNorm")


@pytest.mark.parametrize("name", [name for name in CASES if name not in PUBLISHED])
def test_norms_embeddings_and_body_are_those_of_the_built_model(name: str) -> None:
    facts = facts_from_config(CASES[name])
    model = on_meta(CASES[name])
    outside = ("cls.", "lm_head.", "lm_predictions.", "head.")
    wanted = {
        path: (module.weight.numel(), getattr(module, "bias", None) is not None)
        for path, module in model.named_modules()
        if type(module).__name__.endswith(NORMS) and not path.startswith(outside)
    }
    assert {path: (shape.size, shape.bias) for path, shape in facts.norms.items()} == wanted
    assert model.get_submodule(facts.embeddings).weight is model.get_input_embeddings().weight
    body = model.get_submodule(facts.body)
    assert body is (model.get_encoder() if facts.kind == "encoder-decoder" else model.base_model)
    assert {path: len(model.get_submodule(path)) for path in facts.stacks} == facts.stacks
    assert set(facts.output_norms) <= set(facts.norms)


@pytest.mark.parametrize("name", [name for name in CASES if name not in PUBLISHED])
def test_every_linear_map_has_its_place(name: str) -> None:
    """Each layer has queries, keys, values and an output of attention (twice where it looks at an encoder), and a feed-forward pair."""
    facts = facts_from_config(CASES[name])
    assert facts.places.keys() == facts.linears.keys()
    for blocks, n_layers in facts.stacks.items():
        for layer in range(n_layers):
            here = [place for place in facts.places.values() if (place.blocks, place.layer) == (blocks, layer)]
            own, cross = (sorted(place.role for place in here if place.cross is side) for side in (False, True))
            own = [role for role in own if role != "position"]
            assert own in ROLES, own
            assert cross == (
                ["attention_output", "key", "query", "value"] if facts.kind == "encoder-decoder" and "decoder" in blocks else []
            )
            experts = facts.family in ("mixtral", "qwen3_moe")
            assert experts or "feed_forward_output" in own
    for path, place in facts.places.items():
        shape = facts.linears[path]
        if place.role in ("attention_output", "feed_forward_output"):
            assert shape.out_features == facts.hidden_size
        elif place.role != "position":
            assert shape.in_features == facts.hidden_size


_ATTENTION = (["attention_output", "key", "query", "value"], ["attention_output", "qkv"])
_FEED = (["feed_forward_output", "gate", "up"], ["feed_forward_output", "up"], ["feed_forward_output", "gate_up"], [])
ROLES = [sorted([*attention, *feed]) for attention in _ATTENTION for feed in _FEED]


def test_max_length_is_what_the_positions_hold() -> None:
    for name, config in CASES.items():
        facts = facts_from_config(config)
        wanted = config.get("max_position_embeddings", config.get("n_positions", 512 if facts.relative else None))
        assert wanted is None or facts.max_length == (wanted - 2 if "roberta" in name else wanted), name


HEAD_MODELS = {
    "classes": AutoModelForSequenceClassification,
    "scalar": AutoModelForSequenceClassification,
    "tags": AutoModelForTokenClassification,
}


@pytest.mark.parametrize("name", [name for name in CASES if name not in PUBLISHED])
@pytest.mark.parametrize("head", HEAD_MODELS)
def test_heads_equal_the_built_model(name: str, head: str) -> None:
    config = CASES[name]
    facts = facts_from_config(config)
    made = built_config(config)
    made.num_labels = 1 if head == "scalar" else 3
    if head not in facts.heads:
        assert facts.kind == "encoder-decoder" or facts.family.startswith("gemma3")
        return
    with torch.device("meta"):
        model = HEAD_MODELS[head].from_config(made)
    asked = HeadFacts(head, 3)  # type: ignore[arg-type]
    assert sum(n_params(model.get_submodule(module)) for module in asked.modules(facts)) == asked.n_params(facts)
    assert METHODS["full"](name="full").n_trainable(facts, asked) == n_params(model)


@pytest.mark.parametrize("name", PUBLISHED)
def test_real_sizes_are_the_published_ones(name: str) -> None:
    assert facts_from_config(CASES[name]).n_params == PUBLISHED[name]


@pytest.mark.parametrize("family", FAMILIES)
def test_missing_keys_mean_what_transformers_makes_of_them(family: str) -> None:
    built = AutoConfig.for_model(family)
    for key, value in FAMILIES[family].defaults.items():
        if value is not None:
            assert getattr(built, key) == value, key


@pytest.mark.parametrize("family", FAMILIES)
def test_a_saved_config_reads_back_the_same(family: str, tmp_path: Any) -> None:
    from afina.models.facts import read_config

    sizes = tiny_settings(family)
    built = AutoConfig.for_model(family, **{**NO_SPECIAL, **sizes})
    built.save_pretrained(tmp_path)
    assert facts_from_config(read_config(tmp_path)) == facts_from_config({"model_type": family, **sizes})


@pytest.mark.parametrize("value", [None, 0, -3, 2.5, "24", True, 10**12])
def test_an_impossible_size_is_refused(value: Any) -> None:
    with pytest.raises(MachineError, match=r"H005 config.json: .*no usable hidden_size"):
        facts_from_config({"model_type": "llama", **TINY, "hidden_size": value})
