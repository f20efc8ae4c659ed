"""Ten updates of each optimizer against its library used directly, and against its equations in float64, on the same gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from afina.training.optim import is_hidden_matrix
from tests.optimizers import HAS_APOLLO, trained, wide_model, without_cuda
from tests.training import losses, relative, token_examples, training, weights

RATE, DECAY, STEPS = 2e-3, 0.1, 10
Weights = dict[str, Tensor]


@cache
def ours(name: str, **own: Any) -> tuple[Weights, Weights, list[Weights]]:
    """The weights before and after ten updates, and the clipped gradients between."""
    model = wide_model()
    run = trained(name, model, STEPS, schedule="constant", learning_rate=RATE, weight_decay=DECAY, own=dict(own))
    start = {key: p.detach().clone() for key, p in model.named_parameters()}
    gradients: list[Weights] = []
    run.state.optimizer.register_step_pre_hook(
        lambda *_: gradients.append({key: p.grad.clone() for key, p in model.named_parameters() if p.grad is not None})
    )
    list(run)
    with run.state.published():
        return start, {key: p.detach().clone() for key, p in model.named_parameters()}, gradients


def flat(weights: Weights) -> Tensor:
    return torch.cat([weights[key].double().reshape(-1) for key in sorted(weights)])


def assert_moved(start: Weights, end: Weights) -> None:
    assert relative(flat(end), flat(start)) > 1e-3, "weights that stay where they were would prove nothing"


Build = Callable[[list[dict[str, Any]]], torch.optim.Optimizer]


def groups(held: dict[str, torch.nn.Parameter], where: Callable[[str, Tensor], bool] = lambda *_: True) -> list[dict[str, Any]]:
    """Matrices, which decay, and vectors, which do not."""
    chosen = [p for key, p in held.items() if where(key, p)]
    decayed, plain = [p for p in chosen if p.ndim == 2], [p for p in chosen if p.ndim < 2]
    return [one for one in ({"params": decayed}, {"params": plain, "weight_decay": 0.0}) if one["params"]]


def directly(name: str) -> Callable[[dict[str, torch.nn.Parameter]], list[torch.optim.Optimizer]]:
    """The libraries' own classes, called as their documentation says."""
    keys = {"lr": RATE, "weight_decay": DECAY}

    def adamw8bit(held: Any) -> list[Any]:
        import bitsandbytes

        return [bitsandbytes.optim.AdamW8bit(groups(held), **keys)]

    def adamw4bit(held: Any) -> list[Any]:
        import torchao.optim

        return [torchao.optim.AdamW4bit(groups(held), **keys)]

    def adamwfp8(held: Any) -> list[Any]:
        import torchao.optim

        return [torchao.optim.AdamWFp8(groups(held), **keys)]

    def lion(held: Any) -> list[Any]:
        import lion_pytorch

        return [lion_pytorch.Lion(groups(held), **keys)]

    def schedule_free(held: Any) -> list[Any]:
        import schedulefree

        return [schedulefree.AdamWScheduleFree(groups(held), **keys)]

    def galore(held: Any) -> list[Any]:
        import galore_torch

        low = {"rank": 8, "update_proj_gap": 4, "scale": 0.25, "proj_type": "std"}
        return [
            galore_torch.GaLoreAdamW(
                [*({**one, **low} for one in groups(held, is_hidden_matrix)), *groups(held, lambda *p: not is_hidden_matrix(*p))],
                **keys,
                eps=1e-8,
                no_deprecation_warning=True,
            )
        ]

    def apollo(held: Any) -> list[Any]:
        import apollo_torch

        low = {"rank": 8, "proj": "random", "scale_type": "channel", "scale": 1.0, "update_proj_gap": 4, "proj_type": "std"}
        rest = [p for key, p in held.items() if p.ndim == 2 and not is_hidden_matrix(key, p)]
        hidden = [p for key, p in held.items() if is_hidden_matrix(key, p)]
        vectors = [p for p in held.values() if p.ndim < 2]
        # Its random projections are numbered by the place of a parameter, so the order must be ours: hidden matrices, others, vectors.
        made = [{"params": hidden, **low}, {"params": rest}, {"params": vectors, "weight_decay": 0.0}]
        order = made if next(iter(held)) in {key for key, p in held.items() if is_hidden_matrix(key, p)} else [made[1], made[0], made[2]]
        return [apollo_torch.APOLLOAdamW(order, **keys, eps=1e-8)]

    def muon(held: Any) -> list[Any]:
        hidden = [p for key, p in held.items() if is_hidden_matrix(key, p)]
        rest = groups(held, lambda *p: not is_hidden_matrix(*p))
        return [torch.optim.Muon(hidden, **keys, adjust_lr_fn="match_rms_adamw"), torch.optim.AdamW(rest, **keys)]

    library = {
        "adamw": lambda held: [torch.optim.AdamW(groups(held), **keys)],
        "adafactor": lambda held: [torch.optim.Adafactor(groups(held), **keys)],
        "sgd": lambda held: [torch.optim.SGD(groups(held), **keys, momentum=0.9)],
    }
    return library.get(name) or locals()[name]


