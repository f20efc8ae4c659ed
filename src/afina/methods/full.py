"""Full fine-tuning: every weight changes. The reference that the other methods save memory against.

Trained: all parameters, tied ones once. Memory per parameter in fp32 with AdamW: 16 bytes (weight, gradient, two moments).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.methods.base import METHODS, HeadFacts, Method, Traits
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from torch.nn import Module


@METHODS.register("full")
class Full(Method, frozen=True):
    """Every weight of the model is trained."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1801.06146"
    traits: ClassVar[Traits] = Traits(adapter=False)
    default_learning_rate: ClassVar[float] = 5e-4

    name: Literal["full"] = "full"

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        return model

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        # A class head replaces the language-model head: tied, that costs nothing; untied, its matrix is gone.
        lm_head = 0 if facts.tied or head.head == "lm" else facts.vocab_size * facts.hidden_size
        return facts.n_params - lm_head + head.n_params(facts)
