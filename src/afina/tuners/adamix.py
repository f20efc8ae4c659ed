"""AdaMix: several experts at each place, one drawn for each pass in training, their mean in use (Wang et al. 2022, sections 3.1 to 3.4).

    adapter   output = h + s (W_up^(j) f(W_down^(i) h + b_down^(i)) + b_up^(j))
    LoRA      y = W x + (alpha / r) B^(j) A^(i) x

i and j are drawn from torch's generator, each on its own, once for the whole batch at each place: a pass repeated from the same state of
the generator (as gradient checkpointing repeats it) draws the same. In eval mode weights are the means over experts, and so they are
stored: the file of an adapter is an ordinary bottleneck's, that of a LoRA an ordinary LoRA's, which peft alone reads. Note that
mean(B) mean(A) is not mean(B A).

Shapes: W_down [M, m, D], W_up [M, D, m], or [D, m] where all experts share it; A [M, r, I], B [M, O, r] or one of them shared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.tuners.bottleneck import ACTIVATIONS
from afina.tuners.layer import AdapterLayer, WeightLayer, sizes_of
from afina.tuners.registration import TargetedConfig, as_lora, register
from afina.tuners.tuner import Tuner


class Experts(nn.Module):
    """n alternatives of one map: weight [n, O, I], bias [n, O] where it has one. One that all experts share is the case n = 1."""

    def __init__(self, n: int, inputs: int, outputs: int, bias: bool, zero: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(n, outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(n, outputs)) if bias else None
        for matrix in () if zero else self.weight.data:
            nn.init.kaiming_uniform_(matrix, a=5**0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Return the map's output: of one expert in training, of their mean otherwise."""
        weight, bias = self.drawn() if self.training else self.mean()
        return F.linear(x.to(weight.dtype), weight, bias)

    def drawn(self) -> tuple[Tensor, Tensor | None]:
        """Return the weights of an expert drawn from torch's generator."""
        which = int(torch.randint(len(self.weight), ())) if len(self.weight) > 1 else 0
        return self.weight[which], None if self.bias is None else self.bias[which]

    def mean(self) -> tuple[Tensor, Tensor | None]:
        return self.weight.mean(0), None if self.bias is None else self.bias.mean(0)


@dataclass
class AdamixConfig(TargetedConfig):
    """n_experts: M. width: m. share_down, share_up: one for all experts. What is written of it is the config of a plain bottleneck."""

    n_experts: int = field(default=4)
    width: int = field(default=16)
    activation: str = field(default="gelu")
    scaling: float = field(default=1.0)
    share_down: bool = field(default=False)
    share_up: bool = field(default=True)

    def to_dict(self) -> dict[str, Any]:
        described = super().to_dict()
        for key in ("n_experts", "share_down", "share_up"):
            del described[key]
        return described | {"peft_type": "AFINA_BOTTLENECK", "init": "zero", "norms": []}


class AdamixBottlenecks(nn.Module):
    """The weights of one adapter at one place, D wide."""

    def __init__(self, hidden: int, config: AdamixConfig) -> None:
        super().__init__()
        self.down = Experts(1 if config.share_down else config.n_experts, hidden, config.width, bias=True, zero=False)
        self.up = Experts(1 if config.share_up else config.n_experts, config.width, hidden, bias=True, zero=True)
        self.activation, self.scaling = ACTIVATIONS[config.activation], config.scaling

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return s A(h)."""
        return self.up(self.activation(self.down(hidden_BTD))) * self.scaling


class AdamixLayer(AdapterLayer):
    """On the linear map that ends a sublayer: its output passes the adapter before the residual is added."""

    def make(self, config: Any) -> AdamixBottlenecks:
        return AdamixBottlenecks(sizes_of(self.get_base_layer())[0], config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](output_BTD).to(output_BTD.dtype)


@dataclass
class AdamixLoraConfig(TargetedConfig):
    """n_experts: M. alpha / r scales the update. What is written of it is the config of a plain LoRA."""

    n_experts: int = field(default=4)
    r: int = field(default=8)
    alpha: float = field(default=16.0)
    share_down: bool = field(default=False)
    share_up: bool = field(default=False)
    fan_in_fan_out: bool = field(default=False)

    def to_dict(self) -> dict[str, Any]:
        return as_lora(self, r=self.r, lora_alpha=self.alpha)


class AdamixLora(nn.Module):
    """The weights of one adapter at one map."""

    def __init__(self, inputs: int, outputs: int, config: AdamixLoraConfig) -> None:
        super().__init__()
        self.lora_A = Experts(1 if config.share_down else config.n_experts, inputs, config.r, bias=False, zero=False)
        self.lora_B = Experts(1 if config.share_up else config.n_experts, config.r, outputs, bias=False, zero=True)
        self.scaling = config.alpha / config.r

    def forward(self, x: Tensor) -> Tensor:
        """Return (alpha / r) B A x."""
        return self.lora_B(self.lora_A(x)) * self.scaling


class AdamixLoraLayer(WeightLayer):
    """On a linear map, beside its weight."""

    def make(self, config: Any) -> AdamixLora:
        outputs, inputs = sizes_of(self.get_base_layer())
        return AdamixLora(inputs, outputs, config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](inputs[0]).to(output_BTD.dtype)

    def delta_weight(self, adapter: str) -> Tensor:
        weights: Any = self.weights[adapter]
        return weights.scaling * weights.lora_B.mean()[0] @ weights.lora_A.mean()[0]


class AdamixTuner(Tuner):
    """Writes the means of the experts, under the names of the plain type."""

    plain = r"\1.afina_bottleneck_weights.\2"

    @classmethod
    def _get_adapter_state_dict(cls, model: nn.Module, *args: Any, **kwargs: Any) -> dict[str, Tensor]:
        own = super()._get_adapter_state_dict(model, *args, **kwargs)
        return {name: tensor.mean(0) if f".{cls.prefix}weights." in name else tensor for name, tensor in own.items()}

    @classmethod
    def _remove_adapter_name_from_key(cls, key: str, adapter_name: str) -> str:
        named = super()._remove_adapter_name_from_key(key, adapter_name)
        return re.sub(rf"(.*)\.{cls.prefix}weights\.(.*)", cls.plain, named)


class AdamixLoraTuner(AdamixTuner):
    """Writes an ordinary LoRA."""

    plain = r"\1.\2"


register("adamix", AdamixConfig, AdamixLayer, AdamixTuner)
register("adamix_lora", AdamixLoraConfig, AdamixLoraLayer, AdamixLoraTuner)
