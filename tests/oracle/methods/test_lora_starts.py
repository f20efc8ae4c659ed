"""How LoRA's matrices begin: each paper's equation by hand, the base untouched, and a file that peft alone reads as what was trained."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts, Start
from afina.models.load import load_trained, save_trained
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import Batch, Horizon
from tests.oracle.methods.hooked import attached, base_of, counted, layers_of, logits, names_in_file
from tests.tiny import write_tiny_model

FROM_THE_BASE = ("pissa", "pissa_niter_16", "olora")


def untrained(family: str, **settings: Any) -> tuple[Any, nn.Module, Any]:
    """A LoRA as it begins, in float32, and the base alone."""
    base, facts = base_of(family)
    base = base.float()
    plain = copy.deepcopy(base)
    torch.manual_seed(1)
    return METHODS["lora"](name="lora", r=4, **settings).attach(base, facts, HeadFacts("lm"), Horizon(30)).eval(), plain, facts


@pytest.mark.parametrize("init", FROM_THE_BASE)
@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_it_begins_as_a_part_of_the_base(family: str, init: str) -> None:
    tuned, plain, facts = untrained(family, init=init, alpha=6)
    with torch.no_grad():
        assert torch.equal(logits(tuned, facts), logits(plain, facts))
    for path, layer in layers_of(tuned).items():
        stored = plain.get_submodule(path).weight.detach().double()  # type: ignore[union-attr,operator]
        weight = stored.T if family == "gpt2" else stored
        own: Any = layer.weights["default"]
        part = own.lora_B.detach().double() @ own.lora_A.detach().double()
        if init == "olora":
            q, upper = torch.linalg.qr(weight)
            wanted = q[:, :4] @ upper[:4]
        else:
            left, values, right = torch.linalg.svd(weight)
            wanted = left[:, :4] @ values[:4].diag() @ right[:4] / (6 / 4)
        if "niter" in init:  # an approximation: what is left of the weight is hardly more than what the best one leaves
            left_over, least = (weight - part * 6 / 4).norm(), (weight - wanted * 6 / 4).norm()
            assert float(left_over / least) <= 1.01, path
        else:
            assert float((part - wanted).norm() / wanted.norm()) <= 1e-4, path


@pytest.mark.parametrize("settings", [{"init": "pissa"}, {"init": "olora", "use_rslora": True}], ids=str)
def test_the_equation_and_its_gradients(settings: dict[str, Any]) -> None:
    """W x + s (B A - B0 A0) x, densely, in float64."""
    from tests.oracle.methods.hooked import Weights, after, compare

    tuned, plain, facts = attached("lora", "llama", r=4, alpha=6, **settings)
    scaling = 6 / (2 if settings.get("use_rslora") else 4)
    starts = {path: layer.weights["default"] for path, layer in layers_of(tuned).items()}

    def equation(model: nn.Module, weights: Weights) -> None:
        for path, own in weights.items():
            begun: Any = starts[path]

            def more(inputs: tuple[Any, ...], h: Tensor, own: Any = own, begun: Any = begun) -> Tensor:
                return h + inputs[0] @ (scaling * (own["lora_B"] @ own["lora_A"] - begun.start_b @ begun.start_a)).T

            after(model.get_submodule(path), more)

    compare(tuned, plain, facts, equation).check()


def test_what_is_trained_is_a_lora_of_twice_the_rank_in_the_file(tmp_path: Path) -> None:
    """Loaded by peft alone, and by afina, it computes what was trained; the base in the folder is the one that was downloaded."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    folder = write_tiny_model(tmp_path / "base", initializer_range=0.2)
    from afina.models.facts import facts_from_config, read_config

    facts = facts_from_config(read_config(folder))
    base = AutoModelForCausalLM.from_pretrained(folder)
    tuned: Any = METHODS["lora"](name="lora", r=4, init="pissa").attach(base, facts, HeadFacts("lm"), Horizon(30))
    with torch.no_grad():
        for parameter in tuned.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05 * torch.randn_like(parameter))
    run = Run(tmp_path / "run")
    run.path.mkdir()
    run.update(state="finished")
    saved = save_trained(tuned, run, locate(ModelSpec(path=str(folder))), True)
    stock: Any = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(folder), str(saved)).eval()
    wanted = logits(tuned.eval(), facts)
    assert (stock.peft_config["default"].peft_type.value, stock.peft_config["default"].r) == ("LORA", 8)
    for other in (stock, load_trained(run, "cpu")):
        with torch.no_grad():
            assert float((logits(other, facts) - wanted).abs().max()) <= 1e-5
    with stock.disable_adapter(), tuned.disable_adapter(), torch.no_grad():
        assert torch.equal(logits(stock, facts), logits(tuned, facts))


