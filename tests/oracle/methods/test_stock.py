"""Types of peft's own: each paper's equation densely, closed forms on real models, AdaLoRA's budget and memory, any type by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from afina.errors import MethodError
from afina.events import Step
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.training import checkpoint
from afina.training.loop import Training
from afina.types import Horizon
from tests.oracle.methods.hooked import PUBLISHED, attached, base_of, logits
from tests.tiny import tiny_config
from tests.training import causal_model, token_examples, training


def skew(layer: Any) -> Tensor:
    """Q of each block [k, b, b], from the upper triangles that are trained."""
    rows, size = layer.oft_R["default"].weight, 4
    made = torch.zeros(len(rows), size, size, dtype=rows.dtype)
    places = torch.triu_indices(size, size, 1)
    made[:, places[0], places[1]] = rows
    return made - made.transpose(1, 2)


def rotated(layer: Any, weight: Tensor) -> Tensor:
    blocks = [(torch.eye(4) + q) @ torch.linalg.inv(torch.eye(4) - q) for q in skew(layer)]
    turned = torch.block_diag(*blocks)
    assert torch.allclose(turned @ turned.T, torch.eye(len(turned)).to(turned), atol=1e-8)
    return weight @ turned


def reflected(layer: Any, weight: Tensor) -> Tensor:
    for u in layer.hra_u["default"].T:
        weight = weight - 2 * (weight @ u)[:, None] * u[None] / (u @ u)
    return weight


def spectrum(layer: Any, weight: Tensor) -> Tensor:
    """Each coefficient is a plane wave: no transform is asked for."""
    outputs, inputs = weight.shape
    (rows, columns), found = layer.indices["default"], torch.zeros_like(weight)
    for u, v, value in zip(rows.tolist(), columns.tolist(), layer.fourierft_spectrum["default"], strict=True):
        phase = 2 * torch.pi * (u * torch.arange(outputs).double()[:, None] / outputs + v * torch.arange(inputs).double()[None] / inputs)
        found = found + value * phase.cos() / (outputs * inputs)
    return weight + 150.0 * found


def kronecker(layer: Any, weight: Tensor) -> Tensor:
    second = layer.lokr_w2["default"] if "default" in layer.lokr_w2 else layer.lokr_w2_a["default"] @ layer.lokr_w2_b["default"]
    return weight + torch.kron(layer.lokr_w1["default"], second) * 8 / 2


def elementwise(layer: Any, weight: Tensor) -> Tensor:
    first, second = (layer_a["default"] @ layer_b["default"] for layer_a, layer_b in (
        (layer.hada_w1_a, layer.hada_w1_b), (layer.hada_w2_a, layer.hada_w2_b)))  # fmt: skip
    return weight + first * second * 8 / 4


def scaled(layer: Any, weight: Tensor) -> Tensor:
    outputs, inputs = weight.shape
    a, b = layer.vera_A["default"][:, :inputs], layer.vera_B["default"][:outputs]
    return weight + layer.vera_lambda_b["default"][:, None] * (b @ (layer.vera_lambda_d["default"][:, None] * a))


def triples(layer: Any, weight: Tensor) -> Tensor:
    e, q, p = layer.lora_E["default"][:, 0], layer.lora_A["default"], layer.lora_B["default"]
    return weight + 32 / 6 * (p * e) @ q


EQUATIONS: dict[str, tuple[Callable[[Any, Tensor], Tensor], dict[str, Any]]] = {
    "oft": (rotated, {"block_size": 4}),
    "hra": (reflected, {"r": 4}),
    "fourierft": (spectrum, {"n_frequencies": 20}),
    "lokr": (kronecker, {"r": 2}),
    "loha": (elementwise, {"r": 4}),
    "vera": (scaled, {"r": 16}),
    "adalora": (triples, {"init_r": 6, "target_r": 4}),
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_it_is_its_equation(name: str) -> None:
    change, settings = EQUATIONS[name]
    tuned, plain, facts = attached(name, "llama", target_modules=("q_proj", "down_proj"), **settings)
    got = logits(tuned, facts).detach()
    tolerance = 1e-4 if name == "adalora" else 1e-6  # peft divides by r + 1e-5; some of its types compute in float32
    with torch.no_grad():
        for path in (path for path in facts.linears if path.endswith(("q_proj", "down_proj"))):
            layer = tuned.get_submodule(f"base_model.model.{path}")
            map_: Any = plain.get_submodule(path)
            map_.weight.copy_(change(layer, map_.weight))
        wanted = logits(plain, facts)
    assert float((got - wanted).norm() / wanted.norm()) <= tolerance


@pytest.mark.parametrize(
    ("name", "settings", "n"),
    [
        ("loha", {"r": 8}, 41_943_040),
        ("vera", {"r": 256}, 1_376_256 + 32 * 7 * 256),
        ("fourierft", {"n_frequencies": 1000}, 224_000),
        ("hra", {"r": 8}, 32 * 8 * (6 * 4096 + 14_336)),
        ("oft", {"block_size": 32}, 32 * 31 * (6 * 4096 + 14_336) // 2),
        ("boft", {"block_size": 4}, 32 * 4 * (6 * 4096 + 14_336) + 1_376_256),
        ("adalora", {"init_r": 12}, 12 * (41_943_040 // 16 + 32 * 7)),
    ],
)
def test_closed_forms_on_a_real_model(name: str, settings: dict[str, Any], n: int) -> None:
    facts = facts_from_config(PUBLISHED["llama-3-8b"])
    assert METHODS[name](name=name, **settings).n_trainable(facts, HeadFacts("lm")) == n


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("oft", {"block_size": 32}, "R005 method.block_size: block_size=32 does not divide the 24 inputs of .*q_proj\n  Do: block_size=8"),
        ("boft", {"block_size": 16}, "R005 method.block_size: .*\n  Do: block_size=8"),
        ("boft", {"n_factors": 2}, "R005 method.n_factors: n_factors=2 needs peft's CUDA kernel, and there is no GPU\n  Do: n_factors=1"),
        ("fourierft", {}, "R005 method.n_frequencies: n_frequencies=1000 is more than the smallest target has"),
        ("hra", {"r": 32}, "R005 method.r: r=32 is larger than the narrowest target"),
        ("adalora", {"init_r": 8, "target_r": 8}, "R005 method.target_r: target_r=8 leaves nothing to share .*\n  Do: target_r=7"),
        ("adalora", {"init_r": 8, "target_r": 4, "initial_share": 0.8}, "R005 method.final_share: .* leaves no steps"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_suit_the_model(name: str, settings: dict[str, Any], said: str) -> None:
    if name == "boft" and "n_factors" in settings and torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(MethodError, match=said):
        METHODS[name](name=name, **settings).build(base_of("llama")[1], HeadFacts("lm"), Horizon(10))


def adalora(steps: int, seed: int = 0) -> Training:
    method = METHODS["adalora"](name="adalora", init_r=6, target_r=3, prune_every=2, initial_share=0.1, final_share=0.2)
    base = causal_model(seed, initializer_range=0.2)
    facts = facts_from_config(tiny_config().to_dict())
    torch.manual_seed(1)
    model = method.attach(base, facts, HeadFacts("lm"), Horizon(steps))
    return training(model, "sft", token_examples(48), steps=steps, method=method, learning_rate=1e-2)


def ranks(model: nn.Module) -> list[int]:
    return [int((p != 0).sum()) for name, p in model.named_parameters() if "lora_E" in name]


def test_adalora_prunes_to_its_budget_and_keeps_it() -> None:
    run, seen = adalora(20), list[int]()
    for event in run:
        if isinstance(event, Step):
            seen.append(sum(ranks(run.state.model)))
    n_targets = len(ranks(run.state.model))
    assert seen[1] == 6 * n_targets, "nothing is pruned in the first tenth"
    assert seen == sorted(seen, reverse=True) or min(seen) == seen[-1]
    assert set(seen[-4:]) == {3 * n_targets}
    assert len(set(ranks(run.state.model))) > 1, "all targets have one rank: importance decided nothing"


def test_adalora_goes_on_as_if_it_had_not_been_killed(tmp_path: Path) -> None:
    undisturbed = adalora(16)
    list(undisturbed)
    first = adalora(16)
    for event in first:
        if isinstance(event, Step) and event.step == 9:
            break
    checkpoint.save(tmp_path, first.state, 1)
    second = adalora(16)
    path, _ = checkpoint.newest(tmp_path)
    assert path is not None and (path / checkpoint.REMEMBERED).is_file()
    checkpoint.load(path, second.state)
    list(second)
    for (name, one), other in zip(undisturbed.state.trained_weights().items(), second.state.trained_weights().values(), strict=True):
        assert torch.equal(one, other), name


def test_its_penalty_is_how_far_its_matrices_are_from_orthogonal() -> None:
    run = adalora(4)
    off = []
    for name, matrix in run.state.model.named_parameters():
        if "lora_A" in name or "lora_B" in name:
            square = matrix.double() @ matrix.double().T if "lora_A" in name else matrix.double().T @ matrix.double()
            off.append(float((square - torch.eye(6)).square().sum().sqrt()))
    penalty = run.method.penalty(run.state.model, 0)
    assert penalty is not None and float(penalty) == pytest.approx(0.5 * sum(off) / len(off), rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "args"),
    [("MISS", {"r": 4}), ("RANDLORA", {"r": 4}), ("ROAD", {"group_size": 4}), ("c3a", {"block_size": 4}), ("HIRA", {"r": 4})],
)
def test_any_type_by_its_name(kind: str, args: dict[str, Any]) -> None:
    base, facts = base_of("llama")
    method = METHODS["peft"](name="peft", type=kind, args=args, target_modules=("q_proj", "v_proj"))
    tuned = method.attach(base.float(), facts, HeadFacts("lm"), Horizon(1))
    trained = [p for p in tuned.parameters() if p.requires_grad]
    assert trained and sum(p.numel() for p in trained) == method.n_trainable(facts, HeadFacts("lm"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"type": "NONSENSE"}, r'R003 method.type: peft has no type of adapter called "NONSENSE"; it has .*MISS.*'),
        ({"type": "AFINA_KRONA"}, r"R003 method.type: peft has no type"),
        ({"type": "MISS", "args": {"rank": 4}}, r"R003 method.args: peft's MISS takes no rank; it takes .*mini_r.* r,"),
        ({"type": "PREFIX_TUNING"}, r"R022 method.type: peft's PREFIX_TUNING needs peft's own forward pass .*\n  Do: method=prefix_tuning"),
        ({"type": "adalora"}, r"R022 method.type: peft's ADALORA .*\n  Do: method=adalora"),
        ({"type": "BOFT", "args": {"boft_block_size": 0, "boft_block_num": 0}}, r"R005 method.args: peft's BOFT: "),
    ],
)  # fmt: skip
def test_what_peft_lacks_or_cannot_run_here_is_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(MethodError, match=said):
        METHODS["peft"](name="peft", **settings).build(base_of("llama")[1], HeadFacts("lm"), Horizon(1))


def test_every_type_of_peft_is_known_or_said_where_it_is() -> None:
    """A new peft brings new types of prompts too: they would be taken for adapters on linear maps."""
    from peft import PeftType, PromptLearningConfig
    from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING

    from afina.methods.peft_any import ELSEWHERE

    prompts = {str(kind.value) for kind, config in PEFT_TYPE_TO_CONFIG_MAPPING.items() if issubclass(config, PromptLearningConfig)}
    assert prompts <= set(ELSEWHERE)
    assert set(ELSEWHERE) <= {kind.value for kind in PeftType}
