"""The recipe's optimizer over the method's parameter groups, each weight with its own peak rate."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import torch
from torch import Tensor, nn

from afina.methods import Method
from afina.optimizers import Group, Shared
from afina.recipe.schema import TrainSpec


def build_optimizer(model: nn.Module, method: Method, train: TrainSpec) -> torch.optim.Optimizer:
    """Return the optimizer over the trained parameters; each group keeps its peak rate in "peak_lr"."""
    assert train.learning_rate != "auto"
    shared = Shared(train.learning_rate, train.adam_beta1, train.adam_beta2, train.adam_epsilon, train.weight_decay)
    groups = _groups(model, method.param_groups(model, train.learning_rate), train)
    return train.optimizer.build(model, groups, shared)


def _groups(model: nn.Module, groups: list[Group], train: TrainSpec) -> list[Group]:
    """Divide the method's groups by layer, where rates decay with depth, and by being a hidden matrix, where the optimizer asks."""
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    rates = layer_factors(model, train.layer_decay)
    made: list[Group] = []
    for group in groups:
        parts = defaultdict[tuple[float, bool], list[nn.Parameter]](list)
        for parameter in group["params"]:
            name = names[id(parameter)]
            parts[rates[name], train.optimizer.traits.hidden and is_hidden_matrix(name, parameter)].append(parameter)
        for (rate, hidden), parameters in parts.items():
            entries: dict[str, Any] = {**group, "params": parameters, "lr": group["lr"] * rate, "peak_lr": group["lr"] * rate}
            made.append({**entries, "hidden": hidden} if train.optimizer.traits.hidden else entries)
    return made


def layer_factors(model: nn.Module, decay: float) -> dict[str, float]:
    """Return the factor on the learning rate of each parameter, by name (Bao et al. 2022, section 4.1: layer-wise decay).

    Of L blocks, block i (from 0) has decay^(L - i), embeddings decay^(L + 1); heads and the final norm, and all that is in no block, 1.
    """
    embeddings = {id(module.weight) for module in model.modules() if isinstance(module, nn.Embedding)}
    layers = {name: layer_of(name) for name, _ in model.named_parameters()}
    n_layers = 1 + max((layer for layer in layers.values() if layer is not None), default=-1)
    return {
        name: decay ** (n_layers - layer)
        if (layer := layers[name]) is not None
        else decay ** (n_layers + 1)
        if id(p) in embeddings
        else 1.0
        for name, p in model.named_parameters()
    }


def layer_of(name: str) -> int | None:
    """Return the block that a parameter's path lies in: the first number in it. None for those in no block."""
    return next((int(part) for part in name.split(".") if part.isdigit()), None)


def is_hidden_matrix(name: str, parameter: Tensor) -> bool:
    """Whether a parameter is a matrix inside a block."""
    return parameter.ndim == 2 and layer_of(name) is not None


def set_learning_rate(optimizer: torch.optim.Optimizer, factor: float) -> float:
    """Set every group to factor * its peak; return the rate of the group with the highest peak."""
    for group in optimizer.param_groups:
        rate = group["peak_lr"] * factor
        if isinstance(group["lr"], Tensor):  # torchao's: it may be part of a compiled step
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate
    return peak(optimizer) * factor


def peak(optimizer: torch.optim.Optimizer) -> float:
    """Return the highest peak rate of the groups: the recipe's, where some layers learn slower."""
    return max(float(group["peak_lr"]) for group in optimizer.param_groups)
