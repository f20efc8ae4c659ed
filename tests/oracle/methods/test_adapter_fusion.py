"""AdapterFusion: attention over adapters by hand, each row by its own task's, the two phases, the published number of parameters."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.events import Step
from afina.methods.adapter_fusion import tasks_by_size
from afina.tuners.fusion import alone, distance_of_values
from afina.types import Batch, Horizon
from tests.oracle.methods.hooked import IDS, Weights, after, attached, compare, counted, layers_of, logits, made, names_in_file
from tests.training import token_examples, training

TASKS = ("maths", "prose", "verse")
SHIFTED = (".key.bias",)
"""It adds the same to the scores of all adapters, which a softmax does not see."""


def adapter(own: Any, task: int, hidden: Tensor) -> Tensor:
    narrow = (hidden @ own[f"tasks.{task}.down.weight"].T + own[f"tasks.{task}.down.bias"]).clamp_min(0)
    return narrow @ own[f"tasks.{task}.up.weight"].T + own[f"tasks.{task}.up.bias"]


def fused(own: Any, hidden_BTD: Tensor) -> Tensor:
    """One position after another."""
    rows: list[Tensor] = []
    for row in hidden_BTD:
        for h in row:
            z = [adapter(own, task, h) for task in range(len(TASKS))]
            query = own["query.weight"] @ h + own["query.bias"]
            weights = torch.stack([query @ (own["key.weight"] @ one + own["key.bias"]) for one in z]).softmax(0)
            rows.append(sum((a * (own["value.weight"] @ one) for a, one in zip(weights, z, strict=True)), torch.zeros_like(h)))
    return torch.stack(rows).view_as(hidden_BTD)


def test_in_use_it_attends_over_the_adapters() -> None:
    tuned, plain, facts = attached("adapter_fusion", "llama", width=5, tasks=TASKS)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in ("model.layers.0", "model.layers.1"):
            after(model.get_submodule(path), lambda _, u, own=weights[path]: u + fused(own, u))

    compare(tuned, plain, facts, equation).check(without=SHIFTED)


def test_in_a_post_norm_model_it_reads_after_the_norm() -> None:
    tuned, plain, facts = attached("adapter_fusion", "bert", width=5, tasks=TASKS)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in [f"bert.encoder.layer.{layer}.output.LayerNorm" for layer in range(2)]:
            norm: Any = model.get_submodule(path)

            def twice(inputs: tuple[Any, ...], h: Tensor, norm: Any = norm, own: Any = weights[path]) -> Tensor:
                return norm.forward(inputs[0] + fused(own, h))

            after(norm, twice)

    compare(tuned, plain, facts, equation).check(without=SHIFTED)


def test_alone_each_row_passes_its_own_tasks_adapter() -> None:
    tuned, plain, facts = attached("adapter_fusion", "llama", width=5, tasks=TASKS)
    order = (2, 0)
    for path, layer in layers_of(tuned).items():
        own: dict[str, Tensor] = dict(layer.weights["default"].named_parameters())
        after(
            plain.get_submodule(path),
            lambda _, u, own=own: torch.stack([row + adapter(own, task, row) for task, row in zip(order, u, strict=True)]),
        )
    batch = Batch(IDS, torch.tensor([7, 7]), tasks=("verse", "maths"))
    with alone(tuned, tasks_by_size(batch)):
        got = logits(tuned, facts)
    assert torch.allclose(got, logits(plain, facts), atol=1e-10)
    got.sum().backward()
    for layer in layers_of(tuned).values():
        has = {name for name, parameter in layer.weights["default"].named_parameters() if parameter.grad is not None}
        assert has == {f"tasks.{task}.{side}.{part}" for task in order for side in ("down", "up") for part in ("weight", "bias")}
    assert not torch.allclose(logits(tuned, facts), got), "outside, all pass the attention"


def test_packed_and_options_are_routed_by_example() -> None:
    """Several examples in one row, and several rows of one example."""
    tuned, _, facts = attached("adapter_fusion", "llama", width=5, tasks=TASKS)
    batch = Batch(IDS, torch.tensor([7, 7]), tasks=("verse", "maths"))
    with torch.no_grad(), alone(tuned, tasks_by_size(batch)):
        wanted = logits(tuned, facts)
    places = torch.arange(7).repeat(2)[None]
    packed = Batch(IDS.reshape(1, -1), torch.tensor([7, 7]), positions_BT=places, tasks=("verse", "maths"))
    with torch.no_grad(), alone(tuned, tasks_by_size(packed)):
        got = tuned(input_ids=packed.input_ids_BT, position_ids=places, use_cache=False).logits
    assert torch.allclose(got.view_as(wanted), wanted, atol=1e-10)
    options = Batch(IDS[[0, 0, 1]], torch.tensor([7, 7, 7]), options_B=torch.tensor([2, 1]), tasks=("verse", "maths"))
    with torch.no_grad(), alone(tuned, tasks_by_size(options)):
        got = tuned(input_ids=options.input_ids_BT).logits
    assert torch.allclose(got, wanted[[0, 0, 1]], atol=1e-10)


def test_each_phase_moves_its_own_weights() -> None:
    tuned, _, _ = attached("adapter_fusion", "llama", width=5, tasks=TASKS)
    tuned.float()
    method = made("adapter_fusion", width=5, tasks=TASKS)
    examples = [example for example in token_examples(24) if max(example.ids) < 320]
    examples = [type(e)(e.number, tuple(i % 100 for i in e.ids), tuple(i % 100 if i >= 0 else i for i in e.labels)) for e in examples]
    tasks = {example.number: TASKS[example.number % 3] for example in examples}
    run = training(tuned, "sft", examples, steps=6, method=method, tasks=tasks, learning_rate=1e-2)
    assert [phase.steps for phase in method.phases(Horizon(6))] == [3, 3]
    seen = [{name: p.detach().clone() for name, p in tuned.named_parameters() if p.requires_grad}]
    for event in run:
        if isinstance(event, Step):
            seen.append({name: p.detach().clone() for name, p in tuned.named_parameters() if p.requires_grad})
    for step in range(6):
        for name, before in seen[step].items():
            adapters = ".tasks." in name
            assert torch.equal(seen[step + 1][name], before) is (adapters == (step >= 3)), (step, name)


def test_the_value_maps_are_held_near_the_identity() -> None:
    tuned, _, facts = attached("adapter_fusion", "llama", width=5, tasks=TASKS)
    values = [layer.weights["default"].value.weight for layer in layers_of(tuned).values()]  # type: ignore[union-attr]
    by_hand = sum(float(((torch.eye(facts.hidden_size) - value) ** 2).sum()) for value in values)  # type: ignore[operator]
    assert float(distance_of_values(tuned)) == pytest.approx(by_hand, rel=1e-6)
    method = made("adapter_fusion", tasks=TASKS)
    penalty = method.penalty(tuned, 0)
    assert penalty is not None and float(penalty) == pytest.approx(0.01 * by_hand, rel=1e-6)
    assert made("adapter_fusion", tasks=TASKS, regularisation=0).penalty(tuned, 0) is None


def test_as_many_parameters_as_published() -> None:
    closed, built, _ = counted("bert-base", "adapter_fusion", tasks=TASKS)
    assert closed == built == 3 * 894_528 + 12 * (3 * 768**2 + 2 * 768)
    assert 12 * (3 * 768**2 + 2 * 768) == 21_252_096  # the paper's attention


def test_the_names_in_the_file_stay() -> None:
    adapters = [f"tasks.{task}.{part}" for task in range(2) for part in ("down.bias", "down.weight", "up.bias", "up.weight")]
    attention = ["key.bias", "key.weight", "query.bias", "query.weight", "value.weight"]
    wanted = sorted(f"model.layers.{layer}.afina_fusion_weights.{part}" for layer in range(2) for part in (*adapters, *attention))
    assert names_in_file("adapter_fusion", "llama", width=4, tasks=("a", "b")) == wanted


@pytest.mark.parametrize(("tasks", "found"), [((), "data.task is not given"), (("only",), 'all rows are of the task "only"')])
def test_it_needs_several_tasks(tasks: tuple[str, ...], found: str) -> None:
    with pytest.raises(MethodError) as caught:
        made("adapter_fusion").settled(tasks)
    assert caught.value.text() == (
        f"R018 data.task: adapter_fusion puts together what adapters learned for several tasks, and {found}\n"
        "  Do: data.task=COLUMN that names each row's task, or method=pfeiffer"
    )
    assert made("adapter_fusion").settled(["a", "b"]).tasks == ("a", "b")
