"""Work over many rows, in this process or in several that share its memory (fork): the results are the same, and in the same order."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from afina.errors import MachineError
from afina.types import Row

T = TypeVar("T")
PART = 2_000
"""Rows in one part."""
WORTH = 10_000
"""Fewer rows are done before other processes would have started."""
WAVE = 50 * PART
"""Rows that one set of processes does. A page that a child has touched, if only to count a reference, is its own from then on: children
that lived through all rows would end with a copy of them."""

_work: Callable[[Sequence[Row]], object] | None = None
_rows: Sequence[Row] = ()


def parts(rows: Sequence[Row], work: Callable[[Sequence[Row]], T], processes: int | None = None) -> Iterator[T]:
    """Yield work(part) for consecutive parts of the rows, in order.

    processes: by default one for each core this process may use. Only one where forking is not safe (torch has started its threads,
    no fork on this system) or not worth it.
    """
    processes = processes or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    starts = range(0, len(rows), PART)
    if processes < 2 or len(rows) < WORTH or "torch" in sys.modules:
        for start in starts:
            yield work(rows[start : start + PART])
        return
    from concurrent.futures.process import BrokenProcessPool

    global _work, _rows
    _work, _rows = work, rows  # inherited by the children: neither rows nor tokenizer is ever pickled
    try:
        for first in range(0, len(rows), WAVE):
            yield from _wave(processes, range(first, min(first + WAVE, len(rows)), PART))  # type: ignore[misc]
    except BrokenProcessPool as error:
        what = "the system stopped a process that was preparing the data; memory may have run out"
        raise MachineError("M002", what, fix="run the same command with fewer cores: taskset -c 0 afina train ...") from error
    finally:
        _work, _rows = None, ()


def _wave(processes: int, starts: range) -> Iterator[object]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # what the children inherit is kept from their collector, which would touch every object of it
    with ProcessPoolExecutor(processes, get_context("fork"), initializer=gc.freeze) as pool:
        yield from pool.map(_part, starts)


def _part(start: int) -> object:
    assert _work is not None
    return _work(_rows[start : start + PART])
