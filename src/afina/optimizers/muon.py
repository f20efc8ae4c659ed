"""Muon: the momentum of a hidden matrix made orthogonal before it is applied (Jordan et al. 2024; Liu et al. 2025, eq. 4).

    m = momentum m + (1 - momentum) g,   W = W - lr s (NewtonSchulz(m) + decay W),   s = 0.2 sqrt(max(rows, columns))

With that scale (`match_rms_adamw`) a step is as large as AdamW's, so its learning rate and decay carry over. Embeddings, heads, vectors and
everything else that is no matrix inside a block are AdamW's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.optimizers.base import OPTIMIZERS, Group, Matrix, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("muon")
class Muon(Optimizer, frozen=True):
    """Muon of torch for the matrices inside blocks, AdamW for the rest."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2502.16982"
    traits: ClassVar[Traits] = Traits(hidden=True)
    name: Literal["muon"] = "muon"
    momentum: float = Field(0.95, ge=0, lt=1, description="Decay of the mean of gradients of hidden matrices.")
    nesterov: bool = Field(True, description="Look ahead along the momentum.")
    ns_steps: int = Field(5, ge=1, lt=100, description="Newton-Schulz iterations towards an orthogonal matrix.")
    scale: Literal["match_rms_adamw", "original"] = Field(
        "match_rms_adamw", description="Size of a step: as AdamW's, or sqrt(max(1, rows / columns)) with a rate of its own."
    )

    def state_bytes(self, n_trainable: int, matrices: Sequence[Matrix]) -> int:
        return 8 * n_trainable - 4 * sum(matrix.numel for matrix in matrices if matrix.hidden)

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        import torch

        from afina.optimizers.paired import Paired, hidden_apart

        hidden, rest = hidden_apart(groups)
        members: list[torch.optim.Optimizer] = []
        if hidden:
            members.append(
                torch.optim.Muon(
                    hidden,
                    lr=shared.learning_rate,
                    weight_decay=shared.weight_decay,
                    momentum=self.momentum,
                    nesterov=self.nesterov,
                    ns_steps=self.ns_steps,
                    adjust_lr_fn=self.scale,
                )
            )
        if rest:
            betas = (shared.beta1, shared.beta2)
            members.append(
                torch.optim.AdamW(
                    rest, lr=shared.learning_rate, betas=betas, eps=shared.epsilon, weight_decay=shared.weight_decay, fused=True
                )
            )
        return Paired(members)
