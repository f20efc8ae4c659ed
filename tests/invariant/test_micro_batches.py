"""The gradient of a step, and where eight steps lead, do not depend on how the step is cut into micro-batches or padded.

Tolerances are DESIGN's principle 4: global relative L2 of the first gradient 1e-12 in float64 and 1e-6 in fp32, of the fp32 weights after
eight steps 1e-5. In float64 the scores still pass through fp32 (score.py): that rounds each score alone, so it is the same for every cut.
"""

from __future__ import annotations

from functools import cache

import pytest
import torch

from afina.objectives import OBJECTIVES
from afina.recipe.schema import TokenBudget
from afina.score import actor_of
from afina.types import Example
from tests.invariant.setups import OBJECTIVES_TESTED, attached, examples_of, flat
from tests.training import losses, relative, training, weights

WHOLE = 16
CUTS = (1, 2, 4, 8, TokenBudget(tokens=64), TokenBudget(tokens=300), TokenBudget(tokens=4096))
QUICK = (1, TokenBudget(tokens=300))
WALKS = [micro if micro in QUICK else pytest.param(micro, marks=pytest.mark.full) for micro in CUTS]
METHODS_TESTED = ("full", "freeze", "lora")
CASES = [(objective, method) for objective in OBJECTIVES_TESTED for method in METHODS_TESTED]
Cut = int | TokenBudget


def gradient(objective: str, method: str, micro: Cut, double: bool, packing: bool = False) -> torch.Tensor:
    """The first step's gradient, before it is clipped."""
    model, made = attached(objective, method, moved=True, double=double)
    run = training(model, objective, examples_of(objective), steps=1, batch_size=WHOLE, micro=micro, method=made, packing=packing)
    run._accumulate()
    assert all(parameter.grad is not None for parameter in run.parameters)
    return flat([parameter.grad for parameter in run.parameters])


@cache
def whole_gradient(objective: str, method: str, double: bool) -> torch.Tensor:
    return gradient(objective, method, WHOLE, double)


def walked(objective: str, method: str, micro: Cut, packing: bool = False) -> tuple[list[float], torch.Tensor]:
    model, made = attached(objective, method)
    curve = losses(training(model, objective, examples_of(objective), steps=8, batch_size=WHOLE, micro=micro, method=made, packing=packing))
    return curve, weights(model)


@cache
def walked_whole(objective: str, method: str) -> tuple[list[float], torch.Tensor]:
    return walked(objective, method, WHOLE)


@pytest.mark.parametrize("micro", CUTS, ids=str)
@pytest.mark.parametrize(("objective", "method"), CASES)
def test_the_first_gradient_does_not_depend_on_the_cut(objective: str, method: str, micro: Cut) -> None:
    assert whole_gradient(objective, method, True).norm() > 1e-3, "a gradient of zero would prove nothing"
    assert relative(gradient(objective, method, micro, True), whole_gradient(objective, method, True)) <= 1e-12
    assert relative(gradient(objective, method, micro, False), whole_gradient(objective, method, False)) <= 1e-6


@pytest.mark.parametrize("micro", WALKS, ids=str)
@pytest.mark.parametrize(("objective", "method"), CASES)
def test_eight_steps_lead_to_the_same_weights(objective: str, method: str, micro: Cut) -> None:
    (curve, end), (whole_curve, whole_end) = walked(objective, method, micro), walked_whole(objective, method)
    start, _ = attached(objective, method)
    assert relative(weights(start), whole_end) > 1e-3, "weights that stay where they were would prove nothing"
    assert relative(end, whole_end) <= 1e-5
    assert curve == pytest.approx(whole_curve, rel=1e-5)


@pytest.mark.parametrize("micro", [3, TokenBudget(tokens=64), TokenBudget(tokens=4096)], ids=str)
@pytest.mark.parametrize(("objective", "method"), CASES)
def test_packing_changes_nothing(objective: str, method: str, micro: Cut) -> None:
    assert relative(gradient(objective, method, micro, True, packing=True), whole_gradient(objective, method, True)) <= 1e-12
    assert relative(gradient(objective, method, micro, False, packing=True), whole_gradient(objective, method, False)) <= 1e-6


