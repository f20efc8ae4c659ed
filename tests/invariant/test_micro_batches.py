"""The gradient of a step, and where eight steps lead, do not depend on how the step is cut into micro-batches or padded.

Tolerances are DESIGN's principle 4: global relative L2 of the first gradient 1e-12 in float64 and 1e-6 in fp32, of the fp32 weights after
eight steps 1e-5. In float64 the scores still pass through fp32 (score/): that rounds each score alone, so it is the same for every cut.
"""

from __future__ import annotations

from functools import cache

import pytest
import torch

from afina.recipe.schema import TokenBudget
from afina.score import actor_of
from afina.types import Example
from tests.invariant.setups import OF_DECODERS, TASKS, attached, beside_of, context_of, examples_of, flat, objective_of
from tests.training import losses, relative, training, weights

WHOLE = 16
OF_ONE_ROW = tuple(task for task in TASKS if not task.startswith("choices"))
"""Whose examples are a row each; options beside each other are tested in tests/oracle/test_choices_loss.py."""
CUTS = (1, 2, 4, 8, TokenBudget(tokens=64), TokenBudget(tokens=300), TokenBudget(tokens=4096))
QUICK = (1, TokenBudget(tokens=300))
WALKS = [micro if micro in QUICK else pytest.param(micro, marks=pytest.mark.full) for micro in CUTS]
METHODS_TESTED = ("full", "freeze", "lora")
CASES = [(task, method) for task in TASKS for method in METHODS_TESTED]
PACKED = [(task, method) for task in OF_DECODERS for method in METHODS_TESTED]
Cut = int | TokenBudget


def in_fp32(task: str, method: str) -> float:
    """1e-6, but for an adapter under options: the gradients of right and wrong ones cancel in part behind its narrow product.

    What is left is rounded the more, by the model's own products: the whole batch's fp32 gradient is 6e-6 from that in float64, six times
    as far as two cuts are from each other. Scores, log-probabilities and their sums in float64 change none of these numbers.
    """
    return 2e-6 if task.startswith("choices") and method == "lora" else 1e-6


def gradient(task: str, method: str, micro: Cut, double: bool, packing: bool = False) -> torch.Tensor:
    """The first step's gradient, before it is clipped."""
    model, made = attached(task, method, moved=True, double=double)
    settings = {"micro": micro, "method": made, "packing": packing, "beside": beside_of(task, double)}
    run = training(model, objective_of(task), examples_of(task), steps=1, batch_size=WHOLE, **settings)  # type: ignore[arg-type]
    run._accumulate()
    assert all(parameter.grad is not None for parameter in run.parameters)
    return flat([parameter.grad for parameter in run.parameters])


@cache
def whole_gradient(task: str, method: str, double: bool) -> torch.Tensor:
    return gradient(task, method, WHOLE, double)


def walked(task: str, method: str, micro: Cut, packing: bool = False) -> tuple[list[float], torch.Tensor]:
    model, made = attached(task, method)
    settings = {"micro": micro, "method": made, "packing": packing, "beside": beside_of(task)}
    curve = losses(training(model, objective_of(task), examples_of(task), steps=8, batch_size=WHOLE, **settings))  # type: ignore[arg-type]
    return curve, weights(model)


@cache
def walked_whole(task: str, method: str) -> tuple[list[float], torch.Tensor]:
    return walked(task, method, WHOLE)


@pytest.mark.parametrize("micro", CUTS, ids=str)
@pytest.mark.parametrize(("task", "method"), CASES)
def test_the_first_gradient_does_not_depend_on_the_cut(task: str, method: str, micro: Cut) -> None:
    assert whole_gradient(task, method, True).norm() > 1e-3, "a gradient of zero would prove nothing"
    assert relative(gradient(task, method, micro, True), whole_gradient(task, method, True)) <= 1e-12
    assert relative(gradient(task, method, micro, False), whole_gradient(task, method, False)) <= in_fp32(task, method)


@pytest.mark.parametrize("micro", WALKS, ids=str)
@pytest.mark.parametrize(("task", "method"), CASES)
def test_eight_steps_lead_to_the_same_weights(task: str, method: str, micro: Cut) -> None:
    (curve, end), (whole_curve, whole_end) = walked(task, method, micro), walked_whole(task, method)
    start, _ = attached(task, method)
    assert relative(weights(start), whole_end) > 1e-3, "weights that stay where they were would prove nothing"
    assert relative(end, whole_end) <= 1e-5
    assert curve == pytest.approx(whole_curve, rel=1e-5)


