"""Where a model lies on this machine: the embedded one, a folder, a finished run, or the hub's cache. No torch; nothing is executed.

A model folder holds config.json, a tokenizer and safetensors. An adapter folder (adapter_config.json) stands on a base, located too.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from afina.errors import MachineError
from afina.models.checks import check_code, check_shards, check_weights, not_found
from afina.models.facts import read_config
from afina.recipe.schema import ModelSpec
from afina.run import Run, is_run

NANO = Path(__file__).parent.parent / "nano"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
HASHED_BYTES_MAX = 2 * 2**30
"""Larger local models are told apart by the names and sizes of their weight files: hashing them would take longer than planning."""
BASES_MAX = 8
"""Runs on runs on runs: a longer chain of adapters is a loop."""


@dataclass(frozen=True)
class Located:
    """A model on this disk.

    folder: what is loaded on top: the model, or the adapter with its tokenizer. base: what an adapter stands on.
    revision: commit of a hub model. fingerprint: equal when the weights and the tokenizer are.
    """

    folder: Path
    name: str
    kind: Literal["nano", "folder", "hub", "run"]
    fingerprint: str
    revision: str = ""
    base: Located | None = None

    @property
    def is_adapter(self) -> bool:
        return self.base is not None

    @property
    def body(self) -> Path:
        """The folder of the whole model at the bottom: its config.json says the sizes."""
        return self.base.body if self.base else self.folder


def locate(spec: ModelSpec) -> Located:
    """Return where the model of a recipe is, downloading it when it is a hub id that is not in the cache.

    Raises MachineError H001 (gated), H002 (not found), H003 (no such revision), S001 (ships program code), S002 (pickled weights);
    NetworkError H004 (no connection, or a broken one); UsageError U003 (a run that is not finished).
    """
    return _locate(spec, BASES_MAX)


def _locate(spec: ModelSpec, depth: int) -> Located:
    path = Path(spec.path).expanduser()
    weights = not spec.random_init
    if spec.path == "nano":
        return _embedded(weights)
    if path.is_dir():
        if spec.revision:
            raise MachineError(
                "H003", f'"{spec.path}" is a folder here, and folders have no revisions', where="model.revision", fix="model.revision="
            )
        return _local(path, spec.path, weights, depth)
    name, _, tagged = spec.path.partition("@")
    if path.exists() or not HUB_ID.fullmatch(name):
        raise not_found(
            spec.path, "is a file, not a model folder" if path.exists() else "is neither a folder here nor a hub id (owner/name)"
        )
    return _from_hub(name, tagged or spec.revision, weights, depth)


def _embedded(weights: bool) -> Located:
    missing = [
        name for name in ("config.json", "tokenizer.json", *(["model.safetensors"] if weights else [])) if not (NANO / name).is_file()
    ]
    if missing:
        what = f"the embedded model is not in this installation: {', '.join(missing)} missing"
        raise MachineError("H002", what, where=str(NANO), fix="reinstall afina, or model.path=FOLDER")
    return Located(NANO, "nano", "nano", fingerprint(NANO))


def _local(path: Path, name: str, weights: bool, depth: int) -> Located:
    kind: Literal["run", "folder"] = "run" if is_run(path) else "folder"
    folder = Run(path).trained if kind == "run" else path
    found = Located(folder.resolve(), name, kind, "")
    return dataclasses.replace(found, **_inspect(found.folder, weights, depth))


def _from_hub(name: str, revision: str, weights: bool, depth: int) -> Located:
    from afina.models.hub import fetch

    folder, commit = fetch(name, revision, weights)
    found = Located(folder, name, "hub", f"{name}@{commit}", commit)
    inspected = _inspect(folder, weights, depth, hashed=False)
    return dataclasses.replace(found, base=inspected["base"])


def _inspect(folder: Path, weights: bool, depth: int, hashed: bool = True) -> dict[str, object]:
    """Check a folder and return its `base` and `fingerprint`."""
    if (folder / "adapter_config.json").is_file():
        check_weights([file.name for file in folder.iterdir()], str(folder), "adapter_model")
        base = _base(folder, depth)
        return {"base": base, "fingerprint": _digest([fingerprint(folder), base.fingerprint]) if hashed else ""}
    config = read_config(folder)
    check_code(config, [file.name for file in folder.iterdir()], str(folder))
    if weights:
        check_weights([file.name for file in folder.iterdir()], str(folder))
        check_shards(folder)
    return {"base": None, "fingerprint": fingerprint(folder) if hashed else ""}


def _base(adapter: Path, depth: int) -> Located:
    """Return what an adapter stands on, as its adapter_config.json says."""
    config = read_config(adapter, "adapter_config.json")
    named = str(config.get("base_model_name_or_path") or "")
    if depth == 0 or not named:
        what = "its adapters stand on each other in a circle" if depth == 0 else "adapter_config.json names no base model"
        raise MachineError("H002", what, where=str(adapter), fix="write the base model into base_model_name_or_path")
    path = Path(named).expanduser()
    if not path.is_dir() and path.parts[-2:] == ("afina", "nano"):  # the embedded model of another installation
        return _locate(ModelSpec(path="nano"), depth - 1)
    if not path.is_dir() and not HUB_ID.fullmatch(named):
        what = f'the base model of this adapter, "{named}", is not there any more'
        raise MachineError("H002", what, where=str(adapter), fix="put it back, or edit base_model_name_or_path in adapter_config.json")
    return _locate(ModelSpec(path=named, revision="" if path.is_dir() else str(config.get("revision") or "")), depth - 1)


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of a model's config, tokenizer and weights; above 2 GiB the weights count by name and size only."""
    weights = sorted(folder.glob("*.safetensors"))
    small = sum(file.stat().st_size for file in weights) < HASHED_BYTES_MAX
    parts: list[str] = []
    for name in ("config.json", "adapter_config.json", "tokenizer.json"):
        if (folder / name).is_file():
            parts += [name, _hash(folder / name)]
    for file in weights:
        parts += [file.name, _hash(file) if small else str(file.stat().st_size)]
    return _digest(parts)


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
