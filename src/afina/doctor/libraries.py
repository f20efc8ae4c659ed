"""Python and the libraries: the versions installed against those that afina needs and those that it is tested with."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from afina.doctor.base import Check, fail, ok, warn

SHOWN = ("torch", "transformers", "peft", "accelerate", "safetensors", "tokenizers", "pydantic")
"""Shown when all is well; the other libraries are when something is wrong."""
PINS = Path(__file__).parents[1] / "constraints.txt"
PINS_OF_SOURCE = Path(__file__).parents[3] / "constraints.txt"


def python(folder: Path) -> list[Check]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    checks = [ok("python", found)]
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        checks = [warn("python", f"{found}: afina is tested with 3.11 to 3.13", "python3.12 -m venv .venv")]
    if sys.getfilesystemencoding().lower() != "utf-8":
        checks.append(warn("encoding", f"file names and output are {sys.getfilesystemencoding()}", "export PYTHONUTF8=1"))
    return checks


def needed(folder: Path) -> list[Check]:
    """Each required library: missing or too old fails, another than the tested release is said."""
    return [check for text in importlib.metadata.requires("afina") or () for check in _library(Requirement(text))]


def _library(requirement: Requirement) -> list[Check]:
    if requirement.marker and not requirement.marker.evaluate():
        return []
    name, command = requirement.name, f'pip install "{requirement.name}{requirement.specifier}"'
    try:
        version = Version(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return [fail(name, "not installed", command)]
    if not requirement.specifier.contains(version, prereleases=True):
        return [fail(name, f"{version}, and afina needs {requirement.specifier}", command)]
    pinned = tested().get(name.lower())
    if pinned and version.release[:2] != pinned.release[:2]:
        return [warn(name, f"{version}; afina is tested with {pinned}", f"pip install {name}=={pinned}, if something is odd")]
    return [ok(name, str(version))] if name in SHOWN else []


def tested() -> dict[str, Version]:
    """The versions that the tests run with: the pins beside the installed package, or in the source tree."""
    file = next((path for path in (PINS, PINS_OF_SOURCE) if path.is_file()), None)
    lines = file.read_text(encoding="utf-8").splitlines() if file else []
    pins = (line.partition("==") for line in lines if "==" in line and not line.startswith("#"))
    return {name.strip().lower(): Version(version.strip()) for name, _, version in pins}


def optional(folder: Path) -> list[Check]:
    """Libraries behind a recipe key: which are there, and what installs the others."""
    from afina.optimizers import OPTIMIZERS
    from afina.trackers import TRACKERS

    trackers = {TRACKERS[name].module: TRACKERS[name].package for name in TRACKERS}
    traits = (OPTIMIZERS[name].traits for name in OPTIMIZERS)
    optimizers = {trait.module: trait.package for trait in traits if trait.module}
    return [_optional("output.track", trackers), _optional("train.optimizer", optimizers)]


def _optional(key: str, packages: dict[str, str]) -> Check:
    there = [package for module, package in packages.items() if importlib.util.find_spec(module)]
    absent = [package for package in packages.values() if package not in there]
    missing = f"; not installed: pip install {' '.join(absent)}" if absent else ""
    return ok(key, f"optional: {', '.join(there) or 'none'}{missing}")


def openmp(folder: Path) -> list[Check]:
    """Two OpenMP runtimes of different makers in one process crash or hang it, and the switch that silences this hides wrong results."""
    checks: list[Check] = []
    if os.environ.get("KMP_DUPLICATE_LIB_OK", "").upper() in ("TRUE", "1"):
        found = "KMP_DUPLICATE_LIB_OK lets two OpenMP runtimes run at once, which its makers say may give wrong results"
        checks.append(warn("openmp", found, "unset KMP_DUPLICATE_LIB_OK, and install torch and scikit-learn both by pip or both by conda"))
    makers = {_maker(path) for path in loaded_openmp()} - {""}
    if len(makers) > 1:
        found = f"{' and '.join(sorted(makers))} are loaded by one process"
        checks.append(warn("openmp", found, "install torch and scikit-learn both by pip or both by conda"))
    return checks


def loaded_openmp() -> list[str]:
    """The OpenMP libraries that torch and scikit-learn bring into one process."""
    import sklearn  # noqa: F401
    import torch  # noqa: F401
    from threadpoolctl import threadpool_info

    return [str(pool["filepath"]) for pool in threadpool_info() if pool["user_api"] == "openmp"]


def _maker(path: str) -> str:
    name = Path(path).name
    makers = {"libgomp": "GNU's libgomp", "libiomp": "Intel's libiomp", "libomp": "LLVM's libomp", "vcomp": "Microsoft's vcomp"}
    return next((maker for start, maker in makers.items() if name.startswith(start)), "")
