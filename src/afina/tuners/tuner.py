"""The tuner of all types of ours: puts their layers on a model, routes rows, names tensors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from peft.tuners.tuners_utils import BaseTuner
from peft.utils.other import ModulesToSaveWrapper
from torch import nn

from afina.tuners.layer import AdapterLayer


class Tuner(BaseTuner):
    """Wraps each target in the layer of its type. What the layers share, if anything, is "<prefix>shared.<adapter>" on the tuner."""

    prefix: str
    tuner_layer_cls: type[AdapterLayer]

    @staticmethod
    def shared(config: Any, model: nn.Module) -> nn.Module | None:
        """Return what the layers of an adapter share, None for nothing."""
        return None

    def inject_adapter(self, model: nn.Module, adapter_name: str, *args: Any, **kwargs: Any) -> None:
        """Makes what the layers share first; peft's own hook before this is not called for a second adapter."""
        if not hasattr(self, f"{self.prefix}shared"):
            setattr(self, f"{self.prefix}shared", nn.ModuleDict())
        config = self.peft_config[adapter_name]
        shared = self.shared(config, model)
        if shared is not None:
            getattr(self, f"{self.prefix}shared")[adapter_name] = shared.requires_grad_(not config.inference_mode)
        super().inject_adapter(model, adapter_name, *args, **kwargs)

    def _create_and_replace(
        self, peft_config: Any, adapter_name: str, target: nn.Module, target_name: str, parent: nn.Module, current_key: str, **kwargs: Any
    ) -> None:
        if isinstance(target, self.tuner_layer_cls):
            target.update_layer(adapter_name, peft_config)
            return
        made = self.tuner_layer_cls(target, getattr(self, f"{self.prefix}shared"))
        made.update_layer(adapter_name, peft_config)
        setattr(parent, target_name, made)

    def _replace_module(self, parent: nn.Module, child_name: str, new_module: nn.Module, child: nn.Module) -> None:
        """Called to take layers off again. peft's own expects a module with a weight; ours also stand on whole blocks and bodies."""
        setattr(parent, child_name, new_module)

    def _mark_only_adapters_as_trainable(self, model: nn.Module) -> None:
        super()._mark_only_adapters_as_trainable(model)
        for adapter, shared in getattr(self, f"{self.prefix}shared").items():
            shared.requires_grad_(adapter in self.active_adapters and not self.peft_config[adapter].inference_mode)

    def set_adapter(self, adapter_name: str | list[str], inference_mode: bool = False) -> None:
        super().set_adapter(adapter_name, inference_mode=inference_mode)
        names = [adapter_name] if isinstance(adapter_name, str) else adapter_name
        for adapter, shared in getattr(self, f"{self.prefix}shared").items():
            shared.requires_grad_(adapter in names and not inference_mode)

    def delete_adapter(self, adapter_name: str) -> None:
        super().delete_adapter(adapter_name)
        shared = getattr(self, f"{self.prefix}shared")
        if adapter_name in shared:
            del shared[adapter_name]

    @contextmanager
    def _enable_peft_forward_hooks(self, *args: Any, **kwargs: Any) -> Iterator[None]:
        """peft's way to answer each row of a batch by its own adapter, heads included: `model(..., adapter_names=[...])`."""
        names: Sequence[str] = kwargs.pop("adapter_names", None) or ()

        heads = [module for module in self.modules() if isinstance(module, ModulesToSaveWrapper)] if names else []
        hooks = [head.register_forward_hook(partial(_by_row, names), with_kwargs=True) for head in heads]
        try:
            with rows_by(self, names):
                yield
        finally:
            for hook in hooks:
                hook.remove()

    @classmethod
    def _remove_adapter_name_from_key(cls, key: str, adapter_name: str) -> str:
        """The weights of an adapter are a module: its name stands in the middle of a tensor's."""
        own = rf"(\b{cls.prefix}(?:weights|shared))\.{re.escape(adapter_name)}\."
        return re.sub(own, r"\1.", key, count=1)


def _by_row(names: Sequence[str], head: ModulesToSaveWrapper, inputs: tuple[Any, ...], options: dict[str, Any], output: Any) -> Any:
    """What a head that each adapter has its own of says of each row; peft itself can do that for single layers only, not for a pooler."""
    said = output.clone()
    for name in dict.fromkeys(names):
        own = head.modules_to_save[name] if name in head.modules_to_save else head.original_module  # noqa: SIM401 (no dict)
        rows = [row for row, other in enumerate(names) if other == name]
        said[rows] = own(*(value[rows] for value in inputs), **options)
    return said


@contextmanager
def rows_by(model: nn.Module, names: Sequence[str]) -> Iterator[None]:
    """Inside, row i of each batch passes the adapter names[i] ("__base__": none) instead of the active ones; () changes nothing.

    Raises ValueError for a name that no layer has.
    """
    layers = [module for module in model.modules() if isinstance(module, AdapterLayer)]
    unknown = {name for name in names if name != "__base__" and not any(name in layer.weights for layer in layers)}
    if unknown:
        raise ValueError(f"no adapter is called {', '.join(sorted(unknown))}")
    for layer in layers:
        layer.rows = tuple(names)
    try:
        yield
    finally:
        for layer in layers:
            layer.rows = ()
