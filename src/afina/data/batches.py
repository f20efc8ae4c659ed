"""Which examples make step k, on which rank, in which micro-batch: pure functions of (seed, k), so a resumed run needs no loader state."""

from __future__ import annotations

import bisect
import random
from collections.abc import Sequence
from functools import lru_cache

from afina.recipe.schema import TokenBudget

MicroBatch = list[int]


@lru_cache(maxsize=4)
def _permutation(n: int, seed: int, epoch: int) -> tuple[int, ...]:
    order = list(range(n))
    random.Random(f"order/{seed}/{epoch}").shuffle(order)
    return tuple(order)


def permutation(n: int, seed: int, epoch: int) -> list[int]:
    """Return the order of n examples in an epoch: a pure function of its arguments."""
    return list(_permutation(n, seed, epoch))


class Batches:
    """Steps over the infinite concatenation of shuffled epochs.

    lengths: tokens of each example. batch_size: examples per step over all ranks. micro: examples per forward, or a budget of padded
    tokens. world: number of ranks. packing: the examples of a micro-batch share one row, so nothing is padded.
    Raises ValueError for no examples or sizes below one.
    """

    def __init__(
        self, lengths: Sequence[int], batch_size: int, seed: int, micro: int | TokenBudget, world: int = 1, packing: bool = False
    ) -> None:
        if not lengths:
            raise ValueError("no examples")
        if batch_size < 1 or world < 1 or (isinstance(micro, int) and micro < 1):
            raise ValueError(f"batch_size={batch_size}, micro={micro} and world={world} must be at least 1")
        self.lengths, self.batch_size, self.seed, self.micro, self.world = tuple(lengths), batch_size, seed, micro, world
        self.packing = packing

    @property
    def n(self) -> int:
        return len(self.lengths)

    @property
    def finest(self) -> bool:
        """Whether micro-batches cannot get smaller: one example each."""
        least = min(self.lengths)
        return self.micro <= 1 if isinstance(self.micro, int) else self.micro.tokens < 2 * least

    @property
    def steps_per_epoch(self) -> int:
        """Steps until every example was seen once; the last one is filled from the next epoch."""
        return -(-self.n // self.batch_size)

    def entries(self, k: int) -> list[int]:
        """Return the examples of step k (from 0): entries k * batch_size onwards of epoch 0, epoch 1, ..."""
        chosen: list[int] = []
        position = k * self.batch_size
        while len(chosen) < self.batch_size:
            epoch, offset = divmod(position, self.n)
            order = _permutation(self.n, self.seed, epoch)
            taken = order[offset : offset + self.batch_size - len(chosen)]
            chosen += taken
            position += len(taken)
        return chosen

    def step(self, k: int) -> list[list[MicroBatch]]:
        """Return, for each rank, its micro-batches of example indices in step k.

        Every rank gets the same number of micro-batches; empty ones fill up. The costliest micro-batch of each rank comes first.
        """
        groups = self._groups(self.entries(k))
        per_rank = -(-len(groups) // self.world)
        ranks: list[list[MicroBatch]] = [[] for _ in range(self.world)]
        loads = [0] * self.world
        for group in sorted(groups, key=lambda group: (-self._padded(group), group)):
            rank = min((r for r in range(self.world) if len(ranks[r]) < per_rank), key=lambda r: (loads[r], r))
            ranks[rank].append(group)
            loads[rank] += self._padded(group)
        return [[*groups, *([] for _ in range(per_rank - len(groups)))] for groups in ranks]

    def _padded(self, group: MicroBatch) -> int:
        return sum(self.lengths[i] for i in group) if self.packing else max(self.lengths[i] for i in group) * len(group)

    def _groups(self, entries: list[int]) -> list[MicroBatch]:
        """Sort by length, longest first, and cut: neighbours are alike, so little is padded."""
        ordered = sorted(entries, key=lambda index: (-self.lengths[index], index))
        if isinstance(self.micro, int):
            return [ordered[start : start + self.micro] for start in range(0, len(ordered), self.micro)]
        if self.packing:
            return self._best_fit(ordered, self.micro.tokens)
        groups: list[MicroBatch] = []
        for index in ordered:
            # the first of a group is its longest, so it sets the padded width
            if groups and self.lengths[groups[-1][0]] * (len(groups[-1]) + 1) <= self.micro.tokens:
                groups[-1].append(index)
            else:
                groups.append([index])
        return groups

    def _best_fit(self, ordered: list[int], tokens: int) -> list[MicroBatch]:
        """Best-fit decreasing (Johnson 1973): each example into the fullest row that still has room for it, else into a new one."""
        rows: list[MicroBatch] = []
        room: list[tuple[int, int]] = []  # (tokens left, row), sorted
        for index in ordered:
            length = self.lengths[index]
            at = bisect.bisect_left(room, (length, -1))
            left, row = room.pop(at) if at < len(room) else (tokens, len(rows))
            if row == len(rows):
                rows.append([])
            rows[row].append(index)
            bisect.insort(room, (left - length, row))
        return rows
