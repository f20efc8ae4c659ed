"""Adapters that train the norms of the body beside their own places (Houlsby et al. 2019, section 3.1; Compacter's program)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from torch import nn

from afina.tuners.layer import AdapterLayer
from afina.tuners.registration import TargetedConfig
from afina.tuners.tuner import Tuner
from afina.tuners.vectors import NormLayer


@dataclass
class NormsConfig(TargetedConfig):
    """norms: paths of the norms among the targets."""

    norms: list[str] = field(default_factory=list)


class NormsTuner(Tuner):
    """Puts the layer of its type on its places, and one that moves gain and bias on norms."""

    def _create_and_replace(
        self, peft_config: Any, adapter_name: str, target: nn.Module, target_name: str, parent: nn.Module, current_key: str, **kwargs: Any
    ) -> None:
        if current_key not in peft_config.norms or isinstance(target, AdapterLayer):
            super()._create_and_replace(peft_config, adapter_name, target, target_name, parent, current_key, **kwargs)
            return
        made = _on_norm(self.tuner_layer_cls)(target, getattr(self, f"{self.prefix}shared"))
        made.update_layer(adapter_name, peft_config)
        setattr(parent, target_name, made)


@cache
def _on_norm(layer: type[AdapterLayer]) -> type[AdapterLayer]:
    """Return the layer on norms of a type: to peft one of that type's, its tensors under the same prefix."""
    own = {"prefix": layer.prefix, "adapter_layer_names": layer.adapter_layer_names, "merge": layer.merge}
    return type(f"{layer.__name__}OnNorm", (NormLayer, layer), own)
