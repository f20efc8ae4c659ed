"""Compacter: bottleneck adapters whose two maps are sums of Kronecker products (Karimi Mahabadi et al. 2021, section 3.3).

    W = sum_{i=1..n} A_i (x) (s_i t_i)        y = x W + b        output = h + up(f(down(h)))

Shapes: A_i [n, n], one rule for all maps of all layers (or one for each adapter); s_i [I/n, k], t_i [k, O/n] for a map from I to O;
W [I, O], which is never built. The rule begins as N(0, 1e-4) when shared, N(0, 0.01) else, s and t as Xavier uniform of gain sqrt 2 (their
program); with init "zero" t of the map up begins at zero instead, so that an untrained adapter changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from afina.tuners.bottleneck import ACTIVATIONS, BottleneckConfig
from afina.tuners.layer import AdapterLayer, sizes_of
from afina.tuners.norms import NormsTuner
from afina.tuners.registration import register

RULE_STD = {True: 1e-4, False: 1e-2}
"""Of the rule's first values, by whether all layers share it."""


@dataclass
class CompacterConfig(BottleneckConfig):
    """n: order of the sums. rank: k. shared_rule: one rule for all layers. init: "zero", or "published" for the authors'."""

    n: int = field(default=4)
    rank: int = field(default=1)
    shared_rule: bool = field(default=True)


class Rule(nn.Module):
    """The A of the sums [n, n, n], the first index which term."""

    def __init__(self, n: int, std: float) -> None:
        super().__init__()
        self.A = nn.Parameter(torch.empty(n, n, n).normal_(0.0, std))


class KroneckerSum(nn.Module):
    """A map from I to O: s [n, I/n, k], t [n, k, O/n], bias [O]."""

    def __init__(self, inputs: int, outputs: int, n: int, rank: int) -> None:
        super().__init__()
        self.s = nn.Parameter(torch.empty(n, inputs // n, rank))
        self.t = nn.Parameter(torch.empty(n, rank, outputs // n))
        self.bias = nn.Parameter(torch.zeros(outputs))
        for factor in (*self.s.data, *self.t.data):
            nn.init.xavier_uniform_(factor, gain=2**0.5)

    def forward(self, x: Tensor, rule: Tensor) -> Tensor:
        """Return x W + b. Letters: p, q where in the rule, a, b where in the low-rank factor, i which term, k its rank."""
        parts = x.unflatten(-1, (len(self.s), -1))
        narrow = torch.einsum("...pa,iak->...pik", parts, self.s)
        mixed = torch.einsum("...pik,ipq->...qik", narrow, rule)
        return torch.einsum("...qik,ikb->...qb", mixed, self.t).flatten(-2) + self.bias


class Compacter(nn.Module):
    """The weights of one adapter at one place, D wide."""

    def __init__(self, hidden: int, config: CompacterConfig) -> None:
        super().__init__()
        self.down = KroneckerSum(hidden, config.width, config.n, config.rank)
        self.up = KroneckerSum(config.width, hidden, config.n, config.rank)
        if config.init == "zero":
            nn.init.zeros_(self.up.t)
        if not config.shared_rule:
            self.rule = Rule(config.n, RULE_STD[False])
        self.activation, self.scaling = ACTIVATIONS[config.activation], config.scaling

    def forward(self, hidden_BTD: Tensor, rule: Tensor) -> Tensor:
        """Return s times the adapter's own part. rule: [n, n, n]."""
        narrow = self.down(hidden_BTD.to(self.down.s.dtype), rule)
        return self.up(self.activation(narrow), rule) * self.scaling


class CompacterLayer(AdapterLayer):
    """On the linear map that ends a sublayer: its output passes the adapter before the residual is added."""

    def make(self, config: Any) -> Compacter:
        return Compacter(sizes_of(self.get_base_layer())[0], config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        weights: Any = self.weights[adapter]
        rule = weights.rule if hasattr(weights, "rule") else self.shared(adapter)
        return output_BTD + weights(output_BTD, rule.A).to(output_BTD.dtype)


class CompacterTuner(NormsTuner):
    """Holds the rule that all layers share."""

    @staticmethod
    def shared(config: Any, model: nn.Module) -> nn.Module | None:
        return Rule(config.n, RULE_STD[True]) if config.shared_rule else None


register("compacter", CompacterConfig, CompacterLayer, CompacterTuner)
