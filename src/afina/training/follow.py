"""Shows one run to one tracker, in a process of its own: `python -m afina.training.follow RUN TRACKER OFFSET`.

It reads what the run writes (events.jsonl from byte OFFSET on, metrics.jsonl, eval.json) and never changes it. A library that prints,
blocks or crashes here does not touch the training. It ends when its standard input does, having sent what is left; so it also does when the
training was killed. RUN/tracking/TRACKER.json holds what was handed over, TRACKER.log what the library said.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from afina.recipe.identity import flat
from afina.recipe.load import load
from afina.run import Run, read_json, write_json
from afina.trackers import TRACKERS, Tracked, Tracker, figures, point

POLL_S = 0.5


class Lines:
    """The whole lines of a growing JSONL file, each given once; one that a kill cut in the middle is left out."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.path, self.offset = path, offset

    def new(self) -> Iterator[dict[str, Any]]:
        if not self.path.is_file():
            return
        with self.path.open("rb") as file:
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self.offset += len(line)
                with contextlib.suppress(json.JSONDecodeError):
                    yield json.loads(line)


class Follower:
    """Hands a run's lines to a tracker, each once over all starts of the run, and notes how far it got."""

    def __init__(self, run: Run, name: str, tracker: Tracker) -> None:
        self.run, self.tracker = run, tracker
        self.note = run.tracking / f"{name}.json"
        noted = read_json(self.note)
        self.id: str = noted.get("id", "")
        self.step: int = noted.get("step", 0)
        self.evaluation: int = noted.get("evaluation", 0)

    def open(self, step: int) -> None:
        """Begin or go on; the training goes on after `step`."""
        self.run.tracking.mkdir(exist_ok=True)
        self.id = self.tracker.open(tracked(self.run), step, self.id)
        if self.tracker.takes_back:
            self.step, self.evaluation = min(self.step, step), min(self.evaluation, step)
        self._write_note()

    def hand_over(self, rows: Sequence[dict[str, Any]]) -> None:
        new = [row for row in rows if row["step"] > (self.step if row["event"] == "step" else self.evaluation)]
        if not new:
            return
        self.tracker.log([point(row) for row in new])
        self.step = max([self.step, *(row["step"] for row in new if row["event"] == "step")])
        self.evaluation = max([self.evaluation, *(row["step"] for row in new if row["event"] != "step")])
        self._write_note()

    def close(self) -> None:
        state = self.run.state()
        comparison = self.run.comparison()
        if state == "finished" and comparison:
            self.tracker.conclude(self.step, figures(comparison), str(comparison["verdict"]))
        self.tracker.close(state)

    def _write_note(self) -> None:
        noted = {"id": self.id, "where": self.tracker.where, "step": self.step, "evaluation": self.evaluation}
        write_json(self.note, noted)


def tracked(run: Run) -> Tracked:
    """The run as a tracker sees it. Its id is told from runs of the same name elsewhere by when it was made and what it trains."""
    facts = run.facts()
    digest = hashlib.sha256(f"{facts['created']} {facts['key']}".encode()).hexdigest()[:8]
    return Tracked(run.path, f"{run.name[:48]}-{digest}", flat(load(run.recipe_yaml).recipe))


def follow(follower: Follower, events: Lines, ended: threading.Event) -> None:
    """Follow the run from its start until `ended`. A run that ends before it has begun is not shown."""
    begun = None
    while begun is None:
        last = ended.wait(POLL_S)
        begun = next((event for event in events.new() if event["event"] == "started"), None)
        if begun is None and last:
            return
    follower.open(begun["step"])
    metrics = Lines(follower.run.metrics_jsonl)
    last = False
    while not last:
        last = ended.wait(POLL_S)  # before the read: what was written before the end is read once more
        follower.hand_over(list(metrics.new()))
    follower.close()


def main() -> None:
    run, name, offset = Run(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    follow(Follower(run, name, TRACKERS[name]()), Lines(run.events_jsonl, offset), ended)


if __name__ == "__main__":
    main()
