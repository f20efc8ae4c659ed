"""The battery for every registered optimizer: it learns, it costs what it says, and it goes on from a checkpoint as if nothing had been."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch

from afina.errors import MachineError
from afina.events import Step
from afina.models.facts import facts_from_config
from afina.optimizers import OPTIMIZERS, Optimizer
from afina.plan.optimizer import trained_matrices
from afina.training import checkpoint
from tests.optimizers import OWN, RUN_HERE, trained, wide_model
from tests.training import losses, relative, weights


def made(name: str) -> Optimizer:
    return OPTIMIZERS[name](name=name, **OWN.get(name, {}))


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_it_is_one_file_documented_and_its_config_is_closed(name: str) -> None:
    kind = OPTIMIZERS[name]
    assert kind.__module__ == f"afina.optimizers.{name}"
    assert kind.__doc__ and len(kind.__doc__.splitlines()[0]) > 20
    assert kind.paper.startswith("https://")
    schema = kind.model_json_schema()
    assert schema["additionalProperties"] is False
    assert all(entry.get("description") for key, entry in schema["properties"].items() if key != "name")
    assert kind(name=name).name == name


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_a_library_that_is_not_there_is_named_with_its_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    traits = OPTIMIZERS[name].traits
    if name in RUN_HERE:
        made(name).require_package()
    monkeypatch.setattr(importlib.util, "find_spec", lambda module: None)
    if not traits.module:
        made(name).require_package()
        return
    with pytest.raises(MachineError) as caught:
        made(name).require_package()
    assert caught.value.exit_code == 69
    terms = " (its licence, CC BY-NC 4.0, forbids commercial use)" if name == "apollo" else ""
    assert str(caught.value) == (
        f"E010 train.optimizer: {name} is part of {traits.package}, which is not installed{terms}\n"
        f'  Do: pip install "{traits.package}", or train.optimizer=adamw'
    )


@pytest.mark.parametrize("name", RUN_HERE)
def test_it_learns(name: str) -> None:
    curve = losses(trained(name, wide_model(), 25))
    assert sum(curve[-3:]) / 3 < 0.95 * curve[0]


@pytest.mark.parametrize("name", RUN_HERE)
def test_groups_hold_each_trained_weight_once_with_its_peak_rate(name: str) -> None:
    model = wide_model()
    optimizer = trained(name, model, 1, schedule="constant").state.optimizer
    held = [id(parameter) for group in optimizer.param_groups for parameter in group["params"]]
    assert len(held) == len(set(held))
    assert set(held) == {id(parameter) for parameter in model.parameters()}
    assert all(group["peak_lr"] > 0 for group in optimizer.param_groups)


@pytest.mark.parametrize("name", RUN_HERE)
def test_the_rate_is_the_schedules(name: str) -> None:
    run = trained(name, wide_model(), 4, schedule="constant", warmup_ratio=0.5)
    rates = [event.learning_rate for event in run if isinstance(event, Step)]
    peak = run.spec.learning_rate
    assert rates == pytest.approx([peak / 3, 2 * peak / 3, peak, peak])
    assert float(run.state.optimizer.param_groups[0]["lr"]) == pytest.approx(peak)


@pytest.mark.parametrize("name", RUN_HERE)
def test_it_keeps_the_bytes_that_it_tells_the_plan(name: str) -> None:
    """Up to what counts only in a tiny model: step counters, and tensors too small to be quantised."""
    model = wide_model()
    run = trained(name, model, 1)
    list(run)
    kept = sum(tensor.numel() * tensor.element_size() for tensor in run.state.optimizer_tensors().values() if tensor.numel() > 1)
    facts = facts_from_config(model.config.to_dict())
    n = sum(parameter.numel() for parameter in model.parameters())
    promised = made(name).state_bytes(n, trained_matrices(facts, n, adapter=False))
    small = sum(p.numel() for p in model.parameters() if p.numel() < 4096) if "bit" in name or "fp8" in name else 0
    assert promised <= 8 * n
    assert promised <= kept <= 1.02 * promised + 8 * small


@pytest.mark.parametrize("name", RUN_HERE)
def test_saved_and_loaded_it_goes_on_to_the_same_bits(name: str, tmp_path: Path) -> None:
    """Six updates in one life, or three, a checkpoint, and three in another; clipped, decayed, with a schedule."""
    settings = {"schedule": "constant" if name == "schedule_free" else "linear", "warmup_ratio": 0.3}
    whole = trained(name, wide_model(), 6, **settings)
    list(whole)
    first = trained(name, wide_model(), 6, **settings)
    for event in first:
        if isinstance(event, Step) and event.step == 3:
            break
    path = checkpoint.save(tmp_path, first.state, keep=1)
    second = trained(name, wide_model(seed=5), 6, **settings)
    frozen_before = {name: buffer.clone() for name, buffer in second.state.model.named_buffers()}
    checkpoint.load(path, second.state)
    assert second.state.progress.step == 3
    assert torch.equal(weights(second.state.model), weights(first.state.model))
    list(second)
    assert torch.equal(weights(second.state.model), weights(whole.state.model))
    assert all(torch.equal(buffer, frozen_before[name]) for name, buffer in second.state.model.named_buffers())
    assert relative(weights(whole.state.model), weights(first.state.model)) > 1e-5, "three updates that change nothing prove nothing"


@pytest.mark.parametrize("name", [name for name in RUN_HERE if name not in ("adamw", "lomo")])
def test_a_checkpoint_of_another_optimizer_is_refused(name: str, tmp_path: Path) -> None:
    """Also of one with the same tensors under other names."""
    settings = {"schedule": "constant", "max_grad_norm": 0.0, "weight_decay": 0.0}
    saved = trained("adamw", wide_model(), 1, **settings)
    list(saved)
    path = checkpoint.save(tmp_path, saved.state, keep=1)
    with pytest.raises((ValueError, KeyError)):
        checkpoint.load(path, trained(name, wide_model(), 1, **settings).state)
