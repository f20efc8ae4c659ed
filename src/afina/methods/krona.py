"""KronA: a Kronecker product instead of a low-rank one (Edalati et al. 2022).

    krona         W' = W + s A (x) B                       on linear maps
    krona_b       Y = FFN(X) + s (A (x) B) X               beside the feed-forward block
    krona_b_res   Y = FFN(X) + s (A (x) B) X + s_res X     s_res a learned number

Shapes: A [a1, a2], B [b1, b2] with a1 b1 outputs and a2 b2 inputs, each pair the factors nearest to the root: 768 = 24 x 32. Trained:
a1 a2 + b1 b2 at each place, and 1 more with s_res. The rank of A (x) B is rank A times rank B, so the update may have full rank.

A begins at zero, B is Kaiming uniform. Which factor is zero, s, and the beginning of s_res are our reading: the paper gives no code;
with s_res = 0 the untrained adapter equals the base model. X is what the block reads: normed in a pre-norm model.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import (
    METHODS,
    Category,
    HeadFacts,
    Method,
    Traits,
    feed_forward_blocks,
    modules_to_save,
    select_linears,
    task_type,
)
from afina.methods.bottleneck import n_in_norms, trained_norms
from afina.types import Horizon, LinearShape, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("krona")
class Krona(Method, frozen=True):
    """Kronecker-product adapters on linear maps."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2212.10650"
    category: ClassVar[Category] = "reparametrisation"
    when: ClassVar[str] = "As LoRA, where the update should have a high rank with few weights."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["krona"] = "krona"
    scaling: float = Field(1.0, gt=0, description="Factor on the update (s).")
    layout: Literal["balanced", "lokr"] = Field(
        "balanced",
        description="Shapes of the factors: balanced, A and B are alike; lokr, as peft's LoKr has them.",
    )
    target_modules: str | tuple[str, ...] = Field(
        "all-linear", description="Module names, path patterns, or all-linear; the paper: queries and values."
    )
    train_norms: bool = Field(False, description="Train all norms of the body too, as the paper does.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.kronecker import KronaConfig

        norms = trained_norms(facts, self.train_norms)
        return KronaConfig(
            scaling=self.scaling,
            nested=self.layout == "lokr",
            norms=list(norms),
            target_modules=[*select_linears(facts, self.target_modules), *norms],
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        targets = select_linears(facts, self.target_modules).values()
        in_products = sum(_n_params(shape, self.layout == "lokr") for shape in targets)
        return in_products + n_in_norms(facts, self.train_norms) + head.n_params(facts)


class _Beside(Method, frozen=True):
    """A Kronecker product beside the feed-forward block."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2212.10650"
    category: ClassVar[Category] = "adapters"
    when: ClassVar[str] = "As a parallel adapter, for a tenth of its weights."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3
    residual: ClassVar[bool] = False

    scaling: float = Field(1.0, gt=0, description="Factor on the product (s).")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.kronecker import KronaBConfig

        sources = feed_forward_blocks(facts)
        return KronaBConfig(
            scaling=self.scaling,
            residual=self.residual,
            residual_init=self.beginning(),
            sources=sources,
            target_modules=list(sources),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def beginning(self) -> float:
        """Return what s_res begins at."""
        return 0.0

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        at_each = _n_params(LinearShape(facts.hidden_size, facts.hidden_size)) + self.residual
        return len(feed_forward_blocks(facts)) * at_each + head.n_params(facts)


@METHODS.register("krona_b")
class KronaB(_Beside, frozen=True):
    """A Kronecker-product map beside the feed-forward block."""

    name: Literal["krona_b"] = "krona_b"


@METHODS.register("krona_b_res")
class KronaBRes(_Beside, frozen=True):
    """A Kronecker-product map and a learned residual beside the feed-forward block."""

    residual: ClassVar[bool] = True

    name: Literal["krona_b_res"] = "krona_b_res"
    residual_init: float = Field(0.0, description="What the learned factor of the residual begins at; 0 leaves the base as it is.")

    def beginning(self) -> float:
        return self.residual_init


def _n_params(shape: LinearShape, nested: bool = False) -> int:
    (rows_a, rows_b), (small, large) = _factors(shape.out_features), _factors(shape.in_features)
    columns_a, columns_b = (small, large) if nested else (large, small)
    return rows_a * columns_a + rows_b * columns_b


def _factors(size: int) -> tuple[int, int]:
    small = next(n for n in range(isqrt(size), 0, -1) if size % n == 0)
    return small, size // small
