"""GaLore: AdamW in the leading singular directions of each matrix's gradient (Zhao et al. 2024, algorithm 2).

    R = P^T G  (or G Q^T for a tall matrix),   W = W - lr (scale P AdamW(R) + decay W)

P holds the first `rank` singular vectors of the gradient of every `update_proj_gap`-th step. Only matrices inside blocks are projected; the
gradient itself is still whole, so it is the moments that get small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.optimizers.base import OPTIMIZERS, Group, Shared, Traits
from afina.optimizers.projected import Projected

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("galore")
class Galore(Projected, frozen=True):
    """AdamW of galore-torch, its moments in the gradient's leading singular directions."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2403.03507"
    traits: ClassVar[Traits] = Traits(package="galore-torch", module="galore_torch", hidden=True)
    name: Literal["galore"] = "galore"
    scale: float = Field(0.25, gt=0, description="Factor on the projected part of a step.")

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from galore_torch import GaLoreAdamW

        settings = {"rank": self.rank, "update_proj_gap": self.update_proj_gap, "scale": self.scale, "proj_type": "std"}
        return GaLoreAdamW(
            self.projected_groups(groups, settings),  # type: ignore[reportArgumentType]
            lr=shared.learning_rate,
            betas=(shared.beta1, shared.beta2),
            eps=shared.epsilon,
            weight_decay=shared.weight_decay,
            no_deprecation_warning=True,
        )
