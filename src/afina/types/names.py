"""The words that everything else is said in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

IGNORE_INDEX = -100
"""A label with this value carries no loss (the convention of torch.nn.functional.cross_entropy)."""

Unit = Literal["tokens", "examples", "pairs", "sequences"]
Kind = Literal["decoder", "encoder", "encoder-decoder"]
Head = Literal["lm", "classes", "scalar", "tags"]
Split = Literal["train", "validation", "test"]
Level = Literal["info", "warning"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One choice or change made for the person: what, why, and the key that changes it."""

    what: str
    why: str = ""
    key: str = ""
    level: Level = "info"

    def __str__(self) -> str:
        why = f" ({self.why})" if self.why else ""
        key = f" [{self.key}]" if self.key else ""
        return f"{self.what}{why}{key}"


@dataclass(frozen=True)
class Horizon:
    """How long a training will be: what schedules and step-dependent methods need to know."""

    steps: int
    n_examples: int = 0
