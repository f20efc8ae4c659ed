"""OFT: what a map reads is rotated, in blocks (Qiu et al. 2023, section 3; with inputs rotated as in OFT v2).

    y = W R x        R = diag(R_1, ..., R_k),  R_i = (I + Q_i) (I - Q_i)^-1,  Q_i = -Q_i^T

Shapes: R_i [b, b], k = I / b. Trained: I (b - 1) / 2 per target, the upper triangles of Q, which begin at zero. The inverse is taken
exactly; peft's own default, the first five terms of a series, is no rotation once Q has grown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod, check_blocks
from afina.types import Horizon, LinearShape


@METHODS.register("oft")
class Oft(StockMethod, frozen=True):
    """Rotations of what each map reads, in blocks."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2306.07280"
    when: ClassVar[str] = "What the base knows must stay as it is: angles between neurons are kept."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), quantized_base=True, lacks=frozenset({"gpt2"}))
    default_learning_rate: ClassVar[float] = 1e-3
    config: ClassVar[str] = "OFTConfig"

    name: Literal["oft"] = "oft"
    block_size: int = Field(32, ge=2, description="Width of each rotation (b); divides the inputs of every target.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {"oft_block_size": self.block_size, "use_cayley_neumann": False}

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        check_blocks(self.block_size, targets, "block_size")

    def n_at(self, shape: LinearShape) -> int:
        return shape.in_features * (self.block_size - 1) // 2
