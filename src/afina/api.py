"""The verbs, as Python. The command line calls exactly these.

run = afina.train(data="support.csv", model="nano", map={"text": "message", "label": "team"})
run.metrics            # {"accuracy": 0.81, ...} on the test rows
run.predict(["where is my parcel?"])
"""

from __future__ import annotations

import hashlib
import json
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afina import run as runs
from afina.errors import AfinaError, UsageError
from afina.recipe.load import load as load_recipe
from afina.run import Run
from afina.types import Notice

if TYPE_CHECKING:
    from afina.data.examine import Examination
    from afina.evaluate.trained import Trained
    from afina.events import Event
    from afina.job import Job
    from afina.recipe import Recipe
    from afina.training.watchers import Watcher
    from afina.types import Kind


class Interrupted(AfinaError):
    """A signal ended the training; the same command continues it. Exit codes as the shell's: 128 + the signal's number."""

    def __init__(self, signal_name: str, where: str) -> None:
        super().__init__(
            "C003", f"stopped by {signal_name}; the last step is saved", where=where, fix="run the same command again: it continues"
        )
        self.exit_code = 128 + int(signal.Signals[signal_name])  # type: ignore[misc]


class FinishedRun:
    """A run whose model is trained: its numbers, and the model itself, loaded when first asked."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._trained: Trained | None = None

    def __repr__(self) -> str:
        numbers = ", ".join(f"{name}={value:.4f}" for name, value in self.metrics.items())
        return f"<afina run {self.run.name}: {numbers}>"

    @property
    def path(self) -> Path:
        return self.run.path

    @property
    def metrics(self) -> dict[str, float]:
        """The tuned model's metrics on the test rows (empty when the recipe made no comparison)."""
        entries = self.comparison.get("entries", [])
        tuned = next((entry for entry in entries if entry["kind"] == "tuned"), {"metrics": {}})
        return {name: interval["mean"] for name, interval in tuned["metrics"].items()}

    @property
    def comparison(self) -> dict[str, Any]:
        """Base and baselines against the tuned model, with intervals: what eval.json holds."""
        return self.run.comparison()

    @property
    def trained(self) -> Trained:
        if self._trained is None:
            from afina.evaluate.trained import open_trained

            self._trained = open_trained(self.run)
        return self._trained

    def generate(self, prompt: str, max_new_tokens: int = 128, temperature: float = 0.0, seed: int = 0) -> str:
        """Return the model's answer to one prompt."""
        return self.trained.generate(prompt, max_new_tokens, temperature, seed)

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return what the model was trained to give each text: its label, its labels joined with |, its number, or the answer to it."""
        return self.trained.predict(texts)

    def export(self, out: str | Path, to: str = "merged") -> Path:
        """Write the model in another form; see afina.export."""
        return export(self.run, to, Path(out))


def train(
    data: str | Path = "",
    model: str | Path = "",
    *,
    recipe: str | Path | None = None,
    map: Mapping[str, str] | None = None,
    overrides: Sequence[str] = (),
    new: bool = False,
    watchers: Sequence[Watcher] = (),
    on_ready: Callable[[Job], None] | None = None,
    **settings: Any,
) -> FinishedRun:
    """Train a model on a data file, compare it with the base on held-out rows, and write the report.

    settings are recipe keys as in `key=value`: train(..., learning_rate=1e-3, method="lora"). on_ready sees the plan before anything is
    written and may raise to call it off. Raises AfinaError with place, reason and remedy; Interrupted when a signal ended it.
    """
    loaded = load_recipe(Path(recipe) if recipe else None, overrides, _values(data, model, map, settings))
    from afina.job import prepare  # after the recipe is known to be good: a mistake is said sooner
    from afina.plan.machine import look

    directory = Path(loaded.recipe.output.dir)
    job = prepare(loaded.recipe, lambda: look(directory, loaded.recipe.train.device), loaded.notices)
    if on_ready:
        on_ready(job)
    run, job = open_run(job, loaded.recipe, directory, new)
    with run.locked():  # another process may be training it: nothing of it is written before
        describe_run(job, run)
        return FinishedRun(_train(job, run, watchers))


def check(
    data: str | Path,
    against: str | Path = "",
    model: str | Path = "",
    *,
    map: Mapping[str, str] | None = None,
    overrides: Sequence[str] = (),
    show: int = 0,
    must_be_clear: bool = False,
    **settings: Any,
) -> Examination:
    """Examine a data file: what is broken, repeated, leaked, mislabelled or private, each with its row numbers.

    against: a file that must not share rows with this one. model: check lengths and tokens for it. show: sample rows, with a model as it
    sees them. must_be_clear: raise the question which column is what instead of examining without an answer. settings are recipe keys of
    `data`. Raises AfinaError when the file cannot be read.
    """
    recipe = load_recipe(None, overrides, _values(data, model, map, settings)).recipe
    from afina.data.examine import examine

    tokenizer, longest = None, None
    kind: Kind = "decoder"
    if model:
        from afina.data.tokenize import Tokenizer
        from afina.models.facts import facts_from_config, read_config
        from afina.models.locate import locate

        located = locate(recipe.model.model_copy(update={"random_init": True}))  # its words and sizes are enough
        tokenizer = Tokenizer.load(located.folder)
        facts = facts_from_config(read_config(located.body))
        kind, longest = facts.kind, recipe.data.max_length if recipe.data.max_length != "auto" else facts.max_length
    objective = "auto" if recipe.objective == "auto" else recipe.objective.name
    other = recipe.data.model_copy(update={"path": str(against), "map": {}}) if against else None
    return examine(recipe.data, objective, other, tokenizer, longest, show, must_be_clear, kind)


def _values(data: str | Path, model: str | Path, columns: Mapping[str, str] | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = dict(settings)
    if data:
        values["data.path"] = str(data)
    if model:
        values["model"] = str(model)
    for role, column in (columns or {}).items():
        values[f"data.map.{role}"] = column
    return values


def _train(job: Job, run: Run, watchers: Sequence[Watcher]) -> Run:
    from afina.training.tracking import Tracking
    from afina.training.watchers import Recorder

    def tell(event: Event) -> None:
        for watcher in (Recorder(run), *watchers):
            watcher(event)

    with Tracking(run, job.recipe.output.track, tell) as tracking:
        return _train_and_compare(job, run, [*watchers, tracking])


def _train_and_compare(job: Job, run: Run, watchers: Sequence[Watcher]) -> Run:
    from afina.training.launch import launch

    started = time.time()
    run.update(state="running")
    try:
        reason = launch(job, run, watchers)
        if reason in ("SIGINT", "SIGTERM"):
            raise Interrupted(reason, str(run.path))
        finish(job, run, reason, time.time() - started)
    except AfinaError as error:
        run.update(state="interrupted" if isinstance(error, Interrupted) else "failed", error=error.text())
        raise
    except Exception as error:
        run.update(state="failed", error=f"X001 {type(error).__name__}: {error}")
        raise
    return run


def finish(job: Job, run: Run, reason: str, seconds: float) -> None:
    """Compare on the test rows, write the report and the card, and mark the run finished."""
    from afina.compare.report import write_report
    from afina.compare.testing import compare_run
    from afina.export.card import write_card

    if job.recipe.eval.compare:
        runs.write_json(run.eval_json, compare_run(job, run).to_json())
    run.update(stopped=reason, finished=time.time(), seconds=seconds, sha256=run.sha256(), error="")
    write_card(job, run)
    write_report(run, "finished")
    run.update(state="finished")  # last: a run killed before this line is continued by the same command, and gets its pages


def open_run(job: Job, asked: Recipe, directory: Path, new: bool = False) -> tuple[Run, Job]:
    """Return the unfinished run of the same data, model and recipe, or a new one, and the job as that run does it.

    asked: the recipe before the plan settled it. A continued run keeps the micro-batches it began with unless others are asked for: they do
    not change the result, but its last bits.
    """
    from afina.recipe.functions import sources_of
    from afina.recipe.identity import run_key

    beside = {**job.fingerprints_beside, **sources_of([job.recipe.eval.metric])}
    key = run_key(job.recipe, job.dataset.sha256, job.located.fingerprint, beside)
    run = None if new else runs.unfinished(directory, key)
    if run is None:
        run = runs.create(directory, _slug(job), key)
    elif asked.train.micro_batch_size == "auto" and run.recipe_yaml.is_file():
        job = job.with_micro_batches(load_recipe(run.recipe_yaml).recipe.train.micro_batch_size)
    return run, job


def describe_run(job: Job, run: Run) -> None:
    """Write the run's recipe, lock, plan and data report."""
    from afina.recipe.dump import to_yaml
    from afina.recipe.functions import sources_of
    from afina.recipe.lock import lock_text

    run.update(
        model=job.located.name,
        kind=job.facts.kind,
        method=job.method.name,
        objective=job.objective.name,
        data=job.recipe.data.path,
        labels=job.dataset.labels,
        standard=[job.dataset.standard.mean, job.dataset.standard.scale],
    )
    runs.write_text(run.recipe_yaml, to_yaml(job.recipe))
    lock = lock_text(
        job.recipe,
        data_sha256=job.dataset.sha256,
        model_fingerprint=job.located.fingerprint,
        template_sha256=_template_sha256(job),
        notices=job.notices,
        beside={**job.fingerprints_beside, **sources_of([job.recipe.eval.metric, *job.recipe.eval.metrics])},
    )
    runs.write_text(run.recipe_lock, lock)
    runs.write_json(run.plan_json, job.plan.to_json())
    run.data.mkdir(exist_ok=True)
    runs.write_json(run.data / "report.json", job.encoded.report.as_dict())


