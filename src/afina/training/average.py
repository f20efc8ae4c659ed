"""Weights that are evaluated and kept in place of those that move: an average of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from afina.recipe.schema import TrainSpec


class Average(Protocol):
    """An average over the weights of a training."""

    def update(self, step: int) -> None:
        """Take in the weights after update number `step`, from 1."""

    def swapped(self) -> AbstractContextManager[None]:
        """The model has the averaged weights inside, and exactly the moving ones again after."""
        ...

    def load(self, weights: Mapping[str, Tensor]) -> None:
        """Go on from saved averaged weights."""


class Ema:
    """An exponential moving average, e = d e + (1 - d) w, from the weights before the first update.

    d = min(decay, (1 + k) / (10 + k)) at update k: early on it forgets fast, or a short run would keep mostly the weights it began with.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.pairs = {name: (p, p.detach().clone()) for name, p in model.named_parameters() if p.requires_grad}

    @torch.no_grad()
    def update(self, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        for parameter, mean in self.pairs.values():
            mean.lerp_(parameter, 1 - decay)

    @contextmanager
    def swapped(self) -> Iterator[None]:
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    @torch.no_grad()
    def _exchange(self) -> None:
        """One weight at a time, so that nothing is held three times over."""
        for parameter, mean in self.pairs.values():
            moving = parameter.detach().clone()
            parameter.copy_(mean)
            mean.copy_(moving)

    @torch.no_grad()
    def load(self, weights: Mapping[str, Tensor]) -> None:
        for name, (_, mean) in self.pairs.items():
            mean.copy_(weights[name])


class ScheduleFreeMean:
    """The mean x that a schedule-free optimizer keeps between its moving weights y and z."""

    def __init__(self, optimizer: Any) -> None:
        self.optimizer = optimizer

    def update(self, step: int) -> None:
        """The optimizer has done it."""

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """The library turns x back into y by a division that rounds; a copy of y does not, so an evaluation changes nothing."""
        parameters = [parameter for group in self.optimizer.param_groups for parameter in group["params"]]
        moving = [parameter.detach().clone() for parameter in parameters]
        self.optimizer.eval()
        try:
            yield
        finally:
            with torch.no_grad():
                for parameter, kept in zip(parameters, moving, strict=True):
                    parameter.copy_(kept)
            for group in self.optimizer.param_groups:
                group["train_mode"] = True

    def load(self, weights: Mapping[str, Tensor]) -> None:
        """It follows from y and z."""


def build_average(model: nn.Module, optimizer: torch.optim.Optimizer, train: TrainSpec) -> Average | None:
    """Return what the recipe averages while it trains; None when the moving weights are the result."""
    if train.optimizer.traits.averages:
        return ScheduleFreeMean(optimizer)
    return Ema(model, train.ema) if train.ema else None
