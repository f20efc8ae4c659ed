"""What a method can do to the loop: phases, a penalty, a loss of its own, something around each micro-batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import pytest
import torch
from torch import nn

from afina.events import Evaluated, Step
from afina.methods import Phase
from afina.methods.full import Full
from afina.types import Batch, Horizon, Loss, Term
from tests.tiny import tiny_config
from tests.training import class_examples, losses, token_examples, training


def llama() -> nn.Module:
    from transformers import LlamaForCausalLM

    torch.manual_seed(0)
    return LlamaForCausalLM(tiny_config(tie_word_embeddings=False))


class InTwoPhases(Full, frozen=True):
    name: Literal["full"] = "full"

    def phases(self, horizon: Horizon) -> tuple[Phase, ...]:
        return (Phase(4, resting=("*.mlp.*",)), Phase(horizon.steps - 4, 0.5, resting=("*.self_attn.*",)))


def test_what_rests_in_a_phase_does_not_move_and_the_rate_starts_anew() -> None:
    model = llama()
    run = training(model, "sft", token_examples(64), steps=8, method=InTwoPhases(), schedule="linear", learning_rate=1e-2)
    parts = {part: {name: p for name, p in model.named_parameters() if part in name} for part in (".mlp.", ".self_attn.")}
    seen: list[dict[str, float]] = []
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    rates = []
    for event in run:
        if isinstance(event, Step):
            seen.append({part: sum(float((p - before[name]).abs().sum()) for name, p in held.items()) for part, held in parts.items()})
            before = {name: p.detach().clone() for name, p in model.named_parameters()}
            rates.append(event.learning_rate)
    assert all(moved[".mlp."] == 0 and moved[".self_attn."] > 0 for moved in seen[:4])
    assert all(moved[".mlp."] > 0 and moved[".self_attn."] == 0 for moved in seen[4:])
    assert rates[:4] == sorted(rates[:4], reverse=True) and rates[4] == pytest.approx(0.5 * rates[0])


def test_an_evaluation_before_the_last_phase_is_no_result() -> None:
    """What a method ends with is not trained yet: neither the best checkpoint nor patience counts it."""
    model = llama()
    run = training(model, "sft", token_examples(64), steps=8, method=InTwoPhases())
    run.cadence = replace(run.cadence, evaluate_every=2, patience=2)
    run.validation = Falling()  # better the earlier
    events = list(run)
    assert [(event.step, event.best) for event in events if isinstance(event, Evaluated)] == [(2, False), (4, False), (6, True), (8, False)]
    assert run.state.progress.best_step == 6


class Falling:
    larger_is_better, metric = False, "loss"

    def __call__(self, step: int) -> Evaluated:
        return Evaluated(step, {"loss": float(step)}, False, ())


class Pulled(Full, frozen=True):
    """Drawn to zero by a penalty on the sum of squares."""

    name: Literal["full"] = "full"

    def penalty(self, model: nn.Module, step: int) -> torch.Tensor:
        return 0.25 * sum(((p**2).sum() for p in model.parameters()), torch.zeros(()))


@pytest.mark.parametrize("micro", [2, 16])
def test_a_penalty_counts_once_an_update_however_it_is_cut(micro: int) -> None:
    plain, pulled = llama(), llama()
    runs = [
        training(model, "sft", token_examples(32), steps=1, micro=micro, method=method)
        for model, method in ((plain, Full()), (pulled, Pulled()))
    ]
    totals = [run._accumulate()[0] for run in runs]
    wanted = 0.25 * sum(float((p.detach().double() ** 2).sum()) for p in plain.parameters())
    assert totals[1] - totals[0] == pytest.approx(wanted, rel=1e-4)
    for (name, one), two in zip(plain.named_parameters(), pulled.parameters(), strict=True):
        assert torch.allclose(two.grad, one.grad + 0.5 * one.detach(), atol=1e-5), name


class Twice(Full, frozen=True):
    """The loss of two passes, halved, in the units of the objective."""

    name: Literal["full"] = "full"

    def loss(self, model: nn.Module, compute: Callable[[], Loss]) -> Loss:
        first, second = compute(), compute()
        terms = {
            f"{name}{i}": Term(term.total, term.unit, 0.5) for i, loss in enumerate((first, second)) for name, term in loss.terms.items()
        }
        return Loss(terms, first.metrics)


def test_a_loss_of_two_equal_passes_is_that_of_one() -> None:
    curves = [losses(training(llama(), "sft", token_examples(32), steps=3, method=method)) for method in (Full(), Twice())]
    assert curves[1] == pytest.approx(curves[0], rel=1e-5)


SEEN: list[tuple[str, ...]] = []


class Watched(Full, frozen=True):
    name: Literal["full"] = "full"

    @contextmanager
    def during(self, model: nn.Module, batch: Batch, step: int, phase: int) -> Iterator[None]:
        SEEN.append(batch.tasks)
        yield


def test_each_micro_batch_says_the_tasks_of_its_rows() -> None:
    SEEN.clear()
    examples = class_examples(32)
    made: Any = llama_classifier()
    tasks = {example.number: "even" if example.number % 2 == 0 else "odd" for example in examples}
    run = training(made, "classify", examples, steps=2, micro=4, method=Watched(), tasks=tasks)
    assert len(losses(run)) == 2
    assert SEEN and all(len(found) == 4 and set(found) <= {"even", "odd"} for found in SEEN)
    batch = run._collate([0, 1, 2, 3], 0)
    assert batch.tasks == tuple(tasks[number] for number in batch.numbers)
    assert [half.tasks for half in batch.halves()] == [batch.tasks[:2], batch.tasks[2:]]


def llama_classifier() -> nn.Module:
    from transformers import LlamaForSequenceClassification

    torch.manual_seed(0)
    return LlamaForSequenceClassification(tiny_config(num_labels=3))
