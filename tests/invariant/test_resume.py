"""A run is never lost: stopped or killed anywhere, the same command ends with the very same weights.

Noise is on (dropout 0.1 of LoRA, and of the model itself for `full`). Each life is a process of its own (lives.py).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from afina.run import Run, listing, read_jsonl, write_json
from afina.training import checkpoint
from tests.invariant.lives import KILLED, METHODS, SETTINGS, answers, dropout_model, live, only_run, things
from tests.tiny import write_tiny_encoder, write_tiny_encoder_decoder, write_tiny_model


@dataclass
class World:
    """A data file, a model, a folder for runs, and the SHA-256 that an undisturbed run ends with."""

    data: Path
    model: Path
    settings: dict[str, Any]
    undisturbed: Run

    def live(self, out: Path, moment: str = "", new: bool = False, **settings: Any) -> int:
        return live(self.data, self.model, out, moment, new, **{**self.settings, **settings})

    @property
    def sha256(self) -> str:
        return self.undisturbed.sha256()


def world(method: str, folder: Path) -> World:
    data = answers(folder / "answers.jsonl") if method == "encoder-decoder" else things(folder / "things.csv")
    models: dict[str, Callable[[], Path]] = {
        "lora": lambda: write_tiny_model(folder / "llama"),
        "full": lambda: dropout_model(folder / "gpt2"),
        "encoder": lambda: write_tiny_encoder(folder / "bert", hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1),
        "encoder-decoder": lambda: write_tiny_encoder_decoder(folder / "t5", dropout_rate=0.1),
    }
    model = models[method]()
    out = folder / "undisturbed"
    assert live(data, model, out, **METHODS[method]) == 0
    return World(data, model, METHODS[method], only_run(out))


@pytest.fixture(scope="module")
def lora(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world("lora", tmp_path_factory.mktemp("lora"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world("full", tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def quiet_run(lora: World, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An undisturbed run without dropout."""
    out = tmp_path_factory.mktemp("quiet") / "runs"
    assert lora.live(out, method={"name": "lora", "r": 4}) == 0
    return only_run(out)


@pytest.fixture(params=["lora", pytest.param("full", marks=pytest.mark.full)])
def each(request: pytest.FixtureRequest) -> World:
    return request.getfixturevalue(request.param)


def curve(run: Run) -> list[tuple[int, float, float]]:
    return [(row["step"], row["loss"], row["grad_norm"]) for row in run.metrics() if row["event"] == "step"]


def told(run: Run, kind: str) -> list[dict[str, Any]]:
    return [row for row in read_jsonl(run.events_jsonl) if row["event"] == kind]


def assert_as_undisturbed(run: Run, world: World) -> None:
    assert run.state() == "finished"
    assert run.sha256() == world.sha256 == run.facts()["sha256"]
    assert curve(run) == curve(world.undisturbed), "the curve on file is that of one run, without repeated or missing steps"
    assert not list(run.path.rglob(".staging-*"))
    assert run.report_html.is_file()
    assert run.card.is_file()


