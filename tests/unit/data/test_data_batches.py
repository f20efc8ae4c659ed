"""Batches are pure functions of (seed, step): every epoch once, the same work for every rank, nothing remembered."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.batches import Batches, permutation
from afina.recipe.schema import TokenBudget


def flat(step: list[list[list[int]]]) -> list[int]:
    return [index for rank in step for group in rank for index in group]


def test_permutation_is_pure_and_differs_by_epoch() -> None:
    assert permutation(100, 7, 0) == permutation(100, 7, 0)
    assert permutation(100, 7, 0) != permutation(100, 7, 1)
    assert permutation(100, 8, 0) != permutation(100, 7, 0)
    assert sorted(permutation(100, 7, 3)) == list(range(100))


def test_by_hand() -> None:
    batches = Batches([5, 3, 9, 3], batch_size=4, seed=0, micro=2)
    assert batches.step(0) == [[[2, 0], [1, 3]]]
    assert batches.step(1) == [[[2, 0], [1, 3]]]
    assert Batches([5, 3, 9, 3], 4, 0, TokenBudget(tokens=10)).step(0) == [[[0, 1], [2], [3]]]
    assert Batches([5, 3, 30, 3], 4, 0, TokenBudget(tokens=16)).step(0) == [[[2], [0, 1, 3]]]


def test_ranks_are_balanced_and_filled_up() -> None:
    step = Batches([10, 9, 8, 1, 1], batch_size=5, seed=0, micro=1, world=2).step(0)
    assert step == [[[0], [3], [4]], [[1], [2], []]]
    assert Batches([4], batch_size=1, seed=0, micro=1, world=3).step(0) == [[[0]], [[]], [[]]]


SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=40)


@settings(max_examples=80, deadline=None)
@given(
    lengths=SIZES,
    batch_size=st.integers(1, 50),
    seed=st.integers(0, 3),
    micro=st.integers(1, 7),
    world=st.integers(1, 4),
    tokens=st.integers(8, 90),
)
def test_each_epoch_once_whatever_the_cut(lengths: list[int], batch_size: int, seed: int, micro: int, world: int, tokens: int) -> None:
    n = len(lengths)
    by_count = Batches(lengths, batch_size, seed, micro, world)
    by_tokens = Batches(lengths, batch_size, seed, TokenBudget(tokens=tokens), world)
    steps = range(3 * by_count.steps_per_epoch)
    stream = list(chain.from_iterable(by_count.entries(k) for k in steps))
    for epoch in range(len(stream) // n):
        assert stream[epoch * n : (epoch + 1) * n] == permutation(n, seed, epoch)
    for k in steps:
        for batches in (by_count, by_tokens):
            step = batches.step(k)
            assert len(step) == world
            assert len({len(rank) for rank in step}) == 1
            assert sorted(flat(step)) == sorted(by_count.entries(k))
            assert batches.step(k) == step
        assert all(len(group) <= micro for rank in by_count.step(k) for group in rank)
        for group in chain.from_iterable(by_tokens.step(k)):
            assert len(group) <= 1 or max(lengths[i] for i in group) * len(group) <= tokens


def test_a_step_does_not_depend_on_the_steps_before() -> None:
    lengths = list(range(1, 24))
    straight = Batches(lengths, 5, 3, 2)
    walked = [straight.step(k) for k in range(20)]
    assert Batches(lengths, 5, 3, 2).step(13) == walked[13]
    assert straight.steps_per_epoch == 5


def test_sizes_below_one_are_refused() -> None:
    for arguments in (([], 1, 0, 1, 1), ([1], 0, 0, 1, 1), ([1], 1, 0, 0, 1), ([1], 1, 0, 1, 0)):
        with pytest.raises(ValueError):
            Batches(*arguments)


def test_best_fit_by_hand() -> None:
    """Longest first; 3 goes beside 7, the fullest row that has room, not beside 5."""
    assert Batches([5, 3, 7, 2], 4, 0, TokenBudget(tokens=10), packing=True).step(0) == [[[2, 1], [0, 3]]]
    assert Batches([12, 3], 2, 0, TokenBudget(tokens=10), packing=True).step(0) == [[[0], [1]]]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80), st.integers(60, 200))
def test_packed_rows_lose_nothing_and_are_over_half_full(lengths: list[int], tokens: int) -> None:
    packed = Batches(lengths, len(lengths), 0, TokenBudget(tokens=tokens), packing=True).step(0)[0]
    assert sorted(index for row in packed for index in row) == list(range(len(lengths)))
    assert all(sum(lengths[index] for index in row) <= tokens for row in packed)
    # no two rows fit into one, so all but one are over half full
    assert sum(sum(lengths[i] for i in row) for row in packed) > (len(packed) - 1) * tokens / 2
