"""Houlsby, Pfeiffer and parallel adapters: each paper's equation, the numbers of parameters that were published, the names in the file."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.methods import HeadFacts
from afina.methods.parallel import norm_before
from afina.types import Horizon
from tests.oracle.methods.hooked import Weights, after, attached, base_of, compare, counted, layers_of, logits, made, names_in_file


def adapter(weights: Any, hidden: Tensor) -> Tensor:
    """W_up relu(W_down h + b_down) + b_up."""
    narrow = torch.einsum("btd,md->btm", hidden, weights["down.weight"]) + weights["down.bias"]
    return torch.einsum("btm,dm->btd", torch.where(narrow > 0, narrow, 0.0), weights["up.weight"]) + weights["up.bias"]


def normalised(norm: Any, hidden: Tensor) -> Tensor:
    centred = hidden - hidden.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True) + norm.eps).sqrt() * norm.weight + norm.bias


def see(seen: list[Tensor], _: nn.Module, inputs: tuple[Any, ...]) -> None:
    """A hook that keeps what a module reads."""
    seen.append(inputs[0])


def sublayers(family: str) -> list[str]:
    """The ends of both sublayers of both layers, written out."""
    ends = {
        "llama": ("model.layers.{}.self_attn.o_proj", "model.layers.{}.mlp.down_proj"),
        "gpt2": ("transformer.h.{}.attn.c_proj", "transformer.h.{}.mlp.c_proj"),
        "bert": ("bert.encoder.layer.{}.attention.output.dense", "bert.encoder.layer.{}.output.dense"),
        "t5": (
            "encoder.block.{}.layer.0.SelfAttention.o", "encoder.block.{}.layer.1.DenseReluDense.wo",
            "decoder.block.{}.layer.0.SelfAttention.o", "decoder.block.{}.layer.2.DenseReluDense.wo",
        ),
    }  # fmt: skip
    return [end.format(layer) for end in ends[family] for layer in range(2)]


@pytest.mark.parametrize("family", ["llama", "gpt2", "bert", "t5"])
def test_houlsby_is_its_equation(family: str) -> None:
    tuned, plain, facts = attached("houlsby", family, width=5, scaling=1.5)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in sublayers(family):
            after(model.get_submodule(path), lambda _, h, own=weights[path]: h + 1.5 * adapter(own, h))

    compare(tuned, plain, facts, equation).check()
    assert set(layers_of(tuned)) == set(sublayers(family))


def test_houlsby_in_single_precision() -> None:
    tuned, plain, facts = attached("houlsby", "llama", width=5)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in sublayers("llama"):
            after(model.get_submodule(path), lambda _, h, own=weights[path]: h + adapter(own, h))

    compare(tuned.float(), plain, facts, equation).check(1e-6)


def test_norms_train_as_moved_gains() -> None:
    tuned, plain, facts = attached("houlsby", "llama", width=5, train_norms=True)

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in sublayers("llama"):
            after(model.get_submodule(path), lambda _, h, own=weights[path]: h + adapter(own, h))
        for path in facts.norms:
            norm: Any = model.get_submodule(path)

            def moved(inputs: tuple[Any, ...], _: Tensor, norm: Any = norm, own: Any = weights[path]) -> Tensor:
                x = inputs[0]
                return x / (x.square().mean(-1, keepdim=True) + norm.variance_epsilon).sqrt() * (norm.weight + own["weight"])

            after(norm, moved)

    # The tiny model's norms compute in float32, as every Llama's do.
    compare(tuned, plain, facts, equation).check(1e-6)


def test_pfeiffer_adds_to_the_residual_sum_of_a_pre_norm_model() -> None:
    for family, blocks in (("llama", ["model.layers.0", "model.layers.1"]), ("gpt2", ["transformer.h.0", "transformer.h.1"])):
        tuned, plain, facts = attached("pfeiffer", family, width=5)

        def equation(model: nn.Module, weights: Weights, blocks: list[str] = blocks) -> None:
            for path in blocks:
                after(model.get_submodule(path), lambda _, u, own=weights[path]: u + adapter(own, u))

        compare(tuned, plain, facts, equation).check()


@pytest.mark.parametrize("family", ["bert", "bart"])
def test_pfeiffer_passes_the_norm_of_a_post_norm_model_twice(family: str) -> None:
    tuned, plain, facts = attached("pfeiffer", family, width=5, scaling=0.5)
    ends = ["bert.encoder.layer.{}.output.LayerNorm"]
    if family == "bart":
        ends = ["model.encoder.layers.{}.final_layer_norm", "model.decoder.layers.{}.final_layer_norm"]

    def equation(model: nn.Module, weights: Weights) -> None:
        for path in [end.format(layer) for end in ends for layer in range(2)]:
            norm: Any = model.get_submodule(path)

            def both(inputs: tuple[Any, ...], _: Tensor, norm: Any = norm, own: Any = weights[path]) -> Tensor:
                u = inputs[0]
                return normalised(norm, u + 0.5 * adapter(own, normalised(norm, u)))

            after(norm, both)

    compare(tuned, plain, facts, equation).check()


@pytest.mark.parametrize("source", ["normed", "residual"])
def test_parallel_reads_what_it_says(source: str) -> None:
    tuned, plain, facts = attached("parallel", "llama", width=5, source=source)

    def equation(model: nn.Module, weights: Weights) -> None:
        for layer in range(2):
            own = weights[f"model.layers.{layer}.mlp.down_proj"]
            read = model.get_submodule(f"model.layers.{layer}." + ("mlp" if source == "normed" else "post_attention_layernorm"))
            seen: list[Tensor] = []
            read.register_forward_pre_hook(partial(see, seen))
            after(model.get_submodule(f"model.layers.{layer}.mlp"), lambda _, y, own=own, seen=seen: y + 4.0 * adapter(own, seen.pop()))

    compare(tuned, plain, facts, equation).check()


def test_parallel_stands_beside_a_block_that_is_no_module() -> None:
    tuned, plain, facts = attached("parallel", "bert", width=5)

    def equation(model: nn.Module, weights: Weights) -> None:
        for layer in range(2):
            seen: list[Tensor] = []
            model.get_submodule(f"bert.encoder.layer.{layer}.intermediate").register_forward_pre_hook(partial(see, seen))
            path = f"bert.encoder.layer.{layer}.output.dense"
            after(model.get_submodule(path), lambda _, y, own=weights[path], seen=seen: y + 4.0 * adapter(own, seen.pop()))

    compare(tuned, plain, facts, equation).check()


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma2", "gemma3_text", "smollm3", "phi", "phi3", "gpt2", "modernbert", "t5", "mt5"])
def test_the_norm_before_a_feed_forward_block_is_found(family: str) -> None:
    """What it gives is what the block's first map reads, in a model that runs."""
    from afina.methods.base import feed_forward_blocks

    model, facts = base_of(family)
    assert not facts.output_norms
    given: dict[str, Tensor] = {}
    read: dict[str, Tensor] = {}

    def gives(norm: str, _: nn.Module, __: Any, output: Tensor) -> None:
        given[norm] = output

    def reads(norm: str, _: nn.Module, inputs: tuple[Any, ...]) -> None:
        read[norm] = inputs[0]

    for begin in feed_forward_blocks(facts).values():
        norm = norm_before(facts, begin)
        model.get_submodule(norm).register_forward_hook(partial(gives, norm))
        model.get_submodule(begin).register_forward_pre_hook(partial(reads, norm))
    logits(model, facts)
    assert len(given) == len(read) == len(feed_forward_blocks(facts))
    assert all(torch.equal(given[norm], read[norm]) for norm in given)


