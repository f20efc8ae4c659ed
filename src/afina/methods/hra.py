"""HRA: what a map reads is reflected r times (Yuan et al. 2024, eq. 3).

    y = W H_1 ... H_r x        H_i = 1 - 2 u_i u_i^T / |u_i|^2

Shapes: u_i [I]. Trained: r I per target. The reflections begin in equal pairs, which undo each other: r is even, and the untrained
adapter equals the base model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod, check_rank
from afina.types import Horizon, LinearShape


@METHODS.register("hra")
class Hra(StockMethod, frozen=True):
    """Reflections of what each map reads."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2405.17484"
    when: ClassVar[str] = "As OFT with few weights: a chain of reflections, of low rank and orthogonal at once."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), lacks=frozenset({"gpt2"}))
    default_learning_rate: ClassVar[float] = 1e-3
    config: ClassVar[str] = "HRAConfig"

    name: Literal["hra"] = "hra"
    r: int = Field(8, ge=2, multiple_of=2, description="Reflections at each map, an even number.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {"r": self.r}

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        check_rank(self.r, targets)

    def n_at(self, shape: LinearShape) -> int:
        return self.r * shape.in_features
