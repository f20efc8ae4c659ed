"""AdaMix: which experts a pass takes, what is averaged and stored, the consistency of two passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.methods import HeadFacts
from afina.methods.adamix import symmetric_divergence
from afina.types import Horizon, Loss, Scores, Term
from tests.oracle.methods.hooked import (
    PUBLISHED,
    Weights,
    after,
    attached,
    base_of,
    compare,
    counted,
    layers_of,
    logits,
    made,
    names_in_file,
)

ENDS = ["model.layers.0.mlp.down_proj", "model.layers.1.mlp.down_proj"]
LORAS = [f"model.layers.{layer}.self_attn.{name}" for layer in range(2) for name in ("q_proj", "v_proj")]


def gelu(x: Tensor) -> Tensor:
    return x * 0.5 * (1 + torch.erf(x / 2**0.5))


def adapter(own: Any, hidden: Tensor, i: int | None, j: int | None) -> Tensor:
    """With the experts i and j, or the means over all."""
    down_W, down_b, up_W, up_b = (own[name] for name in ("down.weight", "down.bias", "up.weight", "up.bias"))
    down = (down_W.mean(0), down_b.mean(0)) if i is None else (down_W[i], down_b[i])
    up = (up_W.mean(0), up_b.mean(0)) if j is None else (up_W[j], up_b[j])
    return gelu(hidden @ down[0].T + down[1]) @ up[0].T + up[1]


@pytest.mark.parametrize("share_up", [True, False])
def test_in_use_it_is_the_mean_of_its_experts(share_up: bool) -> None:
    tuned, plain, facts = attached("adamix", "llama", width=5, n_experts=3, share_up=share_up, scaling=0.5)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in ENDS:
            after(model.get_submodule(path), lambda _, h, own=weights[path]: h + 0.5 * adapter(own, h, None, None))

    compare(tuned, plain, facts, equation).check()


def test_in_training_each_place_takes_two_drawn_experts() -> None:
    """From torch's generator, the map down first; the same experts for the whole batch."""
    tuned, plain, facts = attached("adamix", "llama", width=5, n_experts=3, share_up=False)
    torch.manual_seed(7)
    drawn = [(int(torch.randint(3, ())), int(torch.randint(3, ()))) for _ in ENDS]
    assert len(set(drawn)) > 1 and any(i != j for i, j in drawn)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path, (i, j) in zip(ENDS, drawn, strict=True):
            after(model.get_submodule(path), lambda _, h, own=weights[path], i=i, j=j: h + adapter(own, h, i, j))

    torch.manual_seed(7)
    compare(tuned.train(), plain, facts, equation).check()


def test_a_lora_of_means() -> None:
    tuned, plain, facts = attached("adamix", "llama", flavour="lora", width=3, n_experts=2, alpha=6)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in LORAS:
            after(
                model.get_submodule(path),
                lambda x, y, own=weights[path]: y + 2 * x[0] @ own["lora_A.weight"].mean(0).T @ own["lora_B.weight"].mean(0).T,
            )

    compare(tuned, plain, facts, equation).check()
    assert set(layers_of(tuned)) == set(LORAS)


def test_one_expert_is_a_plain_adapter_and_equal_experts_need_no_draw() -> None:
    tuned, _, facts = attached("adamix", "llama", width=5, n_experts=1)
    with torch.no_grad():
        assert torch.equal(logits(tuned.eval(), facts), logits(tuned.train(), facts))
        tuned, _, facts = attached("adamix", "llama", width=5, n_experts=3)
        assert not torch.equal(logits(tuned.train(), facts), logits(tuned, facts)), "two passes draw anew"
        assert torch.equal(logits(tuned.eval(), facts), logits(tuned, facts))
        for layer in layers_of(tuned).values():
            for parameter in layer.weights["default"].parameters():
                parameter.copy_(parameter[:1].expand_as(parameter))
        assert torch.allclose(logits(tuned.eval(), facts), logits(tuned.train(), facts), atol=1e-12)


