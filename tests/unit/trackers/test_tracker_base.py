"""What a tracker is told: points from lines, figures from the comparison; and what is refused before a training starts."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from afina.errors import MachineError
from afina.events import Evaluated, Sample, Step, to_json
from afina.job import prepare
from afina.plan.machine import look
from afina.recipe.load import load
from afina.trackers import TRACKERS, figures, point
from afina.trackers.base import table_of

STEP = Step(3, 9, 0.5, 1.25, 1e-3, 2.0, 8, 96, 0.5, 192.0, 0.25, {"accuracy": 0.5})


def test_a_step_becomes_numbers_with_their_names() -> None:
    made = point({**to_json(STEP), "time": 17.0})
    assert (made.step, made.time, made.samples) == (3, 17.0, ())
    assert made.values == {
        "train/loss": 1.25,
        "train/learning_rate": 1e-3,
        "train/grad_norm": 2.0,
        "train/tokens_per_s": 192.0,
        "train/memory_gib": 0.25,
        "train/epoch": 0.5,
        "train/accuracy": 0.5,
    }


def test_an_evaluation_keeps_its_samples() -> None:
    sample = Sample(7, "say | cat", "cat", "c\nat")
    made = point({**to_json(Evaluated(3, {"loss": 2.0}, True, (sample,))), "time": 1.0})
    assert made.values == {"validation/loss": 2.0} and made.samples == (sample,)
    assert table_of(made.samples).splitlines()[2] == r"| 7 | say \| cat | cat | c ⏎ at |"


def test_the_comparison_becomes_figures_whose_names_every_tracker_takes() -> None:
    entry = {"name": "tf-idf + logistic regression", "metrics": {"macro_f1": {"mean": 0.5, "low": 0.4, "high": 0.6}}}
    name = "comparison/tf-idf-logistic-regression/macro_f1"
    assert figures({"entries": [entry]}) == {name: 0.5, f"{name}/low": 0.4, f"{name}/high": 0.6}
    assert figures({}) == {}


@pytest.mark.parametrize("name", list(TRACKERS))
def test_a_missing_library_is_said_with_the_command_before_anything_is_trained(
    name: str, labelled_csv: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = TRACKERS[name].module
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted, *rest: None if wanted == missing else find(wanted, *rest))
    recipe = load(None, [f"output.track=[{name}]"], {"data": str(labelled_csv), "model": str(tiny_model)}).recipe
    with pytest.raises(MachineError) as caught:
        prepare(recipe, lambda: look(labelled_csv.parent, "cpu"))
    assert caught.value.text() == (
        f"E010 output.track: {TRACKERS[name].package} is not installed\n  Do: pip install {TRACKERS[name].package}, or output.track=[]"
    )


def test_a_folder_of_the_librarys_name_is_not_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """wandb leaves a folder `wandb` where it runs; Python would import it as an empty package."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted, *rest: ModuleSpec(wanted, None))
    with pytest.raises(MachineError, match="E010"):
        TRACKERS["wandb"].check()


def test_the_client_of_mlflow_alone_needs_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ModuleSpec("mlflow", None, origin="somewhere")
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted, *rest: found if wanted == "mlflow" else None)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(MachineError, match="pip install mlflow, or MLFLOW_TRACKING_URI"):
        TRACKERS["mlflow"].check()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://localhost:5000")
    TRACKERS["mlflow"].check()


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder in which nobody has logged in to W&B, which is installed."""
    found = ModuleSpec("wandb", None, origin="somewhere")
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted, *rest: found)
    for name in ("WANDB_API_KEY", "WANDB_MODE", "WANDB_BASE_URL", "WANDB_IDENTITY_TOKEN_FILE", "WANDB_CONFIG_DIR", "WANDB_DIR", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_wandb_without_a_key_is_refused_instead_of_asking_in_the_middle(nobody: Path) -> None:
    with pytest.raises(MachineError) as caught:
        TRACKERS["wandb"].check()
    assert caught.value.code == "E011" and "wandb login" in caught.value.fix and "WANDB_MODE=offline" in caught.value.fix


@pytest.mark.parametrize("name", ["WANDB_API_KEY", "WANDB_MODE", "settings here", "settings at home", "netrc", "netrc of a server"])
def test_wandb_is_taken_when_it_would_not_ask(name: str, nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    match name:
        case "WANDB_API_KEY":
            monkeypatch.setenv(name, "x" * 40)
        case "WANDB_MODE":
            monkeypatch.setenv(name, "offline")
        case "settings here":
            (nobody / "wandb").mkdir()
            (nobody / "wandb" / "settings").write_text("[default]\nmode = offline\n")
        case "settings at home":
            (nobody / ".config" / "wandb").mkdir(parents=True)
            (nobody / ".config" / "wandb" / "settings").write_text("[default]\napi_key = 50%x\n")
        case _:
            host = "wandb.example.org" if "server" in name else "api.wandb.ai"
            monkeypatch.setenv("WANDB_BASE_URL", f"https://{host}/") if "server" in name else None
            (nobody / ".netrc").write_text(f"machine {host}\n  login user\n  password secret\n")
    TRACKERS["wandb"].check()


def test_a_key_for_another_server_does_not_count(nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nobody / ".netrc").write_text("machine api.wandb.ai\n  login user\n  password secret\n")
    monkeypatch.setenv("WANDB_BASE_URL", "https://wandb.example.org")
    with pytest.raises(MachineError, match="E011"):
        TRACKERS["wandb"].check()


@pytest.mark.parametrize(
    ("word", "names"),
    [("output.track=wandb", ("wandb",)), ("track=[mlflow, trackio]", ("mlflow", "trackio")), ("report_to=wandb", ("wandb",))],
)
def test_one_name_or_several(word: str, names: tuple[str, ...]) -> None:
    assert load(None, [word]).recipe.output.track == names
