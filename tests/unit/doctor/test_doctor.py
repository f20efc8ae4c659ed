"""afina doctor with things really wrong: a full disk, a folder in the way, a hub that refuses, an old library, a GPU out of reach."""

from __future__ import annotations

import http.server
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from afina.doctor import CHECKS, examine, hardware, libraries, places
from afina.doctor.base import GIB, Check
from afina.doctor.hardware import Cuda
from afina.plan.machine import Machine
from tests.cli.calls import call


def states(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.state for check in checks}


def test_every_check_says_what_it_found_and_what_to_do_when_it_is_wrong(tmp_path: Path, with_offline: None) -> None:
    found = examine(tmp_path)
    assert {"python", "torch", "device", "memory", "threads", "runs", "model cache", "data cache", "hub", "environment"} <= set(
        states(found)
    )
    assert all(check.found for check in found)
    assert all(bool(check.fix) == (check.state != "ok") for check in found)
    assert len(CHECKS) == 11


@pytest.fixture
def with_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


# --- disks ---


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KiB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk(full_disk: Path) -> None:
    check = places.disk("runs", full_disk / "runs", "output.dir=FOLDER")
    assert check.state == "fail" and "the disk is full" in check.found and str(full_disk) in check.found
    assert check.fix == "free some space, or output.dir=FOLDER"
    assert list(full_disk.iterdir()) == []


