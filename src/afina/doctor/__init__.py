"""What afina finds on this machine that would stop, slow or falsify a training, each with what to do about it. One theme a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from afina.doctor import hardware, libraries, places
from afina.doctor.base import Check, fail, ok, warn

__all__ = ["CHECKS", "Check", "examine", "fail", "ok", "warn"]

CHECKS: tuple[Callable[[Path], list[Check]], ...] = (
    libraries.python,
    libraries.needed,
    libraries.optional,
    libraries.openmp,
    hardware.device,
    hardware.memory,
    hardware.threads,
    places.disks,
    places.embedded_model,
    places.hub,
    places.environment,
)
"""Each gets the folder of the runs and returns what it finds."""


def examine(folder: Path) -> list[Check]:
    """Run every check; `folder` is where runs go."""
    return [check for examination in CHECKS for check in examination(folder)]
