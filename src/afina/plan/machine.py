"""What this machine has: one look, then a value that plans are made from. torch is imported only when a GPU is asked for."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from afina.errors import MachineError

CGROUP = Path("/sys/fs/cgroup")
PROC_CGROUP = Path("/proc/self/cgroup")


@dataclass(frozen=True)
class Machine:
    """One machine as a plan sees it. Units: bytes. `free_ram_bytes` respects the container's limit; vram_bytes is 0 without a GPU."""

    device: Literal["cpu", "cuda"]
    device_name: str
    n_cores: int
    ram_bytes: int
    free_ram_bytes: int
    vram_bytes: int
    bf16: bool
    disk_free_bytes: int
    free_vram_bytes: int = 0

    @property
    def usable_bytes(self) -> int:
        """Bytes that a training may use on its device."""
        return self.free_vram_bytes if self.device == "cuda" else self.free_ram_bytes


def look(output_dir: str | Path, device: str = "auto") -> Machine:
    """Return what this machine has now. device "cpu" looks no further and does not import torch; "auto" takes a GPU when there is one.

    Raises MachineError E002 when device is "cuda" and torch finds no GPU.
    """
    ram, free_ram = _memory()
    gpu = None if device == "cpu" else _gpu()
    if gpu is None and device == "cuda":
        raise MachineError("E002", "torch finds no GPU on this machine", where="train.device", fix="train.device=auto")
    name, vram, free_vram, bf16 = gpu or (_cpu_name(), 0, 0, False)
    return Machine(
        device="cuda" if gpu else "cpu",
        device_name=name,
        n_cores=_n_cores(),
        ram_bytes=ram,
        free_ram_bytes=free_ram,
        vram_bytes=vram,
        bf16=bf16,
        disk_free_bytes=_disk_free(Path(output_dir)),
        free_vram_bytes=free_vram,
    )


def _memory() -> tuple[int, int]:
    """Return total and free RAM, neither more than this process's control groups allow."""
    memory = psutil.virtual_memory()
    total, free = memory.total, memory.available
    for limit, used in _cgroup_limits(CGROUP, PROC_CGROUP):
        total, free = min(total, limit), min(free, max(0, limit - used))
    return total, free


def _cgroup_limits(root: Path, proc_cgroup: Path) -> list[tuple[int, int]]:
    """Return (limit, bytes that cannot be reclaimed) of each control group above this process that has a limit, version 2 or 1.

    Page cache of files is given back under pressure, so it does not count as used. In a container the groups lie at the root.
    """
    limits: list[tuple[int, int]] = []
    for folder, limit_file, used_file in _cgroup_folders(root, proc_cgroup):
        limit, used = _number(folder / limit_file), _number(folder / used_file)
        if limit is not None and used is not None:
            limits.append((limit, max(0, used - _reclaimable(folder / "memory.stat"))))
    return limits


def _cgroup_folders(root: Path, proc_cgroup: Path) -> list[tuple[Path, str, str]]:
    """Return the folders of this process's memory groups, the innermost first, with the names of their limit and usage files."""
    try:
        lines = [line.split(":", 2) for line in proc_cgroup.read_text(encoding="utf-8").splitlines()]
    except OSError:
        lines = []
    v2 = next((path for number, names, path in lines if number == "0" and not names), "/")
    v1 = next((path for _, names, path in lines if "memory" in names.split(",")), "/")
    found: list[tuple[Path, str, str]] = []
    for base, inner, *files in (
        (root, v2, "memory.max", "memory.current"),
        (root / "memory", v1, "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        folder = base / inner.strip("/")
        chain = [folder, *(parent for parent in folder.parents if parent.is_relative_to(base))]
        found += [(place, files[0], files[1]) for place in chain if (place / files[0]).is_file()]
    return found


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # missing, or "max"
        return None


def _reclaimable(stat_file: Path) -> int:
    try:
        stat = dict(line.split() for line in stat_file.read_text(encoding="ascii").splitlines())
        # Version 1 counts a group's own bytes and, as total_, those of its tree; its usage is that of the tree.
        return sum(int(stat.get(f"total_{name}", stat.get(name, 0))) for name in ("inactive_file", "active_file"))
    except (OSError, ValueError):
        return 0


def _n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine() or "CPU"


def _gpu() -> tuple[str, int, int, bool] | None:
    """Return name, total and free bytes, and whether bf16 is computed in hardware, of the first GPU; None without one."""
    import torch

    if not torch.cuda.is_available():
        return None
    free, total = torch.cuda.mem_get_info(0)
    return torch.cuda.get_device_name(0), total, free, torch.cuda.is_bf16_supported(including_emulation=False)


def _disk_free(folder: Path) -> int:
    """Free bytes of the disk that `folder` is on, or will be on once it is made."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
