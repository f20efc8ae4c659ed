"""What the invariants vary: objectives with learnable examples, and methods attached to tiny models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from afina.methods import METHODS, HeadFacts, Method
from afina.models.facts import facts_from_config
from afina.types import Example, Horizon
from tests.training import causal_model, class_examples, class_model, token_examples

OBJECTIVES_TESTED = ("sft", "lm", "classify")
SMALL: dict[str, dict[str, Any]] = {"lora": {"r": 4}, "freeze": {"n_layers": 1}}
"""Settings that suit a model of two layers and width 32; a method without an entry has its defaults."""


def examples_of(objective: str, n: int = 64, seed: int = 0) -> list[Example]:
    if objective == "classify":
        return class_examples(n, seed)
    examples = token_examples(n, seed)
    return [Example(one.number, one.ids, one.ids) for one in examples] if objective == "lm" else examples


def head_of(objective: str) -> HeadFacts:
    return HeadFacts("classes", 3) if objective == "classify" else HeadFacts("lm")


def attached(objective: str, name: str, moved: bool = False, double: bool = False, **settings: Any) -> tuple[torch.nn.Module, Method]:
    """A tiny model with a method on it. moved: trained weights that start at zero are drawn, so that gradients reach all others."""
    model = class_model() if objective == "classify" else causal_model()
    method = METHODS[name](name=name, **{**SMALL.get(name, {}), **settings})
    model = method.attach(model, facts_from_config(model.config.to_dict()), head_of(objective), Horizon(8, 64))
    rng = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in model.parameters():
            if moved and parameter.requires_grad and not parameter.any():
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=rng))
    return (model.double() if double else model), method


def flat(tensors: Sequence[torch.Tensor | None]) -> torch.Tensor:
    return torch.cat([tensor.detach().double().reshape(-1) for tensor in tensors if tensor is not None])
