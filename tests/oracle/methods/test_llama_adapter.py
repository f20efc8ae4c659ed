"""LLaMA-Adapter against its second term by hand in each layer, in families that turn, norm, cap or share their queries and keys."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.tuners.gated_prompt import GatedPromptLayer
from afina.types import Horizon
from tests.oracle.methods.soft import IDS, LLAMA_3_8B, both, close, count, facts_of, names_in_file, same_gradients


def second_term(attention: Any, queries_BQTH: Tensor, prompt_ND: Tensor, gate_G: Tensor) -> Tensor:
    """W_o (tanh(g) softmax(Q K_P^T / sqrt(H)) V_P) of a Llama's or Qwen3's attention module."""
    rows, heads, places, width = queries_BQTH.shape
    k, v = ((prompt_ND @ m.weight.T).view(len(prompt_ND), -1, width).transpose(0, 1) for m in (attention.k_proj, attention.v_proj))
    k = attention.k_norm(k) if hasattr(attention, "k_norm") else k
    k, v, gate = (x.repeat_interleave(heads // len(gate_G), 0) for x in (k, v, gate_G.tanh()))
    shares = (queries_BQTH @ k.transpose(-1, -2) / width**0.5).softmax(-1)
    return (gate[:, None, None] * shares @ v).transpose(1, 2).reshape(rows, places, -1) @ attention.o_proj.weight.T


@pytest.mark.parametrize("family", ["llama", "qwen3"])
def test_forward_and_gradients_are_those_of_the_equation(family: str) -> None:
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    made, _ = both("llama_adapter", family, n=3)
    body = made.get_base_model().model
    layer = body.layers[1].self_attn
    attention = layer.base_layer
    torch.manual_seed(2)
    hidden = torch.randn(2, 6, 24, dtype=torch.float64)
    turns = body.rotary_emb(hidden, torch.arange(6)[None])
    queries = attention.q_proj(hidden).view(2, 6, -1, attention.head_dim)
    queries = (attention.q_norm(queries) if family == "qwen3" else queries).transpose(1, 2)
    queries, _ = apply_rotary_pos_emb(queries, queries, *turns)
    weights = layer.weights["default"]
    leaves = [weights.prompt.detach().clone().requires_grad_(), weights.gate.detach().clone().requires_grad_()]
    with_it, without = (module(hidden, position_embeddings=turns, attention_mask=None)[0] for module in (layer, attention))
    got = with_it - without
    wanted = second_term(attention, queries, *leaves)
    close(got, wanted)
    same_gradients(got, wanted, [weights.prompt, weights.gate], leaves)


@pytest.mark.parametrize("family", ["gpt2", "gemma2", "mistral", "phi3", "smollm3"])
def test_a_closed_gate_is_the_base_and_one_prompt_for_all_rows_is_each_rows(family: str) -> None:
    made, plain = both("llama_adapter", family, n=3)
    with torch.no_grad():
        got = made(input_ids=IDS).logits
        close(got[1:], made(input_ids=IDS[1:]).logits)
        assert float((got - plain(input_ids=IDS).logits).abs().max()) > 1e-4
        for layer in (module for module in made.modules() if isinstance(module, GatedPromptLayer)):
            layer.weights["default"].gate.zero_()
        close(made(input_ids=IDS).logits, plain(input_ids=IDS).logits, 1e-12)


def test_counts_and_the_layers_that_have_one() -> None:
    facts = facts_from_config(LLAMA_3_8B)
    assert count("llama_adapter", facts) == 30 * (10 * 4096 + 8)
    config: Any = METHODS["llama_adapter"](name="llama_adapter").build(facts, HeadFacts("lm"), Horizon(1))
    assert set(config.target_modules) == {f"model.layers.{layer}.self_attn" for layer in range(2, 32)}
    small = facts_of(model_type="gpt2", n_embd=24, n_layer=2, n_head=4, n_positions=64, vocab_size=320)
    with pytest.raises(MethodError, match="n_layers=3 but the model has 2 layers"):
        METHODS["llama_adapter"](name="llama_adapter", n_layers=3).build(small, HeadFacts("lm"), Horizon(1))


def test_the_names_in_the_file_stay() -> None:
    at = "base_model.model.model.layers.1.self_attn.afina_gated_prompt_weights"
    assert names_in_file(both("llama_adapter", n_layers=1)[0]) == {f"{at}.prompt", f"{at}.gate"}