@pytest.mark.full
def test_the_noise_is_real_and_the_run_repeatable(each: World, tmp_path: Path) -> None:
    still = {"method": {"name": "lora", "r": 4, "dropout": 0.0}} if each.settings["method"] != "full" else {"seed": 1}
    assert each.live(tmp_path / "other", **still) == 0
    assert only_run(tmp_path / "other").sha256() != each.sha256
    assert each.live(tmp_path / "again") == 0
    assert only_run(tmp_path / "again").sha256() == each.sha256


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.full), signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_after_the_step_and_the_same_command_goes_on(number: signal.Signals, each: World, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    assert each.live(out, f"{number.name} 7") == 128 + number
    run = only_run(out)
    assert run.state() == "interrupted"
    assert [step for step, *_ in curve(run)] == [1, 2, 3, 4, 5, 6, 7]
    assert told(run, "finished")[-1]["reason"] == number.name
    assert checkpoint.steps(run.checkpoints)[-1][0] == 7
    assert each.live(out) == 0
    assert told(only_run(out), "started")[-1] | {"time": 0} == {
        "event": "started",
        "step": 7,
        "total_steps": 16,
        "n_trainable": told(run, "started")[0]["n_trainable"],
        "n_params": told(run, "started")[0]["n_params"],
        "resumed_from": "step-7",
        "time": 0,
    }
    assert_as_undisturbed(only_run(out), each)


MOMENTS = [
    "SIGKILL 1",
    "SIGKILL 3",
    "SIGKILL 9",
    "SIGKILL 16",
    "before-checkpoint 1",
    "before-checkpoint 3",
    "half-file 1",
    "half-file 3",
    "before-manifest 2",
    "before-rename 2",
    "before-rotate 3",
    "after-rotate 3",
    "before-result",
    "after-result",
    "finish",
]


def all_but(*quick: str) -> list[Any]:
    """The moments; those that are not named only in the full battery (a chain of them is in the quick one)."""
    return [moment if moment in quick else pytest.param(moment, marks=pytest.mark.full) for moment in MOMENTS]


@pytest.mark.parametrize("moment", all_but("half-file 3"))
def test_killed_at_any_moment_lora(moment: str, lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs", moment) == KILLED
    assert only_run(tmp_path / "runs").state() == "interrupted"
    assert lora.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


@pytest.mark.parametrize("moment", all_but("SIGKILL 9"))
def test_killed_at_any_moment_full(moment: str, full: World, tmp_path: Path) -> None:
    assert full.live(tmp_path / "runs", moment) == KILLED
    assert full.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), full)


@pytest.mark.parametrize("moment", ["comparison", pytest.param("compared", marks=pytest.mark.full)])
def test_killed_while_comparing(moment: str, lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs", moment, **{"eval.compare": True}) == KILLED
    run = only_run(tmp_path / "runs")
    assert not run.eval_json.exists()
    assert lora.live(tmp_path / "runs", **{"eval.compare": True}) == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)
    assert {"base zero-shot", "tuned"} <= {entry["kind"] for entry in run.comparison()["entries"]}


@pytest.mark.parametrize("moment", [pytest.param("card", marks=pytest.mark.full), "report"])
def test_killed_while_writing_the_report_the_same_run_is_completed(moment: str, lora: World, tmp_path: Path) -> None:
    """A run that counts as finished has its report and its card."""
    assert lora.live(tmp_path / "runs", moment) == KILLED
    assert lora.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


def test_killed_again_and_again(lora: World, tmp_path: Path) -> None:
    for moment in (
        "SIGKILL 2",
        "half-file 1",
        "before-rename 1",
        "SIGKILL 6",
        "SIGTERM 7",
        "before-rotate 2",
        "SIGKILL 14",
        "before-result",
    ):
        assert lora.live(tmp_path / "runs", moment) in (KILLED, 143)
    assert lora.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


@pytest.mark.parametrize("patience", [1, pytest.param(2, marks=pytest.mark.full)])
def test_killed_after_early_stopping_takes_no_further_step(patience: int, lora: World, tmp_path: Path) -> None:
    """A rate this large makes the validation loss rise, so that patience runs out before the last step."""
    settings = {"eval.every_steps": 1, "eval.patience": patience, "eval.metric": "loss", "learning_rate": 0.5}
    assert lora.live(tmp_path / "whole", **settings) == 0
    whole = only_run(tmp_path / "whole")
    assert told(whole, "finished")[-1]["reason"] == "early_stopping"
    assert lora.live(tmp_path / "runs", "finish", **settings) == KILLED
    assert lora.live(tmp_path / "runs", **settings) == 0
    run = only_run(tmp_path / "runs")
    assert curve(run) == curve(whole)
    assert run.facts()["stopped"] == "early_stopping"
    assert run.sha256() == whole.sha256()


