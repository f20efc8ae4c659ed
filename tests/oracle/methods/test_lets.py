"""LeTS-E against its equations by hand, its three stages, and what it keeps of the base."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from afina.events import Step
from afina.methods import METHODS
from afina.training import checkpoint
from afina.training.loop import Training
from afina.types import Horizon
from tests.oracle.methods.beside import IDS, agree, attached, attention, base_states, kept_at_depth, rms, side_of
from tests.training import class_examples, training


def lstm(x_LD: list[Tensor], weights: Mapping[str, Tensor], end: str) -> Tensor:
    """The last state of an LSTM over a list (Hochreiter and Schmidhuber 1997, in torch's order of gates)."""
    into, over = weights[f"aggregate.weight_ih_l0{end}"], weights[f"aggregate.weight_hh_l0{end}"]
    bias = weights[f"aggregate.bias_ih_l0{end}"] + weights[f"aggregate.bias_hh_l0{end}"]
    width = over.shape[1]
    hidden = cell = torch.zeros(*x_LD[0].shape[:-1], width, dtype=torch.float64)
    for x in x_LD:
        entry, forget, new, exit_ = (x @ into.T + hidden @ over.T + bias).split(width, -1)
        cell = forget.sigmoid() * cell + entry.sigmoid() * new.tanh()
        hidden = exit_.sigmoid() * cell.tanh()
    return hidden


def test_forward_and_gradients_are_those_of_the_equations() -> None:
    model = attached("lets", "classes", width=4, layers=(0, 1))
    side, body = side_of(model), model.get_base_model().model.base_layer
    with torch.no_grad():
        side.alpha.copy_(torch.tensor([0.5, -0.5]))
    states = [state.double() for state in base_states(model)]
    last: list[Tensor] = []
    body.layers[2].register_forward_hook(lambda _module, _args, output: last.append(output.detach().double()))
    base = {name: parameter.detach().double() for name, parameter in body.named_parameters()}
    base_states(model)

    def formula(weights: Mapping[str, Tensor]) -> Tensor:
        x = rms(states[0], base["layers.0.input_layernorm.weight"])
        changed = [base[f"layers.0.self_attn.{name}_proj.weight"] + weights[f"deltas.0.{at}"] for at, name in enumerate("qkv")]
        own = attention(*(x @ matrix.T for matrix in changed), n_heads=4) @ base["layers.0.self_attn.o_proj.weight"].T
        read = [states[1] + own, states[2], last[0]]
        both = torch.cat([lstm(read, weights, ""), lstm(read[::-1], weights, "_reverse")], -1)
        return both @ weights["leave.weight"].T + weights["leave.bias"]

    agree(model, side, formula)


def test_without_changes_the_branch_is_the_frozen_attention() -> None:
    model = attached("lets", "classes", width=4)
    side, body = side_of(model), model.get_base_model().model
    outputs: list[Tensor] = []
    body.base_layer.layers[1].self_attn.o_proj.register_forward_hook(lambda _module, _args, output: outputs.append(output.detach()))
    with torch.no_grad():
        side.alpha.copy_(torch.tensor([-1.0, 1.0, -1.0]))
        for delta in side.deltas[1]:
            delta.zero_()
        body(input_ids=IDS, use_cache=False)
    frozen, branch = outputs
    assert float((frozen - branch).abs().max()) < 1e-6


def test_one_pass_of_the_base_serves_all_its_branches() -> None:
    model = attached("lets", "classes", width=4)
    body = model.get_base_model().model
    side_of(model).alpha.data.fill_(1.0)
    passes: list[int] = []
    products: list[int] = []
    body.base_layer.register_forward_hook(lambda *_: passes.append(1))
    weight_products = torch.nn.functional.linear
    frozen = {id(block.self_attn.q_proj.weight) for block in body.base_layer.layers}

    def counted(x: Tensor, weight: Tensor, bias: Any = None) -> Tensor:
        products.extend([1] if id(weight) in frozen else [])
        return weight_products(x, weight, bias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.nn.functional, "linear", counted)
        body(input_ids=IDS)
    assert len(passes) == 1
    assert len(products) == 3, "what the frozen maps made is used again"


def test_the_stages_search_choose_and_prune() -> None:
    torch.manual_seed(0)
    method = METHODS["lets"](name="lets", width=4, density=0.1)  # type: ignore[arg-type]
    model = attached("lets", "classes", width=4, density=0.1)
    side = side_of(model)
    with torch.no_grad():
        side.alpha.fill_(1.0)
        for delta in side._matrices():
            delta.zero_()
    run = training(model, "classify", class_examples(64), steps=20, method=method, learning_rate=1e-2)
    after: dict[int, tuple[Tensor, list[Tensor]]] = {}
    for event in run:
        if isinstance(event, Step):
            after[event.step] = (side.alpha.detach().clone(), [delta.detach().clone() for delta in side._matrices()])
    assert [phase.steps for phase in method.phases(Horizon(20))] == [6, 4, 10]
    assert not torch.equal(after[1][0], after[6][0])
    assert all(torch.equal(after[6][0], after[step][0]) for step in range(7, 21)), "the choice rests"
    masks = [delta != 0 for delta in after[11][1]]
    for mask in masks:
        assert int(mask.sum()) == round(0.1 * mask.numel())
    for step in range(12, 21):
        assert all(torch.equal(mask, delta != 0) for mask, delta in zip(masks, after[step][1], strict=True)), "the mask stays"
    assert any(not torch.equal(one, other) for one, other in zip(after[11][1], after[20][1], strict=True)), "and what it keeps trains on"
    largest = [
        delta.abs() >= delta.abs().flatten().topk(int(mask.sum())).values[-1] for delta, mask in zip(after[10][1], masks, strict=True)
    ]
    assert all(torch.equal(mask, top) for mask, top in zip(masks, largest, strict=True))


@pytest.mark.parametrize("stopped_at", [2, 4, 7])
def test_stopped_in_any_stage_it_goes_on_as_if_it_never_had(stopped_at: int, tmp_path: Path) -> None:
    def begun() -> Training:
        method = METHODS["lets"](name="lets", width=4, density=0.1)  # type: ignore[arg-type]
        model = attached("lets", "classes", width=4, density=0.1)
        return training(model, "classify", class_examples(32), steps=10, method=method, learning_rate=1e-2)

    def weights(run: Training, n_steps: int) -> dict[str, Tensor]:
        next(event for event in run if isinstance(event, Step) and event.step == n_steps)
        return {name: tensor.clone() for name, tensor in run.state.trained_weights().items()}

    whole, first = weights(begun(), 10), begun()
    halfway = weights(first, stopped_at)
    path = checkpoint.save(tmp_path, first.state, 1)
    torch.randn(7)  # another process has another state of the generator
    second = begun()
    checkpoint.load(path, second.state)
    ended = weights(second, 10)
    assert all(torch.equal(whole[name], ended[name]) for name in whole)
    assert any(not torch.equal(halfway[name], ended[name]) for name in whole)


def test_pruning_again_changes_nothing() -> None:
    side = side_of(attached("lets", "classes", width=4, density=0.1))
    side.prune()
    once = [delta.detach().clone() for delta in side._matrices()]
    side.prune()
    assert all(torch.equal(one, other) for one, other in zip(once, side._matrices(), strict=True))


def test_any_number_of_steps_is_divided() -> None:
    for n in range(1, 40):
        assert sum(phase.steps for phase in METHODS["lets"](name="lets").phases(Horizon(n))) == n


def test_the_price_of_an_attention_closes_it() -> None:
    from afina.tuners.lets import searched_in

    model = attached("lets", "classes", width=4)
    method = METHODS["lets"](name="lets", cost=2.0)  # type: ignore[arg-type]
    (side,) = searched_in(model)
    side.stage = "search"
    penalty = method.penalty(model, 0)
    assert penalty is not None
    assert float(penalty) == pytest.approx(2.0 * float(side.alpha.sigmoid().mean()))
    penalty.backward()
    assert bool((side.alpha.grad > 0).all())  # type: ignore[operator]
    side.stage = "dense"
    assert method.penalty(model, 0) is None


def test_each_layer_of_the_base_costs_its_state_alone() -> None:
    """With one layer searched, a deeper base adds only the states that the LSTM reads again: they are held, not in the graph."""
    settings: dict[str, Any] = {"width": 4, "layers": (0,)}
    each = (kept_at_depth("lets", 8, **settings) - kept_at_depth("lets", 2, **settings)) / 6
    assert each < (kept_at_depth("lora", 8, r=4) - kept_at_depth("lora", 2, r=4)) / 6 / 10


def test_the_names_in_the_file_stay() -> None:
    from peft import get_peft_model_state_dict

    lstm_names = [f"aggregate.{kind}_l0{end}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh") for end in ("", "_reverse")]
    inside = ["alpha", "leave.weight", "leave.bias", *lstm_names, *(f"deltas.0.{at}" for at in range(3))]
    names = set(get_peft_model_state_dict(attached("lets", "classes", width=4, layers=(1,))))
    assert names == {f"base_model.model.model.afina_lets_weights.{name}" for name in inside} | {"base_model.model.score.weight"}
