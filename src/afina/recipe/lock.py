"""recipe.lock: the recipe with every `auto` settled, what it was run on, and why. Enough to train the same weights again."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

from afina.errors import AfinaError, UsageError
from afina.recipe import yaml12
from afina.recipe.dump import as_values
from afina.recipe.emit import block
from afina.recipe.identity import flat
from afina.recipe.keys import leaf_at
from afina.recipe.schema import Recipe
from afina.recipe.values import problem
from afina.types import Notice

PACKAGES = ("afina", "torch", "transformers", "peft", "tokenizers", "safetensors", "numpy")
FORMAT = 1
FOUND_IN_FILE = frozenset(
    {"data.encoding", "data.separator", "data.header", "data.template", "data.validation", "data.test", "data.keep_together"}
)
"""Keys that may stay `auto`: what they mean follows from the file and the tokenizer alone, whose hashes the lock holds."""


def lock_text(
    recipe: Recipe,
    *,
    data_sha256: str,
    model_fingerprint: str,
    template_sha256: str,
    notices: Sequence[Notice],
    versions: Mapping[str, str] | None = None,
    threads: int | None = None,
    beside: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the lock of a settled recipe as YAML. The same inputs on the same machine give the same bytes: it holds no time.

    versions: default `installed_versions()`. threads: default, the CPUs this process may use. beside: role -> fingerprint of the frozen
    models that the objective asks too.
    Raises AfinaError R013 when a key is still `auto`.
    """
    if left := unsettled(recipe):
        raise AfinaError("R013", f"{', '.join(left)} still auto", where="recipe.lock", fix="report this: the plan must settle every key")
    document: dict[str, Any] = {
        "format": FORMAT,
        "recipe": as_values(recipe),
        "sha256": {"data": data_sha256, "model": model_fingerprint, "template": template_sha256, **beside},
        "versions": dict(installed_versions(recipe.train.optimizer.traits.package) if versions is None else versions),
        "platform": {"system": platform.platform(), "machine": platform.machine(), "threads": threads or usable_cpus()},
        "reasons": [{"what": notice.what, "why": notice.why, "key": notice.key, "level": notice.level} for notice in notices],
    }
    return "\n".join(["# Written by afina: do not edit. afina reproduce trains from it again.", *block(document)]) + "\n"


def read_lock(path: Path) -> dict[str, Any]:
    """Return what a lock holds; `load(None, values=read_lock(path)["recipe"])` gives its recipe.

    Raises UsageError R006 for damaged text, R009 for a file that cannot be opened or is no lock of this version.
    """
    values = yaml12.read_file(path).values
    if values.get("format") != FORMAT or not isinstance(values.get("recipe"), dict):
        found = f"its format is {values['format']}" if "format" in values else "it is not a lock file"
        raise UsageError("R009", f"{found}; this version reads format {FORMAT}", where=str(path), fix="name the recipe.lock of a run")
    return values


def unsettled(recipe: Recipe) -> list[str]:
    """Return the keys that are `auto` where `auto` means that the plan decides."""
    left: list[str] = []
    for key, value in flat(recipe).items():
        leaf = leaf_at(tuple(key.split(".")))
        is_free_text = leaf is not None and leaf.default != "auto" and problem("any text", leaf.schema) is None
        if value == "auto" and not is_free_text and key not in FOUND_IN_FILE:
            left.append(key)
    return left


def installed_versions(of_optimizer: str = "") -> dict[str, str]:
    """Return python's and the packages' versions without importing them; "" for what is not installed. of_optimizer: one package more."""
    found = {"python": platform.python_version()}
    for name in (*PACKAGES, of_optimizer) if of_optimizer else PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
