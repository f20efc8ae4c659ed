"""KronA, KronA^B and KronA^B_res: the paper's equations with the product built, the published number, the names in the file."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts
from afina.types import Horizon
from tests.oracle.methods.hooked import Weights, after, attached, base_of, compare, counted, layers_of, logits, names_in_file


def product(a: Tensor, b: Tensor) -> Tensor:
    """A (x) B entry by entry: row i1 b1 + i2, column j1 b2 + j2 is A[i1, j1] B[i2, j2]."""
    rows, columns = len(a) * len(b), a.shape[1] * b.shape[1]
    return torch.stack(
        [torch.stack([a[i // len(b), j // b.shape[1]] * b[i % len(b), j % b.shape[1]] for j in range(columns)]) for i in range(rows)]
    )


@pytest.mark.parametrize("layout", ["balanced", "lokr"])
@pytest.mark.parametrize("family", ["llama", "gpt2", "t5"])
def test_krona_is_its_equation(family: str, layout: str) -> None:
    ends = {"llama": ("q_proj", "down_proj"), "gpt2": ("c_attn",), "t5": ("q", "wo")}[family]
    tuned, plain, facts = attached("krona", family, scaling=1.5, layout=layout, target_modules=ends)
    assert set(layers_of(tuned)) == {path for path in facts.linears if path.endswith(tuple(f".{end}" for end in ends))}

    def equation(model: nn.Module, weights: Weights) -> None:
        for path, own in weights.items():
            dense = 1.5 * product(own["a"], own["b"])
            after(model.get_submodule(path), lambda inputs, h, dense=dense: h + inputs[0] @ dense.T)

    compare(tuned, plain, facts, equation).check()


def test_krona_in_single_precision() -> None:
    tuned, plain, facts = attached("krona", "llama", target_modules=("q_proj", "v_proj"))

    def equation(model: nn.Module, weights: Weights) -> None:
        for path, own in weights.items():
            after(model.get_submodule(path), lambda inputs, h, own=own: h + inputs[0] @ product(own["a"], own["b"]).T)

    compare(tuned.float(), plain, facts, equation).check(1e-6)


@pytest.mark.parametrize("name", ["krona_b", "krona_b_res"])
@pytest.mark.parametrize("family", ["llama", "gpt2", "bert", "t5"])
def test_beside_the_feed_forward_block(family: str, name: str) -> None:
    """The block written out: what its first map reads, what its last gives."""
    tuned, plain, facts = attached(name, family, scaling=1.5)
    blocks = {
        "llama": {f"model.layers.{i}.mlp.down_proj": f"model.layers.{i}.mlp.up_proj" for i in range(2)},
        "gpt2": {f"transformer.h.{i}.mlp.c_proj": f"transformer.h.{i}.mlp.c_fc" for i in range(2)},
        "bert": {f"bert.encoder.layer.{i}.output.dense": f"bert.encoder.layer.{i}.intermediate.dense" for i in range(2)},
        "t5": {
            f"{side}.block.{i}.layer.{n}.DenseReluDense.wo": f"{side}.block.{i}.layer.{n}.DenseReluDense.wi"
            for side, n in (("encoder", 1), ("decoder", 2))
            for i in range(2)
        },
    }[family]
    assert set(layers_of(tuned)) == set(blocks)

    def equation(model: nn.Module, weights: Weights) -> None:
        for end, begin in blocks.items():
            own, read = weights[end], list[Tensor]()

            def see(_: nn.Module, inputs: tuple[Any, ...], read: list[Tensor] = read) -> None:
                read.append(inputs[0])

            def add(_: Any, h: Tensor, own: Any = own, read: list[Tensor] = read) -> Tensor:
                x = read.pop()
                more = own["residual"] * x if name == "krona_b_res" else 0.0
                return h + 1.5 * x @ product(own["product.a"], own["product.b"]).T + more

            model.get_submodule(begin).register_forward_pre_hook(see)
            after(model.get_submodule(end), add)

    compare(tuned, plain, facts, equation).check()


def test_the_rank_of_the_update_is_the_product_of_ranks() -> None:
    tuned, _, _ = attached("krona", "llama", target_modules=("q_proj",))
    for layer in layers_of(tuned).values():
        own: Any = layer.weights["default"]
        ranks = [int(torch.linalg.matrix_rank(matrix)) for matrix in (own.a, own.b, own.dense())]
        assert ranks[2] == ranks[0] * ranks[1] > 1


def test_lokr_of_peft_says_the_same() -> None:
    """The layout lokr: the factors copied into peft's own type give the same logits."""
    from peft import LoKrConfig, get_peft_model

    tuned, plain, facts = attached("krona", "llama", scaling=1.5, layout="lokr", target_modules=("q_proj", "down_proj"))
    stock = LoKrConfig(r=10_000, alpha=15_000, target_modules=["q_proj", "down_proj"])
    other = get_peft_model(plain, stock).double().eval()  # type: ignore[arg-type]
    modules = dict(other.named_modules())
    with torch.no_grad():
        for path, layer in layers_of(tuned).items():
            there, own = modules[f"base_model.model.{path}"], layer.weights["default"]
            there.lokr_w1["default"].copy_(own.a)  # type: ignore[index,union-attr]
            there.lokr_w2["default"].copy_(own.b)  # type: ignore[index,union-attr]
    assert torch.allclose(logits(tuned, facts), logits(other, facts), rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("model", "settings", "published"),
    [
        ("t5-base", {"target_modules": ("q", "v")}, 110_592),
        ("t5-base", {"target_modules": ("q", "v"), "train_norms": True}, 158_208),  # 0.07 % in the paper
        ("llama-3-8b", {"target_modules": ("q_proj",)}, 32 * 8192),
    ],
)
def test_published_numbers(model: str, settings: dict[str, Any], published: int) -> None:
    n, built, share = counted(model, "krona", **settings)
    assert n == built == published
    assert settings.get("train_norms") is None or round(100 * share, 2) == 0.07


def test_names_in_the_file() -> None:
    first = "model.layers.0.self_attn.q_proj"
    made = names_in_file("krona", "llama", target_modules=("q_proj",), train_norms=True)
    assert [name for name in made if "layers.0" in name] == [
        "model.layers.0.input_layernorm.afina_krona_weights.weight",
        "model.layers.0.post_attention_layernorm.afina_krona_weights.weight",
        f"{first}.afina_krona_weights.a",
        f"{first}.afina_krona_weights.b",
    ]
    last = "bert.encoder.layer.0.output.dense.afina_krona_b_weights"
    made = names_in_file("krona_b_res", "bert")
    assert [name for name in made if "layer.0" in name] == [f"{last}.product.a", f"{last}.product.b", f"{last}.residual"]


def test_experts_have_no_last_map() -> None:
    from afina.models.facts import facts_from_config
    from tests.oracle.methods.hooked import config_of

    facts = facts_from_config(config_of("mixtral").to_dict())
    with pytest.raises(MethodError, match="R003"):
        METHODS["krona_b"](name="krona_b").build(facts, HeadFacts("lm"), Horizon(1))


def test_taken_off_the_taps_go_too() -> None:
    tuned, plain, facts = attached("krona_b", "llama")
    bare = tuned.unload()
    assert {path for path, _ in bare.named_modules()} == {path for path, _ in base_of("llama")[0].named_modules()}
    with torch.no_grad():
        assert torch.equal(logits(bare, facts), logits(plain, facts))
