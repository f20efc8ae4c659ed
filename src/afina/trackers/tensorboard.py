"""TensorBoard: event files in the run's folder, written with its own writer, which needs neither torch nor TensorFlow."""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from afina.trackers.base import TRACKERS, Point, Tracked, Tracker, markdown, table_of


@TRACKERS.register("tensorboard")
class TensorBoard(Tracker):
    """Event files in the run's folder `tensorboard/`; nothing is sent."""

    what: ClassVar[str] = "event files in the run's folder"
    package: ClassVar[str] = "tensorboard"
    module: ClassVar[str] = "tensorboard"
    takes_back: ClassVar[bool] = True

    def open(self, tracked: Tracked, step: int, known: str) -> str:
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self._folder = tracked.path / "tensorboard"
        self._writer = EventFileWriter(str(self._folder))
        # A file that says START makes readers forget what earlier files say of this step and later ones: the run repeats those.
        session = _proto("event").SessionLog
        self._write(step + 1, time.time(), session_log=session(status=session.START))
        if not known:
            rows = [[key, str(value)] for key, value in tracked.config.items()]
            self._write_text(0, time.time(), "recipe", markdown(["key", "value"], rows))
        return tracked.id

    @property
    def where(self) -> str:
        return f"tensorboard --logdir {self._folder.parent.parent}"

    def log(self, points: Sequence[Point]) -> None:
        for point in points:
            self._write_numbers(point.step, point.time, point.values)
            if point.samples:
                self._write_text(point.step, point.time, "samples", table_of(point.samples))
        self._writer.flush()

    def conclude(self, step: int, numbers: Mapping[str, float], verdict: str) -> None:
        self._write_numbers(step, time.time(), numbers)
        self._write_text(step, time.time(), "verdict", verdict)

    def close(self, state: str) -> None:
        self._writer.close()

    def _write(self, step: int, when: float, **content: Any) -> None:
        self._writer.add_event(_proto("event").Event(wall_time=when, step=step, **content))

    def _write_numbers(self, step: int, when: float, values: Mapping[str, float]) -> None:
        summary = _proto("summary").Summary
        self._write(step, when, summary=summary(value=[summary.Value(tag=name, simple_value=value) for name, value in values.items()]))

    def _write_text(self, step: int, when: float, tag: str, text: str) -> None:
        from tensorboard.plugins.text.metadata import create_summary_metadata

        summary = _proto("summary").Summary
        tensor = _proto("tensor").TensorProto(dtype=_proto("types").DT_STRING, string_val=[text.encode("utf-8", "replace")])
        value = summary.Value(tag=tag, metadata=create_summary_metadata("", ""), tensor=tensor)
        self._write(step, when, summary=summary(value=[value]))


def _proto(name: str) -> Any:
    """A module of TensorBoard's messages; they are made when imported, so type checkers see nothing in them."""
    return importlib.import_module(f"tensorboard.compat.proto.{name}_pb2")
