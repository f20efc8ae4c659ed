"""One battery for every objective on every kind of model that it claims, from a file to a finished run.

It learns, what is saved is what was measured, a stopped run goes on to the same weights, micro-batches change nothing, and a prediction is
made from the ids that were learned.

A new objective joins by a line in FILES (how its rows are written to a file) and, where it needs settings, in SETTINGS.
"""

from __future__ import annotations

import json
import math
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import afina
from afina.api import FinishedRun, Interrupted
from afina.evaluate.predict import evaluate_file, predict_file
from afina.evaluate.tasks import TASKS, Meaning
from afina.events import Evaluated, Event, Saved, Step
from afina.job import Job
from afina.objectives import OBJECTIVES
from afina.types import Chat, Choices, Completion, Kind, Labelled, MultiLabelled, Pair, Row, Scored, ScoredPair, Tagged, Text
from tests.conftest import ANIMALS, FOODS

WORDS = [*ANIMALS, *FOODS]
N_ROWS = 80
STEPS = 16


def _words(i: int) -> str:
    return f"the {WORDS[(5 * i) % 16]} number {i} and the {WORDS[(3 * i + i // 16) % 16]}"


def _labelled(i: int) -> dict[str, Any]:
    words, label = (ANIMALS, "animal") if i % 2 else (FOODS, "food")
    return {"text": f"the {words[i % 8]} number {i} and the {words[(i // 8) % 8]}", "label": label}


def _pair(i: int) -> dict[str, Any]:
    one = _labelled(i)
    return {"sentence1": one["text"], "sentence2": f"a {WORDS[i % 16]}, case {i}", "label": one["label"]}


def _completion(i: int) -> dict[str, Any]:
    return {"prompt": f"say {WORDS[i % 16]}, case {i}", "completion": WORDS[i % 16]}


def _chat(i: int) -> dict[str, Any]:
    turns = [{"role": "user", "content": f"case {i}: {WORDS[i % 16]}"}, {"role": "assistant", "content": WORDS[i % 16]}]
    again = [{"role": "user", "content": "again"}, {"role": "assistant", "content": WORDS[i % 16]}]
    return {"messages": turns + (again if i % 2 else [])}


