"""Adapters whose training draws experts or goes through phases: stopped in the middle and gone on with, they end with the same weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from afina.events import Step
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.training import checkpoint
from afina.training.loop import Training
from afina.types import Horizon
from tests.tiny import tiny_config
from tests.training import causal_model, token_examples, training

STEPS = 6
TASKS = ("first", "second")
SETTINGS: dict[str, dict[str, Any]] = {
    "adamix": {"width": 4},
    "adapter_fusion": {"width": 4, "tasks": TASKS},
    "compacter": {"reduction": 4},
}


def begun(name: str) -> Training:
    """A training that has not taken a step; the model has dropout, so that its noise is one with the draws of the method."""
    made: Any = METHODS[name]
    method = made(name=name, **SETTINGS[name])
    facts = facts_from_config(tiny_config().to_dict())
    base = causal_model(attention_dropout=0.1)
    torch.manual_seed(1)
    model = method.attach(base, facts, HeadFacts("lm"), Horizon(STEPS, 32))
    examples = token_examples(32)
    tasks = {example.number: TASKS[example.number % 2] for example in examples}
    return training(model, "sft", examples, steps=STEPS, method=method, tasks=tasks, learning_rate=1e-2)


def weights(run: Training, n_steps: int) -> dict[str, Tensor]:
    for event in run:
        if isinstance(event, Step) and event.step == n_steps:
            break
    return {name: tensor.clone() for name, tensor in run.state.trained_weights().items()}


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("stopped_at", [2, 3, 5])
def test_a_training_goes_on_as_if_it_had_never_stopped(name: str, stopped_at: int, tmp_path: Path) -> None:
    whole = weights(begun(name), STEPS)
    first = begun(name)
    halfway = weights(first, stopped_at)
    path = checkpoint.save(tmp_path, first.state, 1)
    torch.randn(7)  # another process has another state of the generator
    second = begun(name)
    checkpoint.load(path, second.state)
    ended = weights(second, STEPS)
    assert whole.keys() == ended.keys()
    assert all(torch.equal(whole[key], ended[key]) for key in whole)
    assert any(not torch.equal(halfway[key], ended[key]) for key in whole)
