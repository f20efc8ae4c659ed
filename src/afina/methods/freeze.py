"""Partial fine-tuning: only the last layers (and the head) change (Howard & Ruder 2018, section 3.3; Lee et al. 2019).

Trained: the last `n_layers` blocks, the final norm, and the objective's new head. Embeddings and a language-model head stay frozen
(they are often tied, and then hold most of a small model's weights).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, HeadFacts, Method, Traits
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from torch.nn import Module


@METHODS.register("freeze")
class Freeze(Method, frozen=True):
    """The last layers are trained, the rest is frozen."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1911.03090"
    traits: ClassVar[Traits] = Traits(adapter=False)
    default_learning_rate: ClassVar[float] = 5e-4

    name: Literal["freeze"] = "freeze"
    n_layers: int = Field(2, ge=0, description="How many of the last layers train; 0 trains only the final norm and the head.")

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        self._check(facts)
        first = facts.n_layers - self.n_layers
        body = facts.blocks.rsplit(".", 1)[0]
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(_trains(name, first, facts.blocks, body, head))
        return model

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        self._check(facts)
        return self.n_layers * facts.n_params_per_layer + facts.final_norm_params + head.n_params(facts)

    def _check(self, facts: ModelFacts) -> None:
        if self.n_layers > facts.n_layers:
            raise MethodError(
                "R005",
                f"n_layers={self.n_layers} but the model has {facts.n_layers} layers",
                where="method.n_layers",
                fix=f"n_layers={facts.n_layers}",
            )


def _trains(name: str, first: int, blocks: str, body: str, head: HeadFacts) -> bool:
    if name.startswith(blocks + "."):
        return int(name[len(blocks) + 1 :].split(".", 1)[0]) >= first
    final_norm = name.startswith((f"{body}.norm.", f"{body}.ln_f.", f"{body}.final_layernorm."))
    return final_norm or (head.head != "lm" and name.startswith(head.name + "."))
