"""Bottleneck adapters: a narrow network with a residual, after a sublayer (Houlsby et al. 2019, section 2.1; Pfeiffer et al. 2021) or
beside the feed-forward block (He et al. 2022, section 4.6).

    A(h) = W_up f(W_down h + b_down) + b_up

Shapes: W_down [m, D], W_up [D, m]. W_up and b_up begin at zero, so an untrained adapter changes nothing (He et al. 2022, section 4.6);
Houlsby et al. begin near zero instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.tuners.layer import AdapterLayer, sizes_of
from afina.tuners.norms import NormsConfig, NormsTuner
from afina.tuners.registration import register
from afina.tuners.tap import TapConfig, TapLayer, TapTuner

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "gelu_tanh": partial(F.gelu, approximate="tanh"), "silu": F.silu, "tanh": F.tanh}
NEAR_ZERO = 0.01
"""Standard deviation of a near-identity start, its normal cut off at two of them (Houlsby et al. 2019, section 2.1)."""


@dataclass
class BottleneckConfig(NormsConfig):
    """width: of the bottleneck (m). scaling: s. init: "zero", or "near_identity" as Houlsby et al."""

    width: int = field(default=64)
    activation: str = field(default="relu")
    scaling: float = field(default=1.0)
    init: str = field(default="zero")


class Bottleneck(nn.Module):
    """The weights of one adapter at one place, D wide."""

    def __init__(self, hidden: int, config: BottleneckConfig) -> None:
        super().__init__()
        self.down = nn.Linear(hidden, config.width)
        self.up = nn.Linear(config.width, hidden)
        if config.init == "zero":
            nn.init.kaiming_uniform_(self.down.weight, a=5**0.5)
            nn.init.zeros_(self.up.weight)
        else:
            for matrix in (self.down.weight, self.up.weight):
                nn.init.trunc_normal_(matrix, std=NEAR_ZERO, a=-2 * NEAR_ZERO, b=2 * NEAR_ZERO)
        nn.init.zeros_(self.down.bias)
        nn.init.zeros_(self.up.bias)
        self.activation, self.scaling = ACTIVATIONS[config.activation], config.scaling

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return s A(h)."""
        return self.up(self.activation(self.down(hidden_BTD.to(self.down.weight.dtype)))) * self.scaling


class BottleneckLayer(AdapterLayer):
    """On the linear map that ends a sublayer: its output passes the adapter before the residual is added: h + s A(h)."""

    def make(self, config: Any) -> Bottleneck:
        return Bottleneck(sizes_of(self.get_base_layer())[0], config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](output_BTD).to(output_BTD.dtype)


@dataclass
class PfeifferConfig(BottleneckConfig):
    """hidden: D. normed: the targets are norms that a layer's output passes last; else they are whole layers."""

    hidden: int = field(default=0)
    normed: bool = field(default=False)


class LayerEnd(AdapterLayer):
    """Where a layer ends. With u the residual sum there, N the norm that ends a layer of a post-norm model, and C the change:

    pre-norm: it reads h = u, and u + C(h) leaves the layer. Post-norm: it reads h = N(u), and N(u + C(h)) leaves it: N is passed twice.

    On a whole layer, or on that norm (`normed` of the weights). The changes of several active adapters add up.
    """

    def change(self, adapter: str, hidden_BTD: Tensor) -> Tensor:
        """Return C(h)."""
        return self.weights[adapter](hidden_BTD)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return self._changed([adapter], output_BTD, inputs)

    def _by_all(self, output: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        active = [adapter for adapter in self.active_adapters if adapter in self.weights]
        return self._changed(active, output, inputs).to(output.dtype) if active else output

    def _changed(self, adapters: Sequence[str], output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        total_BTD = torch.stack([self.change(adapter, output_BTD) for adapter in adapters]).sum(0)
        if self.weights[adapters[0]].normed:
            return self.base_layer(inputs[0] + total_BTD.to(inputs[0].dtype))
        return output_BTD + total_BTD.to(output_BTD.dtype)


class PfeifferLayer(LayerEnd):
    """A bottleneck where a layer ends."""

    def make(self, config: Any) -> Bottleneck:
        made = Bottleneck(config.hidden, config)
        made.normed = config.normed
        return made


@dataclass
class ParallelConfig(BottleneckConfig, TapConfig):
    """A bottleneck that reads what a feed-forward block reads (or the sum before its norm) and adds to what the block gives."""


class ParallelLayer(TapLayer):
    """On the last linear map of a feed-forward block: FFN(x) + s A(x)."""

    def make(self, config: Any) -> Bottleneck:
        return Bottleneck(sizes_of(self.get_base_layer())[0], config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](inputs[0]).to(output_BTD.dtype)


register("bottleneck", BottleneckConfig, BottleneckLayer, NormsTuner)
register("pfeiffer", PfeifferConfig, PfeifferLayer)
register("parallel", ParallelConfig, ParallelLayer, TapTuner)
