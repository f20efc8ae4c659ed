import pytest
import torch
from transformers import get_scheduler

from afina.training.schedule import factor


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