def _tagged(i: int) -> dict[str, Any]:
    """Two tokens in one entity for every third; words of several tokens."""
    words, name = f"the {WORDS[i % 16]} saw number {i} near".split(), FOODS[(i // 2) % 8]
    far = [name, name] if i % 3 else [name]
    tags = ["O", "B-SUBJECT", "O", "O", "O", "O", "B-FOOD", *["I-FOOD"] * (len(far) - 1)]
    return {"tokens": [*words, *far], "ner_tags": tags}


def _text(i: int) -> dict[str, Any]:
    return {"text": f"{_words(i)}, and so on and on: {WORDS[i % 16]} and {WORDS[i % 16]}"}


def _choices(i: int) -> dict[str, Any]:
    options = [FOODS[i % 8], " and ".join([FOODS[(i + 3) % 8]] * 2)][: 1 + i % 2]
    options.insert(i % 3 % (len(options) + 1), ANIMALS[(i // 2) % 8])
    return {"question": f"which is an animal, case {i}?", "choices": options, "answer": options.index(ANIMALS[(i // 2) % 8])}


def _multi_labelled(i: int) -> dict[str, Any]:
    has_animal, has_food = i % 2, i // 2 % 2
    words = [f"the {ANIMALS[(i // 4) % 8]}"] * has_animal + [f"some {FOODS[(i // 8) % 8]}"] * has_food
    return {"text": f"case {i}: {' and '.join(words) or 'nothing'}", "labels": ["animal"] * has_animal + ["food"] * has_food}


def _scored(i: int) -> dict[str, Any]:
    words, score = (ANIMALS, 1010.0) if i % 2 else (FOODS, 990.0)
    return {"text": f"the {words[i % 8]} number {i}", "score": score + i % 7}


def _scored_pair(i: int) -> dict[str, Any]:
    one = _scored(i)
    return {"sentence1": one["text"], "sentence2": f"a {WORDS[i % 16]}, case {i}", "similarity": one["score"] / 1000}


FILES: dict[type[Row], Callable[[int], dict[str, Any]]] = {
    Labelled: _labelled,
    Pair: _pair,
    Completion: _completion,
    Chat: _chat,
    Text: _text,
    Choices: _choices,
    MultiLabelled: _multi_labelled,
    Scored: _scored,
    ScoredPair: _scored_pair,
    Tagged: _tagged,
}
SETTINGS: dict[tuple[str, str], dict[str, Any]] = {
    ("Chat", "encoder-decoder"): {"data.template": "chatml"},
    ("Labelled", "encoder"): {"max_steps": 48, "num_epochs": 40},
    ("MultiLabelled", "encoder"): {"max_steps": 96, "num_epochs": 40},
}
"""(objective or type of row, kind) -> recipe keys."""
CASES = [(name, rows, kind) for name in OBJECTIVES for rows in OBJECTIVES[name].rows for kind in sorted(OBJECTIVES[name].kinds)]


@dataclass
class Case:
    name: str
    rows: type[Row]
    kind: Kind
    model: Path
    folder: Path

    @cached_property
    def file(self) -> Path:
        path = self.folder / "rows.jsonl"
        path.write_text("".join(json.dumps(FILES[self.rows](i)) + "\n" for i in range(N_ROWS)), encoding="utf-8")
        return path

    @property
    def settings(self) -> dict[str, Any]:
        found = [SETTINGS.get((key, self.kind), {}) for key in (self.rows.__name__, self.name)]
        beside = {f"objective.{role.name}": str(self.model) for role in OBJECTIVES[self.name](name=self.name).roles() if not role.trains}
        return {"max_steps": STEPS, **beside, **found[0], **found[1]}

    @property
    def steps(self) -> int:
        return self.settings["max_steps"]

    def train(self, out: str, watchers: Sequence[Callable[[Event], None]] = (), **settings: Any) -> FinishedRun:
        keys: dict[str, Any] = {
            "objective": self.name,
            "method": "full",
            "learning_rate": 5e-3,
            "batch_size": 16,
            "eval.every_steps": 4,
            "output.save_every_steps": 4,
            "eval.max_generated": 6,
            "eval.max_new_tokens": 4,
            "eval.shots": 1,
            "eval.bootstrap": 100,
            "output.dir": str(self.folder / out),
            "output.keep": 9,
            **self.settings,
            **settings,
        }
        return afina.train(self.file, self.model, watchers=watchers, **keys)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1].__name__}-{case[2]}")
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tiny_chat_model: Path,
    tiny_encoder: Path,
    tiny_encoder_decoder: Path,
) -> Case:
    name, rows, kind = request.param
    models = {"decoder": tiny_chat_model, "encoder": tiny_encoder, "encoder-decoder": tiny_encoder_decoder}
    return Case(name, rows, kind, models[kind], tmp_path_factory.mktemp("case"))


@dataclass
class Whole:
    """A run from beginning to end, and what it said on the way."""

    run: FinishedRun
    job: Job
    events: list[Event]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture(scope="module")
def whole(case: Case) -> Whole:
    events: list[Event] = []
    seen: list[Job] = []
    run = case.train("whole", [events.append], on_ready=seen.append)
    return Whole(run, seen[0], events)


def test_it_learns(case: Case, whole: Whole) -> None:
    curve = [event.loss for event in whole.of(Step)]
    assert len(curve) == case.steps
    assert all(map(math.isfinite, curve))
    assert sum(curve[-4:]) < 0.9 * sum(curve[:4])


def test_what_is_saved_is_what_was_measured(whole: Whole) -> None:
    """Read back, the model has the numbers of its best evaluation."""
    best = [event for event in whole.of(Evaluated) if event.best][-1]
    trained = whole.run.trained
    task = TASKS[whole.job.objective.example]
    meaning = Meaning(whole.job.dataset.labels, whole.job.dataset.standard)
    found = task.measure(trained.ask, whole.job.encoded.examples["validation"], meaning)
    for name, value in found.items():
        assert value == pytest.approx(best.metrics[name], rel=1e-4, abs=1e-6), name


def test_a_stopped_run_goes_on_to_the_same_weights(case: Case, whole: Whole) -> None:
    def stop(event: Event) -> None:
        if isinstance(event, Step) and event.step == case.steps // 2:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Interrupted):
        case.train("stopped", [stop])
    events: list[Event] = []
    run = case.train("stopped", [events.append])
    assert min(event.step for event in events if isinstance(event, Step)) == case.steps // 2 + 1
    assert run.run.sha256() == whole.run.run.sha256()
    ours, theirs = (
        [event.loss for event in found if isinstance(event, Step) and event.step > case.steps // 2] for found in (events, whole.events)
    )
    assert ours == theirs


def test_micro_batches_change_nothing(case: Case, whole: Whole) -> None:
    """Losses of each step, in fp32, when every example goes through the model alone."""
    events: list[Event] = []
    case.train("fine", [events.append], micro_batch_size=1, **{"eval.compare": False})
    fine = [event.loss for event in events if isinstance(event, Step)]
    coarse = [event.loss for event in whole.of(Step)]
    assert fine == pytest.approx(coarse, rel=2e-3)
    assert fine[0] == pytest.approx(coarse[0], rel=1e-5)


def test_what_is_predicted_from_is_what_was_learned(whole: Whole) -> None:
    """The ids that a finished run makes of a training row are those it learned; a prompt is the beginning of them."""
    trained, job = whole.run.trained, whole.job
    rows = job.dataset.splits["train"][:20]
    learned = job.encoded.examples["train"]
    again, _ = trained.examples(rows)
    assert list(again) == learned[: len(again)]
    if job.objective.example != "answers":
        return
    last = {example.number: example for example in again}
    for row in rows:
        ids, example = tuple(trained.encoder.prompt_ids(row)), last[row.number]
        assert example.ids[: len(ids)] == ids
        assert example.second in (0, len(ids))
        assert any(label >= 0 for label in example.labels[len(ids) :])


def test_it_is_used_through_the_verbs(case: Case, whole: Whole, tmp_path: Path) -> None:
    run = whole.run
    out = tmp_path / "out.jsonl"
    predict_file(run.trained, case.file, {}, str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["row"] for line in lines] == list(range(1, N_ROWS + 1))
    assert all(len(line) > 1 for line in lines)
    scores = evaluate_file(run.trained, case.file, {})
    assert "loss" in scores["metrics"]
    for name, value in scores["metrics"].items():
        assert value["low"] <= value["mean"] + 1e-9 <= value["high"] + 2e-9, name


def test_it_is_compared_and_reported(whole: Whole) -> None:
    comparison = whole.run.comparison
    assert [entry["name"] for entry in comparison["entries"]][-1] == "tuned"
    assert len(comparison["entries"]) >= 3
    assert comparison["verdict"].startswith("Tuning ")
    page = whole.run.run.report_html.read_text(encoding="utf-8")
    assert "tuned" in page
    card = (whole.run.run.path / "README.md").read_text(encoding="utf-8")
    assert whole.job.objective.name in card
    assert whole.of(Saved)
