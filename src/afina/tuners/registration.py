"""New types of adapter in peft: a member of its enum, then its own registration.

peft has no way in for types from outside, and its enum with members cannot be subclassed, so a member is added in place. A type of ours is
called AFINA_<NAME>: no later peft can mean another by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from peft import LoraConfig
from peft.config import PeftConfig
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING
from peft.utils.peft_types import PeftType, register_peft_method

from afina.tuners.layer import AdapterLayer
from afina.tuners.tuner import Tuner


@dataclass
class TargetedConfig(PeftConfig):
    """The config of an adapter on modules named by `target_modules`, whole paths or their ends, with heads that are trained whole."""

    target_modules: list[str] | str | None = field(default=None)
    modules_to_save: list[str] | None = field(default=None)


def as_lora(config: PeftConfig, **settings: Any) -> dict[str, Any]:
    """Return the config of a plain LoRA on the same modules, for types that are written as one. settings: what LoraConfig takes besides."""
    shared = ("base_model_name_or_path", "revision", "task_type", "inference_mode", "target_modules", "modules_to_save", "fan_in_fan_out")
    return LoraConfig(**{key: getattr(config, key) for key in shared}, **settings).to_dict()


def register(name: str, config: type[TargetedConfig], layer: type[AdapterLayer], tuner: type[Tuner] = Tuner) -> None:
    """Make a type of adapter known to peft as AFINA_<NAME>; its tensors stand under "<module>.afina_<name>_weights".

    Registering again does nothing. Sets the config's peft_type and the layer's names.
    """
    kind = _member(f"AFINA_{name.upper()}")
    layer.prefix = f"afina_{name}_"
    layer.adapter_layer_names = (f"{layer.prefix}weights",)
    config.__post_init__ = _typed(kind, config.__post_init__)  # type: ignore[method-assign]
    if kind in PEFT_TYPE_TO_CONFIG_MAPPING:
        return
    made = type(
        f"{name.title().replace('_', '')}Tuner", (tuner,), {"prefix": layer.prefix, "tuner_layer_cls": layer, "__doc__": layer.__doc__}
    )
    register_peft_method(name=f"afina_{name}", config_cls=config, model_cls=made)


def _typed(kind: PeftType, before: Any) -> Any:
    def post_init(config: TargetedConfig) -> None:
        before(config)
        config.peft_type = kind
        if isinstance(config.target_modules, list):
            config.target_modules = set(config.target_modules)  # type: ignore[assignment]

    return post_init


def _member(name: str) -> PeftType:
    """Return peft's type of that name, added to its enum where it is not there."""
    known: dict[str, PeftType] = PeftType._member_map_  # type: ignore[assignment]
    if name in known:
        return known[name]
    member = str.__new__(PeftType, name)
    member._name_ = member._value_ = name
    member.__objclass__ = PeftType  # type: ignore[attr-defined]
    member._sort_order_ = len(known)  # type: ignore[attr-defined]
    PeftType._member_names_.append(name)
    known[name] = member
    PeftType._value2member_map_[name] = member
    if hasattr(PeftType, "_hashable_values_"):  # Python 3.13
        PeftType._hashable_values_.append(name)  # type: ignore[attr-defined]
    type.__setattr__(PeftType, name, member)
    return member
