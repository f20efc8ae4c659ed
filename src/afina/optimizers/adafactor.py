"""Adafactor: the second moment of a matrix kept as its row and column sums, no first moment (Shazeer & Stern 2018, algorithm 4).

    step = max(1e-3, RMS(w)) * min(lr, 1 / sqrt(k)),   update clipped to an RMS of `clip`
    w = w - step * update - lr decay w

The rate is relative to the size of the weights, so it is larger than AdamW's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.optimizers.base import OPTIMIZERS, Group, Matrix, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("adafactor")
class Adafactor(Optimizer, frozen=True):
    """Adafactor of torch: almost no state for matrices."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1804.04235"
    traits: ClassVar[Traits] = Traits(reads=frozenset({"weight_decay"}))
    learning_rate_factor: ClassVar[float] = 10.0
    name: Literal["adafactor"] = "adafactor"
    beta2_decay: float = Field(-0.8, lt=0, ge=-1, description="The second moment forgets as 1 - k^this at step k.")
    clip: float = Field(1.0, gt=0, description="Largest root mean square of an update.")

    def state_bytes(self, n_trainable: int, matrices: Sequence[Matrix]) -> int:
        factored = sum(matrix.rows + matrix.columns for matrix in matrices)
        return 4 * (factored + n_trainable - sum(matrix.numel for matrix in matrices))

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        import torch

        return torch.optim.Adafactor(
            groups, lr=shared.learning_rate, beta2_decay=self.beta2_decay, d=self.clip, weight_decay=shared.weight_decay
        )
