"""What the tests of networks beside the body share: a Llama's arithmetic by hand, and how many bytes a forward pass keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.types import Horizon
from tests.tiny import tiny_config

IDS = torch.tensor([[0, 17, 99, 23, 54, 1, 7], [0, 200, 31, 31, 5, 60, 61]])


def attached(name: str, head: str = "lm", n_layers: int = 3, seed: int = 0, **settings: Any) -> Any:
    """A tiny Llama with a method on it, as a training attaches it; its trained weights are moved."""
    from transformers import LlamaForCausalLM, LlamaForSequenceClassification

    torch.manual_seed(seed)
    config = tiny_config(num_hidden_layers=n_layers, initializer_range=0.2, num_labels=3)
    model = (LlamaForCausalLM if head == "lm" else LlamaForSequenceClassification)(config)
    made = METHODS[name](name=name, **settings)
    wrapped = made.attach(model, facts_from_config(config.to_dict()), HeadFacts(head, 3 if head != "lm" else 0), Horizon(30, 64))  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in wrapped.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    return wrapped.eval()


def side_of(model: Any) -> Any:
    """The weights of the adapter beside a Llama's body."""
    return model.get_base_model().model.weights["default"]


def base_states(model: Any) -> tuple[Tensor, ...]:
    """h_0 .. h_{L-1}, as transformers itself records them, and the last one after the final norm."""
    with torch.no_grad(), model.disable_adapter():
        return model.get_base_model().base_model(input_ids=IDS, output_hidden_states=True, use_cache=False).hidden_states


def rms(x: Tensor, gain: Tensor) -> Tensor:
    return x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt() * gain


def turned(x_BHTK: Tensor) -> Tensor:
    """Rotary positions (Su et al. 2021, eq. 34), in the half-split order of Llama's published weights."""
    n_places, width = x_BHTK.shape[-2:]
    angles_TK = torch.arange(n_places).double()[:, None] * 10_000.0 ** (-torch.arange(0, width, 2).double() / width)
    cos, sin = angles_TK.cos().to(x_BHTK), angles_TK.sin().to(x_BHTK)
    first, second = x_BHTK.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


def attention(q_BTQ: Tensor, k_BTK: Tensor, v_BTK: Tensor, n_heads: int) -> Tensor:
    """Causal attention with grouped keys, before the output matrix [B, T, Q]."""
    n_rows, n_places, _ = q_BTQ.shape
    width = q_BTQ.shape[-1] // n_heads
    q, k, v = (x.view(n_rows, n_places, -1, width).transpose(1, 2) for x in (q_BTQ, k_BTK, v_BTK))
    k, v = (x.repeat_interleave(n_heads // x.shape[1], 1) for x in (k, v))
    scores = turned(q) @ turned(k).transpose(-1, -2) / width**0.5
    hidden = torch.ones(n_places, n_places).triu(1).bool()
    return (scores.masked_fill(hidden, -torch.inf).softmax(-1) @ v).transpose(1, 2).reshape(n_rows, n_places, -1)


def llama_block(x: Tensor, weights: Mapping[str, Tensor], at: str, n_heads: int) -> Tensor:
    read = rms(x, weights[f"{at}input_layernorm.weight"])
    q, k, v = (read @ weights[f"{at}self_attn.{name}_proj.weight"].T for name in "qkv")
    x = x + attention(q, k, v, n_heads) @ weights[f"{at}self_attn.o_proj.weight"].T
    read = rms(x, weights[f"{at}post_attention_layernorm.weight"])
    gate, up = (read @ weights[f"{at}mlp.{name}_proj.weight"].T for name in ("gate", "up"))
    return x + (gate * gate.sigmoid() * up) @ weights[f"{at}mlp.down_proj.weight"].T


def agree(model: Any, side: nn.Module, formula: Callable[[Mapping[str, Tensor]], Tensor], atol: float = 2e-6) -> None:
    """Assert that the body's answer and the gradients of its side network are those of a formula in float64."""
    got = model.get_base_model().base_model(input_ids=IDS, use_cache=False).last_hidden_state
    weights = {name: parameter.detach().double().requires_grad_() for name, parameter in side.named_parameters()}
    wanted = formula(weights)
    assert float((got.double() - wanted).abs().max()) <= atol * max(1.0, float(wanted.abs().max()))
    direction = torch.randn(got.shape, generator=torch.Generator().manual_seed(3))
    used = {name: parameter for name, parameter in side.named_parameters() if parameter.requires_grad}
    gradients = torch.autograd.grad((got * direction).sum(), list(used.values()), allow_unused=True)
    by_hand = torch.autograd.grad((wanted * direction.double()).sum(), [weights[name] for name in used], allow_unused=True)
    seen = 0
    for name, one, other in zip(used, gradients, by_hand, strict=True):
        assert (one is None) == (other is None), name
        if one is not None and other is not None:
            assert float((one.double() - other).abs().max()) <= atol * max(1.0, float(other.abs().max())), name
            seen += float(other.abs().max()) > 0
    assert seen > 3 or seen == len(used)


def kept_bytes(model: nn.Module, compute: Callable[[], Tensor]) -> int:
    """How many bytes a forward pass keeps for the backward pass: each storage once, weights left out."""
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, tuple[int, Tensor]] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = (storage.nbytes(), tensor)  # the tensor is held: no later one may take its place
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        compute().backward()
    return sum(size for size, _ in kept.values())


def kept_at_depth(name: str, n_layers: int, head: str = "classes", **settings: Any) -> int:
    """The bytes kept of a loss on the body's answer, with a base of so many layers."""
    model = attached(name, head, n_layers, **settings).train()
    return kept_bytes(model, lambda: model.get_base_model().base_model(input_ids=IDS, use_cache=False).last_hidden_state.square().sum())
