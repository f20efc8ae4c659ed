"""Checkpoints that survive a kill or a power cut at any moment.

Write into a staging folder, fsync every file, write a SHA-256 manifest, fsync the folder, rename, fsync the parent; only then remove old
ones. A folder called step-N is therefore whole or absent, and what a failing disk does to it later the manifest shows.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from afina.errors import DiskError
from afina.training.state import TrainState, load_weights

FORMAT = 1
MANIFEST = "manifest.json"
AVERAGED = "averaged.safetensors"
"""The weights that are evaluated and kept, where they are not those that move."""
REMEMBERED = "method.safetensors"
"""What the method keeps from step to step beside weights, where it keeps something."""


def save(folder: Path, state: TrainState, keep: int) -> Path:
    """Write `folder`/step-N and remove older ones, the last `keep` and the best excepted.

    Raises DiskError I001 with the bytes needed when the disk is full; earlier checkpoints are untouched.
    """
    progress = state.progress
    target = folder / f"step-{progress.step}"
    if target.is_dir() and damage(target) is None:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    staging = folder / f".staging-{uuid.uuid4().hex}"
    try:
        staging.mkdir()
        _write(staging, state)
        seal(staging)
        if target.exists():  # left by an earlier life and damaged, else we would have returned above
            shutil.rmtree(target)
        os.rename(staging, target)
        _sync_folder(folder)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise _disk_error(error, folder, state) from error
    rotate(folder, keep, {progress.best_step, *progress.averaged}, progress.step)
    return target


def _write(staging: Path, state: TrainState) -> None:
    save_file({name: tensor.contiguous().cpu() for name, tensor in state.trained_weights().items()}, staging / "weights.safetensors")
    save_file({name: tensor.contiguous().cpu() for name, tensor in state.optimizer_tensors().items()}, staging / "optimizer.safetensors")
    if state.average:
        with state.published():
            save_file({name: tensor.contiguous().cpu() for name, tensor in state.trained_weights().items()}, staging / AVERAGED)
    if remembered := state.remembered():
        save_file({name: tensor.contiguous().cpu() for name, tensor in remembered.items()}, staging / REMEMBERED)
    document = {
        "format": FORMAT,
        "progress": state.progress.to_json(),
        "scaler": state.scaler.state_dict(),
        "optimizer": state.optimizer_numbers(),
    }
    (staging / "state.json").write_text(json.dumps(document, indent=1), encoding="utf-8")


def load(path: Path, state: TrainState) -> None:
    """Put a verified checkpoint into `state`."""
    if (path / AVERAGED).is_file() != bool(state.average):
        raise ValueError(f"it {'holds no' if state.average else 'holds'} averaged weights")
    document: dict[str, Any] = json.loads((path / "state.json").read_text(encoding="utf-8"))
    state.load(
        load_file(path / "weights.safetensors"),
        load_file(path / "optimizer.safetensors"),
        document["progress"],
        document["scaler"],
        document.get("optimizer", {}),
        load_file(path / AVERAGED) if state.average else {},
        load_file(path / REMEMBERED) if (path / REMEMBERED).is_file() else {},
    )


def load_weights_of(path: Path, state: TrainState) -> None:
    """Put only a checkpoint's weights into the model, averaged ones where it has them: how the best one becomes the result."""
    load_weights(state.model, load_file(path / (AVERAGED if state.average else "weights.safetensors")))


def load_mean_of(paths: Sequence[Path], state: TrainState) -> None:
    """Put the mean of several checkpoints' weights into the model, added up in float64 (Vaswani et al. 2017, section 6.1)."""
    sums = {name: torch.zeros_like(tensor, dtype=torch.float64, device="cpu") for name, tensor in state.trained_weights().items()}
    for path in paths:
        for name, tensor in load_file(path / "weights.safetensors").items():
            sums[name] += tensor
    load_weights(state.model, {name: total / len(paths) for name, total in sums.items()})


def seal(folder: Path) -> None:
    """Fsync every file of the folder and write the manifest that makes it verifiable."""
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        files[path.name] = {"sha256": digest, "bytes": path.stat().st_size}
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, "files": files}, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(folder)


def damage(path: Path) -> str | None:
    """Return what is wrong with a checkpoint, or None when every byte is as written."""
    try:
        files = json.loads((path / MANIFEST).read_text(encoding="utf-8"))["files"]
        for name, wanted in files.items():
            file = path / name
            if not file.is_file():
                return f"{name} is missing"
            with file.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            if file.stat().st_size != wanted["bytes"] or digest != wanted["sha256"]:
                return f"{name} is damaged"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "it has no readable manifest"
    return None


def steps(folder: Path) -> list[tuple[int, Path]]:
    """The checkpoints of a run, oldest first."""
    if not folder.is_dir():
        return []
    found = ((re.fullmatch(r"step-(\d+)", path.name), path) for path in folder.iterdir())
    return sorted((int(match[1]), path) for match, path in found if match)


def newest(folder: Path) -> tuple[Path | None, list[str]]:
    """Return the newest checkpoint that verifies, as does its best; what was wrong with newer ones. Remove staging left by a crash."""
    for leftover in folder.glob(".staging-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    wrong: list[str] = []
    for step, path in reversed(steps(folder)):
        reason = damage(path) or _damage_of_kept(path, step)
        if reason is None:
            return path, wrong
        wrong.append(f"C001 checkpoint step-{step} is unusable: {reason}")
    return None, wrong


def _damage_of_kept(path: Path, step: int) -> str | None:
    """What is wrong with an older checkpoint that may become (part of) the result: going on from before it makes it again."""
    progress = json.loads((path / "state.json").read_text(encoding="utf-8"))["progress"]
    for kept, what in [(progress["best_step"], "the best one so far"), *((one, "one of the mean") for one in progress.get("averaged", []))]:
        reason = damage(path.with_name(f"step-{kept}")) if kept not in (0, step) else None
        if reason:
            return f"{what}, step-{kept}, is damaged: {reason}"
    return None


def rotate(folder: Path, keep: int, needed: set[int], step: int) -> None:
    """Remove all checkpoints but the newest `keep` up to `step` and the needed. Later ones are damaged: the run went back beyond them."""
    kept = {number for number, _ in steps(folder) if number <= step}
    kept = {*sorted(kept)[-keep:], *needed}
    for number, path in steps(folder):
        if number not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk_error(error: OSError, folder: Path, state: TrainState) -> DiskError:
    weights = list(state.trained_weights().values())
    tensors = [*weights, *(weights if state.average else ()), *state.optimizer_tensors().values()]
    needed = sum(tensor.numel() * tensor.element_size() for tensor in tensors) / 2**20
    free = shutil.disk_usage(folder).free / 2**20
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        what = f"disk full: a checkpoint needs {needed:.1f} MiB, {free:.1f} MiB free. Earlier checkpoints are safe"
        return DiskError("I001", what, where=str(folder), fix="free some space, then run the same command again: it continues")
    what = f"cannot write a checkpoint: {error.strerror or error}"
    return DiskError("I003", what, where=str(folder), fix="run the same command again: it continues from the newest whole checkpoint")
