"""One battery for every tracker, with its real library and nothing to connect to: what the run wrote is what the tracker shows.

A run is written as a training writes it; the tracker follows it in its own process, as in a training; what it holds is read back by its own
reader in another (tests/contract/tracked.py). WANDB_MODE=offline, an SQLite file for MLflow and for Trackio.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from afina.events import Evaluated, Event, Finished, Recovered, Sample, Started, Step
from afina.recipe.dump import to_yaml
from afina.recipe.load import load
from afina.run import Run, create, read_json, write_json
from afina.trackers import TRACKERS
from afina.training.tracking import Tracking
from afina.training.watchers import Recorder

ROOT = Path(__file__).parents[2]
COMPARISON = {
    "entries": [{"name": "tuned", "kind": "tuned", "metrics": {"accuracy": {"mean": 0.75, "low": 0.5, "high": 1.0}}}],
    "verdict": "Tuning wins: 0.75.",
}


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MLflow database without a run. Making one takes many seconds, so it is made once and copied."""
    file = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    program = f"from mlflow import MlflowClient; MlflowClient('sqlite:///{file}').search_experiments()"
    subprocess.run([sys.executable, "-c", program], env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}, check=True, capture_output=True)
    return file


@pytest.fixture(params=list(TRACKERS))
def name(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A tracker whose library is installed, its stores in this test's folder."""
    name = str(request.param)
    if importlib.util.find_spec(TRACKERS[name].module) is None:
        pytest.skip(f"{TRACKERS[name].package} is not installed: pip install -c constraints.txt -e '.[{name}]'")
    if name == "mlflow":
        (tmp_path / "runs").mkdir()
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "runs" / "mlflow.db")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("TRACKIO_DIR", str(tmp_path / "trackio"))
    for variable in ("MLFLOW_TRACKING_URI", "WANDB_DIR", "WANDB_PROJECT", "TRACKIO_SPACE_ID", "TRACKIO_SERVER_URL"):
        monkeypatch.delenv(variable, raising=False)
    return name


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = create(tmp_path / "runs", "things", "key")
    made.recipe_yaml.write_text(to_yaml(load(None, ["data.path=things.csv", "method=lora", "r=4"]).recipe))
    made.update(state="running")
    return made


def step(number: int) -> Step:
    return Step(number, 9, number / 9, 4.0 / number, 1e-3, 2.0, 8, 96, 0.5, 192.0, 0.25, {"accuracy": 0.5})


def evaluated(number: int) -> Evaluated:
    return Evaluated(number, {"loss": 3.0 / number}, True, (Sample(7, "say cat", "cat", "hen | owl"),))


def steps(first: int, last: int, every: int = 2) -> list[Event]:
    return [event for n in range(first, last + 1) for event in ([step(n), evaluated(n)] if n % every == 0 else [step(n)])]


def started(after: int) -> Started:
    return Started(after, 9, 10, 100, "checkpoint" if after else "")


def live(run: Run, names: list[str], events: list[Event], state: str, patience_s: float = 240.0) -> list[str]:
    """One start of the run, as api.train does it; return what was said."""
    said: list[str] = []
    recorder = Recorder(run)
    with Tracking(run, names, lambda notice: said.append(notice.what), patience_s) as tracking:
        for event in events:
            recorder(event)
            tracking(event)
        if state == "finished":
            write_json(run.eval_json, COMPARISON)
        run.update(state=state)
    return said


