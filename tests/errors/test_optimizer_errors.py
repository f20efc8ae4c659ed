"""What an optimizer cannot do is refused before a weight is read, and what goes wrong inside its backward pass is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from afina.errors import AfinaError, DivergedError, MachineError, UsageError
from afina.methods import METHODS
from afina.models.facts import facts_from_config
from afina.plan.optimizer import check_noise, check_optimizer, trained_matrices
from afina.recipe.schema import TrainSpec
from afina.types import ModelFacts
from tests.optimizers import trained, wide_model
from tests.tiny import tiny_config

FACTS = facts_from_config(tiny_config().to_dict())
INSIDE = {"max_grad_norm": 0.0, "weight_decay": 0.0, "batch_size": 16, "micro_batch_size": 16}


def said(method: str = "full", device: str = "cpu", precision: str = "fp32", facts: ModelFacts = FACTS, **keys: Any) -> str:
    train = TrainSpec.model_validate({"learning_rate": 1e-3, **keys})
    made = METHODS[method](name=method)
    try:
        check_noise(train, facts)
        check_optimizer(train, made, trained_matrices(facts, facts.n_params, made.traits.adapter), device, precision)
    except UsageError as error:
        return f"{error}" if error.exit_code == 2 else "a usage error exits with 2"
    return ""


INSIDE_WHY = "moves each weight inside the backward pass"
CASES: dict[str, tuple[Callable[[], str], str]] = {
    "pages without a GPU": (
        lambda: said(optimizer="paged_adamw8bit"),
        "R020 train.optimizer: paged_adamw8bit runs only on cuda, and this training on cpu\n  Do: train.optimizer=adamw8bit",
    ),
    "a library that wants CUDA": (
        lambda: said(optimizer="adalomo", **INSIDE),
        "R020 train.optimizer: adalomo runs only on cuda, and this training on cpu\n  Do: train.optimizer=adafactor",
    ),
    "a schedule beside none": (
        lambda: said(optimizer="schedule_free"),
        "R020 train.schedule: schedule_free averages instead of lowering the learning rate; cosine would do both\n"
        "  Do: train.schedule=constant",
    ),
    "no mean to stand at": (
        lambda: said(optimizer="schedule_free", schedule="constant", adam_beta1=0.0),
        "R020 train.adam_beta1: schedule_free takes its gradient between its mean and its iterate, by beta1, which must be above 0\n"
        "  Do: train.adam_beta1=0.9",
    ),
    "clipping": (
        lambda: said(optimizer="lomo", **{**INSIDE, "max_grad_norm": 1.0}),
        f"R020 train.max_grad_norm: lomo {INSIDE_WHY}, when the norm of the whole gradient is not known: it cannot be clipped\n"
        "  Do: train.max_grad_norm=0",
    ),
    "decay": (
        lambda: said(optimizer="lomo", **{**INSIDE, "weight_decay": 0.1}),
        "R020 train.weight_decay: lomo is of lomo-optim, which would decay vectors too\n  Do: train.weight_decay=0",
    ),
    "processes": (
        lambda: said(optimizer="lomo", **INSIDE, processes=2),
        f"R020 train.processes: lomo {INSIDE_WHY}, before the gradients of other processes are there\n  Do: train.processes=1",
    ),
    "layers": (
        lambda: said(optimizer="lomo", **INSIDE, layer_decay=0.9),
        "R020 train.layer_decay: lomo has one learning rate for all weights\n  Do: train.layer_decay=1",
    ),
    "a loss scale": (
        lambda: said(optimizer="lomo", precision="fp16", **INSIDE),
        f"R020 train.precision: lomo {INSIDE_WHY}, and cannot take back an overflow of fp16\n  Do: model.precision=bf16",
    ),
    "accumulation": (
        lambda: said(optimizer="lomo", **{**INSIDE, "micro_batch_size": 4}),
        f"R020 train.micro_batch_size: lomo {INSIDE_WHY}: the whole update must be one forward pass, not micro-batches\n"
        "  Do: train.micro_batch_size=16",
    ),
    "accumulation by tokens": (
        lambda: said(optimizer="lomo", **{**INSIDE, "micro_batch_size": {"tokens": 4096}}),
        f"R020 train.micro_batch_size: lomo {INSIDE_WHY}: the whole update must be one forward pass, not micro-batches\n"
        "  Do: train.micro_batch_size=16",
    ),
    "adapters projected": (
        lambda: said(method="lora", optimizer="galore"),
        "R020 train.optimizer: galore projects the gradients of whole weights, and lora trains matrices that are small already\n"
        "  Do: method=full, or train.optimizer=adamw",
    ),
    "nothing to project": (
        lambda: said(optimizer="apollo"),
        "R020 train.optimizer.rank: apollo with rank=128 would project nothing: the smaller side of every trained matrix is at most 32\n"
        "  Do: train.optimizer={name: apollo, rank: 8}",
    ),
    "noise on two sequences": (
        lambda: said(neftune_alpha=5.0, facts=replace(FACTS, kind="encoder-decoder", family="t5")),
        "R020 train.neftune_alpha: NEFTune's noise is for one sequence, and t5 embeds a source and an answer\n  Do: train.neftune_alpha=0",
    ),
    "another's key": (
        lambda: said(optimizer="lion", adam_beta2=0.95),
        "R021 train.adam_beta2: lion does not use adam_beta2 (its own keys are in the mapping of train.optimizer)\n"
        "  Do: train.adam_beta2=0.999",
    ),
    "another's share": (
        lambda: said(decay_ratio=0.5),
        "R021 train.decay_ratio: decay_ratio belongs to wsd, and the schedule is cosine\n  Do: train.schedule=wsd",
    ),
    "two averages": (
        lambda: said(ema=0.9, average_checkpoints=2),
        "R021 train.ema: ema and average_checkpoints each give averaged weights; only one can be the result\n  Do: train.ema=0",
    ),
    "an average of an average": (
        lambda: said(optimizer="schedule_free", schedule="constant", ema=0.9),
        "R021 train.ema: ema and optimizer=schedule_free each give averaged weights; only one can be the result\n  Do: train.ema=0",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_refused(name: str) -> None:
    say, wanted = CASES[name]
    assert say() == wanted


@pytest.mark.parametrize(
    "keys",
    [
        {"optimizer": "lomo", **INSIDE},
        {"optimizer": "lomo", **{**INSIDE, "micro_batch_size": "auto"}},
        {"optimizer": "schedule_free", "schedule": "constant"},
        {"optimizer": {"name": "galore", "rank": 31}},
        {"optimizer": "muon", "adam_beta2": 0.95},
        {"schedule": "wsd", "decay_ratio": 0.5},
        {"average_checkpoints": 2},
        {"neftune_alpha": 5.0},
    ],
    ids=str,
)
def test_not_refused(keys: dict[str, Any]) -> None:
    assert said(**keys) == ""


def test_what_needs_a_gpu_is_not_refused_there() -> None:
    assert said(device="cuda", optimizer="adalomo", **INSIDE) == said(device="cuda", optimizer="paged_adamw8bit") == ""


def test_a_model_without_wide_matrices_is_refused_when_it_is_built_too() -> None:
    """Whatever the facts promised: the built parameters are looked at again."""
    with pytest.raises(UsageError, match=r"R020 train\.optimizer\.rank: galore with rank=64 would project nothing: .* at most 64"):
        trained("galore", wide_model(), 1, own={"rank": 64})


@pytest.mark.parametrize("optimizer", ["lomo", "adamw"])
def test_a_gradient_that_is_not_finite(optimizer: str) -> None:
    """AdamW does not apply it; LOMO has, so the run ends at once and says that."""
    model = wide_model()
    run = trained(optimizer, model, 4, max_grad_norm=0.0)
    model.model.layers[1].mlp.register_full_backward_hook(lambda module, given, got: tuple(one * float("nan") for one in given))
    events = []
    with pytest.raises(DivergedError) as caught:
        events.extend(run)
    assert len([event for event in events if type(event).__name__ == "Recovered"]) == (0 if optimizer == "lomo" else 2)
    wanted = "it moved weights already" if optimizer == "lomo" else "the last 3 updates were not applied"
    assert f"{wanted}, earlier checkpoints are safe" in str(caught.value)
    assert bool(torch.isfinite(model.model.layers[0].mlp.up_proj.weight).all()) == (optimizer != "lomo")


def test_a_loss_that_is_not_finite_is_withheld_even_by_lomo() -> None:
    model = wide_model()
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    run = trained("lomo", model, 1)
    model.lm_head.register_forward_hook(lambda module, given, got: got * float("nan"))
    events = [type(event).__name__ for event in run]
    assert events == ["Started", "Step", "Recovered", "Finished"]
    assert all(torch.equal(p, before[name]) for name, p in model.named_parameters())


def test_out_of_memory_inside_the_backward_pass_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained("lomo", wide_model(), 2)

    def full(*_: object) -> float:
        raise torch.OutOfMemoryError("no memory for 12 GiB\nand more")

    monkeypatch.setattr(run.state.optimizer, "backward", full)
    with pytest.raises(MachineError) as caught:
        list(run)
    error: AfinaError = caught.value
    assert str(error) == (
        "M005 memory: out of memory in an update of lomo, which may have moved part of the weights: no memory for 12 GiB\n"
        "  Do: gradient_checkpointing=true: the same command goes on from the newest checkpoint; or a smaller train.batch_size, a new run"
    )
