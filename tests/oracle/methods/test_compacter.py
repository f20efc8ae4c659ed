"""Compacter: sums of Kronecker products built whole, the published numbers of parameters, the names in the file."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.methods import HeadFacts
from afina.types import Horizon
from tests.oracle.methods.hooked import Weights, after, attached, base_of, compare, counted, layers_of, logits, made, names_in_file

ENDS = {
    "compacter": ["self_attn.o_proj", "mlp.down_proj"],
    "compacter++": ["mlp.down_proj"],
}


def kronecker_sum(rule: Tensor, s: Tensor, t: Tensor) -> Tensor:
    """sum_i A_i (x) (s_i t_i) [I, O]."""
    return sum((torch.kron(a, left @ right) for a, left, right in zip(rule, s, t, strict=True)), torch.zeros((), dtype=rule.dtype))  # type: ignore[return-value]


def gelu_by_tanh(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def adapter(own: Any, rule: Tensor, hidden: Tensor) -> Tensor:
    narrow = gelu_by_tanh(hidden @ kronecker_sum(rule, own["down.s"], own["down.t"]) + own["down.bias"])
    return narrow @ kronecker_sum(rule, own["up.s"], own["up.t"]) + own["up.bias"]


@pytest.mark.parametrize("name", ENDS)
@pytest.mark.parametrize(("n", "rank", "shared"), [(4, 1, True), (2, 3, True), (1, 2, True), (4, 2, False)])
def test_it_is_its_equation(name: str, n: int, rank: int, shared: bool) -> None:
    tuned, plain, facts = attached(name, "llama", n=n, factor_rank=rank, reduction=3, shared_rule=shared, train_norms=False, scaling=0.5)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in [f"model.layers.{layer}.{end}" for layer in range(2) for end in ENDS[name]]:
            own = weights[path]
            rule = weights["rule"]["rule"] if shared else own["rule.A"]
            after(model.get_submodule(path), lambda _, h, own=own, rule=rule: h + 0.5 * adapter(own, rule, h))

    shared_rule = {"rule": tuned.base_model.afina_compacter_shared["default"].A} if shared else None
    compare(tuned, plain, facts, equation, shared_rule).check()


def test_a_decoders_attention_to_its_encoder_has_none() -> None:
    tuned, _, facts = attached("compacter", "t5", reduction=3, train_norms=False)
    assert set(layers_of(tuned)) == {
        path for path, place in facts.places.items() if not place.cross and place.role in ("attention_output", "feed_forward_output")
    }
    assert not any("EncDec" in path for path in layers_of(tuned))


def test_untrained_it_is_the_base_or_nearly() -> None:
    for init, least, most in (("zero", 0.0, 1e-12), ("published", 1e-12, 1e-2)):
        base, facts = base_of("llama")
        with torch.no_grad():
            before = logits(base, facts)
            torch.manual_seed(0)
            tuned = made("compacter", reduction=3, init=init).attach(base, facts, HeadFacts("lm"), Horizon(1)).double()
            moved = float((logits(tuned, facts).double() - before).norm() / before.norm())
        assert least <= moved <= (1e-6 if init == "zero" else most)  # the norms of a Llama compute in float32


def test_the_rule_begins_as_published() -> None:
    base, facts = base_of("llama")
    settings = {"n": 24, "reduction": 1, "train_norms": False}
    tuned: Any = made("compacter", **settings).attach(base, facts, HeadFacts("lm"), Horizon(1))
    assert float(tuned.base_model.afina_compacter_shared["default"].A.detach().std()) == pytest.approx(1e-4, rel=0.05)
    base, facts = base_of("llama")
    tuned = made("compacter", shared_rule=False, **settings).attach(base, facts, HeadFacts("lm"), Horizon(1))
    rules = torch.stack([layer.weights["default"].rule.A.detach() for layer in layers_of(tuned).values()])  # type: ignore[union-attr,arg-type]
    assert float(rules.std()) == pytest.approx(1e-2, rel=0.05)


@pytest.mark.parametrize(("name", "n", "share"), [("compacter", 161_728, 0.0726), ("compacter++", 104_704, 0.0470)])
def test_as_many_parameters_as_published(name: str, n: int, share: float) -> None:
    closed, built, of_base = counted("t5-base", name)
    assert closed == built == n
    assert 100 * of_base == pytest.approx(share, abs=5e-5)


def test_the_names_in_the_file_stay() -> None:
    parts = [f"{side}.{part}" for side in ("down", "up") for part in ("bias", "s", "t")]
    places = [f"model.layers.{layer}.mlp.down_proj.afina_compacter_weights." for layer in range(2)]
    norms = [
        "model.norm",
        *(f"model.layers.{layer}.{norm}" for layer in range(2) for norm in ("input_layernorm", "post_attention_layernorm")),
    ]
    wanted = [place + part for place in places for part in parts] + [f"{norm}.afina_compacter_weights.weight" for norm in norms]
    assert names_in_file("compacter++", "llama", reduction=3) == sorted([*wanted, "base_model.afina_compacter_shared.A"])


def test_an_order_that_does_not_divide_the_model_names_one_that_does() -> None:
    _, facts = base_of("llama")
    with pytest.raises(MethodError) as caught:
        made("compacter", n=5).build(facts, HeadFacts("lm"), Horizon(1))
    assert caught.value.text() == "R005 method.n: n=5 does not divide the model's width (24)\n  Do: method.n=4"
    assert made("compacter", n=4, reduction=5).build(facts, HeadFacts("lm"), Horizon(1)).width == 8
