"""What a training says while it runs. Watchers read these and never change the run; events.jsonl and metrics.jsonl hold them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sample:
    """One generation of the model during evaluation, beside what was wanted."""

    number: int
    prompt: str
    wanted: str
    got: str


@dataclass(frozen=True)
class Started:
    """The training begins, or goes on after `step` steps."""

    step: int
    total_steps: int
    n_trainable: int
    n_params: int
    resumed_from: str = ""


@dataclass(frozen=True)
class Step:
    """One optimizer update. loss is the mean over `n_items` units of the whole step, all ranks."""

    step: int
    total_steps: int
    epoch: float
    loss: float
    learning_rate: float
    grad_norm: float
    n_items: int
    n_tokens: int
    seconds: float
    tokens_per_s: float
    memory_gib: float
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluated:
    """Validation at `step`. metrics["loss"] is weighted by tokens (or examples), not by batches."""

    step: int
    metrics: dict[str, float]
    best: bool
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class Saved:
    step: int
    path: str


@dataclass(frozen=True)
class Recovered:
    """Something went wrong and was mended without changing the result: out of memory, a damaged checkpoint."""

    step: int
    what: str


@dataclass(frozen=True)
class Finished:
    """reason: "done", "early_stopping", or the signal that ended it ("SIGINT", "SIGTERM")."""

    step: int
    reason: str
    best_step: int
    best_value: float
    seconds: float


Event = Started | Step | Evaluated | Saved | Recovered | Finished


def to_json(event: Event) -> dict[str, Any]:
    """The event as one JSON object, its type under "event"."""
    return {"event": type(event).__name__.lower(), **dataclasses.asdict(event)}
