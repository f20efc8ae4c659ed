"""AdamW with both moments in 8 bits, quantised in blocks of 256 with a dynamic map (Dettmers et al. 2022, section 2).

Tensors of fewer than 4,096 values keep fp32 moments, as the library has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("adamw8bit")
class Adamw8bit(Optimizer, frozen=True):
    """AdamW of bitsandbytes with moments in 8 bits."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2110.02861"
    traits: ClassVar[Traits] = Traits(package="bitsandbytes", module="bitsandbytes")
    bytes_per_parameter: ClassVar[float] = 2 + 2 * 4 / 256
    name: Literal["adamw8bit"] = "adamw8bit"

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from bitsandbytes.optim.adamw import AdamW8bit

        betas = (shared.beta1, shared.beta2)
        return AdamW8bit(groups, lr=shared.learning_rate, betas=betas, eps=shared.epsilon, weight_decay=shared.weight_decay)
