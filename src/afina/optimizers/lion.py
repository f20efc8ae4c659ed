"""Lion: every weight moves by the learning rate, in the direction of a sign (Chen et al. 2023, program 1).

w = w - lr (sign(b1 m + (1 - b1) g) + decay w),   m = b2 m + (1 - b2) g
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer

Decay = Annotated[float, Field(ge=0, lt=1)]


@OPTIMIZERS.register("lion")
class Lion(Optimizer, frozen=True):
    """Lion of lion-pytorch: one moment, steps of one size."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2302.06675"
    traits: ClassVar[Traits] = Traits(package="lion-pytorch", module="lion_pytorch", reads=frozenset({"weight_decay"}))
    learning_rate_factor: ClassVar[float] = 0.2
    bytes_per_parameter: ClassVar[float] = 4.0
    name: Literal["lion"] = "lion"
    beta1: Decay = Field(0.9, description="Weight of the mean in the direction of a step.")
    beta2: Decay = Field(0.99, description="Decay of the mean of gradients.")

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from lion_pytorch import Lion as Library

        return Library(groups, lr=shared.learning_rate, betas=(self.beta1, self.beta2), weight_decay=shared.weight_decay)
