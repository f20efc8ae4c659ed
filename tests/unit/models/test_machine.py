"""What a plan is told about this machine."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from afina.errors import MachineError
from afina.plan import machine
from afina.plan.machine import look


def test_a_look_at_the_cpu(tmp_path: Path) -> None:
    seen = look(tmp_path / "runs" / "not" / "there yet", "cpu")
    assert (seen.device, seen.vram_bytes, seen.bf16) == ("cpu", 0, False)
    assert seen.device_name
    assert 1 <= seen.n_cores <= (psutil.cpu_count() or 1)
    assert 0 < seen.free_ram_bytes <= seen.ram_bytes <= psutil.virtual_memory().total
    assert seen.usable_bytes == seen.free_ram_bytes
    assert seen.disk_free_bytes > 0


def test_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_gpu", lambda: None)
    with pytest.raises(MachineError, match=r"E002 train\.device: torch finds no GPU.*\n  Do: train\.device=auto"):
        look("runs", "cuda")


def test_a_gpu_is_taken_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_gpu", lambda: ("GPU", 80 * 2**30, 70 * 2**30, True))
    seen = look("runs")
    assert (seen.device, seen.device_name, seen.vram_bytes, seen.usable_bytes, seen.bf16) == ("cuda", "GPU", 80 * 2**30, 70 * 2**30, True)
    assert look("runs", "cpu").device == "cpu"


@pytest.mark.parametrize(
    ("version", "base", "files"),
    [
        (2, "", ("memory.max", "memory.current", "inactive_file 200\nactive_file 100\nanon 5\n", "0::/a/b\n")),
        (
            1,
            "memory",
            (
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "inactive_file 1\ntotal_inactive_file 200\ntotal_active_file 100\n",
                "4:memory:/a/b\n0::/\n",
            ),
        ),
    ],
)
def test_the_limit_of_a_container_is_respected(
    version: int, base: str, files: tuple[str, str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit, used, stat, proc = files
    inner = tmp_path / "cgroup" / base / "a" / "b"
    inner.mkdir(parents=True)
    for folder, allowed, taken in ((inner, "max" if version == 2 else str(2**63 - 4096), "900"), (inner.parent, "2000", "1000")):
        (folder / limit).write_text(f"{allowed}\n")
        (folder / used).write_text(f"{taken}\n")
        (folder / "memory.stat").write_text(stat)
    (tmp_path / "proc").write_text(proc)
    monkeypatch.setattr(machine, "CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "PROC_CGROUP", tmp_path / "proc")
    seen = look(tmp_path, "cpu")
    assert seen.ram_bytes == 2000
    assert seen.free_ram_bytes == 2000 - (1000 - 300)


def test_no_control_group_is_no_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "CGROUP", tmp_path / "none")
    monkeypatch.setattr(machine, "PROC_CGROUP", tmp_path / "none")
    assert look(tmp_path, "cpu").ram_bytes == psutil.virtual_memory().total
