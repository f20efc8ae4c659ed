"""Bottleneck adapters: a narrow network with a residual, after a sublayer (Houlsby et al. 2019, section 2.1; Pfeiffer et al. 2021).

    A(h) = W_up f(W_down h + b_down) + b_up        output = h + s A(h)

Shapes: W_down [m, D], W_up [D, m]. W_up and b_up begin at zero, so an untrained adapter changes nothing (He et al. 2022, section 4.6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from afina.tuners.layer import AdapterLayer, sizes_of
from afina.tuners.registration import TargetedConfig, register

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "silu": F.silu, "tanh": F.tanh}


@dataclass
class BottleneckConfig(TargetedConfig):
    """width: of the bottleneck (m). scaling: s."""

    width: int = field(default=64)
    activation: str = field(default="relu")
    scaling: float = field(default=1.0)


class Bottleneck(nn.Module):
    """The weights of one adapter at one place, D wide."""

    def __init__(self, hidden: int, config: BottleneckConfig) -> None:
        super().__init__()
        self.down = nn.Linear(hidden, config.width)
        self.up = nn.Linear(config.width, hidden)
        nn.init.kaiming_uniform_(self.down.weight, a=5**0.5)
        for zero in (self.down.bias, self.up.weight, self.up.bias):
            nn.init.zeros_(zero)
        self.activation, self.scaling = ACTIVATIONS[config.activation], config.scaling

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return s A(h)."""
        return self.up(self.activation(self.down(hidden_BTD.to(self.down.weight.dtype)))) * self.scaling


class BottleneckLayer(AdapterLayer):
    """On the linear map that ends a sublayer: its output passes the adapter before the residual is added."""

    def make(self, config: Any) -> Bottleneck:
        return Bottleneck(sizes_of(self.get_base_layer())[0], config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](output_BTD).to(output_BTD.dtype)


register("bottleneck", BottleneckConfig, BottleneckLayer)
