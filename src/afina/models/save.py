"""The trained result of a run, written so that its folder is whole or absent, and loads with transformers and peft alone."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from pathlib import Path

import torch
from peft import PeftModel
from safetensors import SafetensorError
from torch import Tensor, nn

from afina.errors import DiskError, DivergedError
from afina.models import adapters, numbers
from afina.models.locate import Located
from afina.models.quiet import quiet
from afina.run import Run

TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt",
    "tokenizer.model", "chat_template.jinja", "chat_template.json",
)  # fmt: skip


def save_trained(model: nn.Module, run: Run, base: Located, is_adapter: bool) -> Path:
    """Write the run's adapter/ (peft's format) or model/ (transformers' format) with the tokenizer's files; return the folder.

    A head for numbers says them in the units of the file from then on. A model with weights in several precisions is written in fp32:
    nothing that was trained is rounded. Raises DivergedError N002 when a weight is not finite, DiskError I001 or I003 when the disk does
    not take it; the run has no half-written result in any case.
    """
    numbers.fold(model)
    tensors = adapters.tensors_of(model) if isinstance(model, PeftModel) and is_adapter else model.state_dict()
    _check_finite(tensors, run)
    target = run.path / ("adapter" if is_adapter else "model")
    staging = run.path / f".staging-{uuid.uuid4().hex}"
    try:
        staging.mkdir()
        for name in TOKENIZER_FILES:
            if (base.folder / name).is_file():
                shutil.copyfile(base.folder / name, staging / name)
        if is_adapter:
            assert isinstance(model, PeftModel)
            adapters.write(model, tensors, base, _labels(model), staging)
        else:
            _write_whole(model, tensors, staging)
        _publish(staging, target)
    except (OSError, SafetensorError) as error:
        raise _disk_error(error, run, tensors) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target


def _labels(model: PeftModel) -> tuple[str, ...]:
    """The class names that `build` put into the config; () for a language model."""
    bare = model.get_base_model()
    named: dict[int, str] = bare.config.id2label  # type: ignore[union-attr,assignment]
    return tuple(named[i] for i in sorted(named)) if type(bare).__name__.endswith("Classification") else ()


def _write_whole(model: nn.Module, tensors: dict[str, Tensor], staging: Path) -> None:
    mixed = len({tensor.dtype for tensor in tensors.values() if tensor.is_floating_point()}) > 1
    dtype = model.config.dtype  # type: ignore[union-attr]
    with quiet():
        model.save_pretrained(str(staging), state_dict=_in_fp32(tensors) if mixed else tensors)  # type: ignore[operator]
        if mixed:
            model.config.dtype = "float32"  # type: ignore[union-attr]
            model.config.save_pretrained(str(staging))  # type: ignore[union-attr,operator]
            model.config.dtype = dtype  # type: ignore[union-attr]


def _in_fp32(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Convert each tensor once, so that tied weights stay one tensor under two names."""
    done: dict[int, Tensor] = {}
    return {
        name: done.setdefault(tensor.data_ptr(), tensor.float()) if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }


def _check_finite(tensors: dict[str, Tensor], run: Run) -> None:
    once = {tensor.data_ptr(): name for name, tensor in reversed(tensors.items()) if tensor.is_floating_point()}  # tied ones under one name
    broken = {name: int((~torch.isfinite(tensors[name])).sum()) for name in once.values()}
    broken = {name: n for name, n in broken.items() if n}
    if broken:
        name, n = next(iter(broken.items()))
        what = f"not saved: {sum(broken.values())} trained values in {len(broken)} tensors are not finite ({n} in {name})"
        raise DivergedError("N002", what, where=str(run.path), fix="train.learning_rate= a tenth of this one, with --new")


def _publish(staging: Path, target: Path) -> None:
    """Make every byte durable, then give the folder its name; an older result is moved away first."""
    for file in staging.iterdir():
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
    _sync(staging)
    if target.exists():
        old = target.with_name(f".staging-{uuid.uuid4().hex}")
        os.rename(target, old)
        shutil.rmtree(old, ignore_errors=True)
    os.rename(staging, target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk_error(error: Exception, run: Run, tensors: dict[str, Tensor]) -> DiskError:
    again = "then run the same command again: it continues from the newest checkpoint"
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    if full:
        needed = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values()) / 2**20
        free = shutil.disk_usage(run.path).free / 2**20
        what = f"disk full: the trained model needs {needed:.1f} MiB, {free:.1f} MiB free. The checkpoints are safe"
        return DiskError("I001", what, where=str(run.path), fix=f"free some space, {again}")
    return DiskError("I003", f"cannot write the trained model: {error}", where=str(run.path), fix=f"make the folder writable, {again}")
