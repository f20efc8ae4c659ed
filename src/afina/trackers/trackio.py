"""Trackio: an SQLite file in TRACKIO_DIR, or a Space or server that its environment variables name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from afina.trackers.base import PROJECT, TRACKERS, Point, Tracked, Tracker


@TRACKERS.register("trackio")
class Trackio(Tracker):
    """Trackio: an SQLite file on this machine; a Space or server when TRACKIO_SPACE_ID or TRACKIO_SERVER_URL names one."""

    what: ClassVar[str] = "an SQLite file in TRACKIO_DIR; TRACKIO_SPACE_ID or TRACKIO_SERVER_URL when set"
    package: ClassVar[str] = "trackio"
    module: ClassVar[str] = "trackio"

    def open(self, tracked: Tracked, step: int, known: str) -> str:
        import trackio

        self._trackio = trackio
        self._project = os.environ.get("TRACKIO_PROJECT", PROJECT)
        self._run = trackio.init(
            project=self._project,
            name=tracked.id,
            resume="allow",
            config=dict(tracked.config),
            embed=False,
            auto_log_cpu=False,
            auto_log_gpu=False,
        )
        return tracked.id

    @property
    def where(self) -> str:
        return f'trackio show --project "{self._project}"'

    def log(self, points: Sequence[Point]) -> None:
        for point in points:
            values: dict[str, Any] = dict(point.values)
            if point.samples:
                rows = [[sample.number, sample.prompt, sample.wanted, sample.got] for sample in point.samples]
                values["samples"] = self._trackio.Table(columns=["row", "prompt", "wanted", "got"], data=rows)
            self._run.log(values, step=point.step)

    def conclude(self, step: int, numbers: Mapping[str, float], verdict: str) -> None:
        self._run.log({**numbers, "verdict": self._trackio.Markdown(verdict)}, step=step)

    def close(self, state: str) -> None:
        self._run.finish()
