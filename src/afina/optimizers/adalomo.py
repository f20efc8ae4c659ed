"""AdaLomo: Adafactor's second moment and relative step inside the backward pass (Lv et al. 2024, algorithm 1).

    step = lr max(1e-3, RMS(w)),   update = g / sqrt(row and column means of g^2), clipped to an RMS of 1

As with LOMO, what needs the whole gradient is refused. Its library (0.1.1) puts its state on CUDA, so it runs nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Matrix, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("adalomo")
class Adalomo(Optimizer, frozen=True):
    """Adafactor of lomo-optim inside the backward pass: row and column means are all that is kept."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2310.10195"
    traits: ClassVar[Traits] = Traits(
        package="lomo-optim", module="lomo_optim", devices=frozenset({"cuda"}), reads=frozenset(), in_backward=True
    )
    learning_rate_factor: ClassVar[float] = 10.0
    group_state: ClassVar[tuple[str, ...]] = ("step_num",)
    name: Literal["adalomo"] = "adalomo"

    def state_bytes(self, n_trainable: int, matrices: Sequence[Matrix]) -> int:
        factored = sum(matrix.rows + matrix.columns for matrix in matrices)
        return 4 * (factored + n_trainable - sum(matrix.numel for matrix in matrices))

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from lomo_optim import AdaLomo as Library

        from afina.optimizers.in_backward import InBackward

        return InBackward(lambda: Library(model, lr=shared.learning_rate), model, groups)
