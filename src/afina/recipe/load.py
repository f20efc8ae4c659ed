"""A recipe from a YAML file, a Python mapping and `key=value` words; later ones win, and all mistakes come at once.

loaded = load(Path("recipe.yaml"), ["learning_rate=1e-4"])
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from afina.errors import AfinaError, RecipeErrors
from afina.recipe.bundled import resolve
from afina.recipe.check import checked
from afina.recipe.merge import merged
from afina.recipe.schema import Recipe
from afina.recipe.sources import from_file, from_mapping, from_words
from afina.types import Notice


@dataclass(frozen=True)
class Loaded:
    """A recipe, what was read differently from how it was written, and where each given key was written.

    lines: "train.learning_rate" -> "recipe.yaml:7", the word of the command line, or "Python".
    """

    recipe: Recipe
    notices: tuple[Notice, ...]
    lines: Mapping[str, str]


def load(path: Path | str | None, overrides: Sequence[str] = (), values: Mapping[str, Any] | None = None) -> Loaded:
    """Return the recipe of a file (or a name of afina recipes list), then `values` (nested, dotted or short), then `key=value` words.

    Raises RecipeErrors with all mistakes: R001 value, R002 key, R004 name, R006 YAML, R008 no key=value, R009 file,
    R010 environment, R011 another tool's key, R012 set twice, R014 ambiguous.
    """
    notices: list[Notice] = []
    try:
        path = resolve(Path(path)) if path is not None else None
        layers = from_file(path) if path is not None else []
    except AfinaError as error:
        raise RecipeErrors([error]) from error
    words, errors = from_words(overrides)
    settings = merged([*layers, from_mapping(values or {}), words], notices, errors)
    recipe = checked(settings, errors)
    if errors or recipe is None:
        raise RecipeErrors(sorted(errors, key=lambda error: _order(error, path)))
    lines = {".".join(key): str(setting.place) for key, setting in settings.items()}
    return Loaded(recipe, tuple(notices), lines)


def _order(error: AfinaError, path: Path | str | None) -> tuple[bool, int]:
    """Mistakes of the file by line, then those of the command line as they were found."""
    line = re.match(re.escape(f"{path}:") + r"(\d+)", error.where)
    return (line is None, int(line[1]) if line else 0)
