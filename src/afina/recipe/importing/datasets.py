"""Where another tool's data set lies, as data.path, and which columns it reads, as data.map."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from afina.recipe.importing.base import Given

HUB = re.compile(r"[\w.-]+/[\w.-]+")
ONE_FILE = "afina takes one file: put the rows of all into one"


def found(name: str, given: Given) -> Path | None:
    """Return a file or folder of that name here, or beside the recipe or up to three folders above it; None where there is none."""
    here = given.file.parent
    for base in (Path(), here, *list(here.resolve().parents)[:3]):
        if (base / name).exists():
            return base / name
    return None


def address(name: str, given: Given, revision: str = "", file: str = "") -> str:
    """Return data.path: the file found, else owner/name as a hub address, else the name as it stands."""
    path = found(name, given)
    if path is not None:
        return (path / file if file else path).as_posix()
    if HUB.fullmatch(name) and not Path(name).suffix:
        return f"hf://datasets/{name}" + (f"@{revision}" if revision else "") + (f"/{file}" if file else "")
    return name


def where(name: str, path: str) -> str:
    """Return the note on a path: nothing for what is there, else what is missing."""
    return "" if path.startswith("hf://") or Path(path).exists() else f"{name} is not found from here: give the file when you train"


def columns(roles: Mapping[str, str | Sequence[str] | None]) -> dict[str, str]:
    """Return the settings of data.map for role -> column, or columns that make one text; roles without a column are left out."""
    settings: dict[str, str] = {}
    for role, names in roles.items():
        joined = names if isinstance(names, str) else "+".join(name for name in names or () if name)
        if joined:
            settings[f"data.map.{role}"] = joined
    return settings
