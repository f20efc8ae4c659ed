"""A whole body with an adapter around it: what reads token ids and gives hidden states."""

from __future__ import annotations

import inspect
from typing import Any

from torch import nn

from afina.tuners.layer import AdapterLayer, Wrapper


class Held(Wrapper):
    """The body, one step further down: peft refuses to train a module (BERT's pooler) that stands right below an adapter's layer."""

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.base_layer(*args, **kwargs)


class BodyLayer(AdapterLayer):
    """On the module that reads token ids."""

    def __init__(self, base_layer: nn.Module, shared: nn.ModuleDict) -> None:
        super().__init__(Held(base_layer), shared)

    @property
    def body(self) -> Any:
        """The base's own module."""
        return self.get_base_layer()

    def named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return all arguments of a call by their names."""
        return kwargs | dict(inspect.signature(self.body.forward).bind_partial(*args).arguments)
