"""One training process: the whole run when there is one process, one rank of it under torchrun."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from types import FrameType, TracebackType

from afina.errors import AfinaError
from afina.events import Event, Finished, Recovered
from afina.job import Job, prepare
from afina.models.load import save_trained
from afina.plan.machine import look
from afina.recipe.load import load
from afina.run import Run, write_json
from afina.strategy import Single, build_strategy
from afina.training import checkpoint
from afina.training.build import build
from afina.training.watchers import Recorder, Watcher, progress_watcher

ERROR_FILE = ".error.json"
EXIT_ORPHANED = 70


def train_run(job: Job, run: Run, watchers: Sequence[Watcher], strategy: Single) -> Finished:
    """Train to the end (or to a signal), and leave the best weights in the run's adapter/ or model/ folder."""
    training = build(job, run, strategy)
    finished: Finished | None = None
    watchers = [Recorder(run), *watchers] if strategy.is_main else []
    with StopOnSignal(training.stop):
        for what in _damaged(run) if strategy.is_main else ():
            _tell(watchers, Recovered(training.state.progress.step, what))
        for event in training:
            _tell(watchers, event)
            if isinstance(event, Finished):
                finished = event
    assert finished is not None
    if strategy.is_main and not finished.reason.startswith("SIG"):
        _keep_best(job, run, training.state)
    strategy.barrier()
    return finished


def _tell(watchers: Sequence[Watcher], event: Event) -> None:
    for watcher in watchers:
        watcher(event)


def _damaged(run: Run) -> list[str]:
    """What is wrong with checkpoints newer than the one that training goes on from."""
    path, wrong = checkpoint.newest(run.checkpoints)
    return [f"{reason}; going on from {path.name if path else 'the start'}" for reason in wrong]


def _keep_best(job: Job, run: Run, state: checkpoint.TrainState) -> None:
    progress = state.progress
    kept = run.checkpoints / f"step-{progress.best_step or progress.step}"
    if progress.averaged:
        checkpoint.load_mean_of([run.checkpoints / f"step-{step}" for step in progress.averaged], state)
    elif kept.is_dir():
        checkpoint.load_weights_of(kept, state)
    assert job.recipe.method != "auto"
    save_trained(state.model, run, job.located, job.recipe.method.traits.adapter)


class StopOnSignal(AbstractContextManager["StopOnSignal"]):
    """SIGINT and SIGTERM ask the training to stop after the current step; a second one stops at once."""

    def __init__(self, stop) -> None:
        self.stop = stop
        self.received = 0

    def __enter__(self) -> StopOnSignal:
        heard = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
        self.previous = {number: signal.signal(number, self._received) for number in heard}
        return self

    def _received(self, number: int, frame: FrameType | None) -> None:
        if self.received:
            raise KeyboardInterrupt
        self.received = number
        self.stop(signal.Signals(number).name)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self.previous.items():
            signal.signal(number, handler)


def _end_with(parent: int) -> None:
    """End this rank when the command that started it is gone: its lock is gone too, and the next start would train beside it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(EXIT_ORPHANED)


def main() -> None:
    """Entry of a torchrun process: `python -m afina.training.worker RUN`."""
    run = Run(Path(sys.argv[1]))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        loaded = load(run.recipe_yaml)
        job = prepare(loaded.recipe, lambda: look(run.path, loaded.recipe.train.device))
        strategy = build_strategy(job.recipe.model.precision, job.recipe.train.device)
        with closing(progress_watcher()) as progress:
            finished = train_run(job, run, [progress], strategy)
        if strategy.is_main:
            run.update(stopped=finished.reason)
        strategy.close()
    except AfinaError as error:
        write_json(
            run.path / ERROR_FILE,
            {"code": error.code, "what": error.what, "where": error.where, "fix": error.fix, "type": type(error).__name__},
        )
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
