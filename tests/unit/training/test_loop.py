"""The loop around the step: what is said, what is kept, when it ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pytest
import torch

from afina.errors import DivergedError
from afina.events import Evaluated, Event, Finished, Recovered, Saved, Started, Step
from afina.objectives.base import Objective
from afina.objectives.classify import Classify
from afina.strategy import Single
from afina.training.loop import Training
from afina.training.state import TrainState
from afina.types import Batch, Example, Labelled, Loss, Term, Unit
from tests.training import class_examples, class_model, relative, training, weights


@dataclass
class Scores:
    """A validation that gives the numbers it was told to."""

    values: Sequence[float]
    larger_is_better: bool = True
    metric: str = "score"
    asked: list[int] = field(default_factory=list)

    def __call__(self, step: int) -> Evaluated:
        self.asked.append(step)
        return Evaluated(step, {"score": self.values[len(self.asked) - 1]}, False)


@dataclass
class Shelf:
    """Checkpoints that remember at which step, and with which best, they were asked to save."""

    saved: list[tuple[int, int]] = field(default_factory=list)

    def save(self, state: TrainState) -> str:
        self.saved.append((state.progress.step, state.progress.best_step))
        return f"step-{state.progress.step}"


def loop(
    objective: Any = "classify", *, steps: int = 6, validation: Scores | None = None, shelf: Shelf | None = None, **settings: Any
) -> Training:
    """A training of 6 steps on a tiny model; settings named like Cadence's fields go there, others to the recipe's train section."""
    cadence = {name: settings.pop(name) for name in ("evaluate_every", "save_every", "patience") if name in settings}
    run = training(class_model(), objective, class_examples(48), steps=steps, **settings)
    run.cadence = replace(run.cadence, **{"save_every": 1000, **cadence})
    run.validation, run.checkpoints = validation, shelf
    return run


def names(events: Sequence[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def finished(events: Sequence[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def test_events_in_order() -> None:
    run = loop(validation=Scores([0.1, 0.2, 0.3]), shelf=Shelf(), evaluate_every=2, save_every=3)
    events = list(run)
    evaluated = ["Step", "Evaluated", "Saved"]
    assert names(events) == ["Started", "Step", *evaluated, "Step", "Saved", *evaluated, "Step", *evaluated, "Finished"]
    started = events[0]
    assert isinstance(started, Started)
    n = sum(parameter.numel() for parameter in run.state.model.parameters())
    assert (started.step, started.total_steps, started.n_trainable, started.n_params, started.resumed_from) == (0, 6, n, n, "")
    assert finished(events) == replace(finished(events), step=6, reason="done", best_step=6, best_value=0.3)
    assert finished(events).seconds == pytest.approx(sum(event.seconds for event in events if isinstance(event, Step)))


def test_what_a_step_says() -> None:
    steps = [event for event in loop(learning_rate=1e-3, schedule="linear") if isinstance(event, Step)]
    assert [step.step for step in steps] == [1, 2, 3, 4, 5, 6]
    assert [step.epoch for step in steps] == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2])
    assert [step.learning_rate for step in steps] == pytest.approx([1e-3 * (1 - k / 6) for k in range(6)])
    lengths = {example.number: len(example) for example in class_examples(48)}
    assert sum(step.n_tokens for step in steps[:3]) == sum(lengths.values()), "an epoch sees every token once"
    for step in steps:
        assert step.n_items == 16
        assert step.total_steps == 6
        assert step.grad_norm > 0
        assert step.tokens_per_s == pytest.approx(step.n_tokens / step.seconds)
        assert 0 <= step.metrics["accuracy"] <= 1
        assert step.memory_gib > 0


def test_the_last_step_is_evaluated_and_saved_whatever_the_cadence() -> None:
    scores, shelf = Scores([0.5, 0.4]), Shelf()
    list(loop(validation=scores, shelf=shelf, evaluate_every=4, save_every=5))
    assert scores.asked == [4, 6]
    assert [step for step, _ in shelf.saved] == [4, 5, 6]


@pytest.mark.parametrize(("larger", "best", "value"), [(True, 5, 0.9), (False, 6, 0.1)])
def test_the_best_is_the_last_of_the_best_by_the_metrics_direction(larger: bool, best: int, value: float) -> None:
    shelf = Shelf()
    events = list(loop(validation=Scores([0.5, 0.4, 0.1, 0.9, 0.9, 0.1], larger), shelf=shelf, evaluate_every=1))
    assert (finished(events).best_step, finished(events).best_value) == (best, value)
    improving = [event.step for event in events if isinstance(event, Evaluated) and event.best]
    assert improving == ([1, 4, 5] if larger else [1, 2, 3, 6])
    saved = dict([*((step, step) for step in improving), (6, best)])
    assert shelf.saved == list(saved.items()), "every best one is saved at once, and the last"


def test_a_metric_that_is_no_number_is_never_best() -> None:
    events = list(loop(validation=Scores([math.nan, 0.2, math.nan, math.inf, 0.1, math.nan]), evaluate_every=1))
    assert (finished(events).best_step, finished(events).best_value) == (2, 0.2)


def test_early_stopping_counts_evaluations_since_the_best() -> None:
    scores, shelf = Scores([0.1, 0.5, 0.4, 0.5, 0.3, 0.9]), Shelf()
    events = list(loop(steps=12, validation=scores, shelf=shelf, evaluate_every=2, patience=3))
    assert scores.asked == [2, 4, 6, 8, 10]
    assert finished(events) == replace(finished(events), step=10, reason="early_stopping", best_step=8, best_value=0.5)
    assert shelf.saved[-1] == (10, 8), "an equal one is kept, but is no progress"


def test_no_patience_never_stops_early() -> None:
    assert finished(list(loop(validation=Scores([0.9, *[0.1] * 5]), evaluate_every=1))).reason == "done"


def test_patience_that_runs_out_at_the_last_step_is_no_early_stop() -> None:
    assert finished(list(loop(validation=Scores([0.9, *[0.1] * 5]), evaluate_every=1, patience=5))).reason == "done"


def test_a_training_restored_after_it_had_stopped_early_takes_no_step() -> None:
    run = loop(steps=12, validation=Scores([0.9] * 12), evaluate_every=1, patience=2)
    run.state.progress.step, run.state.progress.evaluations_since_best, run.state.progress.best_step = 5, 2, 3
    before = weights(run.state.model)
    events = list(run)
    assert names(events) == ["Started", "Finished"]
    assert (finished(events).reason, finished(events).best_step) == ("early_stopping", 3)
    assert torch.equal(weights(run.state.model), before)


@pytest.mark.parametrize("reason", ["SIGTERM", "SIGINT"])
def test_stop_ends_after_the_step_that_is_under_way_and_saves_it(reason: str) -> None:
    shelf = Shelf()
    run = loop(shelf=shelf)
    events = []
    for event in run:
        events.append(event)
        if isinstance(event, Step) and event.step == 3:
            run.stop(reason)
    assert names(events) == ["Started", "Step", "Step", "Step", "Saved", "Finished"]
    assert finished(events) == replace(finished(events), step=3, reason=reason)
    assert shelf.saved == [(3, 0)]
    assert isinstance(events[-2], Saved)


class Broken(Classify):
    """A loss that is not a number in chosen steps."""

    name: Literal["classify"] = "classify"
    steps: tuple[int, ...] = ()
    value: float = math.nan

    def loss(self, actors: Any, batch: Batch) -> Loss:
        loss = super().loss(actors, batch)
        BROKEN_CALLS.append(0)
        step = (len(BROKEN_CALLS) - 1) // 4 + 1  # four micro-batches a step
        if step not in self.steps:
            return loss
        term = loss.terms["nll"]
        return Loss({"nll": Term(term.total * self.value, term.unit)}, loss.metrics)


BROKEN_CALLS: list[int] = []


@pytest.fixture(autouse=True)
def _no_calls_yet() -> None:
    BROKEN_CALLS.clear()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_step_that_is_not_finite_is_not_applied_and_said(value: float) -> None:
    run = loop(Broken(steps=(3,), value=value))
    events, seen = [], []
    for event in run:
        events.append(event)
        if isinstance(event, Step):
            moments = [state["exp_avg"].double().sum() for state in run.state.optimizer.state.values()]
            seen.append(torch.cat([weights(run.state.model), torch.stack(moments)]))
    assert names(events) == ["Started", "Step", "Step", "Step", "Recovered", "Step", "Step", "Step", "Finished"]
    (said,) = [event for event in events if isinstance(event, Recovered)]
    assert said == Recovered(3, "N003 step 3 was not applied: its gradient is not finite")
    assert torch.equal(seen[2], seen[1]), "weights and moments are those of the step before"
    assert not torch.equal(seen[3], seen[2])
    assert torch.isfinite(weights(run.state.model)).all()
    assert run.state.progress.bad_steps_in_a_row == 0


def test_several_in_a_row_end_the_run_and_name_the_rate() -> None:
    shelf = Shelf()
    run = loop(Broken(steps=(3, 4, 5)), shelf=shelf, save_every=1, bad_step_patience=3, learning_rate=1e-3)
    events: list[Event] = []
    with pytest.raises(DivergedError) as caught:
        events.extend(run)
    assert [event.step for event in events if isinstance(event, Recovered)] == [3, 4]
    assert str(caught.value) == (
        "N001: diverged at step 5 (gradient norm nan, learning rate 0.001); "
        "the last 3 updates were not applied, earlier checkpoints are safe\n"
        "  Do: learning_rate=0.0002"
    )
    assert caught.value.exit_code == 70
    assert [step for step, _ in shelf.saved] == [1, 2, 3, 4], "nothing is saved of the step that ended it"


def test_the_rate_that_is_proposed_is_a_fifth_of_the_peak_not_of_what_the_schedule_has_left() -> None:
    with pytest.raises(DivergedError, match=r"learning rate 0\.00017") as caught:
        list(loop(Broken(steps=(6,)), bad_step_patience=1, learning_rate=1e-3, schedule="linear"))
    assert caught.value.fix == "learning_rate=0.0002"


def test_bad_steps_apart_do_not_end_the_run() -> None:
    run = loop(Broken(steps=(1, 2, 4, 6)), bad_step_patience=3)
    assert names(list(run)).count("Recovered") == 4


def test_one_bad_step_is_too_many_when_the_patience_is_one() -> None:
    with pytest.raises(DivergedError, match="diverged at step 2"):
        list(loop(Broken(steps=(2,)), bad_step_patience=1))


@pytest.mark.parametrize("limit", [0.0, 0.5])
def test_the_gradient_is_clipped_by_its_global_norm_and_said_unclipped(limit: float) -> None:
    """AdamW's first moment after one step is (1 - beta1) times the clipped gradient."""
    run = loop(steps=1, max_grad_norm=limit)
    (step,) = [event for event in run if isinstance(event, Step)]
    moments = torch.cat([state["exp_avg"].reshape(-1) for state in run.state.optimizer.state.values()])
    assert step.grad_norm > 0.5
    assert float(moments.norm()) / 0.1 == pytest.approx(limit or step.grad_norm, rel=1e-4)


