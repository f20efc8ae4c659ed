"""Prompts that attention looks at beside the tokens, behind a gate that begins closed (LLaMA-Adapter; Zhang et al. 2023, section 3.2).

    out = W_o (softmax(Q K^T / sqrt(H)) V + tanh(g) * softmax(Q K_P^T / sqrt(H)) V_P)        K_P, V_P = keys and values of P, unrotated

Letters: B rows, T tokens, N rows of the prompt, D width, G heads of keys, H head size. P [N, D], g [G], which begins at zero: the untrained
adapter changes nothing. The base's own attention computes both terms, so that what a family does to queries, keys and scores is done here
too: for the second one it finds the prompt's keys and values in its cache.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from afina.tuners.layer import BASE, AdapterLayer
from afina.tuners.registration import TargetedConfig, register


@dataclass
class GatedPromptConfig(TargetedConfig):
    """n: rows of the prompt. hidden: D. n_heads: G."""

    n: int = field(default=10)
    hidden: int = field(default=0)
    n_heads: int = field(default=0)


class GatedPrompt(nn.Module):
    """The weights of one adapter in one layer."""

    def __init__(self, config: GatedPromptConfig) -> None:
        super().__init__()
        self.prompt = nn.Parameter(torch.randn(config.n, config.hidden))
        self.gate = nn.Parameter(torch.zeros(config.n_heads))


class Taken:
    """Stands where attention expects a cache: takes down the keys and values it is given."""

    def update(self, keys: Tensor, values: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        self.keys, self.values = keys, values
        return keys, values


class Given:
    """Stands where attention expects a cache: answers with keys and values of its own."""

    def __init__(self, keys: Tensor, values: Tensor) -> None:
        self.keys, self.values = keys, values

    def update(self, keys: Tensor, values: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        return self.keys.to(keys.dtype), self.values.to(values.dtype)


class GatedPromptLayer(AdapterLayer):
    """On an attention module."""

    def make(self, config: Any) -> GatedPrompt:
        return GatedPrompt(config)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        attention: Any = self.base_layer
        given = kwargs | dict(inspect.signature(attention.forward).bind_partial(*args).arguments)
        result = attention(**given)
        names = self.rows or tuple(name for name in self.active_adapters if name in self.weights)
        if self.disable_adapters or all(name == BASE for name in names):
            return result
        hidden_BTD = given["hidden_states"]
        if self.rows:
            beside = self._beside(attention, given, [name for name in names for _ in range(len(hidden_BTD) // len(names))])
        else:
            beside = torch.stack([self._beside(attention, given, [name]) for name in names]).sum(0)
        return (result[0] + beside.to(result[0].dtype), *result[1:])

    def _beside(self, attention: Any, given: dict[str, Any], names: Sequence[str]) -> Tensor:
        """Return the second term [B, T, D]. names: the adapter of each row, or one for all."""
        hidden_BTD = given["hidden_states"]
        seen = {name: self._seen(attention, given, name) for name in set(names) if name != BASE}
        keys, values = next(iter(seen.values()))
        nothing = (torch.zeros_like(keys), torch.zeros_like(values))
        each = [seen.get(name, nothing) for name in names]
        keys, values = (torch.cat([pair[side] for pair in each]).expand(len(hidden_BTD), -1, -1, -1) for side in (0, 1))
        all_of_them = torch.ones(len(hidden_BTD), 1, hidden_BTD.shape[1], keys.shape[2], dtype=torch.bool, device=hidden_BTD.device)
        eager = attention.config._attn_implementation == "eager"
        mask = torch.zeros_like(all_of_them, dtype=hidden_BTD.dtype) if eager else all_of_them
        result = attention(**given | {"past_key_values": Given(keys, values), "attention_mask": mask})[0]
        bias = getattr(next(module for name, module in attention.named_children() if name in OUTPUTS), "bias", None)
        return result if bias is None else result - bias

    def _seen(self, attention: Any, given: dict[str, Any], name: str) -> tuple[Tensor, Tensor]:
        """Return a prompt's keys and gated values [1, G, N, H], as the base's own matrices make them."""
        weights, taken = self.weights[name], Taken()
        prompt_1ND: Tensor = weights.prompt.to(given["hidden_states"].dtype)[None]  # type: ignore[union-attr,operator,index]
        asked = given | {"hidden_states": prompt_1ND, "past_key_values": taken, "attention_mask": None}
        asked.pop("position_ids", None)
        if given.get("position_embeddings") is not None:
            cosines = given["position_embeddings"][0][:1, :1].expand(-1, prompt_1ND.shape[1], -1)
            asked["position_embeddings"] = (torch.ones_like(cosines), torch.zeros_like(cosines))
        attention(**asked)
        gate: Tensor = weights.gate.tanh()  # type: ignore[union-attr,operator]
        return taken.keys, taken.values * gate[None, :, None, None].to(taken.values.dtype)


OUTPUTS = ("o_proj", "dense", "c_proj", "out_proj")
"""Names of the map that ends an attention module: its bias is added once, by the first term."""

register("gated_prompt", GatedPromptConfig, GatedPromptLayer)
