"""Optimizers, built from the method's parameter groups."""

from __future__ import annotations

import torch
from torch import nn

from afina.methods import Method
from afina.recipe.schema import TrainSpec


def build_optimizer(model: nn.Module, method: Method, train: TrainSpec) -> torch.optim.Optimizer:
    """Return AdamW (Loshchilov & Hutter 2019) over the trained parameters; each group keeps its peak rate in "peak_lr"."""
    assert train.learning_rate != "auto"
    groups = method.param_groups(model, train.learning_rate)
    optimizer = torch.optim.AdamW(
        groups,
        lr=train.learning_rate,
        betas=(train.adam_beta1, train.adam_beta2),
        eps=train.adam_epsilon,
        weight_decay=train.weight_decay,
        fused=True,
    )
    for group in optimizer.param_groups:
        group["peak_lr"] = group["lr"]
    return optimizer


def set_learning_rate(optimizer: torch.optim.Optimizer, factor: float) -> float:
    """Set every group to factor * its peak; return the first group's rate."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak_lr"] * factor
    return float(optimizer.param_groups[0]["lr"])
