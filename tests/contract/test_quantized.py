"""The trait quantized_base, proved: on a base in 4 and 8 bits each method that claims it learns, leaves the base's bytes alone, and is
saved as it computes. Every method on a Llama; lora on every family, whose linear maps are stored in different ways."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from afina.methods import METHODS
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, load_trained, save_trained, store_frozen
from afina.models.locate import locate
from afina.models.quantize import quantisation_of
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.strategy import Single
from afina.types import Horizon
from tests.contract.attached import CLAIMED, HEADS, LABELS, OF_FAMILY, SMALL, TASKS, Made
from tests.training import losses

ABLE = [name for name in METHODS if METHODS[name].traits.quantized_base]
HEAD_OF = {name: head for family, name, head in reversed(CLAIMED) if family == "llama"}
"""The first head that a method claims on a Llama."""
WRITING = [name for name in ABLE if HEAD_OF[name] == "lm"]
PACKINGS = ("nf4", "int8")
CASES = [
    *(("llama", name, HEAD_OF[name], how) for name in ABLE for how in PACKINGS),
    *((family, "lora", head, how) for family in OF_FAMILY for head in OF_FAMILY[family] for how in PACKINGS if family != "llama"),
]


def often(cases: Sequence[tuple[str, ...]]) -> list[Any]:
    """Return cases (..., name, ..., how) as pytest's parameters: of the methods on 8 bits only lora runs every time."""
    return [pytest.param(*case, marks=pytest.mark.full if case[-1] == "int8" and "lora" not in case else ()) for case in cases]


def on_packed(folder: Path, name: str, head: str, how: str, precision: str = "fp32") -> Made:
    """Attach a method to a packed base as a training does."""
    method = METHODS[name](name=name, **SMALL.get(name, {})).settled(TASKS)
    located, facts = locate(ModelSpec(path=str(folder))), facts_from_config(read_config(folder))
    labels = LABELS if head == "classes" else ()

    def fresh() -> nn.Module:
        return build(located, facts, HEADS[head], precision, "cpu", seed=3, labels=labels, quantize=how)

    torch.manual_seed(0)
    model = method.attach(fresh(), facts, HEADS[head], Horizon(20, 64))
    store_frozen(model, precision)
    return Made(method, located, facts, HEADS[head], fresh(), model)


def packed_weights(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters() if p.dtype in (torch.uint8, torch.int8)}


def frozen(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters() if not parameter.requires_grad}


@pytest.mark.parametrize(("family", "name", "head", "how"), often(CASES))
def test_it_learns_on_a_packed_base_and_is_saved_as_it_computes(
    family: str, name: str, head: str, how: str, folders: dict[str, Path], tmp_path: Path
) -> None:
    made = on_packed(folders[family], name, head, how)
    assert len(packed_weights(made.model)) == len(made.facts.linears)
    before = frozen(made.model)
    made.scores()  # an inference before the training must not turn the weights into another layout
    curve = made.train(20)
    assert sum(curve[-3:]) / 3 < 0.95 * curve[0]
    after = frozen(made.model)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[path], after[path]) for path in before)

    run = Run(tmp_path / "run")
    run.path.mkdir()
    run.update(state="finished")
    folder = save_trained(made.model, run, made.located, True)
    assert json.loads((folder / "base.json").read_text()) == {"quantize": how}
    loaded = load_trained(run, "cpu")
    assert quantisation_of(loaded) == how
    wanted, got = made.scores(), made.scores(loaded)
    assert float((wanted - got).abs().max()) <= 1e-5 * float(wanted.abs().max())
    assert len(packed_weights(loaded)) == len(made.facts.linears)


