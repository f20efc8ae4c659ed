"""Partial fine-tuning: only the last layers (and the head) change (Howard & Ruder 2018, section 3.3; Lee et al. 2019).

Trained: the last `n_layers` blocks, the final norm, and the objective's new head. Embeddings and a language-model head stay frozen
(they are often tied, and then hold most of a small model's weights).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from torch.nn import Module


@METHODS.register("freeze")
class Freeze(Method, frozen=True):
    """The last layers are trained, the rest is frozen."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1911.03090"
    category: ClassVar[Category] = "selective"
    when: ClassVar[str] = "A classifier on few rows, or a quick reference for what the head and the last layers alone can do."
    traits: ClassVar[Traits] = Traits(adapter=False)
    default_learning_rate: ClassVar[float] = 5e-4

    name: Literal["freeze"] = "freeze"
    n_layers: int = Field(2, ge=0, description="How many of the last layers train; 0 trains only the final norm and the head.")

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        self._check(facts)
        trained = [f"{facts.blocks}.{i}." for i in range(facts.n_layers - self.n_layers, facts.n_layers)]
        trained += [f"{module}." for module in (facts.final_norm, *head.modules(facts)) if module]
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(tuple(trained)))
        return model

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        self._check(facts)
        first = facts.n_params_in_first_layer if self.n_layers == facts.n_layers else 0
        return self.n_layers * facts.n_params_per_layer + first + facts.final_norm_params + head.n_params(facts)

    def _check(self, facts: ModelFacts) -> None:
        if self.n_layers > facts.n_layers:
            raise MethodError(
                "R005",
                f"n_layers={self.n_layers} but the model has {facts.n_layers} layers",
                where="method.n_layers",
                fix=f"n_layers={facts.n_layers}",
            )
