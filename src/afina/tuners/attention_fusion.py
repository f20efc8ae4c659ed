"""Attention over the layers of a frozen body: what the head reads is a mean of all layers' states, weighted by a learned query
(Cao, Satya Prakash and Hamza 2022, "Attention Fusion"; our reading, see afina's method of that name).

    v_l = LN(h_l)        a = softmax_l(q . v_l)        hidden = gelu(dropout(sum_l a_l v_l))

Shapes: h_l [B, T, D], l = 0 .. L, 0 what the first layer reads; q [D]; a [B, T, L + 1]. LN has no gain and no bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.tuners.registration import TargetedConfig, register
from afina.tuners.side import Pass, SideLayer, blocks_of


@dataclass
class AttentionFusionConfig(TargetedConfig):
    """layers: of the base that are read besides what its first reads; None: all. dropout: of the fused states while training."""

    layers: list[int] | None = field(default=None)
    dropout: float = field(default=0.0)


class AttentionFusion(nn.Module):
    """The query of one adapter."""

    def __init__(self, hidden: int, layers: Sequence[int], dropout: float) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.zeros(hidden))
        self.reads, self.dropout = [0, *(layer + 1 for layer in layers)], nn.Dropout(dropout)

    def forward(self, states: dict[int, Tensor]) -> Tensor:
        """Return the fused states [B, T, D]."""
        dtype = self.query.dtype
        values_BTLD = F.layer_norm(torch.stack([states[place].to(dtype) for place in self.reads], -2), self.query.shape)
        shares_BTL = (values_BTLD @ self.query).softmax(-1)
        return F.gelu(self.dropout(shares_BTL[..., None, :].to(dtype) @ values_BTLD)[..., 0, :])


class AttentionFusionLayer(SideLayer):
    """On the module that holds the layers: a query chooses among their states, for each token."""

    def make(self, config: Any) -> AttentionFusion:
        body: Any = self.get_base_layer()
        layers = range(len(blocks_of(body))) if config.layers is None else config.layers
        return AttentionFusion(int(body.config.hidden_size), layers, config.dropout)

    def reads(self, adapter: str) -> Sequence[int]:
        return self.weights[adapter].reads  # type: ignore[return-value]

    def beside(self, adapter: str, done: Pass, others: Sequence[str]) -> Tensor:
        return self.weights[adapter](done.states)


register("attention_fusion", AttentionFusionConfig, AttentionFusionLayer)
