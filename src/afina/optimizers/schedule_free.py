"""Schedule-free AdamW: an average of the iterates takes the place of a schedule (Defazio et al. 2024, eqs. 9 to 11).

    y = (1 - b1) z + b1 x    the gradient is taken at y, the moving weights
    z = z - lr g / (sqrt(v / (1 - b2^k)) + eps)
    x = (1 - c) x + c z      evaluated and kept;  c = lr_max^2 k^r / sum of these

The learning rate is constant after its warm-up; the weights that are evaluated, saved and compared are x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("schedule_free")
class ScheduleFree(Optimizer, frozen=True):
    """AdamW of schedulefree: no schedule, the averaged weights are the result."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2405.15682"
    traits: ClassVar[Traits] = Traits(package="schedulefree", module="schedulefree", averages=True)
    group_state: ClassVar[tuple[str, ...]] = ("k", "weight_sum", "lr_max", "scheduled_lr")
    name: Literal["schedule_free"] = "schedule_free"
    r: float = Field(0.0, ge=0, description="The average weighs step k by k^r; larger forgets early steps sooner.")
    weight_lr_power: float = Field(2.0, ge=0, description="The average weighs steps of the warm-up by their rate to this power.")

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from schedulefree import AdamWScheduleFree

        optimizer = AdamWScheduleFree(
            groups,
            lr=shared.learning_rate,
            betas=(shared.beta1, shared.beta2),
            eps=shared.epsilon,
            weight_decay=shared.weight_decay,
            r=self.r,
            weight_lr_power=self.weight_lr_power,
        )
        optimizer.train()
        return optimizer
