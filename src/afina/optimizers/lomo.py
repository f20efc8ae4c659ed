"""LOMO: gradient descent that applies each gradient as soon as it is there and forgets it (Lv et al. 2023, algorithm 1).

    w = w - lr g, inside the backward pass

It keeps no state, and at most a few weights' gradients at a time. What needs the whole gradient is refused: clipping by its norm, several
micro-batches, several processes, a loss scale. Its library would decay vectors too, so a decay is refused as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.optimizers.base import OPTIMIZERS, Group, Optimizer, Shared, Traits

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer


@OPTIMIZERS.register("lomo")
class Lomo(Optimizer, frozen=True):
    """Gradient descent of lomo-optim inside the backward pass: neither state nor gradients are kept."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2306.09782"
    traits: ClassVar[Traits] = Traits(package="lomo-optim", module="lomo_optim", reads=frozenset(), in_backward=True)
    learning_rate_factor: ClassVar[float] = 100.0
    bytes_per_parameter: ClassVar[float] = 0.0
    name: Literal["lomo"] = "lomo"

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        from lomo_optim import Lomo as Library

        from afina.optimizers.in_backward import InBackward

        return InBackward(lambda: Library(model, lr=shared.learning_rate), model, groups)
