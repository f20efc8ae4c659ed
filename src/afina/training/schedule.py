"""Learning-rate factors as pure functions of the step: a resumed run needs no scheduler state."""

from __future__ import annotations

import math


def factor(schedule: str, step: int, total_steps: int, warmup_steps: int) -> float:
    """Return the factor on the peak learning rate for the update number `step` (0-based).

    Warm-up rises linearly and its first update already moves: (step + 1) / (warmup_steps + 1). Then, with p from 0 to 1,
    constant: 1; linear: 1 - p; cosine: (1 + cos(pi p)) / 2 (Loshchilov & Hutter 2017, eq. 5, one cycle).
    Without warm-up the factors equal transformers' schedulers.
    """
    if step < warmup_steps:
        return (step + 1) / (warmup_steps + 1)
    progress = (step - warmup_steps) / max(1, total_steps - warmup_steps)
    if schedule == "constant":
        return 1.0
    if schedule == "linear":
        return max(0.0, 1.0 - progress)
    if schedule == "cosine":
        return 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))
    raise ValueError(f"no schedule is called {schedule!r}")