def _template_sha256(job: Job) -> str:
    template = job.encoded.encoder.template
    return hashlib.sha256(template.source.encode()).hexdigest() if template else ""


def _slug(job: Job) -> str:
    name = job.recipe.output.name or f"{Path(job.recipe.data.path).stem}-{job.method.name}"
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "run"


def load(run: str | Path) -> FinishedRun:
    """Open a finished run by path, by name under runs/, or "last"."""
    return FinishedRun(runs.find(str(run)))


def export(run: Run, to: str, out: Path, tell: Callable[[Notice], None] = lambda notice: None) -> Path:
    """Write the run's model in the form `to`, checked equal to the trained model. tell: is given what should be known of it.

    merged: a plain transformers folder. peft-lora, peft-lokr, peft-prompt: an adapter of a type of peft's own.
    """
    from afina.export import EXPORTERS

    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise UsageError("U004", "there is something there already", where=str(out), fix="--out FOLDER that is new or empty")
    return EXPORTERS[to]().export(run, out, tell)


def show(run: Run) -> dict[str, Any]:
    """Return all that is known about a run as one JSON-able mapping."""
    events = runs.read_jsonl(run.events_jsonl)
    metrics = run.metrics()
    return {
        "name": run.name,
        "path": str(run.path),
        **run.facts(),
        "state": run.state(),
        "plan": json.loads(run.plan_json.read_text(encoding="utf-8")) if run.plan_json.is_file() else {},
        "last_step": next((row for row in reversed(metrics) if row["event"] == "step"), {}),
        "last_evaluation": next((row for row in reversed(metrics) if row["event"] == "evaluated"), {}),
        "comparison": run.comparison(),
        "trackers": run.trackers(),
        "events": [event for event in events if event["event"] in ("started", "recovered", "finished")],
    }
