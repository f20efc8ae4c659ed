"""AdamW with both moments in 4 bits, quantised in blocks of 128 (Li et al. 2023, section 3).

Tensors of fewer than 4,096 values, or not of whole blocks, keep fp32 moments, as the library has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("adamw4bit")
class Adamw4bit(Optimizer, frozen=True):
    """AdamW of torchao with moments in 4 bits."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2309.01507"
    traits: ClassVar[Traits] = Traits(package="torchao", module="torchao")
    bytes_per_parameter: ClassVar[float] = 1 + 2 * 4 / 128
    name: Literal["adamw4bit"] = "adamw4bit"

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from torchao.optim import AdamW4bit

        from afina.optimizers.low_bit import build

        return build(AdamW4bit, groups, shared)
