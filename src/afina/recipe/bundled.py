"""The recipes that come with afina, by name: small files of what differs from the defaults, for one task or one machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from afina.errors import UsageError
from afina.recipe.suggest import nearest

FOLDER = Path(__file__).parents[1] / "recipes"
HEADER = re.compile(
    r"# (?P<what>.+)\n# Hardware: (?P<hardware>.+?) Time: (?P<time>.+)\n# Expected: (?P<expected>.+)\n# (?P<command>afina .+)\n"
)
"""The comment that each begins with."""


@dataclass(frozen=True)
class Bundled:
    """A recipe that comes with afina, and what its first lines say of it. time, expected: measured, or said that they were not."""

    name: str
    path: Path
    what: str
    hardware: str
    time: str
    expected: str
    command: str

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def bundled(name: str) -> Bundled:
    """Return the recipe of that name. Raises UsageError R004 with the nearest name."""
    if name not in names():
        near = nearest(name, names())
        fix = f"{near}, or the path of a YAML file" if near else "one of afina recipes list, or the path of a YAML file"
        raise UsageError("R004", f'no recipe is called "{name}"', fix=fix)
    path = FOLDER / f"{name}.yaml"
    said = HEADER.match(path.read_text(encoding="utf-8"))
    assert said is not None, f"{path} does not begin with its header"
    return Bundled(name, path, **said.groupdict())


def resolve(recipe: Path) -> Path:
    """Return the file that a recipe's path or name means: a file, else a recipe that comes with afina. Raises UsageError R004."""
    is_name = len(recipe.parts) == 1 and not recipe.suffix and not recipe.exists()
    return bundled(recipe.name).path if is_name else recipe
