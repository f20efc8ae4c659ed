"""Run by torchrun (and imported by test_ranks.py): trains every case on its share and lets rank 0 write what came out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from afina.evaluate.ask import Ask
from afina.events import Finished, Recovered
from afina.objectives import OBJECTIVES
from afina.objectives.classify import Classify
from afina.objectives.lm import Lm
from afina.objectives.sft import Sft
from afina.score import actor_of
from afina.strategy import Single, build_strategy
from afina.types import Loss
from tests.invariant.setups import attached, examples_of, flat
from tests.training import losses, training, weights

CASES = [("sft", "full"), ("classify", "lora"), ("lm", "freeze"), ("sft", "lora"), ("classify", "full"), ("choices", "full")]
CUTS = {"several": (16, 3), "one example a step": (1, 1), "one micro-batch for two ranks": (16, 16), "an odd number": (12, 4)}
"""batch_size and micro_batch_size; in the second and third the last rank has nothing to do."""


def gradients(strategy: Single, objective: str, method: str, cut: str, double: bool) -> torch.Tensor:
    batch_size, micro = CUTS[cut]
    model, made = attached(objective, method, moved=True, double=double)
    run = training(model, objective, examples_of(objective), steps=1, batch_size=batch_size, micro=micro, method=made, strategy=strategy)
    run._accumulate()
    strategy.sync_gradients(run.parameters)
    return flat([parameter.grad for parameter in run.parameters])


def walked(strategy: Single, objective: str, method: str, cut: str) -> dict[str, Any]:
    batch_size, micro = CUTS[cut]
    model, made = attached(objective, method)
    run = training(model, objective, examples_of(objective), steps=8, batch_size=batch_size, micro=micro, method=made, strategy=strategy)
    return {"losses": losses(run), "weights": weights(model)}


def asked(strategy: Single, objective: str) -> list[torch.Tensor]:
    """What evaluation on all ranks gives."""
    model, _ = attached(objective, "full")
    ask = Ask(actor_of(model), OBJECTIVES[objective](name=objective), strategy, lambda ids: "", 200)
    examples = examples_of(objective, 23)
    found = [*ask.nll(examples), *([ask.class_logps(examples, 3)] if objective == "classify" else [])]
    found += ask.option_logps(examples) if objective == "choices" else []
    return [torch.from_numpy(array) for array in found]


def stopped(strategy: Single) -> tuple[int, str]:
    """The last rank alone asks to stop in the third step."""
    model, made = attached("classify", "full")
    run = training(model, "classify", examples_of("classify"), steps=8, method=made, strategy=strategy)
    for event in run:
        if getattr(event, "step", 0) == 3 and strategy.rank == strategy.world - 1:
            run.stop("SIGTERM")
        if isinstance(event, Finished):
            return event.step, event.reason
    raise AssertionError("the training did not finish")


@contextmanager
def failing(kind: type[Lm | Sft | Classify], fails: Callable[[int], bool]) -> Iterator[Any]:
    """An objective like `kind` whose k-th loss is out of memory where `fails(k)`, after part of the work is done."""
    calls = [0]

    class Failing(kind):  # type: ignore[valid-type,misc]
        def loss(self, actors: Any, batch: Any) -> Loss:
            calls[0] += 1
            if fails(calls[0]):
                raise torch.OutOfMemoryError("injected")
            return super().loss(actors, batch)

    yield Failing()


def out_of_memory(strategy: Single) -> dict[str, Any]:
    """The last rank runs out of memory in its second forward pass of the first step."""
    from afina.data.batches import Batches

    model, made = attached("sft", "full")
    examples = examples_of("sft")
    lengths = [len(example) for example in examples]
    last = strategy.rank == strategy.world - 1
    with failing(Sft, lambda k: k == 2 and last) as objective:
        run = training(
            model,
            objective,
            examples,
            steps=4,
            method=made,
            strategy=strategy,
            micro_scaled=lambda scale: Batches(lengths, 16, 0, max(1, int(4 * scale)), strategy.world),
        )
        told = [event.what for event in run if isinstance(event, Recovered)]
    return {"weights": weights(model), "told": told, "micro": run.batches.micro}


def everything(strategy: Single) -> dict[str, Any]:
    several = strategy.world > 1
    return {
        "world": strategy.world,
        "float64": {(*case, cut): gradients(strategy, *case, cut, True) for case in CASES for cut in CUTS},
        "float32": {(*case, cut): gradients(strategy, *case, cut, False) for case in CASES for cut in CUTS},
        "walked": {
            (*case, cut): walked(strategy, *case, cut) for case in CASES[:3] for cut in ("several", "one micro-batch for two ranks")
        },
        "asked": {objective: asked(strategy, objective) for objective in ("sft", "classify", "choices")},
        "stopped": stopped(strategy),
        "out_of_memory": out_of_memory(strategy) if several else None,
    }


def main() -> None:
    strategy = build_strategy("fp32", "cpu")
    found = everything(strategy)
    if strategy.is_main:
        torch.save(found, sys.argv[1])
    strategy.close()


if __name__ == "__main__":
    main()
