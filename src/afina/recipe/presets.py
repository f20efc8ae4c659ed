"""Presets: names for settings that belong together. `method=dora` is `method=lora method.use_dora=true`; recipe.lock holds what it means.

A preset is written where a method's name is. Keys beside it win over its own, and so do those of later layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afina.registry import Registry


@dataclass(frozen=True)
class Preset:
    """what: one line. paper: where it is from. settings: whole keys -> their values, the method's name among them."""

    what: str
    paper: str
    settings: Mapping[str, Any]


PRESETS: Registry[Preset] = Registry("preset")


def _lora(name: str, what: str, paper: str, **settings: Any) -> None:
    keys = {key if "." in key else f"method.{key}": value for key, value in settings.items()}
    PRESETS.register(name)(Preset(what, f"https://arxiv.org/abs/{paper}", {"method.name": "lora", **keys}))


_lora("qlora", "LoRA on every linear map of a base in 4 bits.", "2305.14314", target_modules="all-linear", **{"model.quantize": "nf4"})
_lora("dora", "LoRA that learns the length of each row of the changed weight apart from its direction.", "2402.09353", use_dora=True)
_lora("rslora", "LoRA scaled by the root of its rank, so that large ranks learn too.", "2312.03732", use_rslora=True)
_lora("pissa", "LoRA that begins as the main part of the base's own weights.", "2404.02948", init="pissa")
_lora("olora", "LoRA that begins as the first columns of the base's QR decomposition.", "2406.01775", init="olora")
_lora("loftq", "LoRA that begins as what 4 bits lost of the base.", "2310.08659", init="loftq", **{"model.quantize": "nf4"})
_lora("eva", "LoRA that begins with the main directions of what each map reads.", "2410.07170", init="eva")
_lora("lora_plus", "LoRA whose second matrix learns 16 times as fast as its first.", "2402.12354", learning_rate_ratio=16.0)
