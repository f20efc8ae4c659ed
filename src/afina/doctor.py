"""What afina finds on this machine, each with what to do about it. Later parts add their checks to CHECKS."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

NEEDED = ("torch", "transformers", "peft", "accelerate", "safetensors", "tokenizers", "pydantic")
SHOWN_ENVIRONMENT = (
    "HF_HOME",
    "HF_HUB_OFFLINE",
    "HF_ENDPOINT",
    "CUDA_VISIBLE_DEVICES",
    "OMP_NUM_THREADS",
    "TOKENIZERS_PARALLELISM",
    "NO_COLOR",
)
LEAST_FREE_DISK = 2 * 2**30


@dataclass(frozen=True)
class Check:
    name: str
    state: Literal["ok", "note", "problem"]
    found: str
    fix: str = ""


def python_and_libraries(folder: Path) -> list[Check]:
    checks = [Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")]
    for name in NEEDED:
        try:
            checks.append(Check(name, "ok", importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            checks.append(Check(name, "problem", "not installed", "make setup"))
    return checks


def device(folder: Path) -> list[Check]:
    from afina.plan.machine import look

    machine = look(folder, "auto")
    memory = f"{machine.usable_bytes / 2**30:.1f} GiB usable"
    what = f"{machine.device_name}, {machine.n_cores} core{'s' if machine.n_cores != 1 else ''}, {memory}{', bf16' if machine.bf16 else ''}"
    if machine.device == "cpu" and shutil.which("nvidia-smi"):
        return [Check("device", "problem", f"{what}; a GPU is there but torch cannot use it", "install a CUDA build of torch")]
    return [Check("device", "ok", what)]


def disk(folder: Path) -> list[Check]:
    place = folder if folder.exists() else Path()
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        return [Check("disk", "problem", f"{place.resolve()} is not writable", "output.dir=FOLDER")]
    state = "ok" if free >= LEAST_FREE_DISK else "problem"
    return [Check("disk", state, f"{free / 2**30:.1f} GiB free in {place.resolve()}", "" if state == "ok" else "free some space")]


def embedded_model(folder: Path) -> list[Check]:
    from afina.errors import AfinaError
    from afina.models.facts import facts_from_config, read_config
    from afina.models.locate import locate
    from afina.recipe.schema import ModelSpec

    try:
        found = locate(ModelSpec(path="nano"))
    except AfinaError as error:
        return [Check("nano", "problem", error.what, error.fix)]
    facts = facts_from_config(read_config(found.body))
    return [Check("nano", "ok", f"{facts.n_params / 1e6:.2f} M parameters, {found.fingerprint[:12]}")]


def environment(folder: Path) -> list[Check]:
    said = [f"{name}={os.environ[name]}" for name in SHOWN_ENVIRONMENT if name in os.environ]
    token = ["HF_TOKEN=(set)"] if os.environ.get("HF_TOKEN") else []
    return [Check("environment", "note" if said or token else "ok", ", ".join(said + token) or "nothing that changes afina")]


CHECKS: list[Callable[[Path], list[Check]]] = [python_and_libraries, device, disk, embedded_model, environment]


def examine(folder: Path) -> list[Check]:
    """Run every check; `folder` is where runs go."""
    return [check for examination in CHECKS for check in examination(folder)]
