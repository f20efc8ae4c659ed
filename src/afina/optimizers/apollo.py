"""APOLLO: gradient descent whose rates per channel come from an AdamW in a random low rank (Zhu et al. 2024, algorithm 1).

    R = P G,  P random;   s_j = |AdamW(R)_j| / |R_j|;   W = W - lr (sqrt(scale) s G + decay W)

No singular vectors are computed. Only matrices inside blocks are treated so. The library is licensed CC BY-NC 4.0, so it is in no extra of
ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.optimizers.base import OPTIMIZERS, Group, Shared, Traits
from afina.optimizers.projected import Projected

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("apollo")
class Apollo(Projected, frozen=True):
    """AdamW of apollo-torch: full gradients, scaled by what a random low-rank AdamW makes of them."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2412.05270"
    traits: ClassVar[Traits] = Traits(
        package="apollo-torch", module="apollo_torch", terms="its licence, CC BY-NC 4.0, forbids commercial use", hidden=True
    )
    name: Literal["apollo"] = "apollo"
    scale: float = Field(1.0, gt=0, description="The step is multiplied by its square root; 128 goes with rank 1.")
    scale_type: Literal["channel", "tensor"] = Field("channel", description="One rate for each channel, or one for the whole matrix.")

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from apollo_torch import APOLLOAdamW

        settings = {"rank": self.rank, "update_proj_gap": self.update_proj_gap, "scale": self.scale, "proj_type": "std"}
        return APOLLOAdamW(
            self.projected_groups(groups, {**settings, "proj": "random", "scale_type": self.scale_type}),  # type: ignore[reportArgumentType]
            lr=shared.learning_rate,
            betas=(shared.beta1, shared.beta2),
            eps=shared.epsilon,
            weight_decay=shared.weight_decay,
        )
