"""LN tuning: only the norms change (Zhao et al. 2023, section 3).

    y = normalised(x) (g + dg) + (b + db)        without b where the norm has none (RMSNorm)

Shapes: dg, db as the norm is wide. Trained: one or two numbers for each channel of each norm. Both begin at zero and stay in fp32 under
a base in half precision; peft's own LN_TUNING trains a copy of the norm in the precision of the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.types import Horizon, ModelFacts, NormShape

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("ln_tuning")
class LnTuning(Method, frozen=True):
    """Gains and biases of norms are trained, nothing else."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2312.11420"
    category: ClassVar[Category] = "selective"
    when: ClassVar[str] = "The base knows the task already and only its scale is off, or nothing larger may be stored."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16", "fp16"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["ln_tuning"] = "ln_tuning"
    query_key_norms: bool = Field(True, description="Train the norms of queries and keys too, in models that have them (Qwen3, Gemma 3).")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.vectors import NormConfig

        return NormConfig(
            target_modules=list(self._norms(facts)),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return sum(shape.n_params for shape in self._norms(facts).values()) + head.n_params(facts)

    def _norms(self, facts: ModelFacts) -> dict[str, NormShape]:
        of_heads = ("q_norm", "k_norm", "q_layernorm", "k_layernorm")
        return {path: shape for path, shape in facts.norms.items() if self.query_key_norms or not path.endswith(of_heads)}
