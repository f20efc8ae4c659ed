"""Adapters that are vectors: a shift of what a map or a norm gives (Ben Zaken et al. 2021), or new gains of norms (Zhao et al. 2023).

    BitFit: y + d                            the bias of the map or norm, moved by d (or added)
    Norms:  y = normalised(x) (g + dg) + (b + db)

Shapes: as the output, one number a channel. All begin at zero: what the file holds are differences to the base. They stay in fp32 under a
base in half precision, where small steps of a bias or gain itself would round away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from afina.tuners.layer import WeightLayer, sizes_of
from afina.tuners.registration import TargetedConfig, register


@dataclass
class BitfitConfig(TargetedConfig):
    """Nothing but which modules: linear maps and norms."""


class Shift(nn.Module):
    """The weights of one adapter at one place."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(size))


class BitfitLayer(WeightLayer):
    """On a linear map or a norm: its bias moves."""

    def make(self, config: Any) -> Shift:
        base = self.get_base_layer()
        is_map = hasattr(base, "out_features") or getattr(base.weight, "ndim", 1) > 1
        return Shift(sizes_of(base)[0] if is_map else base.weight.numel())  # type: ignore[union-attr,operator]

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return output_BTD + self.weights[adapter].bias  # type: ignore[operator]

    def delta_bias(self, adapter: str) -> Tensor:
        return self.weights[adapter].bias  # type: ignore[return-value]

    def _fold(self, adapter: str, sign: int, safe: bool) -> None:
        """A map without a bias gets one."""
        base, shift = self.get_base_layer(), sign * self.delta_bias(adapter).detach()
        if (old := base.bias) is None:
            dtype = base.weight.dtype if base.weight.is_floating_point() else shift.dtype  # type: ignore[union-attr,operator]
            base.bias = nn.Parameter(shift.to(dtype), requires_grad=False)  # type: ignore[arg-type]
        else:
            old.data = (old.data.float() + shift).to(old.dtype)  # type: ignore[union-attr,operator,arg-type]


@dataclass
class NormConfig(TargetedConfig):
    """Nothing but which norms."""


class NormShift(nn.Module):
    """The weights of one adapter on one norm."""

    def __init__(self, size: int, has_bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(size))
        self.bias = nn.Parameter(torch.zeros(size)) if has_bias else None


class NormLayer(WeightLayer):
    """On a norm: its gain and bias move. The norm's own forward is asked with moved ones, whatever it does with them (Gemma: 1 + gain)."""

    def make(self, config: Any) -> NormShift:
        base = self.get_base_layer()
        return NormShift(base.weight.numel(), getattr(base, "bias", None) is not None)  # type: ignore[union-attr,operator]

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return self._moved([adapter], inputs)

    def _by_all(self, output: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        """Several adapters at once add up."""
        active = [adapter for adapter in self.active_adapters if adapter in self.weights]
        return self._moved(active, inputs).to(output.dtype) if active else output

    def _moved(self, adapters: Sequence[str], inputs: tuple[Any, ...]) -> Tensor:
        base = self.get_base_layer()
        moved: dict[str, Tensor] = {
            name: sum((getattr(self.weights[adapter], name) for adapter in adapters), parameter)
            for name, parameter in base.named_parameters()
        }
        hidden = inputs[0].to(moved["weight"].dtype) if isinstance(base, nn.LayerNorm) else inputs[0]  # torch's takes one precision
        return functional_call(base, moved, (hidden, *inputs[1:]))

    def _fold(self, adapter: str, sign: int, safe: bool) -> None:
        for name, old in self.get_base_layer().named_parameters():
            old.data = (old.data.float() + sign * getattr(self.weights[adapter], name).detach()).to(old.dtype)


register("bitfit", BitfitConfig, BitfitLayer)
register("norm", NormConfig, NormLayer)
