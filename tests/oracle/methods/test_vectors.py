"""BitFit and LN tuning: the equations, the published numbers, what folding in leaves, the names in the file."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.types import Horizon
from tests.oracle.methods.hooked import PUBLISHED, Weights, after, attached, compare, config_of, counted, layers_of, logits, names_in_file


@pytest.mark.parametrize("family", ["llama", "gpt2", "bert", "t5"])
def test_bitfit_is_its_equation(family: str) -> None:
    tuned, plain, facts = attached("bitfit", family)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path, own in weights.items():
            after(model.get_submodule(path), lambda _, h, own=own: h + own["bias"])

    # What a bias adds to the keys is the same for all positions, and softmax takes it out.
    keys = tuple(f"{path}.bias" for path in facts.linears if facts.places[path].role == "key" and family in ("bert", "t5"))
    compare(tuned, plain, facts, equation).check(without=keys)


def test_bitfit_is_moving_the_biases_themselves() -> None:
    tuned, plain, facts = attached("bitfit", "bert")
    with torch.no_grad():
        for path, layer in layers_of(tuned).items():
            plain.get_submodule(path).bias.add_(layer.weights["default"].bias)  # type: ignore[operator,union-attr]
    assert torch.allclose(logits(tuned, facts), logits(plain, facts), rtol=0, atol=1e-11)


@pytest.mark.parametrize("family", ["llama", "t5"])
def test_folded_in_maps_without_a_bias_have_one(family: str) -> None:
    tuned, _, facts = attached("bitfit", family)
    before = logits(tuned, facts)
    merged = tuned.merge_and_unload()
    assert torch.allclose(before, logits(merged, facts), rtol=0, atol=1e-6)
    assert all(merged.get_submodule(path).bias is not None for path in facts.linears)


def test_which_biases() -> None:
    bert, llama = (facts_from_config(config_of(family).to_dict()) for family in ("bert", "llama"))

    def targets(facts: Any, **settings: Any) -> set[str]:
        return METHODS["bitfit"](name="bitfit", **settings).build(facts, HeadFacts("lm"), Horizon(1)).target_modules  # type: ignore[union-attr]

    assert targets(bert) == {*bert.linears, *bert.norms}
    assert targets(llama) == targets(llama, scope="all-linear") == set(llama.linears)
    assert targets(bert, terms=("query", "up")) == {
        f"bert.encoder.layer.{i}.{end}" for i in range(2) for end in ("attention.self.query", "intermediate.dense")
    }
    assert targets(bert, terms=("norm",)) == set(bert.norms)
    with pytest.raises(MethodError, match=r"R003 method: this llama model has no biases\n  Do: method.scope=all-linear"):
        targets(llama, scope="existing")
    with pytest.raises(MethodError, match=r"no biases of the kind norm\n  Do: method.terms=\[\]"):
        targets(llama, terms=("norm",))


POOLER = 768
"""The bias of BERT's pooler: here the head, which is trained whole, holds it."""


@pytest.mark.parametrize(
    ("model", "name", "settings", "published"),
    [
        ("bert-base", "bitfit", {}, 102_912 - POOLER),
        ("bert-base", "bitfit", {"terms": ("query", "up")}, 46_080),
        ("llama-3-8b", "bitfit", {}, 1_376_256),
        ("llama-3-8b", "ln_tuning", {}, 266_240),
        ("bert-base", "ln_tuning", {}, 38_400),
        ("t5-base", "ln_tuning", {}, 47_616),
    ],
)
def test_published_numbers(model: str, name: str, settings: dict[str, Any], published: int) -> None:
    n, built, _ = counted(model, name, **settings)
    assert n == built == published


def test_bert_large_has_as_many_biases_as_published() -> None:
    large = PUBLISHED["bert-base"] | {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16}
    n = METHODS["bitfit"](name="bitfit").n_trainable(facts_from_config(large), HeadFacts("lm"))
    assert n == 272_384 - 1024


@pytest.mark.parametrize("family", ["gpt2", "bert", "gemma", "qwen3", "t5"])
def test_ln_tuning_is_its_equation(family: str) -> None:
    tuned, plain, facts = attached("ln_tuning", family)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path, own in weights.items():
            norm: Any = model.get_submodule(path)

            def moved(inputs: tuple[Any, ...], _: Tensor, norm: Any = norm, own: Any = own) -> Tensor:
                x, eps = inputs[0], getattr(norm, "variance_epsilon", None) or getattr(norm, "eps", 0.0)
                gain = norm.weight + own["weight"] + (1.0 if family == "gemma" else 0.0)
                if "bias" in own:
                    x = x - x.mean(-1, keepdim=True)
                scaled = x / (x.square().mean(-1, keepdim=True) + eps).sqrt() * gain
                return scaled + norm.bias + own["bias"] if "bias" in own else scaled

            after(norm, moved)

    # the norms of Gemma, Qwen and T5 compute in float32 themselves
    compare(tuned, plain, facts, equation).check(1e-10 if family in ("gpt2", "bert") else 2e-6)


def test_ln_tuning_folds_in_and_adds_up() -> None:
    tuned, _, facts = attached("ln_tuning", "qwen3")
    before = logits(tuned, facts)
    assert set(layers_of(tuned)) == set(facts.norms)
    assert torch.allclose(before, logits(tuned.merge_and_unload(), facts), rtol=0, atol=1e-5)


def test_norms_of_queries_and_keys_may_rest() -> None:
    tuned, _, _ = attached("ln_tuning", "qwen3", query_key_norms=False)
    assert not any("q_norm" in path or "k_norm" in path for path in layers_of(tuned))


def test_names_in_the_file() -> None:
    layer = "bert.encoder.layer.0"
    norms = (f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm")
    assert [name for name in names_in_file("ln_tuning", "bert") if layer in name] == [
        f"{norm}.afina_norm_weights.{what}" for norm in norms for what in ("bias", "weight")
    ]
    made = names_in_file("bitfit", "bert", terms=("query", "norm"))
    assert [name for name in made if layer in name] == sorted(
        f"{path}.afina_bitfit_weights.bias" for path in (*norms, f"{layer}.attention.self.query")
    )
