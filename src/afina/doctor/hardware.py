"""The device, its memory, and how many threads may use it."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from afina.doctor.base import GIB, Check, fail, ok, warn
from afina.plan.machine import CGROUP, Machine, look

LEAST_FREE = 2 * GIB
"""Libraries alone take most of a gigabyte."""
WHEELS = "https://pytorch.org/get-started/locally"


@dataclass(frozen=True)
class Cuda:
    """What torch and the driver say. built: CUDA version of this torch, "" for a CPU build; driver: newest CUDA that the driver runs."""

    built: str
    available: bool
    driver: str
    hidden: bool = False
    capability: tuple[int, int] = (0, 0)
    compiled: tuple[str, ...] = ()


def device(folder: Path) -> list[Check]:
    machine = look(folder, "auto")
    what = f"{machine.device_name}, {machine.n_cores} core{'s' if machine.n_cores != 1 else ''}"
    wrong = gpu_trouble(_cuda())
    if wrong:
        return [wrong]
    if machine.device == "cpu":
        return [ok("device", f"{what}; no GPU, so fp32")]
    return [ok("device", what), precision(machine)]


def gpu_trouble(cuda: Cuda) -> Check | None:
    """Return why a GPU that is there cannot be used; None when it can, or when there is none."""
    if cuda.hidden and cuda.driver:
        return warn("device", "a GPU is there and CUDA_VISIBLE_DEVICES hides it", "unset CUDA_VISIBLE_DEVICES")
    if cuda.driver and not cuda.available:
        if not cuda.built:
            fix = f"install a CUDA build of torch for CUDA {cuda.driver} or older: {WHEELS}"
            return fail("device", "a GPU is there, and this torch is built for the CPU alone", fix)
        if _number(cuda.built) > _number(cuda.driver):
            fix = f"a newer driver, or a torch for CUDA {cuda.driver} or older: {WHEELS}"
            return fail("device", f"this torch is built for CUDA {cuda.built}, the driver runs up to {cuda.driver}", fix)
        return fail("device", f"torch for CUDA {cuda.built} cannot use the GPU (driver: CUDA {cuda.driver})", "nvidia-smi, then restart")
    if cuda.available and cuda.compiled and not _compiled_for(cuda):
        major, minor = cuda.capability
        found = f"this torch has no code for the GPU's architecture sm_{major}{minor} (it has {', '.join(cuda.compiled)})"
        return fail("device", found, f"another build of torch: {WHEELS}")
    return None


def _compiled_for(cuda: Cuda) -> bool:
    """Code of the same major architecture runs, and PTX ("compute_") of an older one is translated."""
    major, minor = cuda.capability
    for name in cuda.compiled:
        found = re.fullmatch(r"(sm|compute)_(\d+)(\d)[a-z]?", name)
        if found is None:
            continue
        theirs = int(found[2]), int(found[3])
        if theirs <= (major, minor) and (found[1] == "compute" or theirs[0] == major):
            return True
    return False


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])


def _cuda() -> Cuda:
    import torch

    available = torch.cuda.is_available()
    built = torch.version.cuda or ""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "0") in ("", "-1")
    if not available:
        return Cuda(built, False, _driver(), hidden)
    return Cuda(built, True, _driver(), False, torch.cuda.get_device_capability(0), tuple(torch.cuda.get_arch_list()))


def _driver() -> str:
    """The newest CUDA version that NVIDIA's driver runs; "" without a driver or a GPU."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        said = subprocess.run([program], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"CUDA Version:\s*(\d+\.\d+)", said)
    return found[1] if found else ""


def precision(machine: Machine) -> Check:
    if machine.bf16:
        return ok("bf16", "computed in hardware")
    return warn("bf16", "not computed by this GPU; model.precision=auto takes fp32", "model.precision=fp16, which is faster here")


def memory(folder: Path) -> list[Check]:
    """What is free, of the machine and of what its control group allows this process."""
    machine = look(folder, "auto")
    checks = [_memory("memory", machine.free_ram_bytes, machine.ram_bytes, "close other programs, or raise the container's limit")]
    if machine.device == "cuda":
        checks.append(_memory("gpu memory", machine.free_vram_bytes, machine.vram_bytes, "nvidia-smi shows who holds it"))
    return checks


def _memory(name: str, free: int, total: int, fix: str) -> Check:
    found = f"{free / GIB:.1f} of {total / GIB:.1f} GiB free"
    return ok(name, found) if free >= LEAST_FREE else warn(name, f"{found}: enough for small models only", fix)


def threads(folder: Path) -> list[Check]:
    """More threads than processors wait for each other at every product."""
    cores, quota = look(folder, "cpu").n_cores, cpu_quota(CGROUP)
    asked = os.environ.get("OMP_NUM_THREADS", "")
    may = min(cores, math.ceil(quota)) if quota else cores
    if asked.isdigit() and int(asked) > may:
        return [warn("threads", f"OMP_NUM_THREADS={asked} on {may} processor{'s' if may > 1 else ''}", f"export OMP_NUM_THREADS={may}")]
    if quota and quota < cores and not asked:
        found = f"{cores} cores are seen and {quota:g} may be used (container limit): torch starts too many threads"
        return [warn("threads", found, f"export OMP_NUM_THREADS={may}")]
    return [ok("threads", f"{asked or cores} on {cores} core{'s' if cores > 1 else ''}")]


def cpu_quota(root: Path) -> float:
    """Processors that the container's limit allows (control groups version 2 or 1), 0 without a limit."""
    try:
        if (root / "cpu.max").is_file():
            limit, period = (root / "cpu.max").read_text(encoding="ascii").split()
        else:
            limit, period = ((root / "cpu" / f"cpu.cfs_{name}_us").read_text(encoding="ascii").strip() for name in ("quota", "period"))
        return max(0.0, int(limit) / int(period))
    except (OSError, ValueError):  # missing, or "max"
        return 0.0