@pytest.mark.parametrize(
    "name",
    [
        *("adamw", "adamw8bit", "adamw4bit", "adamwfp8", "adafactor", "lion", "sgd", "muon", "schedule_free", "galore"),
        pytest.param("apollo", marks=pytest.mark.skipif(not HAS_APOLLO, reason="apollo-torch is not installed")),
    ],
)
def test_ten_updates_are_those_of_the_library(name: str) -> None:
    start, end, gradients = ours(name)
    held = {key: torch.nn.Parameter(value.clone()) for key, value in start.items()}
    members = directly(name)(held)
    for member in members:
        getattr(member, "train", lambda: None)()
    with torch.compiler.set_stance("force_eager"):
        for given in gradients:
            for key, parameter in held.items():
                parameter.grad = given[key].clone()
            for member in members:
                member.step()
    for member in members:
        getattr(member, "eval", lambda: None)()
    assert_moved(start, end)
    assert len(gradients) == STEPS
    assert relative(flat({key: p.detach() for key, p in held.items()}), flat(end)) <= 1e-7


def equations(name: str, start: Weights, gradients: list[Weights]) -> Weights:
    return {key: EQUATIONS[name](value.double(), [one[key].double() for one in gradients], key) for key, value in start.items()}


def adamw_equation(w: Tensor, gradients: list[Tensor], key: str = "", decay: float = DECAY) -> Tensor:
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    for k, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        step = (m / (1 - 0.9**k)) / ((v / (1 - 0.999**k)).sqrt() + 1e-8)
        w = w - RATE * (step + (decay if w.ndim == 2 else 0) * w)
    return w


def lion_equation(w: Tensor, gradients: list[Tensor], key: str) -> Tensor:
    m = torch.zeros_like(w)
    for g in gradients:
        w = w - RATE * (torch.sign(0.9 * m + 0.1 * g) + (DECAY if w.ndim == 2 else 0) * w)
        m = 0.99 * m + 0.01 * g
    return w


def sgd_equation(w: Tensor, gradients: list[Tensor], key: str) -> Tensor:
    m = torch.zeros_like(w)
    for g in gradients:
        m = 0.9 * m + g + (DECAY if w.ndim == 2 else 0) * w
        w = w - RATE * m
    return w


def adafactor_equation(w: Tensor, gradients: list[Tensor], key: str) -> Tensor:
    """Algorithms 4 and 5, with the second moment's floor of the machine's fp32."""
    tiny = torch.finfo(torch.float32).eps
    rows = columns = v = torch.zeros(())
    for k, g in enumerate(gradients, 1):
        rho, b = min(RATE, 1 / math.sqrt(k)), 1 - k**-0.8
        w_decayed = w * (1 - RATE * (DECAY if w.ndim == 2 else 0))
        if w.ndim == 2:
            rows, columns = b * rows + (1 - b) * (g * g).mean(1), b * columns + (1 - b) * (g * g).mean(0)
            v = rows[:, None] * columns[None] / rows.mean().clamp(min=tiny)
        else:
            v = b * v + (1 - b) * g * g
        update = g / v.clamp(min=tiny * tiny).sqrt()
        update = update / max(1.0, float(update.square().mean().sqrt()))
        w = w_decayed - max(1e-3, float(w.square().mean().sqrt())) * rho * update
    return w


def schedule_free_equation(w: Tensor, gradients: list[Tensor], key: str) -> Tensor:
    """Defazio et al. 2024, algorithm 1 with a constant rate: c is 1 / k."""
    x, z, v = w, w, torch.zeros_like(w)
    for k, g in enumerate(gradients, 1):
        y = 0.1 * z + 0.9 * x
        v = 0.999 * v + 0.001 * g * g
        z = z - RATE * (g / ((v / (1 - 0.999**k)).sqrt() + 1e-8) + (DECAY if w.ndim == 2 else 0) * y)
        x = (1 - 1 / k) * x + z / k
    return x


def galore_equation(w: Tensor, gradients: list[Tensor], key: str) -> Tensor:
    if not is_hidden_matrix(key, w):
        return adamw_equation_of_hf(w, gradients)
    basis, m, v = torch.zeros(()), torch.zeros(()), torch.zeros(())
    wide = w.shape[0] < w.shape[1]
    for k, g in enumerate(gradients, 1):
        if (k - 1) % 4 == 0:
            u, _, vh = torch.linalg.svd(g.float(), full_matrices=False)
            basis = (u[:, :8] if wide else vh[:8]).double()
        low = basis.T @ g if wide else g @ basis.T
        m, v = 0.9 * m + 0.1 * low, 0.999 * v + 0.001 * low * low
        step = m / (v.sqrt() + 1e-8) * math.sqrt(1 - 0.999**k) / (1 - 0.9**k)
        w = w - RATE * 0.25 * (basis @ step if wide else step @ basis)
        w = w - RATE * DECAY * w
    return w


