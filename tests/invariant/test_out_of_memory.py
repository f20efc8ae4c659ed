"""Out of memory costs time, not the result: the step is discarded whole and drawn again in half the micro-batch."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest
import torch

from afina.data.batches import Batches
from afina.data.examples import Examples
from afina.errors import MachineError
from afina.events import Event, Recovered, Step
from afina.job import Job
from afina.objectives import OBJECTIVES
from afina.objectives.sft import Sft
from afina.recipe.schema import TokenBudget
from afina.training.build import build_batches
from afina.types import Batch, Example, Loss
from tests.invariant.setups import attached, examples_of
from tests.training import relative, training, weights

STEPS = 4


class Memory:
    """Raises out of memory before chosen forward passes, or for every micro-batch of more than `room` padded tokens."""

    def __init__(self, *calls: int, room: int = 10**9) -> None:
        self.calls, self.room, self.n = calls, room, 0

    def __call__(self, batch: Any) -> None:
        self.n += 1
        assert self.n < 3000, "the step is retried without end"
        if self.n in self.calls or batch.input_ids_BT.numel() > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. (injected)")


def short_of(objective: str, memory: Memory) -> Any:
    kind = OBJECTIVES[objective]

    class Short(kind):  # type: ignore[valid-type,misc]
        def loss(self, actors: Any, batch: Any) -> Loss:
            memory(batch)
            return super().loss(actors, batch)

    return Short(name=objective)


def trained(
    memory: Memory, objective: str = "sft", method: str = "full", micro: int | TokenBudget = 8, examples: list[Example] | None = None
):
    """Return the events of a training (its micro-batches scaled as a real run scales them) and its weights."""
    model, made = attached(objective, method)
    examples = examples or examples_of(objective)
    spec = SimpleNamespace(micro_batch_size=micro, batch_size=16, packing=False)
    job = SimpleNamespace(recipe=SimpleNamespace(train=spec, seed=0), encoded=SimpleNamespace(examples={"train": Examples.of(examples)}))

    def scaled(scale: float) -> Batches:
        return build_batches(cast("Job", job), 1, scale)

    run = training(model, short_of(objective, memory), examples, steps=STEPS, micro=micro, method=made, micro_scaled=scaled)
    return list(run), weights(model), run


def told(events: list[Event]) -> list[Recovered]:
    return [event for event in events if isinstance(event, Recovered)]


@pytest.mark.parametrize("call", [1, 2, 3, 8])
@pytest.mark.parametrize(("objective", "method"), [("sft", "full"), ("classify", "lora"), ("lm", "freeze")])
def test_the_step_is_retried_finer_and_the_result_is_the_same(objective: str, method: str, call: int) -> None:
    calm, wanted, _ = trained(Memory(), objective, method)
    events, found, run = trained(Memory(call), objective, method)
    assert relative(found, wanted) <= 1e-6
    assert run.batches.micro == 4
    (event,) = told(events)
    at = (call - 1) // 2  # two micro-batches a step
    assert event.step == at
    assert event.what == f"M001 out of memory at step {at + 1}; going on with half the micro-batch, same batch_size, same result"
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4]
    losses = [[event.loss for event in each if isinstance(event, Step)] for each in (events, calm)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Started", *["Step"] * at, "Recovered", *["Step"] * (STEPS - at), "Finished"]


@pytest.mark.parametrize("micro", [8, TokenBudget(tokens=300)], ids=str)
def test_halved_again_until_it_fits(micro: int | TokenBudget) -> None:
    _, wanted, _ = trained(Memory(), micro=micro)
    longest = max(len(example) for example in examples_of("sft"))
    events, found, run = trained(Memory(room=longest), micro=micro)
    assert relative(found, wanted) <= 1e-6
    assert len(told(events)) >= 2
    assert run.state.progress.micro_scale == 0.5 ** len(told(events))


def test_one_example_that_does_not_fit_ends_the_run() -> None:
    with pytest.raises(MachineError, match=r"M004 memory: out of memory with one example in a forward pass: .*injected"):
        trained(Memory(1), micro=1)


@pytest.mark.parametrize("micro", [8, TokenBudget(tokens=300), TokenBudget(tokens=8)], ids=str)
@pytest.mark.parametrize("shortest", [1, 3, 60])
def test_an_example_that_never_fits_ends_the_run_instead_of_trying_for_ever(shortest: int, micro: int | TokenBudget) -> None:
    """Also where the shortest example is far smaller than the least token budget."""
    examples = [Example(i, tuple(range(10, 10 + n)), (), i % 3) for i, n in enumerate([shortest] * 8 + [60] * 24)]
    with pytest.raises(MachineError, match=r"M004 memory: out of memory with one example in a forward pass: .*injected"):
        trained(Memory(room=40), "classify", micro=micro, examples=examples)


def test_the_smaller_micro_batch_is_remembered_by_the_checkpoint() -> None:
    """A run that goes on later does not run out of memory again first."""
    _, _, run = trained(Memory(1))
    assert run.state.progress.to_json()["micro_scale"] == 0.5


class Twice(Sft):
    """Two updates from one draw, as online objectives make them: what is prepared is drawn anew each time."""

    n_prepared: ClassVar[list[int]] = []

    def n_updates(self) -> int:
        return 2

    def prepare(self, actors: Any, draw: list[Batch]) -> list[Batch]:
        self.n_prepared.append(len(draw))
        return draw

    def updates(self, prepared: list[Batch]) -> list[list[Batch]]:
        return [prepared, prepared[::-1]]


@pytest.mark.parametrize("packing", [False, True])
def test_out_of_memory_in_a_later_update_cuts_what_was_prepared(packing: bool) -> None:
    """It was neither cut finer nor ever ended otherwise than by giving up."""

    def run(memory: Memory) -> tuple[list[Event], torch.Tensor, list[int]]:
        class Short(Twice):
            n_prepared: ClassVar[list[int]] = []

            def loss(self, actors: Any, batch: Any) -> Loss:
                memory(batch)
                return super().loss(actors, batch)

        model, made = attached("sft", "full")
        examples = examples_of("sft")
        batches = [len(example) for example in examples]

        def scaled(scale: float) -> Batches:
            return Batches(batches, 16, 0, max(1, int(8 * scale)), 1, packing)

        training_ = training(model, Short(), examples, steps=4, micro=8, method=made, micro_scaled=scaled, packing=packing)
        return list(training_), weights(model), Short.n_prepared

    _, wanted, _ = run(Memory())
    events, found, prepared = run(Memory(3, 4))  # the second update of the first draw, twice
    assert relative(found, wanted) <= 1e-6
    assert [event.what[:36] for event in told(events)] == ["M001 out of memory at step 2; going "] * 2
    assert prepared == [2, 8], "what was prepared once is not prepared anew"


def test_out_of_memory_while_a_draw_is_prepared_is_retried() -> None:
    model, made = attached("sft", "full")
    examples, calls = examples_of("sft"), [0]

    class Preparing(Sft):
        def prepare(self, actors: Any, draw: list[Batch]) -> list[Batch]:
            calls[0] += 1
            if calls[0] == 2:
                raise torch.OutOfMemoryError("injected")
            return draw

    lengths = [len(example) for example in examples]
    run = training(
        model, Preparing(), examples, steps=3, method=made, micro_scaled=lambda scale: Batches(lengths, 16, 0, max(1, int(8 * scale)))
    )
    assert [event.step for event in told(list(run))] == [1]


def test_the_halves_of_a_batch_are_its_examples() -> None:
    examples = examples_of("sft")[:5]
    for lay in (Sft().collate, Sft().pack):
        first, second = lay(examples).halves()
        for half, part in ((first, examples[:2]), (second, examples[2:])):
            wanted = lay(part)
            for name in ("input_ids_BT", "lengths_B", "labels_BT", "positions_BT"):
                found, other = getattr(half, name), getattr(wanted, name)
                assert (found is None and other is None) or torch.equal(found, other), name
        assert lay(examples[:1]).halves()[0].numbers == (examples[0].number,)


def test_a_failed_pass_is_not_kept_in_memory() -> None:
    """What the error held, its frames and their tensors, must be gone before the step is tried again: no collector frees it in time."""
    import gc
    import weakref

    model, made = attached("sft", "full")
    examples, held, alive = examples_of("sft"), [], []

    class Holding(Sft):
        def loss(self, actors: Any, batch: Any) -> Loss:
            if not held:
                activation = torch.zeros(1000)
                held.append(weakref.ref(activation))
                raise torch.OutOfMemoryError("injected")
            alive.append(held[0]() is not None)
            return super().loss(actors, batch)

    lengths = [len(example) for example in examples]
    gc.disable()
    try:
        list(training(model, Holding(), examples, steps=1, method=made, micro_scaled=lambda scale: Batches(lengths, 16, 0, int(8 * scale))))
    finally:
        gc.enable()
    assert not any(alive)
