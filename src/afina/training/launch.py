"""Starts the training processes of a run: none beside this one, or several through torch's own launcher."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from afina import errors
from afina.job import Job
from afina.run import Run, read_json
from afina.training.watchers import Watcher


def launch(job: Job, run: Run, watchers: Sequence[Watcher]) -> str:
    """Train the run and return why it ended: "done", "early_stopping" or the name of a signal.

    Raises what the training raises; with several processes, the first rank's error. They show their progress themselves.
    """
    processes = job.recipe.train.processes
    if processes == 1:
        from afina.strategy import build_strategy
        from afina.training.worker import train_run

        return train_run(job, run, watchers, build_strategy(job.recipe.model.precision, job.recipe.train.device)).reason
    return _launch_several(run, processes)


def _launch_several(run: Run, processes: int) -> str:
    """What `torchrun --standalone --nproc-per-node N -m afina.training.worker RUN` does, without its traceback when a rank fails."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    from afina.training.worker import ERROR_FILE

    (run.path / ERROR_FILE).unlink(missing_ok=True)
    run.update(stopped="")
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // processes)))
    logging.getLogger("torch.distributed.elastic").setLevel(logging.CRITICAL)
    endpoint = {"rdzv_backend": "c10d", "rdzv_endpoint": "localhost:0", "run_id": run.name}
    config = LaunchConfig(min_nodes=1, max_nodes=1, nproc_per_node=processes, max_restarts=0, **endpoint)  # type: ignore[arg-type]
    try:
        elastic_launch(config, sys.executable)("-m", "afina.training.worker", str(run.path))
    except (ChildFailedError, SignalException) as error:
        return _reason(run, read_json(run.path / ERROR_FILE), str(error).splitlines()[0])
    return _reason(run, {}, "")


def _reason(run: Run, failed: dict[str, str], otherwise: str) -> str:
    """Return why the ranks ended; raise the first rank's error, or M002 when one was killed."""
    if failed:
        raise getattr(errors, failed["type"])(failed["code"], failed["what"], where=failed["where"], fix=failed["fix"])
    reason = str(run.facts().get("stopped", ""))
    if not reason:
        what = f"a training process was killed, perhaps for memory ({otherwise})"
        raise errors.MachineError(
            "M002", what, where=str(run.path), fix="run the same command again: it continues from the newest checkpoint"
        )
    return reason
