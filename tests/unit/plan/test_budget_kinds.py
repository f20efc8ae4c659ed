"""What a forward pass keeps for the backward pass, against the plan: every tensor that autograd saves, counted once by its storage."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

from afina.methods import HeadFacts
from afina.models.facts import facts_from_config
from afina.plan.budget import attention_bytes_per_token, bytes_per_token, logits_bytes_per_token
from afina.score import EncoderDecoder, actor_of
from afina.types import Batch

WIDTH = 128
SIZES: dict[str, Any] = {
    "hidden_size": WIDTH,
    "intermediate_size": 4 * WIDTH,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "vocab_size": 1000,
    "max_position_embeddings": 1024,
}
DEBERTA = {
    "relative_attention": True,
    "position_buckets": 64,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
    "pos_att_type": "p2c|c2p",
    "position_biased_input": False,
}
SIDES = {
    f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in (("layers", 4), ("ffn_dim", 4 * WIDTH), ("attention_heads", 4))
}
FAMILIES: dict[str, dict[str, Any]] = {
    "llama": SIZES,
    "gemma2": {**SIZES, "num_key_value_heads": 4, "head_dim": 32},
    "bert": SIZES,
    "modernbert": SIZES,
    "deberta-v2": {**SIZES, **DEBERTA},
    "t5": {
        "d_model": WIDTH,
        "d_ff": 4 * WIDTH,
        "d_kv": 32,
        "num_layers": 4,
        "num_heads": 4,
        "vocab_size": 1000,
        "decoder_start_token_id": 0,
    },
    "bart": {"d_model": WIDTH, **SIDES, "vocab_size": 1000, "max_position_embeddings": 1024, "decoder_start_token_id": 0},
}


def saved_bytes(family: str, config: Any, length: int, n_rows: int = 2) -> int:
    """Bytes that the body of a model in training mode saves, its weights left out."""
    torch.manual_seed(0)
    kinds = {"t5": AutoModelForSeq2SeqLM, "bart": AutoModelForSeq2SeqLM, "llama": AutoModelForCausalLM, "gemma2": AutoModelForCausalLM}
    attention = "eager" if family in ("deberta-v2", "gemma2") else "sdpa"
    model = kinds.get(family, AutoModelForSequenceClassification).from_config(config, attn_implementation=attention).train()
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, torch.Tensor] = {}

    def seen(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.untyped_storage().data_ptr() not in weights:
            kept[tensor.untyped_storage().data_ptr()] = tensor  # held, so that no storage is used twice
        return tensor

    ids, actor = torch.randint(3, 1000, (n_rows, length)), actor_of(model)
    with torch.autograd.graph.saved_tensors_hooks(seen, lambda tensor: tensor):
        if isinstance(actor, EncoderDecoder):
            read = model.get_encoder()(input_ids=ids[:, : length // 2]).last_hidden_state
            model.get_decoder()(input_ids=ids[:, length // 2 :], encoder_hidden_states=read, use_cache=False)
        elif actor.kind == "encoder":
            actor.class_logits(Batch(ids, torch.full((n_rows,), length)))
        else:
            actor.hidden(ids)  # type: ignore[attr-defined]
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())


@pytest.mark.parametrize("length", [64, 768])
@pytest.mark.parametrize("family", FAMILIES)
def test_activations_are_planned_within_a_factor_of_two(family: str, length: int) -> None:
    """On a CPU, where dropout in attention leaves no fused kernel: without its matrices BERT would be planned at a quarter."""
    config = AutoConfig.for_model(family, **FAMILIES[family], pad_token_id=0, bos_token_id=1, eos_token_id=2)
    facts = facts_from_config(config.to_dict())
    per_token = bytes_per_token(facts, "fp32", True, False) + attention_bytes_per_token(facts, "fp32", "cpu", length, False)
    assert 0.75 <= 2 * length * per_token / saved_bytes(family, config, length) <= 1.8


def test_scores_are_kept_where_no_fused_kernel_is() -> None:
    def of(family: str, device: str, **changes: Any) -> int:
        facts = facts_from_config({"model_type": family, **FAMILIES[family], "tie_word_embeddings": True, **changes})
        return attention_bytes_per_token(facts, "fp32", device, 512, False)

    assert of("bert", "cpu") > 10 * of("bert", "cuda") > 0, "a GPU's kernels draw dropout themselves"
    assert of("bert", "cpu", attention_probs_dropout_prob=0.0) == of("bert", "cuda")
    assert of("llama", "cpu", num_key_value_heads=4) == 0
    assert of("deberta-v2", "cuda") == of("deberta-v2", "cpu")


def test_a_head_for_classes_has_no_vocabulary_matrix() -> None:
    facts = facts_from_config({"model_type": "bert", **SIZES})
    assert logits_bytes_per_token(facts, HeadFacts("classes", 3)) == 0
    assert logits_bytes_per_token(facts, HeadFacts("lm")) == 12_000
