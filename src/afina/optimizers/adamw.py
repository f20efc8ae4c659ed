"""AdamW: a step of the learning rate along the mean gradient over its root mean square (Loshchilov & Hutter 2019, algorithm 2).

m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g^2
w = w - lr (m / (1 - b1^k) / (sqrt(v / (1 - b2^k)) + eps) + decay w)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("adamw")
class Adamw(Optimizer, frozen=True):
    """AdamW of torch, its moments in fp32: the reference that the others save memory against."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1711.05101"
    name: Literal["adamw"] = "adamw"

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        import torch

        betas = (shared.beta1, shared.beta2)
        return torch.optim.AdamW(
            groups, lr=shared.learning_rate, betas=betas, eps=shared.epsilon, weight_decay=shared.weight_decay, fused=True
        )