@pytest.mark.parametrize("name", ["houlsby", "pfeiffer", "parallel"])
def test_an_untrained_adapter_changes_nothing_or_hardly_anything(name: str) -> None:
    for init, least, most in (("zero", 0.0, 1e-12), ("near_identity", 1e-9, 0.02)):
        base, facts = base_of("llama")
        with torch.no_grad():
            before = logits(base, facts)
            torch.manual_seed(0)
            tuned = made(name, width=5, init=init).attach(base, facts, HeadFacts("lm"), Horizon(1)).double()
            moved = float((logits(tuned, facts) - before).norm() / before.norm())
        assert least <= moved <= most


@pytest.mark.parametrize(
    ("model", "name", "settings", "n", "share"),
    [
        ("t5-base", "houlsby", {"width": 24, "train_norms": True}, 1_855_104, 0.832),
        ("bert-base", "houlsby", {"width": 64}, 2_379_264, 2.2),
        ("llama-3-8b", "houlsby", {"width": 64}, 33_820_672, 0.42),
        ("bert-base", "pfeiffer", {"width": 48}, 894_528, 0.8),
    ],
)
def test_as_many_parameters_as_published(model: str, name: str, settings: dict[str, Any], n: int, share: float) -> None:
    closed, built, of_base = counted(model, name, **settings)
    assert closed == built == n
    assert 100 * of_base == pytest.approx(share, abs=0.5 * 10.0 ** -len(str(share).split(".")[1]))


def test_the_names_in_the_file_stay() -> None:
    parts = ("down.bias", "down.weight", "up.bias", "up.weight")
    layers = [f"model.layers.{layer}" for layer in range(2)]
    houlsby = [
        f"{layer}.{end}.afina_bottleneck_weights.{part}"
        for layer in layers
        for end in ("mlp.down_proj", "self_attn.o_proj")
        for part in parts
    ]
    assert names_in_file("houlsby", "llama", width=4) == houlsby
    assert names_in_file("pfeiffer", "llama", width=4) == [f"{layer}.afina_pfeiffer_weights.{part}" for layer in layers for part in parts]
    assert names_in_file("parallel", "llama", width=4) == [
        f"{layer}.mlp.down_proj.afina_parallel_weights.{part}" for layer in layers for part in parts
    ]
    norms = ["model.norm", *(f"{layer}.{norm}" for layer in layers for norm in ("input_layernorm", "post_attention_layernorm"))]
    trained = [*houlsby, *(f"{norm}.afina_bottleneck_weights.weight" for norm in norms)]
    assert names_in_file("houlsby", "llama", width=4, train_norms=True) == sorted(trained)


def test_two_active_adapters_where_a_layer_ends_add_up() -> None:
    """In a post-norm model the second would otherwise undo the first."""
    tuned, _, facts = attached("pfeiffer", "bert", width=5)
    torch.manual_seed(7)
    tuned.add_adapter("other", made("pfeiffer", width=5).build(facts, HeadFacts("lm"), Horizon(1)))
    tuned.double().base_model.set_adapter(["default", "other"])
    layer = layers_of(tuned)["bert.encoder.layer.0.output.LayerNorm"]
    nn.init.normal_(layer.weights["other"].up.weight)  # type: ignore[union-attr,arg-type]
    u = torch.randn(2, 3, facts.hidden_size, dtype=torch.float64)
    norm: Any = layer.base_layer
    h = F.layer_norm(u, (facts.hidden_size,), norm.weight, norm.bias, norm.eps)
    changes = [adapter(dict(layer.weights[name].named_parameters()), h) for name in ("default", "other")]
    wanted = F.layer_norm(u + changes[0] + changes[1], (facts.hidden_size,), norm.weight, norm.bias, norm.eps)
    assert torch.allclose(layer(u), wanted, atol=1e-12)
