"""Everything that changes while a model trains and is not a weight. A checkpoint holds exactly this and the trained weights.

The order of examples, the learning rate and all random draws are functions of (seed, step), so they need no state.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class Progress:
    """Counters of a run. best_value is the validation metric at best_step; larger or smaller is better by the metric."""

    step: int = 0
    best_step: int = 0
    best_value: float | None = None
    evaluations_since_best: int = 0
    last_evaluated: int = -1
    bad_steps_in_a_row: int = 0
    seconds: float = 0.0
    micro_scale: float = 1.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class TrainState:
    """The mutable side of a training."""

    progress: Progress
    model: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler

    def trained_weights(self) -> dict[str, Tensor]:
        return {name: p.detach() for name, p in self.model.named_parameters() if p.requires_grad}

    def optimizer_tensors(self) -> dict[str, Tensor]:
        """The optimizer's tensors under "<parameter name>/<state name>"."""
        names = {id(p): name for name, p in self.model.named_parameters()}
        tensors: dict[str, Tensor] = {}
        for parameter, values in self.optimizer.state.items():
            for key, value in values.items():
                tensors[f"{names[id(parameter)]}/{key}"] = value
        return tensors

    def load(
        self, weights: dict[str, Tensor], optimizer_tensors: dict[str, Tensor], progress: dict[str, Any], scaler: dict[str, Any]
    ) -> None:
        """Put a checkpoint back. Raises ValueError when its trained weights are not this model's."""
        load_weights(self.model, weights)
        named = dict(self.model.named_parameters())
        self.optimizer.state.clear()
        for key, value in optimizer_tensors.items():
            name, field = key.rsplit("/", 1)
            self.optimizer.state[named[name]][field] = value.to(named[name])
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
