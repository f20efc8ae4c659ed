"""Builds a Training straight from examples, without files: what invariants and oracles drive."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import torch

from afina.data.batches import Batches
from afina.events import Step
from afina.methods import METHODS, Method
from afina.objectives import OBJECTIVES, Objective
from afina.recipe.schema import TokenBudget, TrainSpec
from afina.strategy import Single
from afina.training.build import build_state
from afina.training.loop import Cadence, Training
from afina.types import IGNORE_INDEX, Example
from tests.tiny import tiny_config

BOS, EOS = 0, 1


def token_examples(n: int, seed: int = 0, longest_answer: int = 40) -> list[Example]:
    """A learnable task whose answers differ in length tenfold: repeat the first token of the prompt."""
    rng = random.Random(seed)
    examples = []
    for number in range(n):
        first = rng.randrange(10, 60)
        prompt = [BOS, first, *(rng.randrange(60, 300) for _ in range(rng.randrange(2, 12)))]
        answer = [first] * rng.choice([longest_answer // 10, longest_answer // 4, longest_answer]) + [EOS]
        examples.append(Example(number, (*prompt, *answer), (*([IGNORE_INDEX] * len(prompt)), *answer)))
    return examples


def class_examples(n: int, seed: int = 0) -> list[Example]:
    """Three classes told by one token somewhere in the text."""
    rng = random.Random(seed)
    examples = []
    for number in range(n):
        target = rng.randrange(3)
        body = [rng.randrange(60, 300) for _ in range(rng.randrange(3, 30))]
        body[rng.randrange(len(body))] = 20 + target
        examples.append(Example(number, (BOS, *body, EOS), (), target))
    return examples


def causal_model(seed: int = 0, **changes: object) -> torch.nn.Module:
    from transformers import LlamaForCausalLM

    torch.manual_seed(seed)
    return LlamaForCausalLM(tiny_config(**changes))


def class_model(seed: int = 0, n_classes: int = 3, **changes: object) -> torch.nn.Module:
    from transformers import LlamaForSequenceClassification

    torch.manual_seed(seed)
    return LlamaForSequenceClassification(tiny_config(num_labels=n_classes, **changes))


def training(
    model: torch.nn.Module,
    objective: str | Objective,
    examples: Sequence[Example],
    *,
    steps: int,
    batch_size: int = 16,
    micro: int | TokenBudget = 4,
    method: Method | None = None,
    strategy: Single | None = None,
    seed: int = 0,
    micro_scaled: Callable[[float], Batches] | None = None,
    **spec: object,
) -> Training:
    settings: dict[str, object] = {"learning_rate": 1e-3, "schedule": "constant", "warmup_ratio": 0.0}
    train = TrainSpec.model_validate({**settings, "batch_size": batch_size, "micro_batch_size": micro, **spec})
    strategy = strategy or Single("fp32", "cpu")
    method = method or METHODS["full"](name="full")
    model.to(strategy.device)
    state = build_state(model, method, train, strategy.scaler)
    lengths = [len(example) for example in examples]
    return Training(
        method=method,
        objective=OBJECTIVES[objective](name=objective) if isinstance(objective, str) else objective,
        spec=train,
        cadence=Cadence(steps, round(train.warmup_ratio * steps), steps, steps, decay_steps=round(train.decay_ratio * steps)),
        strategy=strategy,
        state=state,
        examples=list(examples),
        batches=micro_scaled or (lambda scale: Batches(lengths, batch_size, seed, micro, strategy.world, train.packing)),
        validation=None,
        checkpoints=None,
        seed=seed,
    )


def losses(run: Training) -> list[float]:
    return [event.loss for event in run if isinstance(event, Step)]


def weights(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().double().reshape(-1) for p in model.parameters() if p.requires_grad])


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())
