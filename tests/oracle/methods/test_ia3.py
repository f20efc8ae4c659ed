"""IA3 against the base with scaled weights, the three defects of peft's own, and published counts."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.func import functional_call

from afina.models.facts import facts_from_config
from afina.tuners.rescaling import RescalingLayer
from tests.oracle.methods.soft import IDS, LLAMA_3_8B, both, close, count, facts_of, names_in_file, same_gradients

SCALED = {
    "llama": ("k_proj", "v_proj", "down_proj"),
    "qwen3": ("k_proj", "v_proj", "down_proj"),
    "phi3": ("qkv_proj", "down_proj"),
    "gpt2": ("attn.c_attn", "mlp.c_proj"),
    "bert": ("key", "value", "layer.0.output.dense", "layer.1.output.dense"),
    "t5": ("SelfAttention.k", "SelfAttention.v", "EncDecAttention.k", "EncDecAttention.v", "wo"),
}
"""The maps that are scaled in each family, and no others: the last of them by its inputs."""
QUERIES = {"gpt2": 24, "phi3": 24}


@pytest.mark.parametrize("family", SCALED)
def test_it_is_the_base_with_scaled_weights(family: str) -> None:
    made, plain = both("ia3", family, "classes" if family == "bert" else "lm")
    layers = {name.removeprefix("base_model.model."): m for name, m in made.named_modules() if isinstance(m, RescalingLayer)}
    assert set(layers) == {name for name, _ in plain.named_modules() if name.endswith(tuple(f".{end}" for end in SCALED[family]))}
    leaves, weights = [], {}
    for name, layer in layers.items():
        leaf = layer.weights["default"].scale.detach().clone().requires_grad_()
        leaves.append(leaf)
        weights |= scaled(plain, name, leaf, QUERIES.get(family, 0), family == "gpt2")
    written = {"labels": IDS} if family == "t5" else {}
    answer = {"output_hidden_states": True} if family == "bert" else {}
    got, wanted = made(input_ids=IDS, **written, **answer), functional_call(plain, weights, (), {"input_ids": IDS, **written, **answer})
    got, wanted = (out.hidden_states[-1] if family == "bert" else out.logits for out in (got, wanted))
    close(got, wanted)
    same_gradients(got, wanted, [layer.weights["default"].scale for layer in layers.values()], leaves)


def scaled(plain: torch.nn.Module, name: str, factors: Tensor, n_queries: int, transposed: bool) -> dict[str, Tensor]:
    """The weight and bias of a map whose outputs are scaled, or inputs for the feed-forward's last."""
    weight = plain.get_parameter(f"{name}.weight")
    weight = weight.T if transposed else weight
    if name.endswith(("down_proj", "mlp.c_proj", "output.dense", "wo")):
        new, bias = weight * factors, {}
    else:
        all_of_them = torch.cat([torch.ones(n_queries if "qkv" in name or "c_attn" in name else 0), factors])
        new = all_of_them[:, None] * weight
        has_bias = f"{name}.bias" in dict(plain.named_parameters())
        bias = {f"{name}.bias": all_of_them * plain.get_parameter(f"{name}.bias")} if has_bias else {}
    return {f"{name}.weight": new.T if transposed else new, **bias}


@pytest.mark.parametrize("family", ["llama", "gpt2", "t5"])
def test_merged_and_taken_out_again(family: str) -> None:
    made, plain = both("ia3", family)
    written = {"labels": IDS} if family == "t5" else {}
    tolerance = 1e-4 if family == "t5" else 1e-6  # factors are folded in fp32, and this T5's attention is sharp
    with torch.no_grad():
        wanted = made(input_ids=IDS, **written).logits
        made.merge_adapter()
        close(made(input_ids=IDS, **written).logits, wanted, tolerance)
        made.unmerge_adapter()
        close(made(input_ids=IDS, **written).logits, wanted, tolerance)
        close(made.unload()(input_ids=IDS, **written).logits, plain(input_ids=IDS, **written).logits, tolerance)


def test_published_counts() -> None:
    shared = {"model_type": "t5", "d_kv": 64, "num_layers": 24, "vocab_size": 32128, "feed_forward_proj": "gated-gelu"}
    eleven = facts_of(d_model=4096, d_ff=10240, num_heads=64, **shared)
    three = facts_of(d_model=2048, d_ff=5120, num_heads=32, **shared)
    assert (count("ia3", eleven), count("ia3", three)) == (1_081_344, 540_672)
    assert count("ia3", facts_from_config(LLAMA_3_8B)) == 524_288


def test_the_names_in_the_file_stay() -> None:
    ends = ("self_attn.k_proj", "self_attn.v_proj", "mlp.down_proj")
    wanted = {f"base_model.model.model.layers.{layer}.{end}.afina_rescaling_weights.scale" for layer in (0, 1) for end in ends}
    assert names_in_file(both("ia3")[0]) == wanted
