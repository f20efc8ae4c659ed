"""AdamW with 8-bit moments that the driver moves to main memory when the GPU is full (Dettmers et al. 2023, section 3).

Pages need CUDA's unified memory: on a CPU the library only warns and does what adamw8bit does, so it is refused there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("paged_adamw8bit")
class PagedAdamw8bit(Optimizer, frozen=True):
    """AdamW of bitsandbytes with moments in 8 bits that may leave the GPU."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2305.14314"
    traits: ClassVar[Traits] = Traits(package="bitsandbytes", module="bitsandbytes", devices=frozenset({"cuda"}))
    bytes_per_parameter: ClassVar[float] = 2 + 2 * 4 / 256
    name: Literal["paged_adamw8bit"] = "paged_adamw8bit"

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from bitsandbytes.optim.adamw import PagedAdamW8bit as Library

        betas = (shared.beta1, shared.beta2)
        return Library(groups, lr=shared.learning_rate, betas=betas, eps=shared.epsilon, weight_decay=shared.weight_decay)
