"""MLflow: the server or database that MLFLOW_TRACKING_URI names, else one SQLite file beside the runs."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from afina.errors import MachineError
from afina.trackers.base import PROJECT, TRACKERS, Point, Tracked, Tracker, table_of

AT_ONCE = 1000
"""Most metrics that MLflow takes in one request."""
PARAMS_AT_ONCE = 100
LONGEST_PARAM = 6000
LONGEST_TAG = 5000
STATUS = {"finished": "FINISHED", "failed": "FAILED"}


@TRACKERS.register("mlflow")
class MLflow(Tracker):
    """MLflow: the server of MLFLOW_TRACKING_URI, else `mlflow.db` in the folder of the runs."""

    what: ClassVar[str] = "the server of MLFLOW_TRACKING_URI, else mlflow.db in the folder of the runs"
    package: ClassVar[str] = "mlflow"
    module: ClassVar[str] = "mlflow"

    @classmethod
    def check(cls) -> None:
        """Raise MachineError E010 when it, or what its own file needs, is not installed."""
        super().check()
        if not os.environ.get("MLFLOW_TRACKING_URI", "").startswith("http") and importlib.util.find_spec("sqlalchemy") is None:
            what = "this mlflow is the client alone: it needs a server, or sqlalchemy and alembic for a file"
            raise MachineError("E010", what, where="output.track", fix="pip install mlflow, or MLFLOW_TRACKING_URI=http://SERVER")

    def open(self, tracked: Tracked, step: int, known: str) -> str:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        from mlflow import MlflowClient
        from mlflow.entities import Param

        logging.getLogger("mlflow").setLevel(logging.WARNING)
        runs = tracked.path.resolve().parent
        self._uri = os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{runs / 'mlflow.db'}"
        self._client = MlflowClient(self._uri)
        if known:
            self._client.update_run(known, status="RUNNING")
            self._id = known
            return known
        experiment = self._experiment(runs)
        self._id = self._client.create_run(experiment, run_name=tracked.name, tags={"afina.run": tracked.id}).info.run_id
        params = [Param(key, str(value)[:LONGEST_PARAM]) for key, value in tracked.config.items()]
        for some in _pieces(params, PARAMS_AT_ONCE):
            self._client.log_batch(self._id, params=some)
        return self._id

    def _experiment(self, runs: Path) -> str:
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME", PROJECT)
        found = self._client.get_experiment_by_name(name)
        if found is not None:
            return found.experiment_id
        ours = "MLFLOW_TRACKING_URI" not in os.environ
        return self._client.create_experiment(name, artifact_location=(runs / "mlflow").as_uri() if ours else None)

    @property
    def where(self) -> str:
        if self._uri.startswith("http"):
            return f"{self._uri.rstrip('/')}/#/experiments/{self._client.get_run(self._id).info.experiment_id}/runs/{self._id}"
        return f"mlflow ui --backend-store-uri {self._uri}"

    def log(self, points: Sequence[Point]) -> None:
        from mlflow.entities import Metric

        metrics = [
            Metric(name, float(value), round(point.time * 1000), point.step) for point in points for name, value in point.values.items()
        ]
        for some in _pieces(metrics, AT_ONCE):
            self._client.log_batch(self._id, metrics=some)
        for point in points:
            if point.samples:
                self._client.log_text(self._id, table_of(point.samples), f"samples/step-{point.step}.md")

    def conclude(self, step: int, numbers: Mapping[str, float], verdict: str) -> None:
        for name, value in numbers.items():
            self._client.log_metric(self._id, name, value, step=step)
        self._client.set_tag(self._id, "afina.verdict", verdict[:LONGEST_TAG])

    def close(self, state: str) -> None:
        self._client.set_terminated(self._id, STATUS.get(state, "KILLED"))


def _pieces(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
