"""lomo-optim's optimizers as the loop needs them. Imports torch: only for use inside `build`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from afina.errors import MachineError
from afina.optimizers.base import Group

MOMENTS = ("exp_avg_sq", "exp_avg_sq_row", "exp_avg_sq_col")


class InBackward(torch.optim.Optimizer):
    """Moves the weights in `backward`; `step` does nothing. The norm of the last gradient is added up on its way through."""

    def __init__(self, make: Callable[[], Any], model: nn.Module, groups: list[Group]) -> None:
        super().__init__(groups, {"step_num": 0})
        self._squares: list[Tensor] = []
        for parameter in model.parameters():
            if parameter.requires_grad:  # before the library's own hook, which may free the gradient
                parameter.register_hook(lambda gradient: self._squares.append(gradient.detach().float().square().sum()))
        self.library = make()
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:  # the library's own tensors: it changes them in place, and checkpoints read and write them here
                self.state[parameter] |= {key: kept[name] for key in MOMENTS if name in (kept := getattr(self.library, key, {}))}

    def backward(self, loss: Tensor) -> float:
        """Apply the gradient of `loss`, a fp32 scalar; return its norm. Not finite: the weights are already spoiled."""
        self._squares.clear()
        self.library.step_num = self.param_groups[0]["step_num"]
        self.library.fused_backward(loss, self.param_groups[0]["lr"])
        for group in self.param_groups:
            group["step_num"] += 1
        scale = float(getattr(self.library, "loss_scale", 1.0))  # AdaLomo's constant, a power of two
        return float(torch.stack(self._squares).sum().sqrt()) / scale

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Nothing is left to do."""


def half_applied(name: str, failure: str) -> MachineError:
    """The error for a backward pass that ran out of memory when it had moved some weights. failure: what torch said."""
    what = f"out of memory in an update of {name}, which may have moved part of the weights: {failure.split(chr(10))[0][:200]}"
    fix = "gradient_checkpointing=true: the same command goes on from the newest checkpoint; or a smaller train.batch_size, a new run"
    return MachineError("M005", what, where="memory", fix=fix)
