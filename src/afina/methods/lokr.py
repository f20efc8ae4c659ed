"""LoKr: a Kronecker product with a low-rank second factor (Yeh et al. 2023, section 3.2).

    W' = W + (alpha / r) W1 (x) W2        W2 = B A where r < max(o2, i2) / 2, else full

Shapes: W1 [o1, i1], W2 [o2, i2] with O = o1 o2, I = i1 i2, o1 <= o2 and i1 <= i2 nearest to the roots; B [o2, r], A [r, i2]. W1 begins at
zero. With a rank that is never low it is KronA with the layout lokr (method krona), which trains on packed bases too.
"""

from __future__ import annotations

from math import isqrt
from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod
from afina.types import Horizon, LinearShape


@METHODS.register("lokr")
class Lokr(StockMethod, frozen=True):
    """A Kronecker product with a low-rank factor."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2309.14859"
    when: ClassVar[str] = "A file smaller than LoRA's, and an update of high rank."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), lacks=frozenset({"gpt2"}))
    default_learning_rate: ClassVar[float] = 1e-3
    config: ClassVar[str] = "LoKrConfig"

    name: Literal["lokr"] = "lokr"
    r: int = Field(8, ge=1, description="Rank of the second factor; where it is not low, the factor is full.")
    alpha: float = Field(8, gt=0, description="The product is scaled by alpha / r.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {"r": self.r, "alpha": self.alpha}

    def n_at(self, shape: LinearShape) -> int:
        (o1, o2), (i1, i2) = _factors(shape.out_features), _factors(shape.in_features)
        return o1 * i1 + (self.r * (o2 + i2) if self.r < max(o2, i2) / 2 else o2 * i2)


def _factors(size: int) -> tuple[int, int]:
    small = next(n for n in range(isqrt(size), 0, -1) if size % n == 0)
    return small, size // small
