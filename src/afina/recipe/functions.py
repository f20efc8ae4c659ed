"""Functions that a recipe names by where they are: `FILE.py:function` or `package.module:function`."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from afina.errors import UsageError


def is_function(name: str) -> bool:
    """Whether a name says where a function is."""
    return ":" in name


def function_named(name: str) -> Callable[..., Any]:
    """Return the function that a name says. Raises UsageError V007 where there is none, or its file cannot be run."""
    place, _, function_name = name.rpartition(":")
    module = _module(place)
    function = getattr(module, function_name, None)
    if callable(function):
        return function
    known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
    what = f'{place} has no function "{function_name}"' + (f"; it has {', '.join(known[:6])}" if known else "")
    fix = f"eval.metric={place}:{known[0]}" if known else f"write it in {place}: def {function_name}(got, wanted) -> float"
    raise UsageError("V007", what, where="eval.metric", fix=fix)


def source_sha256(name: str) -> str:
    """Return the SHA-256 of the file that a named function is in; "" for one without a file. Raises as `function_named`."""
    file = _module(name.rpartition(":")[0]).__file__
    return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""


def sources_of(names: Sequence[str]) -> dict[str, str]:
    """Return name -> SHA-256 of the source, of those names that say where a function is."""
    return {name: source_sha256(name) for name in names if is_function(name)}


def _module(place: str) -> ModuleType:
    """Run a file, or import a module, which may lie in the working folder."""
    is_file = place.endswith(".py")
    if is_file and not Path(place).is_file():
        fix = "eval.metric=FILE.py:function, the path as seen from this folder"
        raise UsageError("V007", f"there is no file {place}", where="eval.metric", fix=fix)
    try:
        return _run(Path(place).resolve(), Path(place).read_bytes()) if is_file else _imported(place)
    except (Exception, SystemExit) as error:
        what = f"{place} cannot be loaded: {type(error).__name__}: {error}"
        fix = f"mend it until this works: python {place}" if is_file else "eval.metric=FILE.py:function, or pip install the package"
        raise UsageError("V007", what, where="eval.metric", fix=fix) from error


@lru_cache
def _run(path: Path, content: bytes) -> ModuleType:
    """content: what the file holds now; one that was edited since is run again."""
    spec = importlib.util.spec_from_file_location(f"afina_function_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _imported(place: str) -> ModuleType:
    sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(place)
    finally:
        sys.path.pop(0)
