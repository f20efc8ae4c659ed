"""Adapters beside a block: they read what goes into the block's first linear map and add to what its last one gives.

A block that is one module in one family is two linear maps between norms in another (BERT, BART); its first and its last map all have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from peft.tuners.tuners_utils import BaseTunerLayer
from torch import Tensor, nn

from afina.tuners.layer import AdapterLayer, Wrapper
from afina.tuners.registration import TargetedConfig
from afina.tuners.tuner import Tuner


@dataclass
class TapConfig(TargetedConfig):
    """sources: path of each target, the last map of its block -> path of the map whose input its adapter reads."""

    sources: dict[str, str] = field(default_factory=dict)


class Tap(Wrapper, BaseTunerLayer):
    """Hands on a linear map's input to the layers that read it; without weights."""

    adapter_layer_names: ClassVar[tuple[str, ...]] = ()  # type: ignore[misc]

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__(base_layer)
        self._disable_adapters = False
        self._active_adapter: list[str] = []
        self.merged_adapters: list[str] = []
        self.taken: Tensor | None = None

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        self.taken = hidden_BTD
        return self.base_layer(hidden_BTD)

    def merge(self, safe_merge: bool = False, adapter_names: Sequence[str] | None = None) -> None:
        """Nothing of its own to fold in: the layers that read it say whether they can."""

    def unmerge(self) -> None:
        """Nothing was folded in."""


class TapLayer(AdapterLayer):
    """On the last linear map of a block. `adapted` gets the block's input instead of the map's own."""

    def read_from(self, tap: Tap) -> None:
        self._tap = (tap,)  # in a tuple: not a submodule of this layer

    def _by_all(self, output: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return super()._by_all(output, self._taken())

    def _by_row(self, output: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        return super()._by_row(output, self._taken())

    def _taken(self) -> tuple[Tensor]:
        tap = self._tap[0]
        taken, tap.taken = tap.taken, None
        assert taken is not None, "the block's last map was called without its first"
        return (taken,)


class TapTuner(Tuner):
    """Puts a tap on the source of each layer beside the layer itself."""

    def _create_and_replace(
        self, peft_config: Any, adapter_name: str, target: nn.Module, target_name: str, parent: nn.Module, current_key: str, **kwargs: Any
    ) -> None:
        super()._create_and_replace(peft_config, adapter_name, target, target_name, parent, current_key, **kwargs)
        layer = getattr(parent, target_name)
        if layer is target:
            return
        around, _, name = peft_config.sources[current_key].rpartition(".")
        begin = self.model.get_submodule(around)
        setattr(begin, name, Tap(getattr(begin, name)))
        layer.read_from(getattr(begin, name))
