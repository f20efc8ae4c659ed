"""Forward passes that do not fit: the same work in smaller parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch

from afina.errors import MachineError

Result = TypeVar("Result")


def one_example_too_large(failure: str) -> MachineError:
    """The error for a forward pass that runs out of memory with one example. failure: what torch said."""
    what = f"out of memory with one example in a forward pass: {failure.split(chr(10))[0][:200]}"
    fix = "a smaller data.max_length, gradient_checkpointing=true, or a smaller model; the same command then starts a new run"
    return MachineError("M004", what, where="memory", fix=fix)


def in_parts(whole: Sequence[int], work: Callable[[Sequence[int]], Result]) -> Iterator[tuple[list[int], Result]]:
    """Yield each part of `whole` with the work on it: one part, or halves of it where memory runs out.

    Raises MachineError M004 when the work on one index alone runs out of memory.
    """
    waiting = [list(whole)]
    while waiting:
        part, failure, done = waiting.pop(), "", None
        try:
            done = work(part)
        except torch.OutOfMemoryError as error:
            failure = str(error) or "out of memory"
        if done is not None:
            yield part, done
            continue
        # here, not in the handler: the error holds the failed pass in memory
        if len(part) == 1:
            raise one_example_too_large(failure)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