def held(run: Run, name: str) -> dict[str, object]:
    """What the tracker holds of the run, by its own reader."""
    identifier = read_json(run.tracking / f"{name}.json")["id"]
    program = [sys.executable, "-P", str(ROOT / "tests" / "contract" / "tracked.py"), name, str(run.path), identifier]
    done = subprocess.run(program, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def curve(first: int, last: int) -> list[list[float]]:
    return [[n, pytest.approx(4.0 / n)] for n in range(first, last + 1)]


def test_it_shows_what_the_run_wrote(name: str, run: Run) -> None:
    events = [started(0), *steps(1, 5), Finished(5, "done", 4, 0.75, 3.0)]
    before = run.path.joinpath("recipe.yaml").read_bytes()
    assert live(run, [name], events, "finished") == []
    shown = held(run, name)
    assert shown["train/loss"] == curve(1, 5)
    assert shown["train/learning_rate"] == [[n, pytest.approx(1e-3)] for n in range(1, 6)]
    assert shown["validation/loss"] == [[2, pytest.approx(1.5)], [4, pytest.approx(0.75)]]
    for other in ("train/grad_norm", "train/tokens_per_s", "train/memory_gib", "train/accuracy"):
        assert len(shown[other]) == 5  # type: ignore[arg-type]
    config = shown["config"]
    assert isinstance(config, dict)
    assert str(config["method.r"]) == "4" and config["data.path"] == "things.csv"
    assert "hen" in str(shown["samples"])
    assert shown["figures"] == pytest.approx(
        {"comparison/tuned/accuracy": 0.75, "comparison/tuned/accuracy/low": 0.5, "comparison/tuned/accuracy/high": 1.0}
    )
    assert "Tuning wins" in str(shown["verdict"])
    assert run.path.joinpath("recipe.yaml").read_bytes() == before
    assert run.trackers()[name]


@pytest.mark.parametrize(
    "name",
    ["tensorboard", "wandb", pytest.param("mlflow", marks=pytest.mark.full), pytest.param("trackio", marks=pytest.mark.full)],
    indirect=True,
)
def test_a_continued_run_is_one_curve_without_a_step_twice(name: str, run: Run) -> None:
    """Stopped after step 5, gone on from the checkpoint of step 3: steps 4 and 5 are done again."""
    assert live(run, [name], [started(0), *steps(1, 5)], "interrupted") == []
    first = read_json(run.tracking / f"{name}.json")["id"]
    assert live(run, [name], [started(3), *steps(4, 8), Finished(8, "done", 8, 0.5, 3.0)], "finished") == []
    assert read_json(run.tracking / f"{name}.json")["id"] == first
    shown = held(run, name)
    assert shown["train/loss"] == curve(1, 8)
    assert [at for at, _ in shown["validation/loss"]] == [2, 4, 6, 8]  # type: ignore[attr-defined]


@pytest.mark.full
def test_a_tracker_named_later_gets_the_steps_before_it(name: str, run: Run) -> None:
    live(run, [], [started(0), *steps(1, 4)], "interrupted")
    assert live(run, [name], [started(4), *steps(5, 6), Finished(6, "done", 6, 0.5, 3.0)], "finished") == []
    assert held(run, name)["train/loss"] == curve(1, 6)


@pytest.mark.parametrize("name", ["tensorboard"], indirect=True)
def test_a_finished_run_can_be_handed_over_later(name: str, run: Run) -> None:
    """The command of docs/how-to/tracking.md."""
    live(run, [], [started(0), *steps(1, 4), Finished(4, "done", 4, 0.75, 3.0)], "finished")
    command = [sys.executable, "-m", "afina.training.follow", str(run.path), name, "0"]
    subprocess.run(command, stdin=subprocess.DEVNULL, cwd=ROOT, timeout=240, check=True, capture_output=True)
    shown = held(run, name)
    assert shown["train/loss"] == curve(1, 4) and shown["figures"]


@pytest.mark.full
def test_a_killed_training_leaves_all_its_steps_in_the_tracker(name: str, run: Run) -> None:
    """The process that trains is killed at once; the one that follows it reads to the end by itself."""
    program = (
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from afina.run import Run\n"
        "from tests.contract.test_trackers import Recorder, Tracking, started, steps\n"
        "run = Run(Path(sys.argv[1]))\n"
        "recorder = Recorder(run)\n"
        "with Tracking(run, [sys.argv[2]], print) as tracking:\n"
        "    for event in [started(0), *steps(1, 5)]: recorder(event)\n"
        "    print(tracking.following[sys.argv[2]].pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(run.path), name], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    wait_for_end(int(done.stdout.split()[0]))
    assert held(run, name)["train/loss"] == curve(1, 5)


def wait_for_end(pid: int) -> None:
    """Wait for a process that is nobody's child any more; one that ended may stay as a zombie where there is no init."""
    import psutil

    for _ in range(2400):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    raise AssertionError(f"{pid} still runs")


def test_a_tracker_that_dies_is_said_once_and_the_run_goes_on(name: str, run: Run) -> None:
    said: list[str] = []
    recorder = Recorder(run)

    def tell(notice: Recovered) -> None:
        recorder(notice)
        said.append(notice.what)

    with Tracking(run, [name], tell) as tracking:
        for event in [started(0), *steps(1, 2)]:
            recorder(event)
            tracking(event)
        tracking.following[name].send_signal(signal.SIGKILL)
        tracking.following[name].wait()
        for event in steps(3, 5):
            recorder(event)
            tracking(event)
    assert len(said) == 1 and said[0].startswith(f"{name} no longer follows the run") and "metrics.jsonl has every step" in said[0]
    assert [row["step"] for row in run.metrics() if row["event"] == "step"] == [1, 2, 3, 4, 5]
    assert [json.loads(line)["event"] for line in run.events_jsonl.read_text().splitlines()] == ["started", "recovered"]


def test_a_run_that_never_begins_is_not_shown(name: str, run: Run) -> None:
    assert live(run, [name], [], "failed") == []
    assert run.trackers() == {}


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="mlflow is not installed")
def test_a_server_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    (said,) = live(run, ["mlflow"], [started(0), *steps(1, 3)], "finished")
    assert "mlflow no longer follows the run" in said and "127.0.0.1" in said and "mlflow.log" in said


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="mlflow is not installed")
def test_a_server_that_never_answers_does_not_hold_the_run(run: Run, silent_server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{silent_server}")
    before = time.monotonic()
    (said,) = live(run, ["mlflow"], [started(0), *steps(1, 3)], "finished", patience_s=2.0)
    assert time.monotonic() - before < 60
    assert "did not take what was left within 2 s" in said


def test_no_tracker_is_no_process_and_no_folder(run: Run) -> None:
    assert live(run, [], [started(0), *steps(1, 2)], "finished") == []
    assert not run.tracking.exists() and "WANDB_RUN_ID" not in os.environ
