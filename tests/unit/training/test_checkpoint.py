"""Checkpoints are whole or absent, and what is wrong with one is said."""

import errno
import os
from pathlib import Path

import pytest
import torch

from afina.errors import DiskError
from afina.training import checkpoint
from afina.training.state import Progress, TrainState


def trained(steps: int = 3) -> TrainState:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Linear(8, 2))
    model[0].weight.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.1, fused=True)
    for _ in range(steps):
        model(torch.randn(5, 4)).square().sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    return TrainState(Progress(step=steps, best_step=steps, best_value=1.5), model, optimizer, torch.amp.GradScaler("cpu", enabled=False))


def test_what_is_loaded_is_what_was_saved_and_goes_on_bit_identically(tmp_path: Path) -> None:
    state = trained()
    path = checkpoint.save(tmp_path, state, keep=2)
    fresh = trained(steps=1)
    fresh.model[0].load_state_dict(state.model[0].state_dict())
    checkpoint.load(path, fresh)
    assert fresh.progress == state.progress
    data = torch.randn(5, 4)
    for each in (state, fresh):
        each.model(data).square().sum().backward()
        each.optimizer.step()
    for a, b in zip(state.model.parameters(), fresh.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_frozen_weights_are_not_in_a_checkpoint(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    path = checkpoint.save(tmp_path, trained(), keep=2)
    assert sorted(load_file(path / "weights.safetensors")) == ["0.bias", "1.bias", "1.weight"]


@pytest.mark.parametrize("name", ["weights.safetensors", "optimizer.safetensors", "state.json", checkpoint.MANIFEST])
@pytest.mark.parametrize("fault", ["flip", "cut", "remove", "empty"])
def test_every_fault_in_every_file_is_found_and_the_older_checkpoint_is_used(tmp_path: Path, name: str, fault: str) -> None:
    older = checkpoint.save(tmp_path, trained(2), keep=3)
    newer = checkpoint.save(tmp_path, trained(3), keep=3)
    file = newer / name
    data = bytearray(file.read_bytes())
    if fault == "flip":
        data[len(data) // 2] ^= 0x10
    elif fault == "cut":
        data = data[:-1]
    file.unlink() if fault == "remove" else file.write_bytes(b"" if fault == "empty" else data)
    path, wrong = checkpoint.newest(tmp_path)
    assert path == older
    assert len(wrong) == 1
    assert wrong[0].startswith("C001 checkpoint step-3 is unusable")


def test_a_crash_before_the_rename_leaves_no_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", crash)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(tmp_path, trained(), keep=2)
    assert checkpoint.newest(tmp_path) == (None, [])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_says_the_bytes_and_keeps_the_older_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = checkpoint.save(tmp_path, trained(2), keep=2)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(DiskError, match=r"I001 .*disk full: a checkpoint needs .* MiB, .* MiB free") as caught:
        checkpoint.save(tmp_path, trained(3), keep=2)
    assert caught.value.exit_code == 74
    assert checkpoint.newest(tmp_path) == (older, [])


def test_rotation_keeps_the_newest_and_the_best(tmp_path: Path) -> None:
    for step in range(1, 7):
        state = trained(1)
        state.progress = Progress(step=step, best_step=2)
        checkpoint.save(tmp_path, state, keep=2)
    assert [step for step, _ in checkpoint.steps(tmp_path)] == [2, 5, 6]


def test_a_checkpoint_of_other_weights_is_refused(tmp_path: Path) -> None:
    path = checkpoint.save(tmp_path, trained(), keep=2)
    other = trained()
    other.model[0].weight.requires_grad_(True)
    with pytest.raises(ValueError, match="trains other weights"):
        checkpoint.load(path, other)