def adamw_equation_of_hf(w: Tensor, gradients: list[Tensor]) -> Tensor:
    """As the library has it: epsilon before the bias correction, decay after the step."""
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    for k, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w = w - RATE * math.sqrt(1 - 0.999**k) / (1 - 0.9**k) * m / (v.sqrt() + 1e-8)
        w = w - RATE * (DECAY if w.ndim == 2 else 0) * w
    return w


def muon_equation(w: Tensor, gradients: list[Tensor], key: str) -> Tensor:
    """The library iterates in bf16; here in float64, so only about a hundredth of a step is agreed on."""
    if not is_hidden_matrix(key, w):
        return adamw_equation(w, gradients)
    m = torch.zeros_like(w)
    for g in gradients:
        m = 0.95 * m + 0.05 * g
        x = 0.95 * m + 0.05 * g
        x = x / x.norm()
        tall = x.shape[0] > x.shape[1]
        x = x.T if tall else x
        for _ in range(5):
            gram = x @ x.T
            x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
        x = x.T if tall else x
        w = w * (1 - RATE * DECAY) - RATE * 0.2 * math.sqrt(max(w.shape)) * x
    return w


EQUATIONS: dict[str, Callable[[Tensor, list[Tensor], str], Tensor]] = {
    "adamw": adamw_equation,
    "lion": lion_equation,
    "sgd": sgd_equation,
    "adafactor": adafactor_equation,
    "schedule_free": schedule_free_equation,
    "galore": galore_equation,
    "muon": muon_equation,
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_ten_updates_are_the_equations_in_float64(name: str) -> None:
    start, end, gradients = ours(name)
    wanted = equations(name, start, gradients)
    moved = flat(wanted) - flat(start)
    assert float(moved.norm() / flat(start).norm()) > 1e-3
    tolerance = {"muon": 2e-2, "lion": 1e-3, "galore": 1e-3}.get(name, 2e-4)
    assert float((flat(end) - flat(wanted)).norm() / moved.norm()) <= tolerance


@pytest.mark.parametrize(("name", "bound"), [("adamw8bit", 0.1), ("adamwfp8", 0.2), ("adamw4bit", 0.5)])
def test_low_bit_moments_lead_near_to_where_fp32_moments_lead(name: str, bound: float) -> None:
    start, end, gradients = ours(name)
    wanted = equations("adamw", start, gradients)
    difference = float((flat(end) - flat(wanted)).norm() / (flat(wanted) - flat(start)).norm())
    assert 1e-5 < difference < bound, "exactly the same would mean that nothing was quantised"


def test_lomo_is_gradient_descent() -> None:
    """The curve, the norm and the weights of torch's SGD without momentum."""
    ours, theirs = wide_model(), wide_model()
    curve = losses(trained("lomo", ours, STEPS, learning_rate=0.1, schedule="linear"))
    reference = losses(
        training(
            theirs,
            "sft",
            token_examples(64),
            steps=STEPS,
            micro=16,
            optimizer={"name": "sgd", "momentum": 0.0},
            learning_rate=0.1,
            schedule="linear",
            max_grad_norm=0.0,
            weight_decay=0.0,
        )
    )
    assert curve == pytest.approx(reference, rel=1e-6)
    assert curve[-1] < 0.9 * curve[0]
    assert relative(weights(ours), weights(theirs)) <= 1e-6


def test_adalomo_is_adafactors_second_moment_with_its_own_step() -> None:
    """Algorithm 1 in float64 along the library's own gradients: w <- w - lr max(1e-3, RMS(w)) clipped(g / sqrt(v))."""
    model = wide_model()
    run = trained("adalomo", model, 4, learning_rate=1e-2, schedule="constant")
    seen: dict[str, list[Tensor]] = {key: [] for key, _ in model.named_parameters()}
    for key, parameter in model.named_parameters():
        parameter.register_hook(lambda gradient, key=key: seen[key].append(gradient.detach().double() / 2**10))
    start = {key: p.detach().double().clone() for key, p in model.named_parameters()}
    with without_cuda("adalomo"):
        list(run)
    wanted: Weights = {}
    for key, w in start.items():
        rows = columns = v = torch.zeros(())
        for k, g in enumerate(seen[key], 1):
            b, square = 1 - k**-0.8, g * g + 1e-30
            if w.ndim == 2:
                rows, columns = b * rows + (1 - b) * square.mean(1), b * columns + (1 - b) * square.mean(0)
                v = rows[:, None] * columns[None] / rows.mean()
            else:
                v = b * v + (1 - b) * square
            update = g / v.sqrt()
            update = update / max(1.0, float(update.square().mean().sqrt()))
            w = w - 1e-2 * max(1e-3, float(w.square().mean().sqrt())) * update
        wanted[key] = w
    moved = flat(wanted) - flat(start)
    assert float((flat({key: p.detach() for key, p in model.named_parameters()}) - flat(wanted)).norm() / moved.norm()) <= 1e-4
