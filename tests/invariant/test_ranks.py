"""One process and two give the same gradients, weights and evaluations, also where one has nothing to do.

One torchrun start does all cases (two processes with gloo on the CPU); the same code in this process is the reference.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from afina.run import Run, listing
from afina.strategy import Single
from tests.conftest import ROOT
from tests.invariant import ranks
from tests.training import relative

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    out = tmp_path_factory.mktemp("ranks") / "two.pt"
    command = [*TORCHRUN, str(Path(ranks.__file__)), str(out)]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=300, check=False), out


@pytest.fixture(scope="module")
def two(ended: tuple[subprocess.CompletedProcess[str], Path]) -> dict[str, Any]:
    process, out = ended
    assert out.is_file(), process.stderr[-3000:]
    found = torch.load(out, weights_only=False)
    assert found["world"] == 2
    return found


@pytest.fixture(scope="module")
def one() -> dict[str, Any]:
    return ranks.everything(Single("fp32", "cpu"))


@pytest.mark.parametrize("cut", ranks.CUTS)
@pytest.mark.parametrize("case", ranks.CASES, ids="-".join)
def test_the_gradient_of_two_processes_is_that_of_one(case: tuple[str, str], cut: str, one: dict[str, Any], two: dict[str, Any]) -> None:
    key = (*case, cut)
    assert one["float64"][key].norm() > 1e-3
    assert relative(two["float64"][key], one["float64"][key]) <= 1e-12
    assert relative(two["float32"][key], one["float32"][key]) <= 1e-6


def test_eight_steps_of_two_processes_lead_where_those_of_one_lead(one: dict[str, Any], two: dict[str, Any]) -> None:
    for key, wanted in one["walked"].items():
        assert relative(two["walked"][key]["weights"], wanted["weights"]) <= 1e-5, key
        assert two["walked"][key]["losses"] == pytest.approx(wanted["losses"], rel=1e-5), key


def test_evaluation_gives_the_same_numbers_for_each_row(one: dict[str, Any], two: dict[str, Any]) -> None:
    for objective, wanted in one["asked"].items():
        for a, b in zip(wanted, two["asked"][objective], strict=True):
            assert torch.equal(a, b), objective


def test_both_processes_stop_when_one_is_asked_to(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert two["stopped"] == one["stopped"] == (3, "SIGTERM")


def test_out_of_memory_in_one_process_is_retried_by_both(one: dict[str, Any], two: dict[str, Any]) -> None:
    found = two["out_of_memory"]
    assert found["told"] == ["M001 out of memory at step 1; going on with half the micro-batch, same batch_size, same result"]
    assert found["micro"] == 2
    model, made = ranks.attached("sft", "full")
    for _ in ranks.training(model, "sft", ranks.examples_of("sft"), steps=4, method=made):
        pass
    assert relative(found["weights"], ranks.weights(model)) <= 1e-6


def test_two_processes_end_without_an_error(ended: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """`strategy.close()` is the last thing that a torchrun worker does; if it raises, every run with processes=2 ends as failed."""
    process, _ = ended
    assert process.returncode == 0, process.stderr[-1500:]


def command(csv: Path, model: Path, out: Path, *settings: str) -> list[str]:
    afina = str(Path(sys.executable).with_name("afina"))
    keys = ["batch_size=16", "eval.compare=false", "device=cpu", f"output.dir={out}", *settings]
    return [afina, "train", str(csv), "--model", str(model), "--yes", "--quiet", *keys]


def trained_by_cli(csv: Path, model: Path, out: Path, *settings: str) -> Run:
    process = subprocess.run(
        command(csv, model, out, *settings), env=environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert process.returncode == 0, process.stderr[-3000:]
    (run,) = listing(out)
    return run


@pytest.mark.full
@pytest.mark.parametrize("method", ["lora", "full"])
def test_the_command_gives_the_same_model_with_two_processes(method: str, labelled_csv: Path, tiny_model: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    found = []
    for processes in (1, 2):
        keys = (f"method={method}", f"processes={processes}", "max_steps=12")
        run = trained_by_cli(labelled_csv, tiny_model, tmp_path / str(processes), *keys)
        tensors = [tensor for file in sorted(run.trained.glob("*.safetensors")) for _, tensor in sorted(load_file(file).items())]
        found.append((torch.cat([tensor.double().reshape(-1) for tensor in tensors]), run))
    assert found[1][1].facts()["state"] == "finished"
    assert relative(found[1][0], found[0][0]) <= 1e-5
    steps = [[row["loss"] for row in run.metrics() if row["event"] == "step"] for _, run in found]
    assert steps[1] == pytest.approx(steps[0], rel=1e-5)
    evaluations = [[row["metrics"]["loss"] for row in run.metrics() if row["event"] == "evaluated"] for _, run in found]
    assert evaluations[1] == pytest.approx(evaluations[0], rel=1e-5)


STEPS = 60
LONG = ("method=lora", "dropout=0.1", "processes=2", f"max_steps={STEPS}", "eval.every_steps=20", "output.save_every_steps=20")


def steps_of(run: Run) -> list[int]:
    return [row["step"] for row in run.metrics() if row["event"] == "step"]


def started_until(process: subprocess.Popen[str], out: Path, step: int) -> Run:
    for _ in range(20_000):
        for run in listing(out):
            if steps_of(run)[-1:] >= [step]:
                return run
        assert process.poll() is None, "it ended before the test could stop it"
        time.sleep(0.005)
    raise AssertionError("it never came so far")


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_stops_both_processes_and_the_same_command_goes_on(
    number: signal.Signals, labelled_csv: Path, tiny_model: Path, tmp_path: Path
) -> None:
    whole = trained_by_cli(labelled_csv, tiny_model, tmp_path / "whole", *LONG)
    out = tmp_path / "runs"
    process = subprocess.Popen(command(labelled_csv, tiny_model, out, *LONG), env=environment(), stderr=subprocess.PIPE, text=True)
    run = started_until(process, out, 5)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=90)
    assert process.returncode == 128 + number, stderr
    assert "C003" in stderr
    assert "Traceback" not in stderr
    assert run.state() == "interrupted"
    assert steps_of(run)[-1] < STEPS
    again = trained_by_cli(labelled_csv, tiny_model, out, *LONG)
    assert again.sha256() == whole.sha256()
    assert steps_of(again) == list(range(1, STEPS + 1))


@pytest.mark.full
def test_when_the_command_is_killed_its_processes_do_not_train_on(labelled_csv: Path, tiny_model: Path, tmp_path: Path) -> None:
    """The lock dies with the command: workers that live on would train the run together with those of the next start."""
    whole = trained_by_cli(labelled_csv, tiny_model, tmp_path / "whole", *LONG)
    out = tmp_path / "runs"
    process = subprocess.Popen(command(labelled_csv, tiny_model, out, *LONG), env=environment(), stderr=subprocess.DEVNULL, text=True)
    run = started_until(process, out, 5)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) >= 2
    process.kill()
    process.wait()
    try:
        for _ in range(50):
            alive = [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]
            if not alive:
                break
            time.sleep(0.1)
        assert not alive, f"{len(alive)} of {len(workers)} processes go on without the command that started them"
        again = trained_by_cli(labelled_csv, tiny_model, out, *LONG)
        assert again.path == run.path
        assert again.sha256() == whole.sha256()
    finally:
        for worker in workers:
            with contextlib.suppress(psutil.Error):
                worker.kill()