def test_orthogonal_matrices_cancel() -> None:
    tuned, _, _ = untrained("llama", init="orthogonal")
    lora = tuned.base_model.model.model.layers[0].self_attn.q_proj
    a, b = lora.lora_A["default"].weight, lora.lora_B["default"].weight
    assert float((b @ a).abs().max()) < 1e-6 < 1e-3 < float(a.abs().max())
    with pytest.raises(MethodError, match=r"R005 method.r: init=orthogonal takes .* r=3\n  Do: r=4"):
        METHODS["lora"](name="lora", r=3, init="orthogonal").build(base_of("llama")[1], HeadFacts("lm"), Horizon(1))


def test_dora_learns_lengths_of_rows() -> None:
    """m (W + s B A) / |W + s B A|, each row by its own length."""
    tuned, plain, facts = untrained("llama", use_dora=True, alpha=8, target_modules=("q_proj",))
    with torch.no_grad():
        for name, parameter in tuned.named_parameters():
            if parameter.requires_grad:
                parameter.mul_(1.3) if "magnitude" in name else parameter.add_(0.1 * torch.randn_like(parameter))
        for path in (path for path in facts.linears if path.endswith("q_proj")):
            layer = tuned.get_submodule(f"base_model.model.{path}")
            map_: Any = plain.get_submodule(path)
            moved = map_.weight + 2 * layer.lora_B["default"].weight @ layer.lora_A["default"].weight
            lengths = layer.lora_magnitude_vector["default"].weight
            map_.weight.copy_(lengths[:, None] * moved / moved.norm(dim=1, keepdim=True))
        assert float((logits(tuned, facts) - logits(plain, facts)).abs().max()) <= 2e-5


def test_lora_plus_has_two_rates() -> None:
    tuned, _, _ = untrained("llama")
    groups = METHODS["lora"](name="lora", r=4, learning_rate_ratio=16).param_groups(tuned, 1e-4)
    rate = {id(p): group["lr"] for group in groups for p in group["params"]}
    rates = {name.split(".")[-3]: rate[id(p)] for name, p in tuned.named_parameters() if p.requires_grad}
    assert rates == {"lora_A": 1e-4, "lora_B": 16e-4}


def starting(batches: list[Batch], model: Any, whole: nn.Module | None = None) -> Start:
    return Start(iter(batches), lambda batch: model(input_ids=batch.input_ids_BT), lambda: whole)  # type: ignore[arg-type,return-value]


def test_eva_takes_the_main_directions_of_what_is_read() -> None:
    """Of all real tokens, against the principal components of a map's inputs that are recorded here."""
    tuned, plain, _ = untrained("llama", init="eva", target_modules=("down_proj",))
    rng = torch.Generator().manual_seed(0)
    lengths = torch.tensor([9, 5, 7, 9])
    batches = [Batch(torch.randint(3, 100, (4, 9), generator=rng), lengths) for _ in range(6)]
    real = torch.arange(9)[None] < lengths[:, None]
    read: list[Tensor] = []
    map_ = plain.get_submodule("model.layers.1.mlp.down_proj")
    map_.register_forward_pre_hook(lambda _, inputs: read.append(inputs[0][real]))
    with torch.no_grad():
        for batch in batches:
            plain(input_ids=batch.input_ids_BT)
    METHODS["lora"](name="lora", r=4, init="eva", target_modules=("down_proj",)).initialise(tuned, starting(batches, tuned))
    rows = torch.cat(read).double()
    _, _, wanted = torch.linalg.svd(rows - rows.mean(0), full_matrices=False)
    got = tuned.base_model.model.model.layers[1].mlp.down_proj.lora_A["default"].weight.detach().double()
    assert torch.allclose(got @ got.T, torch.eye(4).double(), atol=1e-4)
    assert float((got @ wanted[:2].T).norm(dim=0).min()) > 0.95, "the first two directions lie in what A spans"


