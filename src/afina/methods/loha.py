"""LoHa: the elementwise product of two low-rank updates (Hyeon-Woo et al. 2021, proposition 1; Yeh et al. 2023).

    W' = W + (alpha / r) (B1 A1) * (B2 A2)

Shapes: A1, A2 [r, I]; B1, B2 [O, r]. Trained: 2 r (I + O) per target, for a rank of up to r^2. B1 begins at zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod, check_rank
from afina.types import Horizon, LinearShape


@METHODS.register("loha")
class Loha(StockMethod, frozen=True):
    """The product of two low-rank updates, element by element."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2108.06098"
    when: ClassVar[str] = "As LoRA, where the update should reach a higher rank from as many weights."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), lacks=frozenset({"gpt2"}))
    default_learning_rate: ClassVar[float] = 1e-3
    config: ClassVar[str] = "LoHaConfig"

    name: Literal["loha"] = "loha"
    r: int = Field(8, ge=1, le=1024, description="Rank of each of the two updates.")
    alpha: float = Field(8, gt=0, description="The product is scaled by alpha / r.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {"r": self.r, "alpha": self.alpha}

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        check_rank(self.r, targets)

    def n_at(self, shape: LinearShape) -> int:
        return 2 * self.r * (shape.out_features + shape.in_features)