def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(tmp_path)
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((*real[:4], GIB // real.f_frsize, *real[5:])))
    check = places.disk("runs", tmp_path / "a" / "b", "output.dir=FOLDER")
    assert (check.state, check.fix) == ("warn", "output.dir=FOLDER") and check.found.startswith("1.0 GiB free")


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("mine")
    check = places.disk("runs", tmp_path / "runs", "output.dir=FOLDER")
    assert check.state == "fail" and "cannot write there" in check.found


def test_a_disk_that_is_mounted_to_be_read(full_disk: Path) -> None:
    """Free space and, for root, access rights look well there."""
    subprocess.run(["mount", "-o", "remount,ro", full_disk], check=True)
    check = places.disk("runs", full_disk, "output.dir=FOLDER")
    assert check.state == "fail" and "Read-only file system" in check.found


def test_the_folders_are_those_that_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFINA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    checks = {check.name: check for check in places.disks(tmp_path / "runs")}
    assert list(checks) == ["runs", "model cache", "data cache"]
    assert all(str(tmp_path) in check.found for check in checks.values())


# --- the hub ---


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """A hub on this machine that knows one token; "status" of the dictionary is what it answers to others."""
    answers = {"status": 401}

    class Hub(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            good = self.headers.get("Authorization") == "Bearer hf_good"
            self.send_response(200 if good else answers["status"])
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield answers
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("token", "state", "part"),
    [("", "ok", "no token, which open models do not need"), ("hf_good", "ok", "it accepts the token"), ("hf_old", "warn", "not accept")],
)
def test_the_hub_and_the_token(token: str, state: str, part: str, answering: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: token or None)
    (check,) = places.hub(Path())
    assert check.state == state and part in check.found
    assert not token or token not in check.found + check.fix


def test_a_hub_with_a_fault(answering: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    answering["status"] = 503
    (check,) = places.hub(Path())
    assert check.state == "warn" and "503" in check.found


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://no-such-host.invalid", "nonsense"])
def test_a_hub_that_does_not_answer(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", endpoint)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("no_proxy", "*")
    (check,) = places.hub(Path())
    assert check.state == "warn" and "does not answer" in check.found and "HF_ENDPOINT" in check.fix


def test_offline_asks_nobody(answering: dict[str, int], with_offline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_status", lambda *_: pytest.fail("it asked"))
    (check,) = places.hub(Path())
    assert check.state == "ok" and "HF_HUB_OFFLINE" in check.found


# --- libraries ---


def test_a_library_that_is_missing_old_or_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"torch": "1.13.1", "peft": "99.0", "rich": "99.0"}
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "transformers":
            raise importlib.metadata.PackageNotFoundError(name)
        return versions.get(name) or real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    checks = {check.name: check for check in libraries.needed(Path())}
    assert (checks["torch"].state, checks["torch"].fix) == ("fail", 'pip install "torch>=2.6"') and "1.13.1" in checks["torch"].found
    assert checks["transformers"].state == "fail" and checks["transformers"].found == "not installed"
    assert checks["peft"].state == "warn" and f"tested with {libraries.tested()['peft']}" in checks["peft"].found
    assert checks["rich"].state == "warn"
    assert checks["accelerate"].state == "ok"


def test_the_tested_versions_are_the_pins() -> None:
    root = Path(__file__).parents[3]
    assert len(libraries.tested()) == sum("==" in line for line in (root / "constraints.txt").read_text().splitlines())
    assert not {check.name for check in libraries.needed(Path())} & {"pytest", "ruff"}  # of an extra


def test_optional_libraries_and_what_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ModuleSpec("wandb", None, origin="somewhere")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: there if name == "wandb" else None)
    trackers, optimizers = libraries.optional(Path())
    assert trackers.found == "optional: wandb; not installed: pip install mlflow tensorboard trackio"
    assert optimizers.found.startswith("optional: none; not installed: pip install ") and "bitsandbytes" in optimizers.found
    assert {trackers.state, optimizers.state} == {"ok"}


def test_two_openmp_runtimes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KMP_DUPLICATE_LIB_OK", raising=False)
    monkeypatch.setattr(libraries, "loaded_openmp", lambda: ["/a/libgomp.so.1", "/b/libgomp-98df.so.1"])
    assert libraries.openmp(Path()) == []
    monkeypatch.setattr(libraries, "loaded_openmp", lambda: ["/a/libomp.dylib", "/b/libiomp5.dylib"])
    (check,) = libraries.openmp(Path())
    assert check.state == "warn" and "Intel's libiomp and LLVM's libomp" in check.found
    monkeypatch.setenv("KMP_DUPLICATE_LIB_OK", "TRUE")
    assert len(libraries.openmp(Path())) == 2


def test_the_openmp_of_this_process_is_found() -> None:
    assert all(libraries._maker(path) for path in libraries.loaded_openmp())


def test_names_that_are_not_utf8() -> None:
    program = "from afina.doctor.libraries import python; from pathlib import Path; print([c.fix for c in python(Path())])"
    asked = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "LANG": "C"}
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", program], env=asked, capture_output=True, text=True, timeout=120, check=True
    )
    encoding = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", "import sys; print(sys.getfilesystemencoding())"],
        env=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("PYTHONUTF8=1" in done.stdout) == (encoding.stdout.strip() != "utf-8")


# --- hardware ---

H200 = ("sm_80", "sm_90", "compute_90")


@pytest.mark.parametrize(
    ("cuda", "part", "fix"),
    [
        (Cuda("", False, "12.8"), "built for the CPU alone", "CUDA 12.8 or older"),
        (Cuda("13.0", False, "12.4"), "built for CUDA 13.0, the driver runs up to 12.4", "a newer driver"),
        (Cuda("12.4", False, "12.10"), "cannot use the GPU", "nvidia-smi"),
        (Cuda("12.8", True, "12.8", capability=(12, 0), compiled=("sm_80", "sm_90")), "no code for the GPU's architecture sm_120", "build"),
        (Cuda("12.8", True, "12.8", capability=(7, 0), compiled=H200), "sm_70", "build"),
    ],
)
def test_a_gpu_that_torch_cannot_use(cuda: Cuda, part: str, fix: str) -> None:
    check = hardware.gpu_trouble(cuda)
    assert check is not None and check.state == "fail" and part in check.found and fix in check.fix


@pytest.mark.parametrize(
    "cuda",
    [
        Cuda("", False, ""),
        Cuda("12.8", True, "13.0", capability=(9, 0), compiled=H200),
        Cuda("12.8", True, "13.0", capability=(8, 9), compiled=H200),
        Cuda("12.8", True, "13.0", capability=(12, 0), compiled=H200),
        Cuda("12.8", True, "13.0", capability=(9, 0), compiled=("sm_90a",)),
    ],
)
def test_a_gpu_that_works_or_none(cuda: Cuda) -> None:
    assert hardware.gpu_trouble(cuda) is None


def test_a_hidden_gpu_is_said() -> None:
    check = hardware.gpu_trouble(Cuda("12.8", False, "12.8", hidden=True))
    assert check is not None and check.state == "warn" and "unset CUDA_VISIBLE_DEVICES" in check.fix


def test_the_driver_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho '| NVIDIA-SMI 570.1   Driver Version: 570.1   CUDA Version: 12.8 |'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert hardware._driver() == "12.8"
    program.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed'; exit 9\n")
    assert hardware._driver() == ""


def machine(**changes: object) -> Machine:
    settings: dict[str, object] = {"device": "cpu", "device_name": "x", "n_cores": 4, "ram_bytes": 16 * GIB, "free_ram_bytes": 8 * GIB}
    return Machine(**{**settings, "vram_bytes": 0, "bf16": False, "disk_free_bytes": GIB, **changes})  # type: ignore[arg-type]


def test_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "look", lambda *_: machine(free_ram_bytes=GIB))
    assert [(check.name, check.state) for check in hardware.memory(Path())] == [("memory", "warn")]
    taken = machine(device="cuda", vram_bytes=80 * GIB, free_vram_bytes=GIB)
    monkeypatch.setattr(hardware, "look", lambda *_: taken)
    checks = hardware.memory(Path())
    assert states(checks) == {"memory": "ok", "gpu memory": "warn"} and "nvidia-smi" in checks[1].fix