@pytest.mark.parametrize(("name", "how"), often([(name, how) for name in WRITING for how in PACKINGS]))
def test_generation_with_a_cache_is_generation_without(name: str, how: str, folders: dict[str, Path]) -> None:
    made = on_packed(folders["llama"], name, "lm", how)
    made.train(5)
    ids = torch.tensor([[0, 17, 99, 23]])
    with torch.inference_mode():
        bare = made.model.eval().get_base_model()
        texts = [bare.generate(ids, max_new_tokens=8, do_sample=False, use_cache=cached).tolist() for cached in (True, False)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("family", OF_FAMILY)
@pytest.mark.parametrize(("how", "most"), [("nf4", 0.13), ("int8", 0.01)])
def test_only_the_linear_maps_of_the_body_are_packed_and_near_the_originals(
    family: str, how: str, most: float, folders: dict[str, Path]
) -> None:
    located, facts = locate(ModelSpec(path=str(folders[family]))), facts_from_config(read_config(folders[family]))
    head = HEADS[OF_FAMILY[family][-1]]
    plain, packed = (build(located, facts, head, "fp32", "cpu", seed=3, quantize=quantize) for quantize in ("none", how))
    narrow = set(packed_weights(packed))
    assert narrow == {f"{path}.weight" for path in facts.linears}
    others = dict(packed.named_parameters())
    assert all(torch.equal(p, others[name]) for name, p in plain.named_parameters() if name not in narrow)
    for path, shape in facts.linears.items():
        layer, original = packed.get_submodule(path), plain.get_submodule(path)
        assert (layer.out_features, layer.in_features) == (shape.out_features, shape.in_features)
        unit = torch.eye(shape.in_features)
        with torch.no_grad():
            wanted, got = original(unit), layer(unit)
        assert float((got - wanted).norm() / wanted.norm()) < most


@pytest.mark.parametrize("how", PACKINGS)
def test_the_gradient_passes_as_through_the_unpacked_weight(how: str, folders: dict[str, Path]) -> None:
    located, facts = locate(ModelSpec(path=str(folders["gpt2"]))), facts_from_config(read_config(folders["gpt2"]))
    model = build(located, facts, HEADS["lm"], "fp32", "cpu", quantize=how)
    layer = model.get_submodule("transformer.h.0.mlp.c_fc")
    weight_OI = (layer(torch.eye(32)) - layer(torch.zeros(1, 32))).T.detach()
    x = torch.randn(5, 32, requires_grad=True)
    layer.eval()
    layer(torch.randn(3, 32))  # an inference first: bitsandbytes' own 4-bit layer passes no gradient after one on some CPUs
    out = layer(x)
    seen = torch.randn_like(out)
    (gradient,) = torch.autograd.grad(out, x, seen)
    assert torch.allclose(gradient, seen @ weight_OI, atol=1e-5)


@pytest.mark.parametrize("how", PACKINGS)
def test_a_row_does_not_depend_on_the_rows_beside_it(how: str, folders: dict[str, Path]) -> None:
    located, facts = locate(ModelSpec(path=str(folders["llama"]))), facts_from_config(read_config(folders["llama"]))
    model = build(located, facts, HEADS["lm"], "fp32", "cpu", quantize=how)
    layer = model.get_submodule("model.layers.0.mlp.up_proj")
    x = torch.randn(4, 32)
    x[3] = 100  # an outlier, which 8-bit products would be cut by in every row
    assert torch.allclose(layer(x)[:3], layer(x[:3]), atol=1e-6)


@pytest.mark.parametrize("how", PACKINGS)
def test_a_base_in_half_precision_trains(how: str, folders: dict[str, Path]) -> None:
    made = on_packed(folders["llama"], "lora", "lm", how, "bf16")
    assert made.model.get_input_embeddings().weight.dtype == torch.bfloat16
    trained = [parameter for parameter in made.model.parameters() if parameter.requires_grad]
    assert {parameter.dtype for parameter in trained} == {torch.float32}
    curve = losses(made.training(20, strategy=Single("bf16", "cpu")))
    assert sum(curve[-3:]) / 3 < 0.95 * curve[0]


def test_the_base_of_a_packed_adapter_can_be_had_whole(folders: dict[str, Path], tmp_path: Path) -> None:
    """Merging is done on the weights that were packed, not on what packing left of them."""
    made = on_packed(folders["llama"], "lora", "lm", "nf4")
    made.train(3)
    run = Run(tmp_path / "run")
    run.path.mkdir()
    run.update(state="finished")
    save_trained(made.model, run, made.located, True)
    whole = load_trained(run, "cpu", whole=True)
    assert quantisation_of(whole) == "none"
    assert not packed_weights(whole)
    wanted = made.scores(whole)
    assert torch.allclose(made.scores(whole.merge_and_unload()), wanted, atol=1e-5)
