"""An optimizer says how a gradient becomes a step: it is its config, and everything here has a default.

Most optimizers only declare their traits and `build`. Libraries are imported inside `build`, so that a recipe is read without them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import BaseModel

from afina.errors import MachineError
from afina.registry import Registry

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer as TorchOptimizer

Group = dict[str, Any]
"""A torch parameter group: "params", "lr", "peak_lr", perhaps "weight_decay"; "hidden" for optimizers that treat hidden matrices apart."""


class Shared(NamedTuple):
    """The keys of `train` that optimizers share."""

    learning_rate: float
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0


class Matrix(NamedTuple):
    """A trained matrix as the plan knows it. hidden: inside a block, neither an embedding nor a head."""

    rows: int
    columns: int
    hidden: bool = True

    @property
    def numel(self) -> int:
        return self.rows * self.columns


@dataclass(frozen=True)
class Traits:
    """What an optimizer needs and can do; each is held to it by tests/contract/test_optimizers.py.

    package: what `pip install` calls its library, "" for torch's own; module: what Python calls it.
    terms: what its licence forbids, where that is more than usual; said in the plan.
    devices: where that library runs.
    reads: which of the shared keys it uses; a key set for nothing is refused.
    in_backward: moves each weight as soon as its gradient is known. The gradient is never there as a whole, so it cannot be clipped by its
      norm, added up over micro-batches or processes, or withheld when it is not finite.
    hidden: treats the matrices inside blocks apart, so its groups are split by them.
    averages: evaluates and keeps other weights than it moves.
    """

    package: str = ""
    module: str = ""
    terms: str = ""
    devices: frozenset[str] = frozenset({"cpu", "cuda"})
    reads: frozenset[str] = frozenset({"adam_beta1", "adam_beta2", "adam_epsilon", "weight_decay"})
    in_backward: bool = False
    hidden: bool = False
    averages: bool = False


class Optimizer(BaseModel, frozen=True, extra="forbid"):
    """How the weights move. The field `name` is its tag in the recipe."""

    paper: ClassVar[str]
    traits: ClassVar[Traits] = Traits()
    learning_rate_factor: ClassVar[float] = 1.0
    """On the method's default learning rate, which is AdamW's."""
    bytes_per_parameter: ClassVar[float] = 8.0
    group_state: ClassVar[tuple[str, ...]] = ()
    """Numbers in its parameter groups that change while it runs and belong in a checkpoint."""
    name: str

    def state_bytes(self, n_trainable: int, matrices: Sequence[Matrix]) -> int:
        """Return the bytes it keeps between steps. matrices: those of the trained parameters whose shapes are known."""
        return round(self.bytes_per_parameter * n_trainable)

    def build(self, model: Module, groups: list[Group], shared: Shared) -> TorchOptimizer:
        """Return the torch optimizer over `groups`, which hold every trained parameter of `model` once."""
        raise NotImplementedError

    def require_package(self) -> None:
        """Raise MachineError E010 when its library is not installed. Imports nothing."""
        package, module = self.traits.package, self.traits.module
        if module and importlib.util.find_spec(module) is None:
            terms = f" ({self.traits.terms})" if self.traits.terms else ""
            what = f"{self.name} is part of {package}, which is not installed{terms}"
            raise MachineError("E010", what, where="train.optimizer", fix=f'pip install "{package}", or train.optimizer=adamw')


OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")
