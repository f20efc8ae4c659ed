"""BOFT: rotations as a product of sparse factors, as butterflies are in a fast Fourier transform (Liu et al. 2023, section 4).

    y = s * (W R x)        R = R_1 P_1 R_2 P_2 ..., each R_j block-diagonal and orthogonal (Cayley), each P_j a permutation

Shapes: blocks [b, b], I / b of them in each of the m factors; s [O] begins at one. Trained: m I b + O per target, of which Cayley's
transform uses the skew part. With m = 1 it is OFT with a learned length of each output.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Traits
from afina.methods.stock import StockMethod, check_blocks
from afina.types import Horizon, LinearShape


@METHODS.register("boft")
class Boft(StockMethod, frozen=True):
    """Rotations of what each map reads, made of sparse factors."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2311.06243"
    when: ClassVar[str] = "As OFT, with rotations that reach across blocks."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), quantized_base=True, lacks=frozenset({"gpt2"}))
    default_learning_rate: ClassVar[float] = 1e-3
    config: ClassVar[str] = "BOFTConfig"

    name: Literal["boft"] = "boft"
    block_size: int = Field(4, ge=2, description="Width of each block (b); divides the inputs of every target.")
    n_factors: int = Field(1, ge=1, description="Factors of each rotation (m); more than one needs a GPU.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        return {"boft_block_size": self.block_size, "boft_n_butterfly_factor": self.n_factors}

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        check_blocks(self.block_size, targets, "block_size")
        if self.n_factors == 1:
            return
        import torch

        if not torch.cuda.is_available():  # peft would silently take one
            what = f"n_factors={self.n_factors} needs peft's CUDA kernel, and there is no GPU"
            raise MethodError("R005", what, where="method.n_factors", fix="n_factors=1")

    def n_at(self, shape: LinearShape) -> int:
        return self.n_factors * shape.in_features * self.block_size + shape.out_features