def test_precision() -> None:
    assert hardware.precision(machine(device="cuda", bf16=True)).state == "ok"
    assert "model.precision=fp16" in hardware.precision(machine(device="cuda")).fix


@pytest.mark.parametrize(
    ("files", "asked", "state", "fix"),
    [
        ({}, "", "ok", ""),
        ({"cpu.max": "max 100000"}, "", "ok", ""),
        ({"cpu.max": "150000 100000"}, "", "warn", "export OMP_NUM_THREADS=2"),
        ({"cpu.max": "150000 100000"}, "2", "ok", ""),
        ({"cpu/cpu.cfs_quota_us": "50000", "cpu/cpu.cfs_period_us": "100000"}, "", "warn", "export OMP_NUM_THREADS=1"),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, "", "ok", ""),
        ({}, "16", "warn", "export OMP_NUM_THREADS=4"),
    ],
)
def test_more_threads_than_processors(
    files: dict[str, str], asked: str, state: str, fix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    monkeypatch.setattr(hardware, "CGROUP", tmp_path)
    monkeypatch.setattr(hardware, "look", lambda *_: machine())
    monkeypatch.setenv("OMP_NUM_THREADS", asked) if asked else monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    (check,) = hardware.threads(Path())
    assert (check.state, check.fix) == (state, fix)


# --- the verb ---


def test_a_costly_switch_and_no_secret(tmp_path: Path) -> None:
    secrets = {"HF_TOKEN": "hf_canary", "WANDB_API_KEY": "canary" * 7}
    result = call("doctor", cwd=tmp_path, env={**secrets, "CUDA_LAUNCH_BLOCKING": "1", "HF_HUB_OFFLINE": "1"})
    assert "canary" not in result.both and "HF_TOKEN=(set)" in result.out
    assert "unset CUDA_LAUNCH_BLOCKING" in result.out


def test_the_exit_code_and_the_document(full_disk: Path, with_offline: None) -> None:
    result = call("doctor", "--json", "--dir", full_disk / "runs", cwd=full_disk.parent)
    assert result.code == 1
    rows = json.loads(result.out)
    assert all(set(row) == {"name", "state", "found", "fix"} for row in rows)
    assert [row["name"] for row in rows if row["state"] == "fail"] == ["runs"]
