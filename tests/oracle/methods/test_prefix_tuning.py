"""Prefixes against a Llama's and a GPT-2's arithmetic by hand, with keys and values put before those of the tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.tuners.prefix import Prefix
from afina.types import Horizon
from tests.oracle.methods.beside import rms
from tests.oracle.methods.soft import IDS, LLAMA_3_8B, both, close, count, facts_of, names_in_file, same_gradients

N = 3


def turned(x_BHTK: Tensor) -> Tensor:
    """Rotary positions that begin at N (Su et al. 2021, eq. 34)."""
    n_places, width = x_BHTK.shape[-2:]
    angles = (torch.arange(n_places).double() + N)[:, None] * 10_000.0 ** (-torch.arange(0, width, 2).double() / width)
    first, second = x_BHTK.chunk(2, -1)
    return torch.cat([first * angles.cos() - second * angles.sin(), second * angles.cos() + first * angles.sin()], -1)


def attention(q: Tensor, k: Tensor, v: Tensor, before_N2K: Tensor, n_heads: int, turn: bool) -> Tensor:
    """Causal attention over a prefix [N, 2, G H] and the tokens."""
    rows, places, _ = q.shape
    width = q.shape[-1] // n_heads
    q, k, v = (x.view(rows, places, -1, width).transpose(1, 2) for x in (q, k, v))
    if turn:
        q, k = turned(q), turned(k)
    front = before_N2K.view(N, 2, -1, width).permute(1, 2, 0, 3)[:, None].expand(-1, rows, -1, -1, -1)
    k, v = (torch.cat([own, x], 2).repeat_interleave(n_heads // x.shape[1], 1) for own, x in zip(front, (k, v), strict=True))
    hidden = torch.cat([torch.zeros(places, N), torch.ones(places, places).triu(1)], 1).bool()
    scores = (q @ k.transpose(-1, -2) / width**0.5).masked_fill(hidden, -torch.inf)
    return (scores.softmax(-1) @ v).transpose(1, 2).reshape(rows, places, -1)


def llama(weights: Mapping[str, Tensor], prefix_NL2K: Tensor) -> Tensor:
    x = weights["model.embed_tokens.weight"][IDS]
    for layer in range(2):
        at = f"model.layers.{layer}."
        read = rms(x, weights[f"{at}input_layernorm.weight"])
        q, k, v = (read @ weights[f"{at}self_attn.{name}_proj.weight"].T for name in "qkv")
        x = x + attention(q, k, v, prefix_NL2K[:, layer], 4, True) @ weights[f"{at}self_attn.o_proj.weight"].T
        read = rms(x, weights[f"{at}post_attention_layernorm.weight"])
        gate, up = (read @ weights[f"{at}mlp.{name}_proj.weight"].T for name in ("gate", "up"))
        x = x + (gate * gate.sigmoid() * up) @ weights[f"{at}mlp.down_proj.weight"].T
    return rms(x, weights["model.norm.weight"]) @ weights["lm_head.weight"].T


def gpt2(weights: Mapping[str, Tensor], prefix_NL2K: Tensor) -> Tensor:
    def mapped(x: Tensor, name: str) -> Tensor:
        return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def normed(x: Tensor, name: str) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        scaled = centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    x = weights["transformer.wte.weight"][IDS] + weights["transformer.wpe.weight"][N : N + IDS.shape[1]]
    for layer in range(2):
        at = f"transformer.h.{layer}."
        q, k, v = mapped(normed(x, f"{at}ln_1"), f"{at}attn.c_attn").chunk(3, -1)
        x = x + mapped(attention(q, k, v, prefix_NL2K[:, layer], 4, False), f"{at}attn.c_proj")
        inner = mapped(normed(x, f"{at}ln_2"), f"{at}mlp.c_fc")
        inner = 0.5 * inner * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (inner + 0.044715 * inner**3)))
        x = x + mapped(inner, f"{at}mlp.c_proj")
    return normed(x, "transformer.ln_f") @ weights["lm_head.weight"].T


@pytest.mark.parametrize("hidden", [0, 5])
@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_forward_and_gradients_are_those_of_the_equations(family: str, hidden: int) -> None:
    made, plain = both("prefix_tuning", family, n=N, hidden=hidden)
    weights: Any = next(module for module in made.modules() if isinstance(module, Prefix))
    named = dict(weights.named_parameters())
    leaves = {name: p.detach().clone().requires_grad_() for name, p in named.items()}
    rows = leaves["prefix"]
    if hidden:
        inner = torch.tanh(rows @ leaves["network.0.weight"].T + leaves["network.0.bias"])
        rows = inner @ leaves["network.2.weight"].T + leaves["network.2.bias"]
    by_hand = {"llama": llama, "gpt2": gpt2}[family]
    got = made(input_ids=IDS).logits
    wanted = by_hand(plain.state_dict(), rows.view(N, 2, 2, -1))
    tolerance = 1e-5 if family == "llama" else 1e-9  # transformers norms and turns in fp32
    close(got, wanted, tolerance)
    same_gradients(got, wanted, list(named.values()), list(leaves.values()), tolerance)
    facts = facts_of(**plain.config.to_dict())
    assert count("prefix_tuning", facts, n=N, hidden=hidden) == sum(p.numel() for p in named.values())


@pytest.mark.parametrize("family", ["llama", "qwen3", "phi3", "gpt2"])
def test_a_prefix_begins_as_keys_and_values_of_tokens(family: str) -> None:
    """Then it is as if those tokens stood there."""
    _, plain = both("prefix_tuning", family, n=N)
    facts = facts_of(**plain.config.to_dict())
    method = METHODS["prefix_tuning"](name="prefix_tuning", n=N)
    torch.manual_seed(4)
    torch.randn(method.n_trainable(facts, HeadFacts("lm")))  # what is drawn before the tokens
    drawn = torch.randperm(320)[:N]
    with torch.no_grad():
        wanted = plain(input_ids=torch.cat([drawn.expand(2, -1), IDS], 1)).logits[:, N:]
        torch.manual_seed(4)
        made: Any = method.attach(plain, facts, HeadFacts("lm"), Horizon(1)).double().eval()
        close(made(input_ids=IDS).logits, wanted, 1e-6)


def test_an_encoder_attends_to_a_prefix_and_masks_its_padding() -> None:
    made, _ = both("prefix_tuning", "bert", "classes", n=N)
    ids, mask = IDS.clone(), torch.ones_like(IDS)
    ids[1, 4:], mask[1, 4:] = 0, 0
    with torch.no_grad():
        got = made(input_ids=ids, attention_mask=mask).logits
        close(got[1:], made(input_ids=ids[1:, :4]).logits, 1e-9)
        with made.disable_adapter():
            assert float((made(input_ids=ids, attention_mask=mask).logits - got).abs().max()) > 1e-3


def test_an_encoder_whose_attention_takes_no_keys_is_refused() -> None:
    facts = facts_of(model_type="modernbert", hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4)
    with pytest.raises(MethodError, match="takes no keys and values from elsewhere"):
        METHODS["prefix_tuning"](name="prefix_tuning").build(facts, HeadFacts("classes", 3), Horizon(1))


def test_published_count() -> None:
    assert count("prefix_tuning", facts_from_config(LLAMA_3_8B), n=20) == 1_310_720


def test_the_names_in_the_file_stay() -> None:
    at = "base_model.model.model.afina_prefix_weights"
    assert names_in_file(both("prefix_tuning")[0]) == {f"{at}.prefix"}
    layers = {f"{at}.network.{place}.{kind}" for place in (0, 2) for kind in ("weight", "bias")}
    assert names_in_file(both("prefix_tuning", hidden=4)[0]) == {f"{at}.prefix", *layers}
    assert names_in_file(both("prefix_tuning", "t5")[0]) == {"base_model.model.decoder.afina_prefix_weights.prefix"}
