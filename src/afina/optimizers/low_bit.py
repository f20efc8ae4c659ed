"""torchao's low-bit AdamW as the loop needs it. Imports torch: only for use inside `build`."""

from __future__ import annotations

from typing import Any

import torch

from afina.optimizers.base import Group, Shared


def build(library: type[Any], groups: list[Group], shared: Shared) -> torch.optim.Optimizer:
    """Return `library` over `groups`; on a CPU it runs without torch.compile, which would want a C++ compiler and minutes to start."""

    class Eager(library):
        def step(self, closure: Any = None) -> Any:
            with torch.compiler.set_stance("force_eager"):
                return super().step(closure)

    on_cpu = all(parameter.device.type == "cpu" for group in groups for parameter in group["params"])
    betas = (shared.beta1, shared.beta2)
    kind = Eager if on_cpu else library
    return kind(groups, lr=shared.learning_rate, betas=betas, eps=shared.epsilon, weight_decay=shared.weight_decay)
