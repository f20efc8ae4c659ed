"""Full fine-tuning: every weight changes. The reference that the other methods save memory against.

Trained: all parameters, tied ones once. Memory per parameter in fp32 with AdamW: 16 bytes (weight, gradient, two moments).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from torch.nn import Module


@METHODS.register("full")
class Full(Method, frozen=True):
    """Every weight of the model is trained."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1801.06146"
    category: ClassVar[Category] = "whole model"
    when: ClassVar[str] = "Small models, much data, or a new language: nothing is held back, and every weight costs 16 bytes."
    traits: ClassVar[Traits] = Traits(adapter=False)
    default_learning_rate: ClassVar[float] = 5e-4

    name: Literal["full"] = "full"

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        return model

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        # another head replaces the language-model head: what that shares with the embeddings stays, the rest of it is gone
        return facts.n_params - (0 if head.head == "lm" else facts.n_lm_head_params) + head.n_params(facts)