@pytest.mark.parametrize("micro", [3, TokenBudget(tokens=64), TokenBudget(tokens=4096)], ids=str)
@pytest.mark.parametrize(("task", "method"), PACKED)
def test_packing_changes_nothing(task: str, method: str, micro: Cut) -> None:
    assert relative(gradient(task, method, micro, True, packing=True), whole_gradient(task, method, True)) <= 1e-12
    assert relative(gradient(task, method, micro, False, packing=True), whole_gradient(task, method, False)) <= in_fp32(task, method)


@pytest.mark.parametrize(("task", "method"), PACKED)
def test_eight_packed_steps_lead_to_the_same_weights(task: str, method: str) -> None:
    curve, end = walked(task, method, TokenBudget(tokens=300), packing=True)
    whole_curve, whole_end = walked_whole(task, method)
    assert relative(end, whole_end) <= 1e-5
    assert curve == pytest.approx(whole_curve, rel=1e-5)


RECOMPUTED = [*(("sft", method) for method in METHODS_TESTED), ("classify of an encoder", "full"), ("sft of an encoder-decoder", "lora")]


@pytest.mark.parametrize(("task", "method"), RECOMPUTED)
def test_recomputing_activations_changes_nothing(task: str, method: str) -> None:
    model, made = attached(task, method, moved=True, double=True)
    bare = actor_of(model).bare
    bare.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    bare.enable_input_require_grads()
    run = training(model, objective_of(task), examples_of(task), steps=1, batch_size=WHOLE, micro=4, method=made)
    run._accumulate()
    assert relative(flat([parameter.grad for parameter in run.parameters]), whole_gradient(task, method, True)) <= 1e-12


@pytest.mark.parametrize("task", TASKS)
def test_a_mean_of_means_would_be_another_number(task: str) -> None:
    """The trap that this guards against: the mean over micro-batches of each one's mean is another number when their sizes differ."""
    model, _ = attached(task, "full", double=True)
    kind, context = objective_of(task), context_of(task)
    examples = sorted(examples_of(task, 9), key=len)
    parts = [kind.collate(examples[:2], context), kind.collate(examples[2:], context)]
    whole = kind.collate(examples, context)
    actors = {"policy": actor_of(model), **beside_of(task, double=True)}
    name, term = next(iter(kind.loss(actors, whole).terms.items()))
    sums = [kind.loss(actors, part).terms[name].total.item() for part in parts]
    counts = [kind.counts(part)[term.unit] for part in parts]
    total = term.total.item()
    assert sum(sums) / sum(counts) == pytest.approx(total / kind.counts(whole)[term.unit], rel=1e-6)
    assert abs(sum(part / n for part, n in zip(sums, counts, strict=True)) / 2 - total / sum(counts)) > 1e-5


@pytest.mark.parametrize("pad", [0, 1, 2, 57])
@pytest.mark.parametrize("task", OF_ONE_ROW)
def test_an_example_alone_scores_as_in_a_padded_batch(task: str, pad: int) -> None:
    """Whatever the id that fills up: masks come from lengths."""
    model, _ = attached(task, "full", double=True)
    kind, context, actor = objective_of(task), context_of(task), actor_of(model.eval())
    examples = examples_of(task, 12)
    batch = kind.collate(examples, context)
    real = torch.arange(batch.input_ids_BT.shape[1])[None] < batch.lengths_B[:, None]
    batch.input_ids_BT[~real] = pad
    assert bool((~real).any())
    with torch.no_grad():
        together = actor.class_logits(batch) if task.startswith("classify") else actor.token_logps(batch)
        for row, example in enumerate(examples):
            alone = kind.collate([example], context)
            scores = (actor.class_logits(alone) if task.startswith("classify") else actor.token_logps(alone))[0]
            assert torch.allclose(
                together[row, : len(scores)].double(), scores.double(), rtol=0, atol=1e-12 if task.startswith("classify") else 1e-6
            )
            assert task.startswith("classify") or not together[row, len(scores) :].any()


@pytest.mark.parametrize("task", OF_ONE_ROW)
def test_the_gradient_of_one_example_is_the_same_in_a_padded_batch(task: str) -> None:
    """Beside a longer example that carries no loss, one example has its own gradient."""
    kind, context = objective_of(task), context_of(task)
    short, long = sorted(examples_of(task, 12), key=len)[:: len(examples_of(task, 12)) - 1]
    silent = Example(long.number, long.ids, tuple(-100 for _ in long.labels), -1, long.second)
    found = []
    for batch in (kind.collate([short], context), kind.collate([silent, short], context)):
        model, _ = attached(task, "full", double=True)
        loss = kind.loss({"policy": actor_of(model), **beside_of(task, double=True)}, batch)
        torch.stack([term.total for term in loss.terms.values()]).sum().backward()
        assert kind.counts(batch)[kind.unit] == kind.example_counts(short)[kind.unit]
        found.append(flat([parameter.grad for parameter in model.parameters()]))
    assert relative(found[1], found[0]) <= 1e-12
