"""A module of the base with adapters on it: what all types of ours share. Letters: B rows of a batch, T positions, D width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from peft.tuners.tuners_utils import BaseTunerLayer
from torch import Tensor, nn

BASE = "__base__"
"""peft's name, in a list of one adapter for each row, for a row without any."""


class Wrapper(nn.Module):
    """Stands in the place of its `base_layer`, and hands on what others ask of it: a block's attention type, a linear map's sizes."""

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__()
        self.base_layer = base_layer

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name == "base_layer":
                raise
            return getattr(super().__getattr__("base_layer"), name)


class AdapterLayer(Wrapper, BaseTunerLayer):
    """Wraps one module of the base. A type says what its weights are (`make`) and what they do to the module's output (`adapted`).

    The weights of each adapter are one module, under "<prefix>weights.<adapter>": all of its parameters are trained, its buffers are not.
    """

    prefix: ClassVar[str] = ""

    def __init__(self, base_layer: nn.Module, shared: nn.ModuleDict) -> None:
        """shared: what the layers of a model have in common, by adapter; it belongs to the tuner."""
        super().__init__(base_layer)
        self.rows: tuple[str, ...] = ()
        self._shared = (shared,)  # in a tuple: not a submodule of this layer
        self._disable_adapters = False
        self._active_adapter = []
        self.merged_adapters: list[str] = []
        setattr(self, f"{self.prefix}weights", nn.ModuleDict())

    @property
    def weights(self) -> nn.ModuleDict:
        """The weights of each adapter."""
        return getattr(self, f"{self.prefix}weights")

    def shared(self, adapter: str) -> nn.Module:
        """Return what all layers of an adapter share."""
        return self._shared[0][adapter]

    def make(self, config: Any) -> nn.Module:
        """Return the weights of a new adapter here, drawn from torch's generator."""
        raise NotImplementedError

    def adapted(self, adapter: str, output_BTD: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        """Return the module's output changed by one adapter. inputs: what the module was called with, by position."""
        raise NotImplementedError

    def update_layer(self, adapter: str, config: Any) -> None:
        """Add an adapter; it becomes the active one where there is none."""
        self.weights[adapter] = self.make(config)
        self._move_adapter_to_device_of_base_layer(adapter)
        if not self._active_adapter:
            self._active_adapter = [adapter]
        self.set_adapter(self.active_adapters, inference_mode=config.inference_mode)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        result = self.base_layer(*args, **kwargs)
        if self.disable_adapters or self.merged:
            return result
        output = result[0] if isinstance(result, tuple) else result
        changed = self._by_row(output, args) if self.rows else self._by_all(output, args)
        return (changed, *result[1:]) if isinstance(result, tuple) else changed

    def _by_all(self, output: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        for adapter in self.active_adapters:
            if adapter in self.weights:
                output = self.adapted(adapter, output, inputs).to(output.dtype)
        return output

    def _by_row(self, output: Tensor, inputs: tuple[Any, ...]) -> Tensor:
        """Each row by its own adapter. With several beams a row, the rows of one name follow each other."""
        names = [name for name in self.rows for _ in range(len(output) // len(self.rows))]
        changed = output.clone()
        for adapter in dict.fromkeys(names):
            if adapter != BASE and adapter in self.weights:
                chosen = [row for row, name in enumerate(names) if name == adapter]
                theirs = tuple(value[chosen] if isinstance(value, Tensor) and len(value) == len(output) else value for value in inputs)
                changed[chosen] = self.adapted(adapter, output[chosen], theirs).to(output.dtype)
        return changed

    def supports_lora_conversion(self, adapter_name: str = "default") -> bool:
        return False

    def merge(self, safe_merge: bool = False, adapter_names: list[str] | None = None) -> None:
        what = f"an adapter of type {self.prefix.rstrip('_').upper()} cannot be folded into the base: it is no change of a weight"
        raise NotImplementedError(what)

    def unmerge(self) -> None:
        raise NotImplementedError("nothing was folded in")


class WeightLayer(AdapterLayer):
    """On a linear map, the change of its weight (and bias): what can be folded into the base."""

    def delta_weight(self, adapter: str) -> Tensor:
        """Return the change of the weight [out, in]."""
        raise NotImplementedError

    def delta_bias(self, adapter: str) -> Tensor | None:
        """Return the change of the bias [out], None for none."""
        return None

    def merge(self, safe_merge: bool = False, adapter_names: Sequence[str] | None = None) -> None:
        """Fold active adapters into the base's weight. Raises ValueError, with safe_merge, for a weight that would not be finite."""
        for adapter in adapter_names or self.active_adapters:
            if adapter in self.weights and adapter not in self.merged_adapters:
                self._fold(adapter, 1, safe_merge)
                self.merged_adapters.append(adapter)

    def unmerge(self) -> None:
        """Take folded adapters out again; exact up to rounding."""
        while self.merged_adapters:
            self._fold(self.merged_adapters.pop(), -1, False)

    def _fold(self, adapter: str, sign: int, safe: bool) -> None:
        weight, delta = self.get_base_weight(), self.delta_weight(adapter).detach()
        turned = delta.T if is_transposed(self.get_base_layer()) else delta
        folded = (weight.float() + sign * turned.float()).to(weight.dtype)
        if safe and not bool(folded.isfinite().all()):
            raise ValueError(f"folding in {adapter} would leave weights that are not finite")
        self.set_base_weight(folded)
        if (bias := self.delta_bias(adapter)) is not None:
            base = self.get_base_layer()
            old = base.bias.data  # type: ignore[union-attr]
            base.bias.data = (old.float() + sign * bias.detach().float()).to(old.dtype)  # type: ignore[union-attr]


def is_transposed(layer: nn.Module) -> bool:
    """Whether a linear map stores its weight as [in, out] (GPT-2's Conv1D)."""
    return type(layer).__name__ == "Conv1D"


def sizes_of(layer: nn.Module) -> tuple[int, int]:
    """Return the outputs and inputs of a linear map, however its weight is stored (quantised ones are packed)."""
    if is_transposed(layer):
        inputs, outputs = layer.weight.shape  # type: ignore[union-attr,misc]
        return int(outputs), int(inputs)
    return int(layer.out_features), int(layer.in_features)  # type: ignore[arg-type]
