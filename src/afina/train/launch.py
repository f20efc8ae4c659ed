"""Starts the training processes of a run: none beside this one, or torchrun with several."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from afina import errors
from afina.job import Job
from afina.run import Run, read_json
from afina.train.watchers import Watcher


def launch(job: Job, run: Run, watchers: Sequence[Watcher]) -> str:
    """Train the run and return why it ended: "done", "early_stopping" or the name of a signal.

    Raises what the training raises; under torchrun, the first rank's error.
    """
    processes = job.recipe.train.processes
    if processes == 1:
        from afina.strategy import build_strategy
        from afina.train.worker import train_run

        return train_run(job, run, watchers, build_strategy(job.recipe.model.precision, job.recipe.train.device)).reason
    return _torchrun(run, processes)


def _torchrun(run: Run, processes: int) -> str:
    from afina.train.worker import ERROR_FILE

    (run.path / ERROR_FILE).unlink(missing_ok=True)
    run.update(stopped="")
    threads = os.environ.get("OMP_NUM_THREADS") or str(max(1, (os.cpu_count() or 1) // processes))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    code = subprocess.run([*command, "-m", "afina.train.worker", str(run.path)], env={**os.environ, "OMP_NUM_THREADS": threads}).returncode
    failed = read_json(run.path / ERROR_FILE)
    if failed:
        kind = getattr(errors, failed["type"])
        raise kind(failed["code"], failed["what"], where=failed["where"], fix=failed["fix"])
    reason = str(run.facts().get("stopped", ""))
    if code != 0 or not reason:
        what = f"a training process ended with code {code} (killed, or out of memory)"
        raise errors.MachineError(
            "M002", what, where=str(run.path), fix="run the same command again: it continues from the newest checkpoint"
        )
    return reason
