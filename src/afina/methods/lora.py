"""LoRA: a low-rank update beside each frozen linear map (Hu et al. 2021, eq. 3).

    h = W x + (alpha / r) B A x

Shapes: W [O, I] frozen; A [r, I] Kaiming uniform, B [O, r] zero. Trained: r (I + O) per target.
The update starts at zero, so the untrained adapter equals the base model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, HeadFacts, Method, Traits, modules_to_save, select_linears, task_type
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import LoraConfig


@METHODS.register("lora")
class Lora(Method, frozen=True):
    """Low-rank adapters on linear maps."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2106.09685"
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16", "fp16"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 2e-4

    name: Literal["lora"] = "lora"
    r: int = Field(16, ge=1, le=1024, description="Rank of the update; adapter size and expressiveness grow with it.")
    alpha: float = Field(32, gt=0, description="The update is scaled by alpha / r.")
    dropout: float = Field(0.0, ge=0, lt=1, description="Dropout on the adapter's input; a little helps on few rows.")
    target_modules: str | tuple[str, ...] = Field("all-linear", description="Module names, path patterns, or all-linear.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> LoraConfig:
        from peft import LoraConfig

        targets = select_linears(facts, self.target_modules)
        narrowest = min(min(shape.out_features, shape.in_features) for shape in targets.values())
        if self.r > narrowest:
            raise MethodError(
                "R005",
                f"r={self.r} is larger than the narrowest target ({narrowest}); the update would not be low-rank",
                where="method.r",
                fix=f"r={max(1, narrowest // 2)}",
            )
        return LoraConfig(
            r=self.r,
            lora_alpha=self.alpha,  # type: ignore[arg-type]
            lora_dropout=self.dropout,
            target_modules=sorted(targets),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
            fan_in_fan_out=facts.family == "gpt2",
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        targets = select_linears(facts, self.target_modules).values()
        return sum(self.r * (shape.in_features + shape.out_features) for shape in targets) + head.n_params(facts)
