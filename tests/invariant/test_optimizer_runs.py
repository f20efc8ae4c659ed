"""What holds for AdamW holds for every optimizer and every average: the cut of a step and a kill change nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from afina.optimizers import OPTIMIZERS
from afina.recipe.schema import TokenBudget
from afina.run import Run, read_json
from afina.training import checkpoint
from tests.invariant.lives import KILLED, dropout_model, live, only_run, things
from tests.optimizers import HAS_APOLLO, ON_CPU, trained, wide_model
from tests.tiny import write_tiny_model
from tests.training import losses, relative, weights

CONTINUOUS = ["adafactor", "adamw", *(["apollo"] if HAS_APOLLO else []), "schedule_free", "sgd"]
"""Their update follows the last bits of the gradient smoothly."""
ROUNDED = ["adamw4bit", "adamw8bit", "adamwfp8", "galore", "lion", "muon"]
"""A gradient that differs in its last bit may fall on the other side of a code, a bf16 value (Muon iterates in them), a sign, or a crossing
of singular values: a hundredth of what the weights moved by is agreed on."""


@cache
def walked(name: str, micro: int | TokenBudget, **settings: Any) -> tuple[list[float], torch.Tensor]:
    model = wide_model()
    curve = losses(trained(name, model, 8, micro=micro, schedule="constant", **settings))  # type: ignore[arg-type]
    return curve, weights(model)


def test_every_optimizer_is_in_one_of_the_lists() -> None:
    claims = [name for name in ON_CPU if not OPTIMIZERS[name].traits.in_backward]
    assert sorted(CONTINUOUS + ROUNDED) == sorted(claims)


@pytest.mark.parametrize("micro", [1, TokenBudget(tokens=300)], ids=str)
@pytest.mark.parametrize("name", CONTINUOUS + ROUNDED)
def test_eight_updates_do_not_depend_on_the_cut(name: str, micro: int | TokenBudget) -> None:
    (curve, end), (whole_curve, whole_end) = walked(name, micro), walked(name, 16)
    moved = float((whole_end - weights(wide_model())).norm())
    assert moved / float(whole_end.norm()) > 1e-3
    if name in CONTINUOUS:
        assert relative(end, whole_end) <= 1e-5
        assert curve == pytest.approx(whole_curve, rel=1e-5)
    else:
        assert float((end - whole_end).norm()) <= 0.01 * moved
        assert curve == pytest.approx(whole_curve, rel=1e-3)


KEYS = {"neftune": {"neftune_alpha": 5.0}, "ema": {"ema": 0.9}, "layer_decay": {"layer_decay": 0.5}}


@pytest.mark.parametrize("packing", [False, True], ids=["padded", "packed"])
@pytest.mark.parametrize("micro", [1, TokenBudget(tokens=300)], ids=str)
@pytest.mark.parametrize("key", KEYS)
def test_noise_averages_and_layers_do_not_depend_on_the_cut(key: str, micro: int | TokenBudget, packing: bool) -> None:
    (curve, end), (whole_curve, whole_end) = walked("adamw", micro, packing=packing, **KEYS[key]), walked("adamw", 16, **KEYS[key])
    assert relative(end, whole_end) <= 1e-5
    assert curve == pytest.approx(whole_curve, rel=1e-5)
    if key != "ema":
        assert relative(whole_end, walked("adamw", 16)[1]) > 1e-4, "a key that changes nothing would prove nothing"


FULL = {"method": "full", "learning_rate": 1e-3}
LORA = {"method": {"name": "lora", "r": 4, "dropout": 0.1}, "learning_rate": 1e-2}
INSIDE = {"max_grad_norm": 0.0, "weight_decay": 0.0, "micro_batch_size": 16}
LIVES: dict[str, dict[str, Any]] = {
    "adamw8bit": {**FULL, "train.optimizer": "adamw8bit"},
    "adamw4bit": {**FULL, "train.optimizer": "adamw4bit"},
    "adamwfp8": {**FULL, "train.optimizer": "adamwfp8"},
    "adafactor": {**FULL, "train.optimizer": "adafactor"},
    "lion": {**LORA, "train.optimizer": "lion"},
    "sgd": {**LORA, "train.optimizer": {"name": "sgd", "nesterov": True}},
    "muon": {**FULL, "train.optimizer": "muon"},
    "schedule_free": {**LORA, "train.optimizer": "schedule_free", "schedule": "constant"},
    "galore": {**FULL, "train.optimizer": {"name": "galore", "rank": 4, "update_proj_gap": 5}},
    "apollo": {**FULL, "train.optimizer": {"name": "apollo", "rank": 4, "update_proj_gap": 5}},
    "lomo": {**FULL, **INSIDE, "learning_rate": 0.05, "train.optimizer": "lomo"},
    "ema": {**LORA, "ema": 0.9, "schedule": "wsd"},
    "average_checkpoints": {**LORA, "average_checkpoints": 3, "eval.every_steps": 3},
    "neftune": {**LORA, "neftune_alpha": 5.0, "schedule": "inverse_sqrt"},
    "layer_decay": {**FULL, "layer_decay": 0.7, "objective": {"name": "classify", "label_smoothing": 0.1}},
}
if not HAS_APOLLO:
    del LIVES["apollo"]
QUICK = ("muon", "schedule_free", "average_checkpoints")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("optimizers")
    things(folder / "things.csv")
    dropout_model(folder / "full")
    write_tiny_model(folder / "lora")
    return folder


def lived(place: Path, settings: dict[str, Any], out: Path, moment: str = "") -> int:
    model = place / ("full" if settings["method"] == "full" else "lora")
    return live(place / "things.csv", model, out, moment, **settings)


@pytest.mark.parametrize("case", [case if case in QUICK else pytest.param(case, marks=pytest.mark.full) for case in LIVES])
def test_stopped_and_killed_the_run_ends_with_the_same_weights(case: str, place: Path, tmp_path: Path) -> None:
    """Undisturbed, or stopped after update 7 (which saves a checkpoint that the other life has not), killed after 10 and while saving."""
    settings = LIVES[case]
    assert lived(place, settings, tmp_path / "whole") == 0
    whole = only_run(tmp_path / "whole")
    assert lived(place, settings, tmp_path / "runs", "SIGTERM 7") == 143
    assert lived(place, settings, tmp_path / "runs", "SIGKILL 10") == KILLED
    assert lived(place, settings, tmp_path / "runs", "half-file 1") == KILLED
    assert lived(place, settings, tmp_path / "runs") == 0
    run = only_run(tmp_path / "runs")
    assert run.sha256() == whole.sha256()
    assert checkpoint.steps(run.checkpoints)[-1][0] == 16


@pytest.mark.full
def test_the_keys_change_the_weights(place: Path, tmp_path: Path) -> None:
    """Each of these runs ends elsewhere: none of them is plain AdamW."""
    found = {}
    for case, settings in [*LIVES.items(), ("full", FULL), ("lora", LORA)]:
        assert lived(place, settings, tmp_path / case) == 0
        found[case] = only_run(tmp_path / case).sha256()
    assert len(set(found.values())) == len(found)


def kept(run: Run) -> torch.Tensor:
    from safetensors.torch import load_file

    tensors = load_file(run.trained / "adapter_model.safetensors")
    return torch.cat([tensors[name].double().reshape(-1) for name in sorted(tensors)])


def saved(run: Run, step: int, file: str = "weights.safetensors") -> torch.Tensor:
    from safetensors.torch import load_file

    tensors = load_file(run.checkpoints / f"step-{step}" / file)
    names = sorted(tensors, key=lambda name: name.replace(".default", "").replace(".modules_to_save", ""))
    return torch.cat([tensors[name].double().reshape(-1) for name in names])


def test_the_mean_of_checkpoints_is_their_mean(place: Path, tmp_path: Path) -> None:
    settings = {**LIVES["average_checkpoints"], "output.keep": 1, "output.save_every_steps": 16}
    assert lived(place, settings, tmp_path / "runs") == 0
    run = only_run(tmp_path / "runs")
    progress = read_json(run.checkpoints / "step-16" / "state.json")["progress"]
    assert progress["averaged"] == [12, 15, 16], "the last three evaluations"
    assert {12, 15, 16} <= {step for step, _ in checkpoint.steps(run.checkpoints)}, "none of them is rotated away"
    mean = torch.stack([saved(run, step) for step in progress["averaged"]]).mean(0)
    assert float((kept(run) - mean).norm() / mean.norm()) <= 1e-7
    assert all(relative(saved(run, step), mean) > 1e-4 for step in progress["averaged"])


@pytest.mark.parametrize("case", ["ema", "schedule_free"])
def test_the_averaged_weights_of_the_best_checkpoint_are_the_result(case: str, place: Path, tmp_path: Path) -> None:
    assert lived(place, LIVES[case], tmp_path / "runs") == 0
    run = only_run(tmp_path / "runs")
    best = read_json(checkpoint.steps(run.checkpoints)[-1][1] / "state.json")["progress"]["best_step"]
    assert best > 0
    assert torch.equal(kept(run), saved(run, best, checkpoint.AVERAGED))
    assert relative(saved(run, best), saved(run, best, checkpoint.AVERAGED)) > 1e-4


def test_a_damaged_part_of_the_mean_is_made_again(place: Path, tmp_path: Path) -> None:
    settings = LIVES["average_checkpoints"]
    assert lived(place, settings, tmp_path / "whole") == 0
    assert lived(place, settings, tmp_path / "runs", "before-result") == KILLED
    run = only_run(tmp_path / "runs")
    progress = read_json(run.checkpoints / "step-16" / "state.json")["progress"]
    part = next(step for step in progress["averaged"] if step not in (16, progress["best_step"]))
    file = run.checkpoints / f"step-{part}" / "weights.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    path, wrong = checkpoint.newest(run.checkpoints)
    assert path is None or int(path.name.removeprefix("step-")) < part
    assert f"C001 checkpoint step-16 is unusable: one of the mean, step-{part}, is damaged: weights.safetensors is damaged" in wrong
    assert lived(place, settings, tmp_path / "runs") == 0
    assert only_run(tmp_path / "runs").sha256() == only_run(tmp_path / "whole").sha256()
