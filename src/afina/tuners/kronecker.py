"""Kronecker adapters: a matrix A (x) B beside a linear map (KronA) or beside a feed-forward block (Edalati et al. 2022).

    y = s (A (x) B) x = s flatten(A X B^T)        X = x read row by row as [a2, b2]

Shapes: A [a1, a2], B [b1, b2], a1 b1 outputs, a2 b2 inputs. The product is never built in a forward pass. A begins at zero: an untrained
adapter changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.tuners.layer import WeightLayer, sizes_of
from afina.tuners.norms import NormsConfig, NormsTuner
from afina.tuners.registration import register
from afina.tuners.tap import TapConfig, TapLayer, TapTuner


class Kronecker(nn.Module):
    """A (x) B with `outputs` rows and `inputs` columns. nested: both factors of A are the smaller ones (LoKr's), else A and B are alike."""

    def __init__(self, outputs: int, inputs: int, scaling: float, nested: bool = False) -> None:
        super().__init__()
        small, large = divisors(inputs)
        rows_a, rows_b = divisors(outputs)
        columns_a, columns_b = (small, large) if nested else (large, small)
        self.a = nn.Parameter(torch.zeros(rows_a, columns_a))
        self.b = nn.Parameter(torch.empty(rows_b, columns_b))
        nn.init.kaiming_uniform_(self.b, a=5**0.5)
        self.scaling = scaling

    def forward(self, inputs: Tensor) -> Tensor:
        """Return s (A (x) B) x for inputs [..., a2 b2]."""
        folded = inputs.to(self.a.dtype).unflatten(-1, (self.a.shape[1], self.b.shape[1]))
        by_b = F.linear(folded, self.b).transpose(-1, -2).contiguous()  # else torch goes one way in training and another when frozen
        return F.linear(by_b, self.a).transpose(-1, -2).flatten(-2) * self.scaling

    def dense(self) -> Tensor:
        """Return s A (x) B [outputs, inputs]."""
        return torch.kron(self.a, self.b) * self.scaling


def divisors(size: int) -> tuple[int, int]:
    """Return the two factors of a size that are nearest to its root, the smaller one first."""
    small = next(n for n in range(isqrt(size), 0, -1) if size % n == 0)
    return small, size // small


@dataclass
class KronaConfig(NormsConfig):
    """scaling: s. nested: the shapes of A and B are those that peft's LoKr gives its factors."""

    scaling: float = field(default=1.0)
    nested: bool = field(default=False)


class KronaLayer(WeightLayer):
    """On a linear map: W + s A (x) B."""

    def make(self, config: Any) -> Kronecker:
        return Kronecker(*sizes_of(self.get_base_layer()), config.scaling, config.nested)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](inputs[0])

    def delta_weight(self, adapter: str) -> Tensor:
        return self.weights[adapter].dense()  # type: ignore[operator]


@dataclass
class KronaBConfig(TapConfig):
    """scaling: s. residual: the input is added too, times a learned number that begins at residual_init."""

    scaling: float = field(default=1.0)
    residual: bool = field(default=False)
    residual_init: float = field(default=0.0)


class KronaB(nn.Module):
    """The weights of one adapter beside one feed-forward block, D wide."""

    def __init__(self, hidden: int, config: KronaBConfig) -> None:
        super().__init__()
        self.product = Kronecker(hidden, hidden, config.scaling)
        self.residual = nn.Parameter(torch.full((1,), config.residual_init)) if config.residual else None

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return s (A (x) B) x + s_res x for the block's input."""
        changed_BTD = self.product(hidden_BTD)
        return changed_BTD if self.residual is None else changed_BTD + self.residual * hidden_BTD


class KronaBLayer(TapLayer):
    """On the linear map that ends a feed-forward block; its source is the linear map that begins it."""

    def make(self, config: Any) -> KronaB:
        return KronaB(sizes_of(self.get_base_layer())[0], config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](inputs[0])


register("krona", KronaConfig, KronaLayer, NormsTuner)
register("krona_b", KronaBConfig, KronaBLayer, TapTuner)
