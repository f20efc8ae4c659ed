"""The words that everything else is said in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

IGNORE_INDEX = -100
"""A label with this value carries no loss (the convention of torch.nn.functional.cross_entropy)."""

Unit = Literal["tokens", "examples", "pairs", "sequences", "wrong_tokens"]
"""What is counted; wrong_tokens: those of the options that are not the answer."""
Kind = Literal["decoder", "encoder", "encoder-decoder"]
Head = Literal["lm", "classes", "labels", "scalar", "tags"]
"""What stands on the body: classes, of which a text has one; labels, of which it has any number; a number; tags, one for each word."""
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
