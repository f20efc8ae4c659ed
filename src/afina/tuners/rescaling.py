"""Learned factors on keys, values and the inner feed-forward activations (IA3; Liu et al. 2022, section 3.3).

    softmax(Q (l_k * K)^T / sqrt(d)) (l_v * V)        W_out (l_ff * f(W_in x))

A factor for each channel of what a map gives, or of what it takes; all begin at one. peft's own IA3 scales q instead of k in Qwen's
families, matches BERT's attention output as if it were the feed-forward's, scales the queries in matrices of q, k and v together, and
leaves a list of adapters for the rows of a batch unheard.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from afina.tuners.layer import BASE, WeightLayer, is_transposed, sizes_of
from afina.tuners.registration import TargetedConfig, register
from afina.tuners.tuner import Tuner


@dataclass
class RescalingConfig(TargetedConfig):
    """inputs: paths of the targets whose input is scaled; of all others the output is. skipped: path -> its first channels that are not."""

    inputs: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)


class Factors(nn.Module):
    """The factors of one adapter at one place; the first channels, those skipped, keep one."""

    def __init__(self, size: int, skipped: int) -> None:
        super().__init__()
        self.skipped = skipped
        self.scale = nn.Parameter(torch.ones(size - skipped))

    def forward(self) -> Tensor:
        """Return a factor for each channel."""
        return torch.cat([self.scale.new_ones(self.skipped), self.scale]) if self.skipped else self.scale


class RescalingLayer(WeightLayer):
    """On a linear map: its output, or its input, is scaled channel by channel."""

    def __init__(self, base_layer: nn.Module, shared: nn.ModuleDict, path: str) -> None:
        super().__init__(base_layer, shared)
        self.path = path
        self.of_input = False

    def make(self, config: Any) -> Factors:
        self.of_input = self.path in config.inputs
        outputs, inputs = sizes_of(self.get_base_layer())
        return Factors(inputs if self.of_input else outputs, config.skipped.get(self.path, 0))

    def forward(self, hidden: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if self.disable_adapters or self.merged:
            return self.base_layer(hidden, *args, **kwargs)
        if self.of_input:
            return self.base_layer(self._scaled(hidden), *args, **kwargs)
        return self._scaled(self.base_layer(hidden, *args, **kwargs))

    def _scaled(self, hidden: Tensor) -> Tensor:
        """Return [B, T, channels] or [tokens, channels] scaled by the active adapters, or each row by its own."""
        if not self.rows:
            active = [self.weights[adapter]() for adapter in self.active_adapters if adapter in self.weights]
            return (hidden * torch.stack(active).prod(0)).to(hidden.dtype) if active else hidden
        found = {name: self.weights[name]() for name in set(self.rows) if name != BASE and name in self.weights}
        ones = hidden.new_ones(hidden.shape[-1], dtype=torch.float32)
        each = [found.get(name, ones) for name in self.rows for _ in range(len(hidden) // len(self.rows))]
        return (hidden * torch.stack(each)[:, None]).to(hidden.dtype)

    def _fold(self, adapter: str, sign: int, safe: bool) -> None:
        """Rows of the weight are scaled, or its columns; dividing takes it out again."""
        scale = self.weights[adapter]().detach().float() ** sign
        weight = self.get_base_weight()
        along_inputs = self.of_input != is_transposed(self.get_base_layer())
        folded = (weight.float() * (scale if along_inputs else scale[:, None])).to(weight.dtype)
        if safe and not bool(folded.isfinite().all()):
            raise ValueError(f"folding in {adapter} would leave weights that are not finite")
        self.set_base_weight(folded)
        bias: Any = getattr(self.get_base_layer(), "bias", None)
        if bias is not None and not self.of_input:
            bias.data = (bias.data.float() * scale).to(bias.dtype)


class RescalingTuner(Tuner):
    """Wraps each target with its path, by which the config tells inputs from outputs."""

    def _create_and_replace(
        self, peft_config: Any, adapter_name: str, target: nn.Module, target_name: str, parent: nn.Module, current_key: str, **kwargs: Any
    ) -> None:
        if not isinstance(target, RescalingLayer):
            target = RescalingLayer(target, getattr(self, f"{self.prefix}shared"), current_key)
            setattr(parent, target_name, target)
        target.update_layer(adapter_name, peft_config)


register("rescaling", RescalingConfig, RescalingLayer, RescalingTuner)
