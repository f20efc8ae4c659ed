"""The training loop. Everything a step does is on this page.

Losses are sums. The division by the number of units in the whole step happens once, here, so the gradient does not depend on how the step
is cut into micro-batches, padded, or spread over processes:

    gradient = d/dw  sum over terms of  weight * (sum over micro-batches and ranks of term) / (units in the step)
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from types import MappingProxyType
from typing import Protocol, get_args

import torch
from torch import Tensor, nn

from afina.data.batches import Batches
from afina.errors import DivergedError
from afina.events import Evaluated, Event, Finished, Recovered, Saved, Started, Step
from afina.methods import Method
from afina.objectives import Objective
from afina.optimizers.in_backward import InBackward, half_applied
from afina.recipe.schema import TrainSpec
from afina.score import Actor, actor_of, one_example_too_large
from afina.strategy import Single
from afina.training.neftune import Neftune
from afina.training.optim import peak, set_learning_rate
from afina.training.schedule import factor
from afina.training.state import TrainState
from afina.types import Batch, Context, Example, Horizon, Unit, Vocabulary

NO_VOCABULARY = Vocabulary()


class Validation(Protocol):
    """What the loop asks after every few steps: metrics, sample generations, and whether larger is better."""

    larger_is_better: bool
    metric: str

    def __call__(self, step: int) -> Evaluated: ...


class Checkpoints(Protocol):
    def save(self, state: TrainState) -> str: ...


@dataclass(frozen=True)
class Cadence:
    """When things happen, in steps. warmup_steps and decay_steps of the total; patience in evaluations, 0 for never."""

    total_steps: int
    warmup_steps: int
    evaluate_every: int
    save_every: int
    patience: int = 0
    decay_steps: int = 0


Sums = tuple[float, int, dict[str, float], int]
"""Of a step, all ranks: loss, units, metrics, tokens."""


@dataclass(frozen=True)
class Stretch:
    """A phase of the method as the loop sees it: which it is, its first step, and the trained parameters that do not move in it."""

    number: int
    start: int
    steps: int
    learning_rate_factor: float
    resting: tuple[nn.Parameter, ...]


def phased(method: Method, horizon: Horizon, model: nn.Module) -> tuple[Stretch, ...]:
    """Return the phases of a method, from the first step on."""
    start, found = 0, list[Stretch]()
    for number, phase in enumerate(method.phases(horizon)):
        resting = tuple(
            p for name, p in model.named_parameters() if p.requires_grad and any(fnmatchcase(name, end) for end in phase.resting)
        )
        found.append(Stretch(number, start, phase.steps, phase.learning_rate_factor, resting))
        start += phase.steps
    return tuple(found)


class OutOfMemory(Exception):
    """A micro-batch did not fit; the step is discarded whole and drawn again in smaller pieces."""


class Training:
    """A training, built and not yet run: iterate it for events. `stop(reason)` ends it after the current step.

    beside: the frozen models that the objective names besides the trained one. vocabulary: what noise over tokens has to know.
    tasks: row number -> its task, where the data names one.
    """

    def __init__(
        self,
        *,
        method: Method,
        objective: Objective,
        spec: TrainSpec,
        cadence: Cadence,
        strategy: Single,
        state: TrainState,
        examples: Sequence[Example],
        batches: Callable[[float], Batches],
        validation: Validation | None,
        checkpoints: Checkpoints | None,
        seed: int,
        resumed_from: str = "",
        beside: Mapping[str, Actor] = MappingProxyType({}),
        vocabulary: Vocabulary = NO_VOCABULARY,
        tasks: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        self.method, self.objective, self.spec, self.cadence, self.strategy = method, objective, spec, cadence, strategy
        self.state, self.examples, self.validation, self.checkpoints, self.seed = state, examples, validation, checkpoints, seed
        self.batches_at, self.batches = batches, batches(state.progress.micro_scale)
        self.actors: dict[str, Actor] = {"policy": actor_of(state.model), **beside}
        self.vocabulary, self.tasks = vocabulary, tasks
        self.parameters = [p for p in state.model.parameters() if p.requires_grad]
        self.phases = phased(method, Horizon(cadence.total_steps, len(examples)), state.model)
        self.resumed_from = resumed_from
        self._stop_reason = ""
        self._updates: list[list[Batch]] = []
        self._norm = math.nan
        embedding = self.actors["policy"].bare.get_input_embeddings() if spec.neftune_alpha else nn.Identity()  # type: ignore[operator]
        self.neftune = Neftune(embedding, spec.neftune_alpha, seed)  # type: ignore[arg-type]

    def stop(self, reason: str) -> None:
        self._stop_reason = reason

    def __iter__(self) -> Iterator[Event]:
        progress, cadence = self.state.progress, self.cadence
        n_params = sum(p.numel() for p in self.state.model.parameters())
        yield Started(progress.step, cadence.total_steps, sum(p.numel() for p in self.parameters), n_params, self.resumed_from)
        reason = "done"
        while progress.step < cadence.total_steps:
            if self._exhausted:  # the run was killed after it had stopped early, and before it was finished
                reason = "early_stopping"
                break
            yield from self._step()
            last = progress.step == cadence.total_steps
            stopping = self.strategy.any(bool(self._stop_reason))
            measured = progress.step % cadence.evaluate_every == 0 or last
            if self.validation and measured:
                yield self._evaluate()
            last_phase = progress.step > self.phases[-1].start
            if self.spec.average_checkpoints and measured and last_phase and progress.step % self.objective.n_updates() == 0:
                progress.averaged = [*progress.averaged, progress.step][-self.spec.average_checkpoints :]
            needed = progress.step in (progress.best_step, *progress.averaged)
            due = progress.step % cadence.save_every == 0 or last or stopping or self._exhausted or needed
            if self.checkpoints and due and progress.step % self.objective.n_updates() == 0:
                yield from self._save()
            if stopping or (self._exhausted and not last):
                reason = (self._stop_reason or "SIGTERM") if stopping else "early_stopping"
                break
        yield Finished(progress.step, reason, progress.best_step, progress.best_value or 0.0, progress.seconds)

    @property
    def _exhausted(self) -> bool:
        return 0 < self.cadence.patience <= self.state.progress.evaluations_since_best

    def _step(self) -> Iterator[Event]:
        """One update: draw, prepare, then for each update add up the gradient, clip, move, clear."""
        progress, started = self.state.progress, time.perf_counter()
        cadence = self.cadence
        phase = self._phase()
        part = phase.steps / cadence.total_steps
        of_phase = round(cadence.warmup_steps * part), round(cadence.decay_steps * part)
        share = phase.learning_rate_factor * factor(self.spec.schedule, progress.step - phase.start, phase.steps, *of_phase)
        learning_rate = set_learning_rate(self.state.optimizer, share)
        (loss, n_items, metrics, n_tokens), grad_norm = yield from self._gradient()
        applied = math.isfinite(loss) and math.isfinite(grad_norm)
        if applied:
            self.state.scaler.step(self.state.optimizer)
            self.method.after_step(self.state.model, progress.step)
            if self.state.average:
                self.state.average.update(progress.step + 1)
        self.state.scaler.update()
        self.state.optimizer.zero_grad(set_to_none=True)
        progress.step += 1
        seconds = time.perf_counter() - started
        progress.seconds += seconds
        yield Step(
            step=progress.step,
            total_steps=self.cadence.total_steps,
            epoch=progress.step / self.objective.n_updates() / self.batches.steps_per_epoch,
            loss=loss,
            learning_rate=learning_rate,
            grad_norm=grad_norm,
            n_items=n_items,
            n_tokens=n_tokens,
            seconds=seconds,
            tokens_per_s=n_tokens / seconds,
            memory_gib=memory_gib(self.strategy.device),
            metrics=metrics,
        )
        yield from self._guard(applied, loss, grad_norm, learning_rate)

    def _phase(self) -> Stretch:
        """Return the stretch of the training that the coming step is in."""
        return next(phase for phase in reversed(self.phases) if phase.start <= self.state.progress.step)

    def _gradient(self) -> Generator[Recovered, None, tuple[Sums, float]]:
        """Leave the step's gradient, clipped, on the parameters of every rank; return what `_accumulate` does, and the gradient's norm.

        Begins again, finer or at a smaller scale, when a micro-batch does not fit or the scaled gradient overflows fp16.
        """
        scaler, norm = self.state.scaler, math.nan
        while True:
            try:
                sums = self._accumulate()
            except OutOfMemory as error:
                sums, failure = None, str(error)
            if sums is None:  # outside of the handler, which would keep the failed pass in memory
                yield self._halve_micro_batches(failure)
                continue
            if self.spec.optimizer.traits.in_backward:
                return sums, self._norm
            for parameter in self._phase().resting:
                parameter.grad = None
            self.strategy.sync_gradients(self.parameters)
            scaler.unscale_(self.state.optimizer)
            norm = float(nn.utils.clip_grad_norm_(self.parameters, self.spec.max_grad_norm or math.inf))
            if math.isfinite(norm) or not math.isfinite(sums[0]) or scaler.get_scale() <= 1:
                return sums, norm
            scaler.update()  # halves the scale
            self.state.optimizer.zero_grad(set_to_none=True)
            what = f"N004 the gradient of step {self.state.progress.step + 1} overflowed fp16; done again at scale {scaler.get_scale():g}"
            yield Recovered(self.state.progress.step, what)

    def _accumulate(self) -> Sums:
        """Leave the whole step's gradient on this rank's parameters; return loss, units, metrics and tokens of all ranks."""
        strategy, step, phase = self.strategy, self.state.progress.step, self._phase().number
        # Noise (dropout) is a function of (seed, step, rank): a resumed or retried step draws the same.
        torch.manual_seed(hash((self.seed, step, strategy.rank)) % 2**63)
        self.state.model.train()
        # Of a failure only the words are kept: the error itself would hold the failed pass in memory.
        total, sums, failure = 0.0, defaultdict[str, list[float]](lambda: [0.0, 0.0]), ""
        micro_batches: list[Batch] = []
        try:
            micro_batches = self._micro_batches(*divmod(step, self.objective.n_updates()))
        except torch.OutOfMemoryError as error:
            failure = str(error) or "out of memory"
        units = self._units(micro_batches)
        try:
            for batch in micro_batches:
                with self.method.during(self.state.model, batch, step, phase):
                    with strategy.autocast(), self.neftune.during(batch, step):
                        loss = self.method.loss(self.state.model, partial(self.objective.loss, self.actors, batch))
                    share = torch.stack([term.weight * term.total / units[term.unit] for term in loss.terms.values()]).sum()
                    self._backward(share)
                total += share.item()
                for name, (value, n) in loss.metrics.items():
                    sums[name][0] += value
                    sums[name][1] += n
            penalty = self.method.penalty(self.state.model, step) if strategy.is_main else None
            if penalty is not None:
                self._backward(penalty)
                total += penalty.item()
        except torch.OutOfMemoryError as error:
            failure = str(error) or "out of memory"
        if strategy.any(bool(failure)):
            raise OutOfMemory(failure or "another process")
        n_tokens = sum(batch.n_tokens for batch in micro_batches)
        names = self.objective.step_metrics
        flat = strategy.sum([total, n_tokens, *(value for name in names for value in sums[name])])
        metrics = {name: flat[2 + 2 * i] / max(flat[3 + 2 * i], 1) for i, name in enumerate(names)}
        return flat[0], int(units[self.objective.unit]), metrics, int(flat[1])

    def _backward(self, share: Tensor) -> None:
        """Add a micro-batch's gradient to the step's; an optimizer that moves weights in the backward pass does so here."""
        if isinstance(self.state.optimizer, InBackward):
            self._norm = self.state.optimizer.backward(share) if math.isfinite(share.item()) else math.nan
        else:
            self.strategy.backward(share)

    def _micro_batches(self, draw: int, update: int) -> list[Batch]:
        """This rank's share of an update; the first update of a draw draws and prepares for all of them."""
        if update == 0:
            with torch.no_grad():
                batches = [self._collate(indices, draw) for indices in self.batches.step(draw)[self.strategy.rank] if indices]
                self._updates = self.objective.updates(self.objective.prepare(self.actors, batches))
        return self._updates[update]

    def _units(self, micro_batches: list[Batch]) -> dict[str, float]:
        """Count the units of the whole step: added up over micro-batches and ranks before the first forward pass.

        Every rank sends a number for every unit there is: one whose share is empty does not know which its objective counts.
        """
        counts = dict.fromkeys(get_args(Unit), 0.0)
        for batch in micro_batches:
            for unit, n in self.objective.counts(batch).items():
                counts[unit] += n
        return {unit: max(n, 1.0) for unit, n in zip(counts, self.strategy.sum(list(counts.values())), strict=True)}

    def _collate(self, indices: list[int], draw: int) -> Batch:
        """Noise over tokens is a function of seed, draw and example: cut finer, or on another rank, a step sees the same."""
        context = Context(self.actors["policy"].kind, self.vocabulary, (self.seed, draw))
        lay = self.objective.pack if self.batches.packing else self.objective.collate
        batch = lay([self.examples[i] for i in indices], context).to(self.strategy.device)
        return replace(batch, tasks=tuple(self.tasks[number] for number in batch.numbers)) if self.tasks else batch

    def _halve_micro_batches(self, failure: str) -> Recovered:
        """Discard the partial step and cut later ones finer; the result stays the same.

        What was prepared for a later update of a draw is cut as it is: prepared anew it would be another, by the weights of now.
        Raises MachineError M004 when one example alone is too much.
        """
        progress = self.state.progress
        if self.spec.optimizer.traits.in_backward:
            raise half_applied(self.spec.optimizer.name, failure)
        self.state.optimizer.zero_grad(set_to_none=True)
        if self.strategy.device.type == "cuda":
            torch.cuda.empty_cache()
        later = progress.step % self.objective.n_updates() > 0
        whole = self.strategy.any(later and any(batch.n_examples > 1 for update in self._updates for batch in update))
        if not whole and (later or self.batches.finest):
            raise one_example_too_large(failure)
        if later:
            self._updates = [[half for batch in update for half in batch.halves()] for update in self._updates]
        progress.micro_scale /= 2
        self.batches = self.batches_at(progress.micro_scale)
        what = f"M001 out of memory at step {progress.step + 1}; going on with half the micro-batch, same batch_size, same result"
        return Recovered(progress.step, what)

    def _evaluate(self) -> Evaluated:
        assert self.validation is not None
        progress = self.state.progress
        self.state.model.eval()
        with self.state.published():
            evaluated = self.validation(progress.step)
        # The main rank's number is every rank's: texts generated on another device may differ, and all must choose and stop alike.
        value = self.strategy.sum([evaluated.metrics[self.validation.metric] if self.strategy.is_main else 0.0])[0]
        progress.last_evaluated = progress.step
        if progress.step <= self.phases[-1].start:  # what a method ends with has not been trained yet: no result
            return Evaluated(evaluated.step, evaluated.metrics, False, evaluated.samples)
        sign = 1.0 if self.validation.larger_is_better else -1.0
        better = math.isfinite(value) and (progress.best_value is None or sign * value > sign * progress.best_value)
        # Counts over a few hundred rows tie often; of two equals the later has learned more, at a lower rate. It is no progress, though.
        best = better or value == progress.best_value
        progress.evaluations_since_best = 0 if better else progress.evaluations_since_best + 1
        if best:
            progress.best_step, progress.best_value = progress.step, value
        return Evaluated(evaluated.step, evaluated.metrics, best, evaluated.samples)

    def _save(self) -> Iterator[Saved]:
        assert self.checkpoints is not None
        if self.strategy.is_main:
            yield Saved(self.state.progress.step, self.checkpoints.save(self.state))
        self.strategy.barrier()

    def _guard(self, applied: bool, loss: float, grad_norm: float, learning_rate: float) -> Iterator[Recovered]:
        """A non-finite step is not applied; several in a row end the run with the last good checkpoint kept.

        Where the weights moved in the backward pass there is nothing left to withhold: one such gradient ends the run.
        """
        progress = self.state.progress
        progress.bad_steps_in_a_row = 0 if applied else progress.bad_steps_in_a_row + 1
        if applied:
            return
        spoiled = self.spec.optimizer.traits.in_backward and math.isfinite(loss)
        if spoiled or progress.bad_steps_in_a_row >= self.spec.bad_step_patience:
            lost = "it moved weights already" if spoiled else f"the last {progress.bad_steps_in_a_row} updates were not applied"
            raise DivergedError(
                "N001",
                f"diverged at step {progress.step} (gradient norm {grad_norm}, learning rate {learning_rate:.2g}); "
                f"{lost}, earlier checkpoints are safe",
                fix=f"learning_rate={peak(self.state.optimizer) / 5:.1g}",
            )
        yield Recovered(progress.step, f"N003 step {progress.step} was not applied: its gradient is not finite")


def memory_gib(device: torch.device) -> float:
    """Return the peak memory of the GPU, or this process's resident memory on a CPU, in GiB."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**30
    import psutil

    return psutil.Process().memory_info().rss / 2**30
