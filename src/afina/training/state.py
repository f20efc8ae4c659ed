"""Everything that changes while a model trains and is not a weight. A checkpoint holds exactly this and the trained weights.

The order of examples, the learning rate and all random draws are functions of (seed, step), so they need no state.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from afina.training.average import Average
from afina.training.optimizer_state import Number, packed, restore


@dataclass
class Progress:
    """Counters of a run. best_value is the validation metric at best_step; larger or smaller is better by the metric.

    averaged: the steps whose weights would make up the result if the run ended now, where the result is a mean over checkpoints.
    """

    step: int = 0
    best_step: int = 0
    best_value: float | None = None
    evaluations_since_best: int = 0
    last_evaluated: int = -1
    bad_steps_in_a_row: int = 0
    seconds: float = 0.0
    micro_scale: float = 1.0
    averaged: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Memory(Protocol):
    """What a method keeps from step to step beside the trained weights."""

    def remembered(self, model: Any) -> dict[str, Tensor]: ...

    def recall(self, model: Any, kept: Mapping[str, Tensor]) -> None: ...


@dataclass
class TrainState:
    """The mutable side of a training. group_state: what of the optimizer's parameter groups changes; average: what is kept instead;
    method: whose memory is kept too."""

    progress: Progress
    model: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    group_state: tuple[str, ...] = ()
    average: Average | None = None
    method: Memory | None = None

    def trained_weights(self) -> dict[str, Tensor]:
        return {name: p.detach() for name, p in self.model.named_parameters() if p.requires_grad}

    def published(self) -> AbstractContextManager[None]:
        """Inside, the model has the weights that are evaluated and kept."""
        return self.average.swapped() if self.average else nullcontext()

    def optimizer_tensors(self) -> dict[str, Tensor]:
        """The optimizer's tensors under "<parameter name>/<state name>"."""
        return packed(self.optimizer, self.model, self.group_state)[0]

    def optimizer_numbers(self) -> dict[str, Number]:
        """What it remembers beside tensors, under the same names."""
        return packed(self.optimizer, self.model, self.group_state)[1]

    def remembered(self) -> dict[str, Tensor]:
        """What the method keeps beside the weights."""
        return self.method.remembered(self.model) if self.method else {}

    def load(
        self,
        weights: dict[str, Tensor],
        optimizer_tensors: dict[str, Tensor],
        progress: dict[str, Any],
        scaler: dict[str, Any],
        optimizer_numbers: dict[str, Number],
        averaged: dict[str, Tensor],
        remembered: Mapping[str, Tensor] = MappingProxyType({}),
    ) -> None:
        """Put a checkpoint back. Raises ValueError when its trained weights or its optimizer are not this training's."""
        load_weights(self.model, weights)
        restore(self.optimizer, self.model, optimizer_tensors, optimizer_numbers)
        load_weights(self.model, weights)  # laying out the optimizer's state took a step
        if self.average:
            self.average.load(averaged)
        if self.method and remembered:
            self.method.recall(self.model, remembered)
        if self.scaler.is_enabled() and scaler:
            self.scaler.load_state_dict(scaler)
        self.progress = Progress(**progress)


def load_weights(model: nn.Module, weights: dict[str, Tensor]) -> None:
    """Copy trained weights into the model. Raises ValueError when the sets differ."""
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    if trained.keys() != weights.keys():
        raise ValueError(f"the checkpoint trains other weights: {sorted(trained.keys() ^ weights.keys())[:3]}")
    with torch.no_grad():
        for name, parameter in trained.items():
            parameter.copy_(weights[name])
