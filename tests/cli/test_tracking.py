"""A training with a tracker, as a person types it: the same weights, and where to look at the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calls import assert_clear, call
from tests.cli.conftest import SHORT

WORDS = ("train", "answers.jsonl", "--model", "tiny", "method=lora", "r=4", "max_steps=4", "eval.every_steps=2", "seed=5", *SHORT)


def sha256(place: Path, out: str) -> str:
    report = next(line.split()[1] for line in out.splitlines() if line.startswith("report"))
    return json.loads((place / report).with_name("run.json").read_text())["sha256"]


def test_the_weights_are_those_without_a_tracker(place: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra `tensorboard` is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    plain = call(*WORDS, "output.dir=plain", cwd=place)
    shown = call(*WORDS, "output.dir=shown", "output.track=tensorboard", cwd=place)
    assert plain.code == shown.code == 0, shown.both
    assert sha256(place, plain.out) == sha256(place, shown.out)
    assert "tensorboard  tensorboard --logdir shown" in shown.out and "tensorboard" not in plain.both
    (run,) = (place / "shown").iterdir()
    facts = json.loads(call("show", run, "--json", cwd=place).out)
    assert facts["trackers"] == {"tensorboard": "tensorboard --logdir shown"}
    events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "tensors": 0})
    events.Reload()
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    losses = {row["step"]: row["loss"] for row in lines if row["event"] == "step"}
    assert {event.step: event.value for event in events.Scalars("train/loss")} == pytest.approx(losses)
    assert events.Tensors("samples")[0].step == 2
    comparison = facts["comparison"]["entries"]
    tuned = next(entry for entry in comparison if entry["kind"] == "tuned")["metrics"]["chrf"]["mean"]
    assert events.Scalars("comparison/tuned/chrf")[-1].value == pytest.approx(tuned)


def test_a_missing_login_is_said_before_a_run_is_made(place: Path, tmp_path: Path) -> None:
    pytest.importorskip("wandb", reason="the extra `wandb` is not installed")
    nobody = {"HOME": str(tmp_path), "WANDB_MODE": "online", "WANDB_API_KEY": "", "NETRC": str(tmp_path / "none")}
    result = call(*WORDS, f"output.dir={tmp_path / 'runs'}", "output.track=wandb", cwd=place, env=nobody)
    assert_clear(result, 69, "E011 output.track: wandb is not logged in", "wandb login")
    assert not (tmp_path / "runs").exists()
