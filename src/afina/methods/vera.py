"""VeRA: two frozen random matrices for all maps, and two learned vectors for each (Kopiczko et al. 2023, eq. 2).

    h = W x + b * (B (d * (A x)))

Shapes: A [r, I] and B [O, r] cut from one random pair as large as the largest target; d [r] begins at 0.1, b [O] at zero. Trained: r + O
per target. The random pair is drawn from `projection_seed` and saved with the adapter, whose file it makes up most of.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod
from afina.types import Horizon, LinearShape


@METHODS.register("vera")
class Vera(StockMethod, frozen=True):
    """Learned scalings of shared random matrices."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2310.11454"
    when: ClassVar[str] = "Very many adapters on one base: each has a tenth of LoRA's trained weights."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), quantized_base=True)
    default_learning_rate: ClassVar[float] = 5e-3
    config: ClassVar[str] = "VeraConfig"
    knows_transposed: ClassVar[bool] = True

    name: Literal["vera"] = "vera"
    r: int = Field(256, ge=1, description="Rows of the shared random matrix; may be larger than a target.")
    d_initial: float = Field(0.1, gt=0, description="What the inner vector begins at.")
    dropout: float = Field(0.0, ge=0, lt=1, description="Dropout on the adapter's input.")
    projection_seed: int = Field(0, ge=0, description="Seed of the random matrices; adapters that share a base must share it.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {
            "r": self.r,
            "d_initial": self.d_initial,
            "vera_dropout": self.dropout,
            "projection_prng_key": self.projection_seed,
            "save_projection": True,
        }

    def n_at(self, shape: LinearShape) -> int:
        return self.r + shape.out_features