def test_loftq_begins_as_what_four_bits_lost() -> None:
    pytest.importorskip("bitsandbytes")
    from afina.models.quantize import quantise

    whole, facts = base_of("llama")
    whole = whole.float()
    packed = quantise(copy.deepcopy(whole), facts, "nf4", "fp32", "cpu")
    method = METHODS["lora"](name="lora", r=4, alpha=8, init="loftq")
    torch.manual_seed(1)
    tuned: Any = method.attach(packed, facts, HeadFacts("lm"), Horizon(30)).eval()

    def off() -> float:
        with torch.no_grad():
            return float((logits(tuned, facts) - logits(whole, facts)).norm() / logits(whole, facts).norm())

    rounded = off()
    method.initialise(tuned, starting([], tuned, whole))
    assert off() < 0.9 * rounded
    from peft.utils.integrations import dequantize_module_weight

    for path in facts.linears:
        layer = tuned.get_submodule(f"base_model.model.{path}")
        lost = (whole.get_submodule(path).weight - dequantize_module_weight(layer.get_base_layer())).detach().double()  # type: ignore[operator]
        left, values, right = torch.linalg.svd(lost)
        made = 2 * (layer.lora_B["default"].weight @ layer.lora_A["default"].weight).detach().double()
        wanted = left[:, :4] @ values[:4].diag() @ right[:4]
        assert float((made - wanted).norm() / wanted.norm()) <= 1e-4, path


def test_what_does_not_go_together_is_refused() -> None:
    lora = METHODS["lora"]
    with pytest.raises(MethodError, match=r"R005 method.init: use_dora and init=pissa"):
        lora(name="lora", r=4, init="pissa", use_dora=True).build(base_of("llama")[1], HeadFacts("lm"), Horizon(1))
    with pytest.raises(MethodError, match=r"R023 method.init: init=loftq makes up .*\n  Do: model.quantize=nf4, or method.init=default"):
        lora(name="lora", init="loftq").check_base("none")
    lora(name="lora", init="loftq").check_base("nf4")


@pytest.mark.parametrize(
    ("model", "settings", "published"),
    [
        ("llama-3-8b", {"r": 16}, 41_943_040),
        ("llama-3-8b", {"r": 8, "target_modules": ("q_proj", "v_proj")}, 3_407_872),
        ("llama-3-8b", {"r": 16, "use_dora": True}, 41_943_040 + 1_376_256),
    ],
)
def test_published_numbers(model: str, settings: dict[str, Any], published: int) -> None:
    if settings.get("use_dora"):  # its lengths are of weights, which the meta device has not
        from afina.models.facts import facts_from_config
        from tests.oracle.methods.hooked import PUBLISHED

        assert METHODS["lora"](name="lora", **settings).n_trainable(facts_from_config(PUBLISHED[model]), HeadFacts("lm")) == published
        return
    n, built, _ = counted(model, "lora", **settings)
    assert n == built == published


def test_names_in_the_file() -> None:
    first = "model.layers.0.self_attn.q_proj"
    for settings in ({}, {"init": "pissa"}):
        made = names_in_file("lora", "llama", r=4, target_modules=("q_proj",), **settings)
        assert [name for name in made if "layers.0" in name] == [f"{first}.lora_A.weight", f"{first}.lora_B.weight"]
