"""AdapterFusion: attention over the adapters of several tasks, where a layer ends (Pfeiffer et al. 2021, section 3.2.2 and figure 2).

With h what a Pfeiffer adapter reads there and z_i = s A_i(h) what that of task i gives, the change to the layer's sum is

    sum_i a_i V z_i        a = softmax_i((Q h + b_Q) . (K z_i + b_K))

Shapes: Q, K, V [D, D]; V begins as the identity (1e-6 beside its diagonal), Q and K as N(0, 0.02): the authors' program, which in a
post-norm model reads h after the norm and by default has no temperature. `alone` lets each row, or each token of a packed row, pass its own
task's adapter instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from afina.tuners.bottleneck import Bottleneck, LayerEnd, PfeifferConfig
from afina.tuners.registration import register

QUERY_STD = 0.02
BESIDE_DIAGONAL = 1e-6


@dataclass
class FusionConfig(PfeifferConfig):
    """tasks: their names, in the order of the adapters."""

    tasks: list[str] = field(default_factory=list)


class Fusion(nn.Module):
    """The weights at one place, D wide: the adapter of each task, and the attention over them."""

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.tasks = nn.ModuleList(Bottleneck(hidden, config) for _ in config.tasks)
        self.query, self.key = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden, bias=False)
        for linear in (self.query, self.key):
            nn.init.normal_(linear.weight, std=QUERY_STD)
            nn.init.zeros_(linear.bias)
        nn.init.constant_(self.value.weight, BESIDE_DIAGONAL)
        self.value.weight.data.fill_diagonal_(1.0)
        self.normed, self.names = config.normed, tuple(config.tasks)

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return what the attention makes of the adapters. Letters: N tasks."""
        hidden_BTD = hidden_BTD.to(self.query.weight.dtype)
        changes_BTND = torch.stack([task(hidden_BTD) for task in self.tasks], -2)
        scores_BTN = torch.einsum("btd,btnd->btn", self.query(hidden_BTD), self.key(changes_BTND))
        return torch.einsum("btn,btnd->btd", scores_BTN.softmax(-1), self.value(changes_BTND))

    def alone(self, hidden_BTD: Tensor, tasks: Sequence[str], dim: int) -> Tensor:
        """Return what its own task's adapter makes of each index of a dimension."""
        made_BTD = torch.zeros_like(hidden_BTD, dtype=self.query.weight.dtype)
        for name in dict.fromkeys(tasks):
            chosen = torch.tensor([i for i, task in enumerate(tasks) if task == name], device=hidden_BTD.device)
            changed = self.tasks[self.names.index(name)](hidden_BTD.index_select(dim, chosen))
            made_BTD = made_BTD.index_copy(dim, chosen, changed.to(made_BTD.dtype))
        return made_BTD


class FusionLayer(LayerEnd):
    """On a whole layer, or on the norm at its end."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.tasks_by_size: Mapping[tuple[int, int], Sequence[str]] = {}

    def make(self, config: Any) -> Fusion:
        return Fusion(config)

    def change(self, adapter: str, hidden_BTD: Tensor) -> Tensor:
        weights: Any = self.weights[adapter]
        for (dim, size), tasks in self.tasks_by_size.items():
            if hidden_BTD.shape[dim] == size:
                return weights.alone(hidden_BTD, tasks, dim)
        return weights(hidden_BTD)


@contextmanager
def alone(model: nn.Module, tasks_by_size: Mapping[tuple[int, int], Sequence[str]]) -> Iterator[None]:
    """Inside, each row passes only the adapter of its own task.

    tasks_by_size: (0 for rows or 1 for the tokens of one packed row, how many there are) -> the task of each; the first that fits is used.
    """
    layers = [module for module in model.modules() if isinstance(module, FusionLayer)]
    for layer in layers:
        layer.tasks_by_size = tasks_by_size
    try:
        yield
    finally:
        for layer in layers:
            layer.tasks_by_size = {}


def distance_of_values(model: nn.Module) -> Tensor:
    """Return the sum over active adapters' places of ||I - V||^2 (Frobenius)."""
    found: list[Tensor] = [
        layer.weights[adapter].value.weight  # type: ignore[union-attr,misc]
        for layer in model.modules()
        if isinstance(layer, FusionLayer)
        for adapter in layer.active_adapters
    ]
    return torch.stack([(torch.eye(len(value), device=value.device) - value).square().sum() for value in found]).sum()


register("fusion", FusionConfig, FusionLayer)
