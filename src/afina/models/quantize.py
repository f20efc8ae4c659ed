"""A frozen base in 4 or 8 bits: the linear maps of the body's layers. Embeddings, norms, biases and heads keep their precision.

An adapter that was trained on such a base says so in its folder (`base.json`): it is put on the same base again.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from afina.errors import MachineError
from afina.types import ModelFacts

if TYPE_CHECKING:
    from torch import nn

Quantize = Literal["none", "nf4", "int8"]
NAMES: tuple[Quantize, ...] = ("none", "nf4", "int8")
BASE = "base.json"
FLAGS: dict[Quantize, str] = {"nf4": "is_loaded_in_4bit", "int8": "is_loaded_in_8bit"}
"""What peft asks a model for before it puts its own types on such layers."""


def require_bitsandbytes(where: str) -> None:
    """Raise MachineError E010 when the library that packs weights is not installed. Imports nothing."""
    if importlib.util.find_spec("bitsandbytes") is None:
        what = "weights in 4 or 8 bits are read by bitsandbytes, which is not installed"
        raise MachineError("E010", what, where=where, fix='pip install "bitsandbytes", or model.quantize=none')


def quantise(model: nn.Module, facts: ModelFacts, how: Quantize, precision: str, device: str) -> nn.Module:
    """Pack the weights of the body's linear maps in place, one by one on `device`, and return the model. how: none changes nothing.

    precision: what products run in. Raises MachineError E010 without bitsandbytes.
    """
    if how == "none":
        return model
    require_bitsandbytes("model.quantize")
    import torch

    from afina.models.packed import packed

    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
    for path in facts.linears:
        parent, _, name = path.rpartition(".")
        owner = model.get_submodule(parent)
        setattr(owner, name, packed(getattr(owner, name), how, dtype, device))
    setattr(model, FLAGS[how], True)
    return model


def quantisation_of(model: Any) -> Quantize:
    """Return how the frozen weights of a model (bare, or wrapped by peft) are packed."""
    bare = model.get_base_model() if hasattr(model, "get_base_model") else model
    found: list[Quantize] = [name for name, flag in FLAGS.items() if getattr(bare, flag, False)]
    return found[0] if found else "none"


def write_base(model: Any, folder: Path) -> None:
    """Say in an adapter's folder how its base was packed; a base in whole numbers needs no word."""
    how = quantisation_of(model)
    if how != "none":
        (folder / BASE).write_text(json.dumps({"quantize": how}) + "\n", encoding="utf-8")


def base_of(adapter: Path) -> Quantize:
    """Return how the base of an adapter was packed in its training. Raises MachineError A001 for a word that is unknown."""
    file = adapter / BASE
    if not file.is_file():
        return "none"
    try:
        named = json.loads(file.read_text(encoding="utf-8"))["quantize"]
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(file, "it cannot be read") from error
    if named not in NAMES:
        raise _unreadable(file, f"{named!r} is none of {', '.join(NAMES)}")
    return named


def _unreadable(file: Path, why: str) -> MachineError:
    return MachineError("A001", f"how the base of this adapter was stored is not known: {why}", where=str(file), fix="copy the run again")
