"""BitFit: only biases change (Ben Zaken, Ravfogel and Goldberg 2021).

    y = W x + b + d        on a linear map                y = normalised(x) g + b + d        on a norm

Shapes: d as the output. Trained: one number for each output of each chosen map or norm. d begins at zero; where the map has no bias,
b = 0 (T5 and most decoders; so do T-Few's experiments). The head is trained whole, BERT's pooler with it (the paper: its bias).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.types import Horizon, LinearRole, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("bitfit")
class Bitfit(Method, frozen=True):
    """Biases of linear maps and norms are trained, nothing else."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2106.10199"
    category: ClassVar[Category] = "selective"
    when: ClassVar[str] = "A hundredth of the weights that LoRA trains are enough: encoders, few rows, many tasks on one base."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16", "fp16"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["bitfit"] = "bitfit"
    scope: Literal["by-model", "existing", "all-linear"] = Field(
        "by-model",
        description="existing: biases that the model has; all-linear: each linear map gets one that lacks it; by-model: all-linear for a "
        "model whose linear maps have none.",
    )
    terms: tuple[Literal["norm"] | LinearRole, ...] = Field(
        (), description="Only biases of these: query, key, value, attention_output, up, feed_forward_output, norm; all by default."
    )

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.vectors import BitfitConfig

        return BitfitConfig(
            target_modules=list(self._sizes(facts)),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return sum(self._sizes(facts).values()) + head.n_params(facts)

    def _sizes(self, facts: ModelFacts) -> dict[str, int]:
        """Return the path of each chosen map and norm, and how many numbers its bias has."""
        scope = self.scope
        if scope == "by-model":
            scope = "existing" if any(shape.bias for shape in facts.linears.values()) else "all-linear"
        chosen = {path: shape.out_features for path, shape in facts.linears.items() if shape.bias or scope == "all-linear"}
        chosen = {path: size for path, size in chosen.items() if not self.terms or facts.places[path].role in self.terms}
        if not self.terms or "norm" in self.terms:
            chosen |= {path: shape.size for path, shape in facts.norms.items() if shape.bias}
        if not chosen:
            of = f" of the kind {', '.join(self.terms)}" if self.terms else ""
            remedy = "method.terms=[]" if scope == "all-linear" else "method.scope=all-linear"
            raise MethodError("R003", f"this {facts.family} model has no biases{of}", where="method", fix=remedy)
        return chosen
