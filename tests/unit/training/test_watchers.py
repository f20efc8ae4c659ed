"""What is written of a run while it trains, and what a kill leaves of it; the progress on a terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from afina.compare.report.training import events_part
from afina.events import Event, Recovered, Started, Step
from afina.run import Run, read_jsonl
from afina.training.follow import Lines
from afina.training.watchers import Recorder, RichProgress

HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"
"""What hides the cursor of a terminal, and shows it again."""
TORN = '{"event": "saved", "step": 4, "pa'


def step(number: int) -> Step:
    return Step(number, 8, 0.1, 1.0, 1e-3, 1.0, 4, 40, 0.1, 400.0, 1.0)


@pytest.mark.parametrize("first", [Started(4, 8, 10, 10), Recovered(4, "C003 checkpoint step-6 is damaged")], ids=["started", "recovered"])
def test_a_line_that_a_kill_cut_costs_no_other(first: Event, tmp_path: Path) -> None:
    """The run goes on: its first event does not end up on the torn line, and whoever follows from there reads it."""
    run = Run(tmp_path)
    recorder = Recorder(run)
    recorder(Started(0, 8, 10, 10))
    for number in range(1, 7):
        recorder(step(number))
    with run.events_jsonl.open("a", encoding="utf-8") as out:
        out.write(TORN)
    with run.metrics_jsonl.open("a", encoding="utf-8") as out:
        out.write('{"event": "step", "st')
    offset = run.events_jsonl.stat().st_size
    whole, later = Lines(run.events_jsonl), Lines(run.events_jsonl, offset)
    assert [row["event"] for row in whole.new()] == ["started"]
    again = Recorder(run)
    again(first)
    if not isinstance(first, Started):
        again(Started(4, 8, 10, 10))
    again(step(5))
    told = [first.__class__.__name__.lower(), *([] if isinstance(first, Started) else ["started"])]
    assert [row["event"] for row in read_jsonl(run.events_jsonl)] == ["started", *told]
    assert [row["event"] for row in whole.new()] == told
    assert [row["event"] for row in later.new()] == told
    assert [row["step"] for row in read_jsonl(run.metrics_jsonl)] == [1, 2, 3, 4, 5]
    assert [row["step"] for row in Lines(run.metrics_jsonl).new()] == [1, 2, 3, 4, 5]
    assert len(events_part(run)) == 1 + len(told)


def test_whole_lines_get_no_empty_ones_between(tmp_path: Path) -> None:
    recorder = Recorder(Run(tmp_path))
    for event in (Started(0, 8, 10, 10), step(1), step(2), Recovered(2, "note")):
        recorder(event)
    assert "\n\n" not in (tmp_path / "events.jsonl").read_text() + (tmp_path / "metrics.jsonl").read_text()


def test_a_bar_that_is_closed_gives_the_terminal_back() -> None:
    written = io.StringIO()
    progress = RichProgress(Console(file=written, force_terminal=True, width=80))
    progress(Started(0, 8, 10, 10))
    progress(step(1))
    assert progress.progress.live.is_started and HIDDEN in written.getvalue() and SHOWN not in written.getvalue()
    progress.close()
    assert not progress.progress.live.is_started and written.getvalue().rfind(SHOWN) > written.getvalue().rfind(HIDDEN)
    progress.close()  # a second time, as after a run that finished


def test_the_command_closes_its_bar_when_the_training_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends it: here the data file is not there."""
    from typer.testing import CliRunner

    from afina.cli.main import app
    from afina.training import watchers

    closed: list[bool] = []

    class Bar(RichProgress):
        def close(self) -> None:
            super().close()
            closed.append(True)

    monkeypatch.setattr(watchers, "progress_watcher", lambda: Bar(Console(file=sys.stderr)))
    result = CliRunner().invoke(app, ["train", str(tmp_path / "none.csv"), "--yes"])
    assert result.exit_code != 0 and closed == [True]
