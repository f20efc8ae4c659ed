"""What an optimizer remembers, as tensors and numbers under its parameters' names, and back.

Nothing on disk says which Python object to make: a fresh optimizer takes a step with a gradient of zero, which makes it lay out its own
state (quantised moments, projections, pages), and the saved values are copied into that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from afina.optimizers.in_backward import InBackward

Number = bool | int | float
CONSTANTS = frozenset({"qmap", "qmap1", "qmap2"})
"""Which value each code of a quantised moment means: the library's own, often one tensor for all parameters."""


def packed(optimizer: torch.optim.Optimizer, model: nn.Module, group_state: Sequence[str]) -> tuple[dict[str, Tensor], dict[str, Number]]:
    """Return the tensors and the numbers of the state, under "<parameter name>/<state name>" and "group <i>/<name>"."""
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    tensors: dict[str, Tensor] = {}
    numbers: dict[str, Number] = {}
    for parameter, values in optimizer.state.items():
        for path, value in _walk(values, names[id(parameter)]):
            if isinstance(value, Tensor):
                tensors[path] = value
            elif isinstance(value, Number):
                numbers[path] = value
    for i, group in enumerate(optimizer.param_groups):
        numbers |= {f"group {i}/{key}": group[key] for key in group_state if key in group}
    return tensors, numbers


def restore(optimizer: torch.optim.Optimizer, model: nn.Module, tensors: Mapping[str, Tensor], numbers: Mapping[str, Number]) -> None:
    """Put packed state back. The model's weights may change on the way: load them afterwards. Raises ValueError when it does not fit."""
    _lay_out(optimizer)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    left = {*tensors, *numbers}
    saved = {key.split("/", 1)[0] for key in left}
    for parameter in list(optimizer.state):
        name = names[id(parameter)]
        if name not in saved:
            optimizer.state.pop(parameter)  # it had no gradient yet
            continue
        left -= _fill(optimizer.state[parameter], name, tensors, numbers)
    for i, group in enumerate(optimizer.param_groups):
        for key in [key for key in left if key.startswith(f"group {i}/")]:
            group[key.split("/", 1)[1]] = numbers[key]
            left.discard(key)
    if left:
        raise ValueError(f"the checkpoint is of another optimizer: {sorted(left)[:3]}")


def _lay_out(optimizer: torch.optim.Optimizer) -> None:
    if isinstance(optimizer, InBackward):  # its library lays out its state when it is made
        return
    rates = [(group, key, group[key]) for group in optimizer.param_groups for key in ("lr", "weight_decay") if key in group]
    rates = [(group, key, value.clone() if isinstance(value, Tensor) else value) for group, key, value in rates]
    for group, key, value in rates:
        group[key] = torch.zeros_like(value) if isinstance(value, Tensor) else 0.0
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    for group, key, value in rates:
        group[key] = value


def _walk(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """The tensors and numbers of a state, those inside quantised tensors and projections too."""
    for key, value in values.items():
        inner = _inside(value)
        if key in CONSTANTS:
            continue
        if inner is None:
            yield f"{path}/{key}", value
        else:
            yield from _walk(inner, f"{path}/{key}")


def _inside(value: Any) -> dict[str, Any] | None:
    """What a value is made of: the plain tensors of a quantised one, the attributes of an object; None for a plain tensor or number."""
    if isinstance(value, Tensor) and hasattr(value, "__tensor_flatten__"):
        return {name: getattr(value, name) for name in value.__tensor_flatten__()[0]}  # type: ignore[operator]
    if value is None or isinstance(value, Tensor | Number | str | dict | list | tuple):
        return None
    return vars(value)


def _fill(values: dict[str, Any], path: str, tensors: Mapping[str, Tensor], numbers: Mapping[str, Number]) -> set[str]:
    """Copy saved values into a laid-out state; return the keys that were used."""
    used: set[str] = set()
    for key, value in values.items():
        place = f"{path}/{key}"
        inner = _inside(value)
        if key in CONSTANTS:
            continue
        if inner is not None:
            used |= _fill(inner, place, tensors, numbers)
        elif isinstance(value, Tensor):
            if place not in tensors or tensors[place].shape != value.shape:
                raise ValueError(f"the checkpoint is of another optimizer: it has no {place} of shape {tuple(value.shape)}")
            value.copy_(tensors[place])
            used.add(place)
        elif isinstance(value, Number):
            values[key] = numbers[place]
            used.add(place)
    return used