@pytest.mark.parametrize("kind", ["encoder", "encoder-decoder"])
def test_killed_again_and_again_with_another_kind_of_model(kind: str, tmp_path: Path) -> None:
    (tmp_path / "world").mkdir()
    other = world(kind, tmp_path / "world")
    for moment in ("SIGKILL 5", "before-rename 2", "half-file 2"):
        assert other.live(tmp_path / "runs", moment) == KILLED
    assert other.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), other)
    assert other.live(tmp_path / "others", seed=1) == 0
    assert only_run(tmp_path / "others").sha256() != other.sha256


FAULTS = ["flip", *(pytest.param(fault, marks=pytest.mark.full) for fault in ("cut", "manifest", "empty folder"))]


def spoil(path: Path, fault: str) -> None:
    file = path / "weights.safetensors"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    match fault:
        case "flip":
            file.write_bytes(data)
        case "cut":
            file.write_bytes(data[:-7])
        case "manifest":
            (path / checkpoint.MANIFEST).unlink()
        case "empty folder":
            for each in path.iterdir():
                each.unlink()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_checkpoint_is_skipped_said_and_changes_nothing(fault: str, lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs", "SIGKILL 9") == KILLED
    run = only_run(tmp_path / "runs")
    (older, _), (newest, path) = checkpoint.steps(run.checkpoints)[-2:]
    spoil(path, fault)
    assert lora.live(tmp_path / "runs") == 0
    (said,) = [row["what"] for row in told(run, "recovered")]
    assert said.startswith(f"C001 checkpoint step-{newest} is unusable: ")
    assert said.endswith(f"; going on from step-{older}")
    assert told(run, "started")[-1]["step"] == older
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


@pytest.mark.full
def test_all_checkpoints_damaged_starts_from_the_beginning(lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs", "SIGKILL 9") == KILLED
    run = only_run(tmp_path / "runs")
    damaged = checkpoint.steps(run.checkpoints)
    for _, path in damaged:
        spoil(path, "cut")
    assert lora.live(tmp_path / "runs") == 0
    said = [row["what"] for row in told(run, "recovered")]
    assert len(said) == len(damaged)
    assert all(what.startswith("C001 ") and what.endswith("; going on from the start") for what in said)
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


@pytest.mark.full
def test_damaged_checkpoints_do_not_push_out_whole_ones(lora: World, tmp_path: Path) -> None:
    """Killed once more before the damaged steps are reached again: what was saved in between is still there."""
    settings = {"output.keep": 1, "output.save_every_steps": 1}
    assert lora.live(tmp_path / "runs", "SIGKILL 12", **settings) == KILLED
    run = only_run(tmp_path / "runs")
    assert [step for step, _ in checkpoint.steps(run.checkpoints)] == [6, 11]
    spoil(run.checkpoints / "step-11", "cut")
    assert lora.live(tmp_path / "runs", "SIGKILL 10", **settings) == KILLED
    assert checkpoint.newest(run.checkpoints)[0] == run.checkpoints / "step-9"
    assert lora.live(tmp_path / "runs", **settings) == 0
    assert told(run, "started")[-1]["step"] == 9
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


@pytest.mark.full
def test_a_damaged_best_checkpoint_does_not_become_the_result(lora: World, tmp_path: Path) -> None:
    """Its bytes are checked before they are published: damage must not end as a finished run with other weights."""
    assert lora.live(tmp_path / "runs", "before-result", **{"eval.every_steps": 5, "learning_rate": 0.3}) == KILLED
    run = only_run(tmp_path / "runs")
    best = told(run, "finished")[-1]["best_step"]
    assert best < 16, "the test needs a best checkpoint that is not the last"
    spoil(run.checkpoints / f"step-{best}", "flip")
    code = lora.live(tmp_path / "runs", **{"eval.every_steps": 5, "learning_rate": 0.3})
    assert lora.live(tmp_path / "whole", **{"eval.every_steps": 5, "learning_rate": 0.3}) == 0
    assert code != 0 or run.sha256() == only_run(tmp_path / "whole").sha256()


def test_new_starts_anew_and_leaves_the_old_run_alone(lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs", "SIGKILL 9") == KILLED
    old = only_run(tmp_path / "runs")
    assert lora.live(tmp_path / "runs", new=True) == 0
    newest, oldest = listing(tmp_path / "runs")
    assert (newest.state(), oldest.state()) == ("finished", "interrupted")
    assert oldest.path == old.path
    assert told(newest, "started")[0]["step"] == 0
    assert_as_undisturbed(newest, lora)


def test_after_a_finished_run_the_same_command_starts_another(lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs") == 0
    first = only_run(tmp_path / "runs")
    before = {file: file.read_bytes() for file in first.path.rglob("*") if file.is_file()}
    assert lora.live(tmp_path / "runs") == 0
    assert [run.state() for run in listing(tmp_path / "runs")] == ["finished", "finished"]
    assert {file: file.read_bytes() for file in first.path.rglob("*") if file.is_file()} == before


OTHERS = [
    {"learning_rate": 9e-3},
    *(pytest.param(changed, marks=pytest.mark.full) for changed in ({"seed": 3}, {"method": {"name": "lora", "r": 8}})),
]


@pytest.mark.parametrize("changed", OTHERS, ids=str)
def test_another_recipe_is_another_run(changed: dict[str, Any], lora: World, tmp_path: Path) -> None:
    assert lora.live(tmp_path / "runs", "SIGKILL 9") == KILLED
    assert lora.live(tmp_path / "runs", "SIGKILL 2", **changed) == KILLED
    assert len(listing(tmp_path / "runs")) == 2
    assert told(listing(tmp_path / "runs")[0], "started")[0]["step"] == 0


@pytest.mark.full
def test_changed_data_is_another_run(lora: World, tmp_path: Path) -> None:
    data = tmp_path / "things.csv"
    data.write_bytes(lora.data.read_bytes())
    assert live(data, lora.model, tmp_path / "runs", "SIGKILL 9", **lora.settings) == KILLED
    data.write_text(data.read_text(encoding="utf-8") + "one more fox,animal\n", encoding="utf-8")
    assert live(data, lora.model, tmp_path / "runs", "SIGKILL 2", **lora.settings) == KILLED
    assert len(listing(tmp_path / "runs")) == 2


EXECUTION = [
    {"micro_batch_size": 2},
    pytest.param({"output.save_every_steps": 3, "output.keep": 5, "eval.n_samples": 2, "eval.bootstrap": 200}, marks=pytest.mark.full),
    pytest.param({"micro_batch_size": {"tokens": 64}}, marks=pytest.mark.full),
    pytest.param({"gradient_checkpointing": True}, marks=pytest.mark.full),
]


@pytest.mark.parametrize("changed", EXECUTION, ids=str)
def test_changed_execution_fields_continue_the_run(changed: dict[str, Any], lora: World, quiet_run: Run, tmp_path: Path) -> None:
    """Without noise, another micro-batch leads to the same weights up to fp32 rounding, and anything else to the same bits."""
    import torch
    from safetensors.torch import load_file

    quiet = {"method": {"name": "lora", "r": 4}}
    assert lora.live(tmp_path / "runs", "SIGKILL 9", **quiet) == KILLED
    assert lora.live(tmp_path / "runs", **quiet, **changed) == 0
    run = only_run(tmp_path / "runs")
    assert told(run, "started")[-1]["step"] == 8
    found, wanted = (load_file(one.trained / "adapter_model.safetensors") for one in (run, quiet_run))
    flat = [torch.cat([tensors[name].double().reshape(-1) for name in sorted(wanted)]) for tensors in (found, wanted)]
    assert float((flat[0] - flat[1]).norm() / flat[1].norm()) <= 1e-5
    if "output.keep" in changed:
        assert torch.equal(*flat)


def test_less_memory_at_the_second_start_changes_nothing(lora: World, tmp_path: Path) -> None:
    """micro_batch_size=auto looks at the free memory; a run that goes on keeps the cut it began with, or dropout would differ."""
    auto = {"micro_batch_size": "auto"}
    assert lora.live(tmp_path / "whole", **auto) == 0
    whole = only_run(tmp_path / "whole")
    bytes_ = json.loads(whole.plan_json.read_text(encoding="utf-8"))["budget_bytes"]
    longest = max(len(line) for line in lora.data.read_text(encoding="utf-8").splitlines())
    least = bytes_["total"] - (bytes_["activations"] + bytes_["logits"]) * 3 // 4  # room for a quarter of a step at a time
    assert longest * 4 < 4096
    assert lora.live(tmp_path / "runs", "SIGKILL 9", **auto) == KILLED
    assert lora.live(tmp_path / "runs", f"little-memory {int(least / 0.8)}", **auto) == 0
    assert only_run(tmp_path / "runs").sha256() == only_run(tmp_path / "whole").sha256()


def test_two_processes_cannot_train_one_run(lora: World, tmp_path: Path) -> None:
    """The second is told who holds the run, and touches nothing."""
    assert lora.live(tmp_path / "runs", "SIGKILL 9") == KILLED
    run = only_run(tmp_path / "runs")
    write_json(run.path / ".lock", {"pid": os.getpid(), "started": psutil.Process().create_time()})
    files = [run.recipe_yaml, run.recipe_lock, run.plan_json, run.path / "run.json", run.data / "report.json"]
    before = [file.stat().st_mtime_ns for file in files]
    assert lora.live(tmp_path / "runs", **{"train.processes": 2}) == 74
    assert [file.stat().st_mtime_ns for file in files] == before, "the run of another process is not described anew"
    assert f"I002 {run.path}: another process ({os.getpid()}) is training this run" in (tmp_path / "runs.log").read_text(encoding="utf-8")
    (run.path / ".lock").unlink()
    assert lora.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


def test_a_dead_process_that_nobody_has_reaped_holds_no_run(lora: World, tmp_path: Path) -> None:
    """In containers whose first process reaps nobody, a killed training stays in the process table as a zombie."""
    assert lora.live(tmp_path / "runs", "SIGKILL 9") == KILLED
    run = only_run(tmp_path / "runs")
    with subprocess.Popen(["true"]) as zombie:
        while psutil.Process(zombie.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        write_json(run.path / ".lock", {"pid": zombie.pid, "started": psutil.Process(zombie.pid).create_time()})
        assert lora.live(tmp_path / "runs") == 0
    assert_as_undisturbed(only_run(tmp_path / "runs"), lora)


def command(world: World, out: Path) -> list[str]:
    keys = [f"{key}={str(value).lower()}" for key, value in SETTINGS.items()]
    method = (
        ["method=full", "learning_rate=1e-3"]
        if world.settings["method"] == "full"
        else ["method=lora", "r=4", "dropout=0.1", "learning_rate=1e-2"]
    )
    afina = str(Path(sys.executable).with_name("afina"))
    return [afina, "train", str(world.data), "--model", str(world.model), "--yes", *keys, *method, f"output.dir={out}"]


def test_the_command_stopped_by_sigterm_exits_143_and_continues(lora: World, tmp_path: Path) -> None:
    """The real command in a process of its own, stopped from outside as a job scheduler does it."""
    out = tmp_path / "runs"
    process = subprocess.Popen(command(lora, out), stderr=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    for _ in range(6000):
        if any(curve(run) for run in listing(out)) or process.poll() is not None:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 143, stderr
    assert "C003" in stderr
    assert "Do: run the same command again: it continues" in stderr
    assert len(curve(only_run(out))) < 16, "the run was over before the signal came"
    assert lora.live(out) == 0, "the Python call of the same recipe continues what the command began"
    assert_as_undisturbed(only_run(out), lora)


@pytest.mark.full
@pytest.mark.parametrize("seed", [0, 1])
def test_the_command_killed_at_random_times_until_it_is_done(seed: int, each: World, tmp_path: Path) -> None:
    rng = random.Random(seed)
    out = tmp_path / "runs"
    for life in range(12):
        process = subprocess.Popen(command(each, out), stderr=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
        try:
            code = process.wait(timeout=None if life == 11 else rng.uniform(3, 9))
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        assert code in (0, KILLED)
        if any(run.state() == "finished" for run in listing(out)):  # perhaps killed on its way out
            break
    assert_as_undisturbed(only_run(out), each)
