import math

import pytest
import torch
from transformers import get_scheduler

from afina.training.schedule import factor


def of_transformers(name: str, warmup: int, total: int, **settings: object) -> list[float]:
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=total, scheduler_specific_kwargs=settings)
    rates = []
    for _ in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize("warmup", [0, 5])
def test_wsd_after_its_warmup_is_that_of_transformers(warmup: int) -> None:
    theirs = of_transformers("warmup_stable_decay", warmup, 37, num_decay_steps=11, decay_type="1-sqrt")
    ours = [factor("wsd", step, 37, warmup, 11) for step in range(37)]
    assert ours[warmup:] == pytest.approx(theirs[warmup:], abs=1e-12)
    assert ours[warmup:27] == [1.0] * (27 - warmup)
    assert ours[36] == pytest.approx(1 - math.sqrt(10 / 11))


def test_wsd_whose_parts_overlap_falls_from_the_end_of_the_warmup() -> None:
    assert [factor("wsd", step, 4, 2, 4) for step in range(4)] == pytest.approx([1 / 3, 2 / 3, 1, 1 - math.sqrt(0.5)])
    assert [factor("wsd", step, 3, 0, 0) for step in range(3)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("warmup", [0, 5])
def test_inverse_sqrt_after_its_warmup_is_that_of_transformers(warmup: int) -> None:
    theirs = of_transformers("inverse_sqrt", warmup, 37)
    ours = [factor("inverse_sqrt", step, 37, warmup) for step in range(37)]
    assert ours[warmup:] == pytest.approx(theirs[warmup:], abs=1e-12)
    assert ours[36] == pytest.approx(math.sqrt(5 / 36) if warmup else math.sqrt(10_000 / 10_036))


@pytest.mark.parametrize("name", ["constant", "linear", "cosine"])
def test_without_warmup_the_factors_are_those_of_transformers(name: str) -> None:
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=0, num_training_steps=37)
    for step in range(37):
        assert factor(name, step, 37, 0) == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-12)
        optimizer.step()
        scheduler.step()


def test_warmup_rises_evenly_to_the_peak_and_its_first_step_moves() -> None:
    assert [factor("constant", step, 10, 3) for step in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(ValueError, match="no schedule is called 'step'"):
        factor("step", 5, 10, 0)