@pytest.mark.parametrize(("objective", "method"), CASES)
def test_eight_packed_steps_lead_to_the_same_weights(objective: str, method: str) -> None:
    curve, end = walked(objective, method, TokenBudget(tokens=300), packing=True)
    whole_curve, whole_end = walked_whole(objective, method)
    assert relative(end, whole_end) <= 1e-5
    assert curve == pytest.approx(whole_curve, rel=1e-5)


@pytest.mark.parametrize("method", METHODS_TESTED)
def test_recomputing_activations_changes_nothing(method: str) -> None:
    model, made = attached("sft", method, moved=True, double=True)
    bare = actor_of(model).bare
    bare.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    bare.enable_input_require_grads()
    run = training(model, "sft", examples_of("sft"), steps=1, batch_size=WHOLE, micro=4, method=made)
    run._accumulate()
    assert relative(flat([parameter.grad for parameter in run.parameters]), whole_gradient("sft", method, True)) <= 1e-12


@pytest.mark.parametrize("objective", OBJECTIVES_TESTED)
def test_a_mean_of_means_would_be_another_number(objective: str) -> None:
    """The trap that this guards against: the mean over micro-batches of each one's mean is another number when their sizes differ."""
    model, _ = attached(objective, "full", double=True)
    kind = OBJECTIVES[objective](name=objective)
    examples = sorted(examples_of(objective, 9), key=len)
    parts = [kind.collate(examples[:2]), kind.collate(examples[2:])]
    whole = kind.collate(examples)
    actors = {"policy": actor_of(model)}
    sums = [term.total.item() for part in parts for term in kind.loss(actors, part).terms.values()]
    counts = [kind.counts(part)[kind.unit] for part in parts]
    total = next(iter(kind.loss(actors, whole).terms.values())).total.item()
    assert sum(sums) / sum(counts) == pytest.approx(total / kind.counts(whole)[kind.unit], rel=1e-6)
    assert abs(sum(part / n for part, n in zip(sums, counts, strict=True)) / 2 - total / sum(counts)) > 1e-5


@pytest.mark.parametrize("pad", [0, 1, 2, 57])
@pytest.mark.parametrize("objective", OBJECTIVES_TESTED)
def test_an_example_alone_scores_as_in_a_padded_batch(objective: str, pad: int) -> None:
    """Whatever the id that fills up: masks come from lengths."""
    model, _ = attached(objective, "full", double=True)
    kind, actor = OBJECTIVES[objective](name=objective), actor_of(model.eval())
    examples = examples_of(objective, 12)
    batch = kind.collate(examples)
    real = torch.arange(batch.input_ids_BT.shape[1])[None] < batch.lengths_B[:, None]
    batch.input_ids_BT[~real] = pad
    assert bool((~real).any())
    with torch.no_grad():
        together = actor.class_logits(batch) if objective == "classify" else actor.token_logps(batch)
        for row, example in enumerate(examples):
            alone = kind.collate([example])
            scores = (actor.class_logits(alone) if objective == "classify" else actor.token_logps(alone))[0]
            assert torch.allclose(
                together[row, : len(scores)].double(), scores.double(), rtol=0, atol=1e-12 if objective == "classify" else 1e-6
            )
            assert objective == "classify" or not together[row, len(scores) :].any()


@pytest.mark.parametrize("objective", OBJECTIVES_TESTED)
def test_the_gradient_of_one_example_is_the_same_in_a_padded_batch(objective: str) -> None:
    """Beside a longer example that carries no loss, one example has its own gradient."""
    kind = OBJECTIVES[objective](name=objective)
    short, long = sorted(examples_of(objective, 12), key=len)[:: len(examples_of(objective, 12)) - 1]
    silent = Example(long.number, long.ids, tuple(-100 for _ in long.labels), -1)
    found = []
    for batch in (kind.collate([short]), kind.collate([silent, short])):
        model, _ = attached(objective, "full", double=True)
        loss = kind.loss({"policy": actor_of(model)}, batch)
        torch.stack([term.total for term in loss.terms.values()]).sum().backward()
        assert kind.counts(batch)[kind.unit] == kind.example_counts(short)[kind.unit]
        found.append(flat([parameter.grad for parameter in model.parameters()]))
    assert relative(found[1], found[0]) <= 1e-12
