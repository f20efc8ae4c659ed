"""Every optimizer with settings that suit a tiny model, and trainings with it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch

from afina.optimizers import OPTIMIZERS
from afina.training.loop import Training
from tests.training import causal_model, token_examples, training

OWN: dict[str, dict[str, Any]] = {"galore": {"rank": 8, "update_proj_gap": 4}, "apollo": {"rank": 8, "update_proj_gap": 4}}
HAS_APOLLO = importlib.util.find_spec("apollo_torch") is not None
"""Its licence forbids commercial use, so no extra installs it; who has installed it tests it."""
ON_CPU = [name for name in OPTIMIZERS if "cpu" in OPTIMIZERS[name].traits.devices and (name != "apollo" or HAS_APOLLO)]
RUN_HERE = [*ON_CPU, "adalomo", "paged_adamw8bit"]
"""paged_adamw8bit falls back to plain buffers on a CPU; adalomo needs `without_cuda` there."""
WHOLE = 16
RATES = {"lomo": 0.1, "sgd": 0.02, "adafactor": 1e-2, "adalomo": 1e-2, "lion": 1e-3}


@contextmanager
def without_cuda(name: str) -> Iterator[None]:
    """lomo-optim 0.1.1 puts AdaLomo's state on CUDA, whatever the weights are on; all else in it runs on a CPU."""
    if name != "adalomo":
        yield
        return
    with patch.object(torch.Tensor, "cuda", lambda tensor: tensor):
        yield


def wide_model(seed: int = 0) -> torch.nn.Module:
    """A tiny Llama with weights of 4,096 values and more, from which on low-bit optimizers quantise."""
    return causal_model(seed, hidden_size=64, intermediate_size=128)


def trained(name: str, model: torch.nn.Module, steps: int, micro: int = WHOLE, **settings: Any) -> Training:
    """A training with the optimizer, as far as it allows: what updates inside the backward pass is not clipped and sees one micro-batch."""
    if OPTIMIZERS[name].traits.in_backward:
        settings = {"max_grad_norm": 0.0, "weight_decay": 0.0, **settings}
    optimizer = {"name": name, **OWN.get(name, {}), **settings.pop("own", {})}
    settings = {"learning_rate": RATES.get(name, 2e-3), **settings}
    with without_cuda(name):
        return training(model, "sft", token_examples(64), steps=steps, batch_size=WHOLE, micro=micro, optimizer=optimizer, **settings)