class Twice(Objective, frozen=True):
    """Two updates from each draw: the first half of the examples, then the second, with what `prepare` found before both."""

    rows = (Labelled,)
    head = "classes"
    unit: Unit = "examples"
    name: Literal["twice"] = "twice"
    label_smoothing: float = 0.0

    collate = Classify.collate
    counts = Classify.counts
    example_counts = Classify.example_counts
    loss = Classify.loss

    def prepare(self, actors: Any, draw: list[Batch]) -> list[Batch]:
        assert not torch.is_grad_enabled()
        DRAWS.append((tuple(number for batch in draw for number in batch.numbers), weights(actors["policy"].model)))
        return draw

    def n_updates(self) -> int:
        return 2

    def updates(self, prepared: list[Batch]) -> list[list[Batch]]:
        return [prepared[: len(prepared) // 2], prepared[len(prepared) // 2 :]]


DRAWS: list[tuple[tuple[int, ...], torch.Tensor]] = []


def test_an_objective_may_take_two_updates_from_each_draw() -> None:
    DRAWS.clear()
    shelf = Shelf()
    run = loop(Twice(), steps=6, shelf=shelf, save_every=1)
    steps = [event for event in run if isinstance(event, Step)]
    assert len(DRAWS) == 3, "six updates, three draws"
    assert [step.n_items for step in steps] == [8] * 6, "each update divides by its own half"
    assert [step.epoch for step in steps] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1])
    assert [step for step, _ in shelf.saved] == [2, 4, 6], "between two updates of a draw there is nothing that could be continued"
    drawn = [number for numbers, _ in DRAWS for number in numbers]
    assert sorted(drawn) == list(range(48)), "three draws of 16 are one epoch"
    assert not torch.equal(DRAWS[0][1], DRAWS[1][1]), "the draw is prepared with the weights of its time"


