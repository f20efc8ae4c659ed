"""Where the step runs: one process, or several that each hold the whole model (data parallel).

The model is not wrapped. Each process adds up the gradients of its own micro-batches and the sums are added across processes once per
update, so a step needs no equal number of forward passes on each rank, and any objective may call the model as often as it likes.
Accelerate owns devices, process groups and autocast; the fp16 scaler lives here because its state belongs in the checkpoint.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor, nn


class Single:
    """One process on one device."""

    def __init__(self, precision: str, device: str) -> None:
        mixed = {"fp32": "no"}.get(precision, precision)
        self.accelerator = Accelerator(cpu=device == "cpu", mixed_precision="no")
        self.device = self.accelerator.device
        self.precision = mixed
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=mixed == "fp16")

    @property
    def rank(self) -> int:
        return self.accelerator.process_index

    @property
    def world(self) -> int:
        return self.accelerator.num_processes

    @property
    def is_main(self) -> bool:
        return self.accelerator.is_main_process

    def autocast(self) -> AbstractContextManager[Any]:
        """The context of a forward pass: weights stay as they are, products run in the recipe's precision."""
        if self.precision == "no":
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16 if self.precision == "bf16" else torch.float16)

    def backward(self, loss: Tensor) -> None:
        self.scaler.scale(loss).backward()

    def sum(self, values: Sequence[float]) -> list[float]:
        """Add numbers up over all processes, in float64."""
        return list(values)

    def any(self, flag: bool) -> bool:
        """Whether any process raised the flag: how ranks agree to stop or to retry."""
        return self.sum([float(flag)])[0] > 0

    def sync_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Add gradients up over all processes."""

    def barrier(self) -> None:
        """Wait for all processes."""

    def close(self) -> None:
        """Leave the process group."""


class DataParallel(Single):
    """Several processes under torchrun, each with the whole model and its share of every step's micro-batches."""

    def sum(self, values: Sequence[float]) -> list[float]:
        # float64 counts and losses: the CPU group (gloo) has them, and CUDA has them too.
        total = torch.tensor(list(values), dtype=torch.float64, device=self.device)
        torch.distributed.all_reduce(total)
        return total.tolist()

    def sync_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        parameters = list(parameters)
        for parameter in parameters:
            if parameter.grad is None:  # a rank whose share of the step was empty
                parameter.grad = torch.zeros_like(parameter)
        for bucket in _buckets(parameters):
            gradients = [parameter.grad for parameter in bucket if parameter.grad is not None]
            flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
            torch.distributed.all_reduce(flat)
            for gradient, piece in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
                gradient.copy_(piece.view_as(gradient))

    def barrier(self) -> None:
        self.accelerator.wait_for_everyone()

    def close(self) -> None:
        self.accelerator.end_training()


BUCKET_ELEMENTS = 16 * 1024 * 1024


def _buckets(parameters: Sequence[nn.Parameter]) -> list[list[nn.Parameter]]:
    """Group parameters into runs of at most 64 MiB of one dtype: few messages, bounded extra memory."""
    buckets: list[list[nn.Parameter]] = []
    size = 0
    for parameter in parameters:
        fresh = not buckets or size + parameter.numel() > BUCKET_ELEMENTS or buckets[-1][0].dtype != parameter.dtype
        if fresh:
            buckets.append([])
            size = 0
        buckets[-1].append(parameter)
        size += parameter.numel()
    return buckets


def build_strategy(precision: str, device: str) -> Single:
    """Return `Single`, or `DataParallel` when torchrun started this process as one of several."""
    import os

    several = int(os.environ.get("WORLD_SIZE", "1")) > 1
    return (DataParallel if several else Single)(precision, device)
