"""NEFTune: uniform noise on the embeddings while training (Jain et al. 2023, algorithm 1).

    x = x + alpha / sqrt(T D) * u,   u ~ U(-1, 1)

T is the example's own length, without padding, and the draw is a function of (seed, step, the example's tokens): the same noise in every
micro-batch, on every rank, packed or padded, and again in a resumed run.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from afina.types import Batch


class Neftune:
    """Noise of size `alpha` on what `embedding` gives; none when alpha is 0."""

    def __init__(self, embedding: nn.Module, alpha: float, seed: int) -> None:
        self.embedding, self.alpha, self.seed = embedding, alpha, seed

    @contextmanager
    def during(self, batch: Batch, step: int) -> Iterator[None]:
        """Inside, each forward pass of this batch gets its noise of this step; other passes do not."""
        if not self.alpha:
            yield
            return

        def add(module: nn.Module, inputs: Any, embedded_BTD: Tensor) -> Tensor:
            if not _reads(inputs[0], batch):
                raise AssertionError("NEFTune does not know the examples of this forward pass")
            return embedded_BTD + noise(batch, embedded_BTD, self.alpha, self.seed, step)

        handle = self.embedding.register_forward_hook(add)
        try:
            yield
        finally:
            handle.remove()


def noise(batch: Batch, embedded_BTD: Tensor, alpha: float, seed: int, step: int) -> Tensor:
    """Return the noise [B, T, D], zero on padding. Packed examples lie one after another in the only row."""
    noise_BTD = torch.zeros_like(embedded_BTD)
    width = embedded_BTD.shape[-1]
    starts = batch.lengths_B.cumsum(0) - batch.lengths_B
    for i, length in enumerate(batch.lengths_B.tolist()):
        row, start = (i, 0) if batch.positions_BT is None else (0, int(starts[i]))
        ids = batch.input_ids_BT[row, start : start + length].tolist()
        generator = torch.Generator(embedded_BTD.device).manual_seed(_seed(seed, step, ids))
        size = alpha / math.sqrt(length * width)
        drawn_TD = torch.empty(length, width, device=embedded_BTD.device).uniform_(-size, size, generator=generator)
        noise_BTD[row, start : start + length] = drawn_TD.to(noise_BTD.dtype)
    return noise_BTD


def _reads(ids_BT: Tensor, batch: Batch) -> bool:
    """Whether a forward pass reads this batch; what stands where it is padded does not matter."""
    if ids_BT.shape != batch.input_ids_BT.shape:
        return False
    same_BT = ids_BT == batch.input_ids_BT
    if batch.positions_BT is None:
        same_BT |= torch.arange(ids_BT.shape[1], device=ids_BT.device)[None] >= batch.lengths_B[:, None]
    return bool(same_BT.all())


def _seed(seed: int, step: int, ids: list[int]) -> int:
    return int.from_bytes(hashlib.blake2b(f"neftune/{seed}/{step}/{ids}".encode(), digest_size=7).digest(), "big")
