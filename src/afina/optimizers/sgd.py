"""Stochastic gradient descent with momentum (Sutskever et al. 2013, section 2), as torch has it.

    u = g + decay w,   m = momentum m + u,   w = w - lr m

The decay is added to the gradient, unlike AdamW's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, model_validator

from afina.optimizers.base import OPTIMIZERS, Group, Matrix, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("sgd")
class Sgd(Optimizer, frozen=True):
    """Gradient descent of torch, with momentum."""

    paper: ClassVar[str] = "https://proceedings.mlr.press/v28/sutskever13.html"
    traits: ClassVar[Traits] = Traits(reads=frozenset({"weight_decay"}))
    learning_rate_factor: ClassVar[float] = 100.0
    name: Literal["sgd"] = "sgd"
    momentum: float = Field(0.9, ge=0, lt=1, description="Decay of the sum of gradients; 0 keeps no state at all.")
    nesterov: bool = Field(False, description="Look ahead along the momentum (needs momentum).")

    @model_validator(mode="after")
    def _looks_along_something(self) -> Self:
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov needs a momentum above 0")
        return self

    def state_bytes(self, n_trainable: int, matrices: Sequence[Matrix]) -> int:
        return 4 * n_trainable if self.momentum else 0

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        import torch

        return torch.optim.SGD(
            groups, lr=shared.learning_rate, momentum=self.momentum, nesterov=self.nesterov, weight_decay=shared.weight_decay
        )