@pytest.mark.parametrize(("flavour", "kind"), [("adapter", "AFINA_BOTTLENECK"), ("lora", "LORA")])
@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_what_is_stored_is_one_plain_adapter(flavour: str, kind: str, family: str, tmp_path: Path) -> None:
    from peft import PeftModel

    tuned, plain, facts = attached("adamix", family, flavour=flavour, width=3, n_experts=4)
    tuned.save_pretrained(str(tmp_path))
    described = json.loads((tmp_path / "adapter_config.json").read_text())
    assert described["peft_type"] == kind and "n_experts" not in described
    loaded: Any = PeftModel.from_pretrained(plain, str(tmp_path)).double().eval()
    assert not any("adamix" in name for name, _ in loaded.named_parameters())
    with torch.no_grad():
        wanted, got = logits(tuned, facts), logits(loaded, facts)
    assert float((wanted - got).norm() / wanted.norm()) < 1e-6  # the file holds float32
    if flavour == "lora":
        with torch.no_grad():
            assert torch.allclose(logits(loaded.merge_and_unload(), facts), got, atol=1e-5)


def test_the_names_in_the_file_stay() -> None:
    parts = ("down.bias", "down.weight", "up.bias", "up.weight")
    assert names_in_file("adamix", "llama", width=4) == [f"{end}.afina_bottleneck_weights.{part}" for end in ENDS for part in parts]
    assert names_in_file("adamix", "llama", width=4, flavour="lora") == sorted(
        f"{path}.lora_{side}.weight" for path in LORAS for side in "AB"
    )


@pytest.mark.parametrize(
    ("model", "width", "n", "stored"), [("roberta-large", 16, 1_992_192, 811_392), ("bert-base", 48, 2_223_360, 894_528)]
)
def test_as_many_parameters_as_published(model: str, width: int, n: int, stored: int) -> None:
    """Trained, and what is stored of it (0.8 M and 0.9 M in the paper)."""
    closed, built, _ = counted(model, "adamix", width=width)
    assert closed == built == n
    layers, hidden = int(PUBLISHED[model]["num_hidden_layers"]), int(PUBLISHED[model]["hidden_size"])
    assert stored == layers * (2 * width * hidden + hidden + width)
    assert counted(model, "adamix", width=width, n_experts=1)[1] == stored


def test_the_divergence_is_symmetric_and_zero_for_equals() -> None:
    torch.manual_seed(0)
    one, other = torch.randn(5, 7, dtype=torch.float64, requires_grad=True), torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    p, q = one.softmax(-1), other.softmax(-1)
    by_hand = 0.5 * ((q.detach() * (q.detach().log() - p.log())).sum() + (p.detach() * (p.detach().log() - q.log())).sum())
    ours = symmetric_divergence(one, other)
    assert float(ours.detach()) == pytest.approx(float(by_hand.detach()), rel=1e-12)
    assert float(ours.detach()) == pytest.approx(float(symmetric_divergence(other, one).detach()), rel=1e-12)
    assert abs(float(symmetric_divergence(one, one.detach().clone()).detach())) < 1e-14
    wanted = torch.autograd.grad(by_hand, (one, other))
    for got, gradient in zip(torch.autograd.grad(ours, (one, other)), wanted, strict=True):
        assert torch.allclose(got, gradient, atol=1e-12)


def test_the_loss_is_the_first_pass_and_the_divergence_of_two() -> None:
    passes = [torch.randn(4, 3, dtype=torch.float64) for _ in range(2)]
    asked: list[int] = []

    def compute() -> Loss:
        logits_NC = passes[len(asked)]
        asked.append(1)
        return Loss({"nll": Term(logits_NC.sum(), "examples")}, scores=Scores(logits_NC, "examples"))

    loss = made("adamix", consistency=2.5).loss(nn.Identity(), compute)
    assert len(asked) == 2 and set(loss.terms) == {"nll", "consistency"}
    assert torch.equal(loss.terms["nll"].total, passes[0].sum())
    assert loss.terms["consistency"] == Term(symmetric_divergence(*passes), "examples", 2.5)
    asked.clear()
    assert set(made("adamix", consistency=0).loss(nn.Identity(), compute).terms) == {"nll"} and len(asked) == 1


@pytest.mark.parametrize(("head", "what"), [("scalar", "a number"), ("labels", "several labels")])
def test_a_head_without_a_distribution_is_refused(head: Any, what: str) -> None:
    _, facts = base_of("llama")
    with pytest.raises(MethodError) as caught:
        made("adamix", consistency=1).build(facts, HeadFacts(head, 3), Horizon(1))
    assert caught.value.text() == (
        f"R005 method.consistency: a head for {what} gives no distribution that two draws could agree on\n  Do: method.consistency=0"
    )
    made("adamix", consistency=0).build(facts, HeadFacts(head, 3), Horizon(1))