def test_gradients_are_cleared_after_each_step() -> None:
    run = loop(steps=2)
    for event in run:
        if isinstance(event, Step):
            assert all(parameter.grad is None for parameter in run.parameters)


def test_dropout_is_drawn_from_seed_and_step_alone() -> None:
    """What was drawn before, by anyone, changes nothing; another seed does."""
    found = []
    for noise, seed in ((0, 0), (1, 0), (0, 1)):
        run = training(class_model(attention_dropout=0.3), "classify", class_examples(48), steps=3, seed=seed)
        for event in run:
            torch.manual_seed(noise)
            if isinstance(event, Step):
                torch.rand(event.step + noise)
        found.append(weights(run.state.model))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


def test_an_empty_run_says_so_and_changes_nothing() -> None:
    run = loop(steps=0)
    assert names(list(run)) == ["Started", "Finished"]


def test_examples_without_a_target_count_for_nothing() -> None:
    """A step in which one micro-batch holds no unit divides by those of the others."""
    examples = [Example(example.number, example.ids, (), -1 if i % 2 else example.target) for i, example in enumerate(class_examples(48))]
    run = training(class_model(), "classify", examples, steps=3)
    for event in run:
        if isinstance(event, Step):
            assert 0 < event.n_items < 16
            assert math.isfinite(event.loss)


