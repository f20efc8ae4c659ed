"""What the invariants vary: objectives with learnable examples, and methods attached to tiny models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from afina.methods import METHODS, HeadFacts, Method
from afina.models.facts import facts_from_config
from afina.objectives import OBJECTIVES, Objective
from afina.score import Actor, actor_of
from afina.types import Context, Example, Horizon
from tests.training import (
    causal_model,
    choice_examples,
    class_examples,
    class_model,
    encoder_decoder_model,
    encoder_model,
    pair_examples,
    read_and_write_examples,
    token_examples,
)

OF_DECODERS = ("sft", "lm", "classify", "choices", "distill")
TASKS = (
    *OF_DECODERS,
    "classify of an encoder",
    "sft of an encoder-decoder",
    "choices of an encoder-decoder",
    "distill of an encoder-decoder",
)
"""An objective, of a decoder unless another kind of model is named."""
MODELS = {
    "classify": class_model,
    "classify of an encoder": encoder_model,
    "sft of an encoder-decoder": encoder_decoder_model,
    "choices of an encoder-decoder": encoder_decoder_model,
    "distill of an encoder-decoder": encoder_decoder_model,
}
SMALL: dict[str, dict[str, Any]] = {"lora": {"r": 4}, "freeze": {"n_layers": 1}}
"""Settings that suit a model of two layers and width 32; a method without an entry has its defaults."""


def objective_of(task: str) -> Objective:
    name = task.split()[0]
    return OBJECTIVES[name](name=name)


def context_of(task: str) -> Context:
    return Context("encoder-decoder" if task.endswith("-decoder") else "encoder" if task.endswith("encoder") else "decoder")


def examples_of(task: str, n: int = 64, seed: int = 0) -> list[Example]:
    if task.startswith("choices"):
        return choice_examples(n, seed, apart=task.endswith("-decoder"))
    if task == "lm":
        return [Example(one.number, one.ids, one.ids) for one in token_examples(n, seed)]
    if task.endswith("-decoder"):
        return read_and_write_examples(n, seed)
    made = {"classify": class_examples, "classify of an encoder": pair_examples}
    return made.get(task, token_examples)(n, seed)


def beside_of(task: str, double: bool = False) -> dict[str, Actor]:
    """The frozen models that the objective asks beside the trained one: another drawing of the same weights teaches."""
    if not task.startswith("distill"):
        return {}
    teacher = MODELS.get(task, causal_model)(1).eval().requires_grad_(False)
    return {"teacher": actor_of(teacher.double() if double else teacher)}


def head_of(task: str) -> HeadFacts:
    return HeadFacts("classes", 3) if task.startswith("classify") else HeadFacts("lm")


def attached(task: str, name: str, moved: bool = False, double: bool = False, **settings: Any) -> tuple[torch.nn.Module, Method]:
    """A tiny model with a method on it. moved: trained weights that start at zero are drawn, so that gradients reach all others."""
    model = MODELS.get(task, causal_model)()
    method = METHODS[name](name=name, **{**SMALL.get(name, {}), **settings})
    model = method.attach(model, facts_from_config(model.config.to_dict()), head_of(task), Horizon(8, 64))
    rng = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in model.parameters():
            if moved and parameter.requires_grad and not parameter.any():
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=rng))
    return (model.double() if double else model), method


def flat(tensors: Sequence[torch.Tensor | None]) -> torch.Tensor:
    return torch.cat([tensor.detach().double().reshape(-1) for tensor in tensors if tensor is not None])
