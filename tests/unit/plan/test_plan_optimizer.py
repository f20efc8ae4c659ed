"""What the plan makes of an optimizer: bytes, rate, micro-batches, and what it must say."""

from __future__ import annotations

import pytest

from afina.errors import MachineError, UsageError
from afina.optimizers import OPTIMIZERS
from afina.plan.optimizer import trained_matrices
from afina.plan.planner import Plan, plan
from tests.unit.plan.test_planner import CPU, GPU, LARGE, LM, TINY, WORK, recipe

HIDDEN = 2 * (4 * 128 * 128 + 3 * 128 * 512)
EMBEDDINGS = 2 * 2000 * 128
VECTORS = TINY.n_params - HIDDEN - EMBEDDINGS


def made(optimizer: object, method: object = "full", **values: object) -> Plan:
    return plan(recipe(method=method, **{"train.optimizer": optimizer, **values}), CPU, TINY, LM, WORK)


LOW = {"rank": 16}
BYTES = {
    "adamw": 8 * TINY.n_params,
    "adamw8bit": round((2 + 1 / 32) * TINY.n_params),
    "adamw4bit": round((1 + 1 / 16) * TINY.n_params),
    "lion": 4 * TINY.n_params,
    "sgd": 4 * TINY.n_params,
    "muon": 4 * HIDDEN + 8 * (EMBEDDINGS + VECTORS),
    "adafactor": 4 * (2 * (4 * 256 + 3 * 640) + 2 * 2128 + VECTORS),
    # two moments of 16 by the longer side, and a projection of 16 by the shorter
    "galore": 4 * 16 * 2 * (4 * (2 * 128 + 128) + 3 * (2 * 512 + 128)) + 8 * (EMBEDDINGS + VECTORS),
}


@pytest.mark.parametrize("name", BYTES)
def test_the_optimizers_own_bytes_are_planned(name: str) -> None:
    budget = made({"name": name, **(LOW if name == "galore" else {})}).budget
    assert budget.optimizer == BYTES[name]
    assert budget.gradients == 4 * TINY.n_params
    assert budget.averages == 0


def test_an_average_costs_a_copy_of_what_is_trained() -> None:
    plain, averaged = made("adamw").budget, made("adamw", ema=0.9).budget
    assert averaged.averages == 4 * TINY.n_params
    assert averaged.to_json()["total"] - plain.to_json()["total"] == 4 * TINY.n_params
    assert made("schedule_free", schedule="constant").budget.averages == 4 * TINY.n_params


def test_a_low_bit_optimizer_makes_room() -> None:
    """8 B parameters on 80 GB: 12 bytes a parameter fit in fp32, 16 do not."""
    big = GPU.__class__(**{**GPU.__dict__, "free_vram_bytes": 110 * 2**30, "vram_bytes": 110 * 2**30})
    keys = {"method": "full", "gradient_checkpointing": True, "micro_batch_size": 1, "model.precision": "bf16"}
    with pytest.raises(MachineError, match="M003"):
        plan(recipe(**keys), big, LARGE, LM, WORK)
    assert plan(recipe(**keys, **{"train.optimizer": "adamw4bit"}), big, LARGE, LM, WORK).fits


def test_of_a_model_trained_in_part_the_last_matrices_are_trained() -> None:
    n = TINY.n_params_per_layer + TINY.final_norm_params
    matrices = trained_matrices(TINY, n, adapter=False)
    assert sum(matrix.numel for matrix in matrices) == HIDDEN // 2
    assert all(matrix.hidden for matrix in matrices)
    assert trained_matrices(TINY, n, adapter=True) == ()
    assert made("muon", {"name": "freeze", "n_layers": 1}).budget.optimizer == 4 * HIDDEN // 2 + 8 * (n - HIDDEN // 2)


def test_lomo_has_neither_state_nor_gradients_and_one_forward_pass() -> None:
    done = made("lomo", max_grad_norm=0, weight_decay=0)
    assert done.budget.optimizer == 0
    assert done.budget.gradients == 4 * 2 * 2000 * 128
    assert done.recipe.train.micro_batch_size == done.recipe.train.batch_size
    assert "micro_batch_size = 16 (lomo needs the whole update in one forward pass)" in [str(n).split(" [")[0] for n in done.notices]
    with pytest.raises(UsageError, match="R020"):
        made("lomo", max_grad_norm=0, weight_decay=0, micro_batch_size=2)


@pytest.mark.parametrize("name", ["lion", "sgd", "adafactor", "muon"])
def test_the_rate_is_the_methods_by_the_optimizers_factor(name: str) -> None:
    of_adamw, found = made("adamw").recipe.train.learning_rate, made(name).recipe.train.learning_rate
    assert found == pytest.approx(float(f"{of_adamw * OPTIMIZERS[name].learning_rate_factor:.1g}"), rel=0.5)
    assert made(name, learning_rate=3e-4).recipe.train.learning_rate == 3e-4


def test_what_else_the_result_is_or_costs_is_said() -> None:
    said = [str(notice) for notice in made("adamw", average_checkpoints=3).notices]
    assert any(one.startswith("the result is the mean of the last 3 evaluated checkpoints") for one in said)
    said = [notice for notice in made({"name": "apollo", **LOW}).notices if notice.level == "warning"]
    assert [str(one).split(" [")[0] for one in said] == ["apollo-torch is used (its licence, CC BY-NC 4.0, forbids commercial use)"]
