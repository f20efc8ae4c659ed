"""A run is a directory: the only state that CLI, Python and (later) the web share. Nothing here imports torch.

<dir>/<name>/ recipe.yaml recipe.lock plan.json run.json data/ metrics.jsonl events.jsonl checkpoints/
              adapter/ or model/   eval.json report.html README.md
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from afina.errors import DiskError, UsageError

State = str  # "planned", "running", "interrupted", "failed", "finished"


@dataclass(frozen=True)
class Run:
    """One run's directory and what it holds."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def recipe_yaml(self) -> Path:
        return self.path / "recipe.yaml"

    @property
    def recipe_lock(self) -> Path:
        return self.path / "recipe.lock"

    @property
    def plan_json(self) -> Path:
        return self.path / "plan.json"

    @property
    def metrics_jsonl(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def events_jsonl(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def tracking(self) -> Path:
        """What trackers were handed, and what they said; there only when `output.track` names one."""
        return self.path / "tracking"

    @property
    def eval_json(self) -> Path:
        return self.path / "eval.json"

    @property
    def tasks_json(self) -> Path:
        """What lm-eval's tasks say of the model; there only after `afina eval RUN --tasks`."""
        return self.path / "tasks.json"

    @property
    def report_html(self) -> Path:
        return self.path / "report.html"

    @property
    def card(self) -> Path:
        return self.path / "README.md"

    @property
    def trained(self) -> Path:
        """The trained result: `adapter/` in peft's format, or `model/`, a transformers folder. Raises UsageError when there is none yet."""
        for name in ("adapter", "model"):
            if (self.path / name).is_dir():
                return self.path / name
        raise UsageError(
            "U003", f"{self.name} is not finished: it has no trained model", where=str(self.path), fix=f"afina show {self.path}"
        )

    @property
    def is_adapter(self) -> bool:
        return self.trained.name == "adapter"

    def state(self) -> State:
        """What run.json says; a run that says "running" while no process holds it was interrupted."""
        state = str(self.facts().get("state", "planned"))
        return "interrupted" if state == "running" and not _is_alive(read_json(self.path / ".lock"), ourselves=True) else state

    def facts(self) -> dict[str, Any]:
        """What run.json says: state, key, created, finished, model, method, objective, headline."""
        return read_json(self.path / "run.json")

    def update(self, **facts: Any) -> None:
        write_json(self.path / "run.json", {**self.facts(), **facts})

    def metrics(self) -> list[dict[str, Any]]:
        """The rows of metrics.jsonl: one per step and one per evaluation."""
        return read_jsonl(self.metrics_jsonl)

    def comparison(self) -> dict[str, Any]:
        """What eval.json says; empty before the comparison."""
        return read_json(self.eval_json)

    def trackers(self) -> dict[str, str]:
        """Where each tracker that followed the run shows it: name -> what to open or to type."""
        return {file.stem: str(read_json(file).get("where", "")) for file in sorted(self.tracking.glob("*.json"))}

    def sha256(self) -> str:
        """SHA-256 of the trained weights (all safetensors of the trained folder, in name order)."""
        digest = hashlib.sha256()
        for file in sorted(self.trained.glob("*.safetensors")):
            with file.open("rb") as handle:
                while block := handle.read(1 << 20):
                    digest.update(block)
        return digest.hexdigest()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run for this process. Raises DiskError I002 while another living process holds it."""
        lock = self.path / ".lock"
        with _alone(self.path):  # two that start at once must not both find it free
            owner = read_json(lock)
            if _is_alive(owner):
                raise DiskError(
                    "I002",
                    f"another process ({owner['pid']}) is training this run",
                    where=str(self.path),
                    fix=f"wait for it, or: kill {owner['pid']}",
                )
            write_json(lock, {"pid": os.getpid(), "started": psutil.Process().create_time()})
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep every other process out of the block; the system lets go when this one is killed. Where files cannot be locked, do without."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_alive(owner: Mapping[str, Any], ourselves: bool = False) -> bool:
    """Whether the process that wrote a lock still runs (this one counts if `ourselves`); a reused pid has another start time."""
    pid = owner.get("pid")
    if not isinstance(pid, int) or (pid == os.getpid() and not ourselves):
        return False
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - float(owner.get("started", 0))) < 1
        return same and process.status() != psutil.STATUS_ZOMBIE  # killed, and not yet collected by its parent
    except psutil.Error:
        return False


def create(directory: Path, slug: str, key: str) -> Run:
    """Make a new run directory `<date>-<slug>`, with a number when the name is taken."""
    stem = f"{time.strftime('%Y%m%d-%H%M')}-{slug}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for suffix in ("", *(f"-{n}" for n in range(2, 1000))):
            path = directory / (stem + suffix)
            with contextlib.suppress(FileExistsError):
                path.mkdir()
                run = Run(path)
                run.update(state="planned", key=key, created=time.time())
                return run
    except OSError as error:
        raise DiskError(
            "I003", f"cannot write there: {error.strerror}", where=str(directory), fix="output.dir=FOLDER that you may write to"
        ) from error
    raise DiskError("I003", "a thousand runs of that name in one minute", where=str(directory), fix="output.name=NAME")


def listing(directory: Path) -> list[Run]:
    """All runs of a folder, newest first."""
    if not directory.is_dir():
        return []
    runs = [Run(path) for path in directory.iterdir() if (path / "run.json").is_file()]
    return sorted(runs, key=lambda run: (float(run.facts().get("created", 0)), run.name), reverse=True)


def unfinished(directory: Path, key: str) -> Run | None:
    """The newest run with this key, if it is not finished: the same command continues it."""
    newest = next((run for run in listing(directory) if run.facts().get("key") == key), None)
    return newest if newest is not None and newest.state() != "finished" else None


def find(name: str, directory: Path = Path("runs")) -> Run:
    """Open a run by path, by name, or "last". Raises UsageError U002 with the nearest names."""
    candidate = Path(name)
    if (candidate / "run.json").is_file():
        return Run(candidate)
    runs = listing(directory)
    if name == "last" and runs:
        return runs[0]
    for run in runs:
        if run.name == name:
            return run
    known = ", ".join(run.name for run in runs[:3]) or "none yet"
    raise UsageError("U002", f'no run is called "{name}" (newest: {known})', where=str(directory), fix="afina runs")


def is_run(path: Path) -> bool:
    return (path / "run.json").is_file()


def write_json(path: Path, value: Any) -> None:
    """Write JSON so that a reader sees the old file or the new one, never half."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text so that a reader sees the old file or the new one, never half."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    # Half of a surrogate pair, which JSON data may hold, is no UTF-8; it becomes "?" here.
    staged.write_text(text, encoding="utf-8", errors="replace")
    os.replace(staged, path)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a JSONL file; a last line cut by a crash is left out."""
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        with contextlib.suppress(json.JSONDecodeError):
            rows.append(json.loads(line))
    return rows


def read_json(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
