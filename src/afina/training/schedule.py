"""Learning-rate factors as pure functions of the step: a resumed run needs no scheduler state."""

from __future__ import annotations

import math

TIMESCALE = 10_000
"""Steps in which inverse_sqrt falls to 1 / sqrt(2) of its peak when there is no warm-up to take the scale from."""


def factor(schedule: str, step: int, total_steps: int, warmup_steps: int, decay_steps: int = 0) -> float:
    """Return the factor on the peak learning rate for the update number `step` (0-based).

    Warm-up rises linearly and its first update already moves: (step + 1) / (warmup_steps + 1). Then, with p from 0 to 1,
    constant: 1; linear: 1 - p; cosine: (1 + cos(pi p)) / 2 (Loshchilov & Hutter 2017, eq. 5, one cycle);
    wsd: 1, and in the last `decay_steps` 1 - sqrt(q), q from 0 to 1 (Hägele et al. 2024, eq. 1);
    inverse_sqrt: sqrt(s / (step - warmup_steps + s)), s = warmup_steps or TIMESCALE (Vaswani et al. 2017, eq. 3, scaled to a peak of 1).
    After the warm-up the factors equal transformers' schedulers.
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
    if schedule == "wsd":
        start = max(warmup_steps, total_steps - decay_steps)
        return 1.0 - math.sqrt(min(1.0, max(0, step - start) / max(1, total_steps - start)))
    if schedule == "inverse_sqrt":
        scale = warmup_steps or TIMESCALE
        return math.sqrt(scale / (step - warmup_steps + scale))
    raise ValueError(f"no schedule is called {schedule!r}")
