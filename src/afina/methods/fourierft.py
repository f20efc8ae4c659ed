"""FourierFT: a few coefficients of the update's Fourier transform (Gao et al. 2024, eq. 2 to 4).

    W' = W + s Re(inverse 2D FFT of F)        F [O, I] is zero but for n coefficients at random places, the same in all layers of a shape

Trained: n per target. They begin at zero here, so that the untrained adapter equals the base model (the paper: normal).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod
from afina.types import Horizon, LinearShape


@METHODS.register("fourierft")
class Fourierft(StockMethod, frozen=True):
    """A few coefficients of the update's spectrum are trained."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2405.03003"
    when: ClassVar[str] = "The smallest file that still changes every weight; each step builds the whole update."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), quantized_base=True)
    default_learning_rate: ClassVar[float] = 3e-2
    config: ClassVar[str] = "FourierFTConfig"
    knows_transposed: ClassVar[bool] = True

    name: Literal["fourierft"] = "fourierft"
    n_frequencies: int = Field(1000, ge=1, description="Coefficients trained for each target (n).")
    scaling: float = Field(150.0, gt=0, description="Factor on the update (s).")
    frequency_seed: int = Field(777, ge=0, description="Which coefficients those are.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {"n_frequency": self.n_frequencies, "scaling": self.scaling, "random_loc_seed": self.frequency_seed, "init_weights": True}

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        smallest = min(shape.out_features * shape.in_features for shape in targets.values())
        if self.n_frequencies > smallest:
            what = f"n_frequencies={self.n_frequencies} is more than the smallest target has ({smallest})"
            raise MethodError("R005", what, where="method.n_frequencies", fix=f"n_frequencies={max(1, smallest // 4)}")

    def n_at(self, shape: LinearShape) -> int:
        return self.n_frequencies