def test_a_scaled_gradient_that_overflows_is_done_again_and_nothing_is_lost() -> None:
    """It counted as a gradient that is not finite: three such steps are usual at the start of fp16, and ended the run (N001)."""

    def run(scale: float) -> tuple[list[Event], torch.Tensor, float]:
        strategy = Single("fp16", "cpu")
        strategy.scaler = torch.amp.GradScaler("cpu", init_scale=scale)
        made = training(class_model(), "classify", class_examples(48), steps=4, strategy=strategy)
        return list(made), weights(made.state.model), strategy.scaler.get_scale()

    events, found, scale = run(2.0**60)
    _, wanted, _ = run(scale)
    told = [event for event in events if isinstance(event, Recovered)]
    assert len(told) > 3
    assert all(event.what.startswith(f"N004 the gradient of step {event.step + 1} overflowed fp16; done again at scale ") for event in told)
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4]
    assert relative(found, wanted) <= 1e-6


def test_a_loss_that_is_no_number_is_no_overflow() -> None:
    class Broken(Classify):
        def loss(self, actors: Any, batch: Batch) -> Loss:
            nll = super().loss(actors, batch).terms["nll"]
            return Loss({"nll": Term(nll.total * math.nan, nll.unit)})

    with pytest.raises(DivergedError, match="N001"):
        list(training(class_model(), Broken(), class_examples(48), steps=9, strategy=Single("fp16", "cpu")))


def test_the_main_ranks_number_chooses_the_checkpoint_on_every_rank() -> None:
    """Generated texts may differ between devices; ranks that then disagree about stopping would wait for each other for ever."""

    class Second(Single):
        """Rank 1 of two, whose main rank measured 0.25."""

        rank, world, is_main = 1, 2, False  # type: ignore[assignment]

        def sum(self, values: Sequence[float]) -> list[float]:
            return [value + 0.25 for value in values] if len(values) == 1 and self.measuring else list(values)

        measuring = False

    run = training(class_model(), "classify", class_examples(48), steps=1, strategy=Second("fp32", "cpu"))
    run.validation = Scores([0.75])
    strategy = run.strategy
    assert isinstance(strategy, Second)
    strategy.measuring = True
    run.state.progress.step = 1
    run._evaluate()
    assert run.state.progress.best_value == 0.25
