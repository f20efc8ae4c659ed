"""A tracker shows a run's numbers beside other runs'. It reads what the run has written and never changes it.

A tracker is a class with five methods. It lives in a process of its own (training/follow.py), so it may print, block and fail; its library
is imported in `open`.
"""

from __future__ import annotations

import importlib.util
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from afina.errors import MachineError
from afina.events import Sample
from afina.registry import Registry

PROJECT = "afina"
"""Project or experiment of all runs, where the tracker's own environment variable names no other."""
STEP_VALUES = ("loss", "learning_rate", "grad_norm", "tokens_per_s", "memory_gib", "epoch")
"""What is shown of a step, beside its metrics."""


@dataclass(frozen=True)
class Tracked:
    """A run as a tracker sees it. id: equal at every start of the run, and of no other run. config: the recipe, dotted key -> value."""

    path: Path
    id: str
    config: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class Point:
    """One line of metrics.jsonl. values: "train/loss", "validation/accuracy", ... -> number. time: seconds since 1970."""

    step: int
    time: float
    values: Mapping[str, float]
    samples: tuple[Sample, ...] = ()


def point(row: Mapping[str, Any]) -> Point:
    """Return a row of metrics.jsonl (a step or an evaluation) as its tracker sees it."""
    if row["event"] == "step":
        values = {f"train/{name}": row[name] for name in STEP_VALUES} | {f"train/{name}": value for name, value in row["metrics"].items()}
        return Point(row["step"], row["time"], values)
    values = {f"validation/{name}": value for name, value in row["metrics"].items()}
    return Point(row["step"], row["time"], values, tuple(Sample(**sample) for sample in row["samples"]))


def figures(comparison: Mapping[str, Any]) -> dict[str, float]:
    """Return the final comparison (eval.json) as numbers: "comparison/tuned/accuracy", its "/low" and "/high", of each entry."""
    return {
        f"comparison/{_plain(entry['name'])}/{metric}{part}": interval[key]
        for entry in comparison.get("entries", [])
        for metric, interval in entry["metrics"].items()
        for key, part in (("mean", ""), ("low", "/low"), ("high", "/high"))
    }


def _plain(name: str) -> str:
    """Letters, digits, dot, dash and underscore are what every tracker takes in a name."""
    return re.sub(r"[^\w.]+", "-", name).strip("-")


class Tracker(ABC):
    """Shows one run. Its methods are called in the order open, log ..., conclude when the run is finished, close."""

    what: ClassVar[str]
    package: ClassVar[str]
    """What `pip install` calls its library."""
    module: ClassVar[str]
    """What Python calls it."""
    takes_back: ClassVar[bool] = False
    """Whether steps that a continued run repeats replace those it had. Others are not given a step twice."""

    @classmethod
    def check(cls) -> None:
        """Raise MachineError E010 when its library is not installed. Imports nothing."""
        found = importlib.util.find_spec(cls.module)
        if found is None or found.origin is None:  # a mere folder of that name is no library
            what = f"{cls.package} is not installed"
            raise MachineError("E010", what, where="output.track", fix=f"pip install {cls.package}, or output.track=[]")

    @abstractmethod
    def open(self, tracked: Tracked, step: int, known: str) -> str:
        """Begin, or go on after `step` steps. Return the tracker's own id of the run; `known` is what it returned before, "" at first."""

    @property
    def where(self) -> str:
        """What to open or to type to see the run; after `open`."""
        return ""

    @abstractmethod
    def log(self, points: Sequence[Point]) -> None:
        """Take points in the order of their steps."""

    @abstractmethod
    def conclude(self, step: int, numbers: Mapping[str, float], verdict: str) -> None:
        """Take the final comparison's figures and its verdict in words."""

    @abstractmethod
    def close(self, state: str) -> None:
        """Send what is left. state: how the run ended: "finished", "interrupted" or "failed"."""


def table_of(samples: Sequence[Sample]) -> str:
    """Return sample generations as a Markdown table."""
    rows = [[str(sample.number), sample.prompt, sample.wanted, sample.got] for sample in samples]
    return markdown(["row", "prompt", "wanted", "got"], rows)


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ⏎ ") for cell in line) + " |" for line in lines)


TRACKERS: Registry[type[Tracker]] = Registry("tracker")
