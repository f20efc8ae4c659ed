"""Starts the trackers that a recipe names beside the training, and says once when one of them has failed. The run goes on without it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from afina.events import Event, Recovered
from afina.run import Run

PATIENCE_S = 60.0
"""How long the end of a run waits for what trackers have still to send."""


class Tracking(AbstractContextManager["Tracking"]):
    """A watcher under which each named tracker follows the run in its own process, from entering the block until it is left.

    tell: where notices go.
    """

    def __init__(self, run: Run, names: Sequence[str], tell: Callable[[Recovered], None], patience_s: float = PATIENCE_S) -> None:
        self.run, self.names, self.tell, self.patience_s = run, tuple(dict.fromkeys(names)), tell, patience_s
        self.following: dict[str, subprocess.Popen[bytes]] = {}
        self.step = 0

    def __enter__(self) -> Tracking:
        if self.names:
            self.run.tracking.mkdir(exist_ok=True)
        self.following = {name: self._start(name) for name in self.names}
        return self

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        offset = self.run.events_jsonl.stat().st_size if self.run.events_jsonl.is_file() else 0
        # -P: a folder called wandb where the command is typed is not the library. A session of its own: Ctrl-C is for the training.
        command = [sys.executable, "-P", "-m", "afina.training.follow", str(self.run.path), name, str(offset)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        with self._log(name).open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment, start_new_session=True)

    def __call__(self, event: Event) -> None:
        self.step = event.step
        for name, process in list(self.following.items()):
            if process.poll() is not None:
                self._ended(name)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self.following.values():
            assert process.stdin is not None
            process.stdin.close()
        deadline = time.monotonic() + self.patience_s
        for name, process in list(self.following.items()):
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self._say(name, f"did not take what was left within {self.patience_s:.0f} s")
                continue
            self._ended(name)

    def _ended(self, name: str) -> None:
        if self.following.pop(name).returncode:
            lines = self._log(name).read_text(encoding="utf-8", errors="replace").split("\n")
            self._say(name, next((line.strip() for line in reversed(lines) if line.strip()), "ended"))

    def _say(self, name: str, why: str) -> None:
        what = f"{name} no longer follows the run: {why[:200]} ({self._log(name)}); metrics.jsonl has every step"
        self.tell(Recovered(self.step, what))

    def _log(self, name: str) -> Path:
        return self.run.tracking / f"{name}.log"
