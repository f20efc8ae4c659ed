"""Averages of weights: their closed forms, and that looking at them changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from afina.events import Step
from afina.training.average import Ema
from tests.optimizers import trained, wide_model
from tests.training import relative, weights


def test_an_ema_is_its_recurrence_in_float64() -> None:
    model = wide_model()
    run = trained("adamw", model, 20, ema=0.8)
    mean, decays = weights(model), []
    for event in run:
        if isinstance(event, Step):
            decays.append(min(0.8, (1 + event.step) / (10 + event.step)))
            mean = decays[-1] * mean + (1 - decays[-1]) * weights(model)
    assert decays[0] == pytest.approx(2 / 11) and decays[-1] == pytest.approx(21 / 30), "early on it forgets faster"
    moving = weights(model)
    with run.state.published():
        assert relative(weights(model), mean) <= 1e-6
    assert relative(mean, moving) > 1e-4


def test_the_decay_reaches_what_was_asked_for() -> None:
    """From update 35 on, 0.8: w is 1 and was 0, so that 1 - e is the product of the decays."""
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(model.weight)
    ema = Ema(model, 0.8)
    torch.nn.init.ones_(model.weight)
    product = 1.0
    for step in range(1, 60):
        ema.update(step)
        product *= min(0.8, (1 + step) / (10 + step))
        assert 1 - float(ema.pairs["weight"][1]) == pytest.approx(product, abs=1e-6)


@pytest.mark.parametrize(("name", "settings"), [("adamw", {"ema": 0.9}), ("schedule_free", {"schedule": "constant"})])
def test_looking_at_the_average_changes_no_bit(name: str, settings: dict[str, Any]) -> None:
    ends = []
    for looks in (False, True):
        model = wide_model()
        run = trained(name, model, 6, **settings)
        for event in run:
            if isinstance(event, Step) and looks:
                before = weights(model)
                with run.state.published():
                    assert event.step == 1 or relative(weights(model), before) > 1e-7
                assert torch.equal(weights(model), before)
        ends.append(weights(model))
    assert torch.equal(*ends)


def test_a_step_that_is_not_applied_does_not_enter_the_average() -> None:
    model = wide_model()
    run = trained("adamw", model, 1, ema=0.5)
    model.model.norm.weight.register_hook(lambda gradient: gradient * float("nan"))
    before = weights(model)
    list(run)
    with run.state.published():
        assert torch.equal(weights(model), before)


def test_an_error_during_an_evaluation_leaves_the_moving_weights() -> None:
    model = wide_model()
    run = trained("adamw", model, 3, ema=0.9)
    list(run)
    before = weights(model)
    with pytest.raises(RuntimeError, match="no"), run.state.published():
        raise RuntimeError("no")
    assert torch.equal(weights(model), before)
