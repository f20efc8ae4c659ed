"""AdamW with both moments in 8-bit floats (e4m3), scaled in blocks of 256 (Fishman et al. 2024 train with such moments).

Tensors of fewer than 4,096 values, or not of whole blocks, keep fp32 moments, as the library has it. On a GPU the format needs compute
capability 8.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("adamwfp8")
class Adamwfp8(Optimizer, frozen=True):
    """AdamW of torchao with moments in 8-bit floats."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2409.12517"
    traits: ClassVar[Traits] = Traits(package="torchao", module="torchao")
    bytes_per_parameter: ClassVar[float] = 2 + 2 * 4 / 256
    name: Literal["adamwfp8"] = "adamwfp8"

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from torchao.optim import AdamWFp8

        from afina.optimizers.low_bit import build

        return build(AdamWFp8, groups, shared)
