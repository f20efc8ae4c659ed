"""What the columns of a table mean, and how a person says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SURE = 0.9
"""From this confidence on nobody is asked."""


@dataclass(frozen=True)
class Layout:
    """What the columns mean.

    shape: a name in SHAPES. roles: role -> columns; several columns are joined with a blank line between their non-empty texts.
    prompt_format: how the prompt is made of its columns where that was said (data.prompt). unused: columns that play no part.
    """

    shape: str
    roles: Mapping[str, tuple[str, ...]]
    confidence: float
    reasons: tuple[str, ...]
    unused: tuple[str, ...] = ()
    prompt_format: str = ""

    @property
    def objective(self) -> str:
        """The objective that learns such rows; "" while there is none."""
        from afina.data.columns.shape import SHAPES

        return SHAPES[self.shape].objective

    def mapping(self) -> dict[str, str]:
        """Return the roles as data.map spells them."""
        return {role: "+".join(columns) for role, columns in self.roles.items()}

    def named(self) -> dict[str, str]:
        """Return the roles that have to be named again beside data.prompt: all, but for a prompt that has a format."""
        return {role: column for role, column in self.mapping().items() if role != "prompt" or not self.prompt_format}

    def command(self) -> str:
        """Return what to type to get this reading."""
        shown = self.prompt_format.replace("\n", "\\n").replace('"', '\\"')
        return as_command(self.named()) + (f' data.prompt="{shown}"' if shown else "")


def as_command(mapping: Mapping[str, str]) -> str:
    """Return `--map text=txt --map label=class`, quoted where the shell needs it."""
    parts = [f"{role}={column}" for role, column in mapping.items()]
    return " ".join("--map " + (f'"{part}"' if any(char in part for char in " #'&;|$*()<>{}") else part) for part in parts)
