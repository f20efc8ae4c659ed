"""What a number that a head gives means. In training it is standardised; when it is saved, it is in the units of the file.

    number in the file's units = scale * (w h + b) + mean

An encoder's head has a bias, so scale and mean go into its weights and nothing is left to know. A decoder's has none in transformers: the
scale goes into its weights, the mean stays in the config as `regression_mean` and is to be added to what the model gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from afina.types import Standard

MEAN, SCALE = "regression_mean", "regression_scale"
_HEADS = {"score", "classifier"}


def standard_of(model: nn.Module) -> Standard:
    """Return how the head's outputs are standardised; (0, 1) where they are in the units of the file."""
    config = _config(model)
    return Standard(float(getattr(config, MEAN, 0.0)), float(getattr(config, SCALE, 1.0)))


def standardise(model: nn.Module, standard: Standard, is_drawn: bool) -> None:
    """Make the head say standardised numbers. is_drawn: a head drawn anew says them already; a trained one goes on saying the same numbers.

    What a head without a bias cannot say is a constant, the difference of two means: that is left to be learned again.
    """
    if not is_drawn:
        old = standard_of(model)
        _rescale(model, old.scale / standard.scale, (old.mean - standard.mean) / standard.scale)
    set_standard(model, standard)


def fold(model: nn.Module) -> None:
    """Put scale and mean into the head, so that it says numbers in the units of the file; the mean stays outside where there is no bias."""
    standard = standard_of(model)
    if standard != Standard():
        has_bias = _rescale(model, standard.scale, standard.mean)
        set_standard(model, Standard(0.0 if has_bias else standard.mean, 1.0))


def _rescale(model: nn.Module, factor: float, shift: float) -> bool:
    """Make the head's output `factor` times as large, and add `shift` where it has a bias; return whether it has."""
    has_bias = False
    with torch.no_grad():
        for head in _heads(model):
            head.weight.copy_(head.weight.double() * factor)
            if head.bias is not None:
                head.bias.copy_(head.bias.double() * factor + shift)
                has_bias = True
    return has_bias


def _heads(model: nn.Module) -> Iterator[nn.Linear]:
    """The last map of the head; under an adapter its trained copy too."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) and module.out_features == 1 and _HEADS & set(name.split(".")):
            yield module


def set_standard(model: nn.Module, standard: Standard) -> None:
    """Say in the config how the head's outputs are standardised."""
    config = _config(model)
    for key, value, plain in ((MEAN, standard.mean, 0.0), (SCALE, standard.scale, 1.0)):
        if value != plain:
            setattr(config, key, value)
        elif hasattr(config, key):
            delattr(config, key)


def _config(model: nn.Module) -> Any:
    return model.get_base_model().config if hasattr(model, "get_base_model") else model.config  # type: ignore[operator,union-attr]
