"""LoRA that starts from the base's own weights instead of zero: PiSSA (Meng et al. 2024) and OLoRA (Buyukakyuz 2024).

    y = W x + s (B A - B0 A0) x        A, B begin at A0, B0
    PiSSA   s B0 A0 = U_r S_r V_r^T    of W = U S V^T: its r largest singular values (or nearly, by subspace iterations)
    OLoRA   B0 A0 = Q_r R_r            of W = Q R

The papers take s B0 A0 out of W instead and train on what is left. Here W stays: the untrained adapter is the base exactly, whatever the
precision or packing of the base, and none of it has to be saved. What is written is a plain LoRA of rank 2 r, [A; A0] and [B, -B0], which
peft alone reads.

Shapes: W [O, I], A [r, I], B [O, r].
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from peft.utils.integrations import dequantize_module_weight
from torch import Tensor, nn

from afina.tuners.layer import WeightLayer, is_transposed
from afina.tuners.registration import TargetedConfig, as_lora, register
from afina.tuners.tuner import Tuner


@dataclass
class StartedLoraConfig(TargetedConfig):
    """r: rank. scaling: s. init: pissa, pissa_niter_K or olora. What is written of it is the config of a plain LoRA."""

    r: int = field(default=8)
    scaling: float = field(default=1.0)
    dropout: float = field(default=0.0)
    init: str = field(default="pissa")
    fan_in_fan_out: bool = field(default=False)

    def to_dict(self) -> dict[str, Any]:
        return as_lora(self, r=2 * self.r, lora_alpha=2 * self.r * self.scaling, lora_dropout=self.dropout)


class StartedLora(nn.Module):
    """The weights of one adapter at one map, and where they started."""

    start_a: Tensor
    start_b: Tensor

    def __init__(self, start_a: Tensor, start_b: Tensor, config: StartedLoraConfig) -> None:
        super().__init__()
        self.register_buffer("start_a", start_a)
        self.register_buffer("start_b", start_b)
        self.lora_A, self.lora_B = nn.Parameter(start_a.clone()), nn.Parameter(start_b.clone())
        self.dropout, self.scaling = nn.Dropout(config.dropout), config.scaling

    def forward(self, x: Tensor) -> Tensor:
        """Return s (B A - B0 A0) x."""
        x = self.dropout(x.to(self.lora_A.dtype))
        moved, started = F.linear(F.linear(x, self.lora_A), self.lora_B), F.linear(F.linear(x, self.start_a), self.start_b)
        return (moved - started) * self.scaling

    def dense(self) -> Tensor:
        """Return s (B A - B0 A0) [O, I]."""
        return (self.lora_B @ self.lora_A - self.start_b @ self.start_a) * self.scaling


class StartedLoraLayer(WeightLayer):
    """On a linear map, beside its weight."""

    def make(self, config: Any) -> StartedLora:
        weight_OI = base_weight(self.get_base_layer())
        start_a, start_b = olora(weight_OI, config.r) if config.init == "olora" else pissa(weight_OI, config)
        return StartedLora(start_a, start_b, config)

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter](inputs[0])

    def delta_weight(self, adapter: str) -> Tensor:
        return self.weights[adapter].dense()  # type: ignore[operator]


def pissa(weight_OI: Tensor, config: StartedLoraConfig) -> tuple[Tensor, Tensor]:
    """Return A0 and B0 with s B0 A0 the part of the largest singular values, each with the root of them."""
    _, _, iterations = config.init.partition("_niter_")
    if iterations:
        spare = min(2 * config.r, *weight_OI.shape)  # more directions than are kept: those then hold less of the others
        left, values, right = torch.svd_lowrank(weight_OI, spare, niter=int(iterations))
        right_t = right.T
    else:
        left, values, right_t = torch.linalg.svd(weight_OI, full_matrices=False)
    root = (values[: config.r] / config.scaling).sqrt()
    return (root[:, None] * right_t[: config.r]).contiguous(), (left[:, : config.r] * root).contiguous()


def olora(weight_OI: Tensor, r: int) -> tuple[Tensor, Tensor]:
    """Return A0 = R_r and B0 = Q_r."""
    q, upper = torch.linalg.qr(weight_OI)
    return upper[:r].contiguous(), q[:, :r].contiguous()


def base_weight(layer: nn.Module) -> Tensor:
    """Return the weight of a linear map [O, I] in fp32, unpacked where it is in 4 or 8 bits."""
    weight = dequantize_module_weight(layer).detach().float()
    return weight.T if is_transposed(layer) else weight


class StartedLoraTuner(Tuner):
    """Writes an ordinary LoRA of twice the rank."""

    @classmethod
    def _get_adapter_state_dict(cls, model: nn.Module, *args: Any, **kwargs: Any) -> dict[str, Tensor]:
        own = super()._get_adapter_state_dict(model, *args, **kwargs)
        written: dict[str, Tensor] = {}
        for name, tensor in own.items():
            if name.endswith(".lora_A"):
                written[f"{name}.weight"] = torch.cat([tensor, own[name.replace(".lora_A", ".start_a")]])
            elif name.endswith(".lora_B"):
                written[f"{name}.weight"] = torch.cat([tensor, -own[name.replace(".lora_B", ".start_b")]], 1)
            elif not name.endswith((".start_a", ".start_b")):
                written[name] = tensor
        return written

    @classmethod
    def _remove_adapter_name_from_key(cls, key: str, adapter_name: str) -> str:
        named = super()._remove_adapter_name_from_key(key, adapter_name)
        return re.sub(rf"(.*)\.{cls.prefix}weights\.(.*)", r"\1.\2", named)


register("started_lora", StartedLoraConfig, StartedLoraLayer, StartedLoraTuner)
