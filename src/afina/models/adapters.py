"""Adapter folders in peft's format: put on a model, folded into it, written.

A file is used only when its tensors are exactly those that its config makes; peft itself also loads fewer, or weights of the base.
"""

from __future__ import annotations

import copy
import json
import warnings
from pathlib import Path
from typing import Any, Literal

import torch
from peft import PeftModel, get_peft_model_state_dict
from peft.utils.other import ModulesToSaveWrapper
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

import afina.tuners  # noqa: F401  an adapter of our own types is known to peft from here on
from afina.errors import MachineError
from afina.methods import HeadFacts
from afina.models import numbers
from afina.models.checks import check_adapter
from afina.models.facts import read_config
from afina.models.locate import Located
from afina.models.quantize import write_base
from afina.types import Head, Standard

WEIGHTS = "adapter_model.safetensors"
LABELS = "labels.json"
"""Class names of a classification adapter, in the order of its head's rows: peft's own files do not hold them."""
HEAD = "head.json"
"""What else they do not hold of a head: its `problem_type` in transformers' words, and the `regression_mean` to be added to a number."""
PROBLEM_TYPES: dict[Head, Literal["single_label_classification", "multi_label_classification", "regression"]] = {
    "classes": "single_label_classification",
    "labels": "multi_label_classification",
    "scalar": "regression",
}
"""transformers' words for the heads of a whole text."""


def head_of(folder: Path) -> tuple[HeadFacts, tuple[str, ...]]:
    """Return the head that an adapter was trained with, and the names of its classes."""
    task = read_config(folder, "adapter_config.json").get("task_type")
    if task not in ("SEQ_CLS", "TOKEN_CLS") and not (folder / LABELS).is_file():  # a type that brings its own head names no task to peft
        return HeadFacts("lm"), ()
    if (folder / LABELS).is_file():
        labels = tuple(json.loads((folder / LABELS).read_text(encoding="utf-8")))
    else:
        ends = (".score.weight", ".classifier.weight", ".classifier.out_proj.weight")
        heads = [tensor for name, tensor in _read(folder).items() if name.endswith(ends)]
        if len(heads) != 1:
            raise _mismatch(folder, "it classifies, but holds no class head")
        labels = tuple(f"LABEL_{i}" for i in range(len(heads[0])))
    if task == "TOKEN_CLS":
        return HeadFacts("tags", len(labels)), labels
    head = head_called(_described(folder).get("problem_type", "regression" if len(labels) == 1 else ""))
    return (HeadFacts("scalar"), ()) if head == "scalar" else (HeadFacts(head, len(labels)), labels)


def head_called(problem_type: object) -> Head:
    """Return the head that transformers calls so; "classes" for any other word, and for none."""
    found: list[Head] = [head for head, name in PROBLEM_TYPES.items() if name == problem_type]
    return found[0] if found else "classes"


def _described(folder: Path) -> dict[str, Any]:
    return json.loads((folder / HEAD).read_text(encoding="utf-8")) if (folder / HEAD).is_file() else {}


def put_on(model: nn.Module, folder: Path) -> PeftModel:
    """Return `model` with the adapter of a folder in place, frozen.

    Raises MachineError S003 for a hostile config; A001 when the file's tensors are not exactly those of the adapter (a file with other
    names could overwrite weights of the base, one with fewer would leave parts untrained), do not fit this model, or are not finite.
    """
    check_adapter(read_config(folder, "adapter_config.json"), str(folder))
    weights = _read(folder)
    broken = [name for name, tensor in weights.items() if not bool(torch.isfinite(tensor).all())]
    if broken:
        raise _mismatch(folder, f"{len(broken)} of its tensors hold values that are not numbers ({broken[0]})")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrapped = PeftModel.from_pretrained(model, str(folder), is_trainable=False, torch_device="cpu")  # type: ignore[arg-type]
            expected = get_peft_model_state_dict(wrapped, save_embedding_layers=False)
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        raise _mismatch(folder, (str(error).strip().splitlines() or [type(error).__name__])[0]) from error
    differing = sorted(expected.keys() ^ weights.keys())
    if differing:
        side = "too many" if differing[0] in weights else "missing"
        raise _mismatch(folder, f"{len(differing)} tensors are {side}: {', '.join(differing[:2])}")
    numbers.set_standard(wrapped, Standard(float(_described(folder).get(numbers.MEAN, 0.0))))
    return wrapped


def merged(wrapped: PeftModel) -> nn.Module:
    """Return the model alone, its adapter folded in and its trained head in place. Raises what peft does where that cannot be.

    Heads go first: some types of peft's put each module back as if it had a weight, and a pooler has none of its own.
    """
    for path, head in [(path, module) for path, module in wrapped.named_modules() if isinstance(module, ModulesToSaveWrapper)]:
        parent, _, name = path.rpartition(".")
        setattr(wrapped.get_submodule(parent), name, head.modules_to_save[head.active_adapters[0]])
    return wrapped.merge_and_unload()  # type: ignore[operator,return-value]


def folded(model: nn.Module, folder: Path) -> nn.Module:
    """Return `model` with the adapter of a folder added to its own weights, in their precision (fp32 when building).

    Raises MachineError A002 for a type of adapter that cannot be folded in; otherwise as `put_on`.
    """
    wrapped = put_on(model, folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return merged(wrapped)
    except (AttributeError, NotImplementedError, ValueError) as error:
        kind = read_config(folder, "adapter_config.json").get("peft_type")
        what = f"an adapter of type {kind} cannot be folded into its base, so training cannot go on from it"
        raise MachineError("A002", what, where=str(folder), fix="train from the base model") from error


def tensors_of(model: PeftModel) -> dict[str, Tensor]:
    """Return an adapter's own tensors under the names of its file. Nothing is asked of the hub."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return get_peft_model_state_dict(model, save_embedding_layers=False)


def write(model: PeftModel, tensors: dict[str, Tensor], base: Located, labels: tuple[str, ...], folder: Path) -> None:
    """Write adapter_model.safetensors and adapter_config.json, labels.json for a classifier, head.json where its head is another, base.json
    where its base is packed."""
    config = copy.deepcopy(model.peft_config["default"])
    config.base_model_name_or_path = base.name if base.kind == "hub" else str(base.folder)
    config.revision = base.revision or None
    config.inference_mode = True
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, folder / WEIGHTS, metadata={"format": "pt"})
    config.save_pretrained(str(folder))
    described: dict[str, Any] = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    for key in ("target_modules", "modules_to_save"):  # sets in peft: their order must not differ from run to run
        if isinstance(described.get(key), list):
            described[key] = sorted(described[key])
    (folder / "adapter_config.json").write_text(json.dumps(described, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if labels:
        (folder / LABELS).write_text(json.dumps(list(labels), ensure_ascii=False) + "\n", encoding="utf-8")
    write_base(model, folder)
    described = {"problem_type": getattr(model.get_base_model().config, "problem_type", None)}
    if described["problem_type"] in (PROBLEM_TYPES["labels"], PROBLEM_TYPES["scalar"]):
        mean = numbers.standard_of(model).mean
        described |= {numbers.MEAN: mean} if mean else {}
        (folder / HEAD).write_text(json.dumps(described) + "\n", encoding="utf-8")


def _read(folder: Path) -> dict[str, Tensor]:
    try:
        return load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise _mismatch(folder, f"{WEIGHTS} cannot be read: {error}") from error


def _mismatch(folder: Path, why: str) -> MachineError:
    return MachineError(
        "A001", f"this adapter does not fit its base model: {why}", where=str(folder), fix="use the base model it was trained on"
    )
