"""What reads a training's events: files of record, and the progress on a terminal. Watchers never change the run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from afina.events import Evaluated, Event, Finished, Recovered, Sample, Saved, Started, Step, to_json
from afina.run import Run, read_jsonl


class Watcher(Protocol):
    def __call__(self, event: Event) -> None: ...


def progress_watcher() -> RichProgress | PlainProgress:
    """Return a live bar on a terminal, plain lines elsewhere; both on stderr, without colour when NO_COLOR is set. To be closed."""
    console = Console(stderr=True)
    if console.is_terminal:
        return RichProgress(console)
    return PlainProgress(lambda line: console.print(line, highlight=False, markup=False, soft_wrap=True))


class Recorder:
    """Writes metrics.jsonl (one line per step and evaluation) and events.jsonl (all the rest) as they happen.

    A resumed run first drops the metric lines of steps that it will repeat. After a line that a kill cut in the middle a new one begins,
    so that readers lose no more than that one.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    def __call__(self, event: Event) -> None:
        if isinstance(event, Started):
            self._forget_after(event.step)
        row = {**to_json(event), "time": round(time.time(), 3)}
        file = self.run.metrics_jsonl if isinstance(event, Step | Evaluated) else self.run.events_jsonl
        with file.open("a+b") as out:
            out.write(b"\n" * _is_torn(out) + json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")

    def _forget_after(self, step: int) -> None:
        kept = [row for row in read_jsonl(self.run.metrics_jsonl) if row["step"] <= step]
        staged = self.run.metrics_jsonl.with_name(f".metrics.{os.getpid()}")
        staged.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
        os.replace(staged, self.run.metrics_jsonl)


def _is_torn(file: BinaryIO) -> bool:
    """Whether a file that is open to be read and appended to ends within a line."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


class Pace:
    """Seconds a step, averaged over the last thirty or so: single steps differ too much in length to tell the time left."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def left(self, step: Step) -> float:
        self.seconds = step.seconds if not self.seconds else self.seconds + (step.seconds - self.seconds) / 30
        return (step.total_steps - step.step) * self.seconds


class PlainProgress:
    """One line now and then, for logs and pipes."""

    def __init__(self, write: Callable[[str], None], every_s: float = 10.0) -> None:
        self.write, self.every_s, self.pace = write, every_s, Pace()
        self._last = float("-inf")

    def __call__(self, event: Event) -> None:
        if isinstance(event, Step):
            now, left = time.monotonic(), self.pace.left(event)
            if now - self._last >= self.every_s or event.step == event.total_steps:
                self._last = now
                self.write(step_line(event, left))
        elif (line := describe(event)) is not None:
            self.write(line)
            if isinstance(event, Evaluated):
                for sample in event.samples:
                    self.write(sample_line(sample))

    def close(self) -> None:
        """Nothing is left open by lines."""


class RichProgress:
    """A live bar with loss, tokens/s, time left and memory; evaluations and notices scroll above it."""

    def __init__(self, console: Console) -> None:
        self.console, self.pace = console, Pace()
        columns: tuple[ProgressColumn, ...] = (
            TextColumn("[bold]train"),
            BarColumn(bar_width=20),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            _Numbers(),
        )
        self.progress = Progress(*columns, console=console, transient=True)
        self.task: Any = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, Started):
            self.task = self.progress.add_task("train", total=event.total_steps, completed=event.step, line="")
            self.progress.start()
        elif isinstance(event, Step):
            self.progress.update(self.task, completed=event.step, line=_numbers(event, self.pace.left(event)))
        if isinstance(event, Finished):
            self.close()
        if not isinstance(event, Step) and (line := describe(event)) is not None:
            self.console.print(line, highlight=False, markup=False)
            if isinstance(event, Evaluated):
                for sample in event.samples:
                    self.console.print(sample_line(sample), style="dim", highlight=False, markup=False)

    def close(self) -> None:
        """Give the terminal back, cursor and all; also where an error ended the training before it was finished."""
        self.progress.stop()


class _Numbers(ProgressColumn):
    def render(self, task: Any) -> Text:
        return Text(task.fields.get("line", ""))


def _numbers(step: Step, left: float) -> str:
    return f"loss {step.loss:.4f}  {step.tokens_per_s:,.0f} tokens/s  {clock(left)} left  {step.memory_gib:.1f} GiB"


def step_line(step: Step, left: float) -> str:
    return f"step {step.step}/{step.total_steps}  {_numbers(step, left)}  lr {step.learning_rate:.2g}"


def sample_line(sample: Sample) -> str:
    return f"    row {sample.number}: {_short(sample.prompt, 60)} -> {_short(sample.got, 60)!r} (wanted {_short(sample.wanted, 40)!r})"


def describe(event: Event) -> str | None:
    """Return one line about an event, None for those not worth one."""
    match event:
        case Started(step=step, n_trainable=n, n_params=total, resumed_from=origin):
            share = f"training {n:,} of {total:,} parameters ({100 * n / total:.3g} %)"
            return f"continuing from step {step}: {share}" if origin else share
        case Evaluated(step=step, metrics=metrics, best=best):
            numbers = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items())
            return f"  validation at step {step}: {numbers}{'  (best)' if best else ''}"
        case Recovered(what=what):
            return f"  {what}"
        case Finished(step=step, reason=reason, best_step=best, seconds=seconds):
            why = {"done": "", "early_stopping": " early: no better evaluation"}.get(reason, f" until {reason}")
            return f"trained {step} steps in {clock(seconds)}{why}; best checkpoint at step {best}"
        case Saved() | Step():
            return None


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m" if hours else f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"


def _short(text: str, width: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"
