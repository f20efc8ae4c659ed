"""The training loop. Everything a step does is on this page.

Losses are sums. The division by the number of units in the whole step happens once, here, so the gradient does not depend on how the step
is cut into micro-batches, padded, or spread over processes:

    gradient = d/dw  sum over terms of  weight * (sum over micro-batches and ranks of term) / (units in the step)
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import nn

from afina.data.batches import Batches
from afina.errors import DivergedError
from afina.events import Evaluated, Event, Finished, Recovered, Saved, Started, Step
from afina.methods import Method
from afina.objectives import Objective
from afina.recipe.schema import TrainSpec
from afina.score import Actor
from afina.strategy import Single
from afina.training.optim import set_learning_rate
from afina.training.schedule import factor
from afina.training.state import TrainState
from afina.types import Batch, Example


class Validation(Protocol):
    """What the loop asks after every few steps: metrics, sample generations, and whether larger is better."""

    larger_is_better: bool
    metric: str

    def __call__(self, step: int) -> Evaluated: ...


class Checkpoints(Protocol):
    def save(self, state: TrainState) -> str: ...


@dataclass(frozen=True)
class Cadence:
    """When things happen, in steps. warmup_steps of the total; patience in evaluations, 0 for never."""

    total_steps: int
    warmup_steps: int
    evaluate_every: int
    save_every: int
    patience: int = 0


class OutOfMemory(Exception):
    """A micro-batch did not fit; the step is discarded whole and drawn again in smaller pieces."""


class Training:
    """A training, built and not yet run: iterate it for events. `stop(reason)` ends it after the current step."""

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
    ) -> None:
        self.method, self.objective, self.spec, self.cadence, self.strategy = method, objective, spec, cadence, strategy
        self.state, self.examples, self.validation, self.checkpoints, self.seed = state, examples, validation, checkpoints, seed
        self.batches_at, self.batches = batches, batches(state.progress.micro_scale)
        self.actors = {"policy": Actor(state.model)}
        self.parameters = [p for p in state.model.parameters() if p.requires_grad]
        self.resumed_from = resumed_from
        self._stop_reason = ""
        self._updates: list[list[Batch]] = []

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
            if self.validation and (progress.step % cadence.evaluate_every == 0 or last):
                yield self._evaluate()
            best_now = progress.best_step == progress.step
            due = progress.step % cadence.save_every == 0 or last or stopping or self._exhausted or best_now
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
        learning_rate = set_learning_rate(
            self.state.optimizer, factor(self.spec.schedule, progress.step, self.cadence.total_steps, self.cadence.warmup_steps)
        )
        while True:
            try:
                loss, n_items, metrics, n_tokens = self._accumulate()
                break
            except OutOfMemory as error:
                yield self._halve_micro_batches(error)
        self.strategy.sync_gradients(self.parameters)
        self.state.scaler.unscale_(self.state.optimizer)
        grad_norm = float(nn.utils.clip_grad_norm_(self.parameters, self.spec.max_grad_norm or math.inf))
        applied = math.isfinite(loss) and math.isfinite(grad_norm)
        if applied:
            self.state.scaler.step(self.state.optimizer)
            self.method.after_step(self.state.model, progress.step)
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
        yield from self._guard(applied, grad_norm, learning_rate)

    def _accumulate(self) -> tuple[float, int, dict[str, float], int]:
        """Leave the whole step's gradient on this rank's parameters; return loss, units, metrics and tokens of all ranks."""
        strategy, step = self.strategy, self.state.progress.step
        draw, update = divmod(step, self.objective.n_updates())
        # Noise (dropout) is a function of (seed, step, rank): a resumed or retried step draws the same.
        torch.manual_seed(hash((self.seed, step, strategy.rank)) % 2**63)
        self.state.model.train()
        if update == 0:
            with torch.no_grad():
                batches = [self._collate(indices) for indices in self.batches.step(draw)[strategy.rank] if indices]
                self._updates = self.objective.updates(self.objective.prepare(self.actors, batches))
        micro_batches = self._updates[update]
        units = self._units(micro_batches)
        total, sums, failure = 0.0, defaultdict[str, list[float]](lambda: [0.0, 0.0]), None
        try:
            for batch in micro_batches:
                with strategy.autocast():
                    loss = self.objective.loss(self.actors, batch)
                share = torch.stack([term.weight * term.total / units[term.unit] for term in loss.terms.values()]).sum()
                strategy.backward(share)
                total += share.item()
                for name, (value, n) in loss.metrics.items():
                    sums[name][0] += value
                    sums[name][1] += n
        except torch.OutOfMemoryError as error:
            failure = error
        if strategy.any(failure is not None):
            raise OutOfMemory(str(failure or "another process")) from failure
        n_tokens = sum(int(batch.lengths_B.sum()) for batch in micro_batches)
        names = self.objective.step_metrics
        flat = strategy.sum([total, n_tokens, *(value for name in names for value in sums[name])])
        metrics = {name: flat[2 + 2 * i] / max(flat[3 + 2 * i], 1) for i, name in enumerate(names)}
        return flat[0], int(units[self.objective.unit]), metrics, int(flat[1])

    def _units(self, micro_batches: list[Batch]) -> dict[str, float]:
        """Count the units of the whole step: added up over micro-batches and ranks before the first forward pass."""
        counts = defaultdict[str, float](float)
        counts[self.objective.unit] = 0.0
        for batch in micro_batches:
            for unit, n in self.objective.counts(batch).items():
                counts[unit] += n
        names = sorted(counts)
        return {name: max(n, 1.0) for name, n in zip(names, self.strategy.sum([counts[name] for name in names]), strict=True)}

    def _collate(self, indices: list[int]) -> Batch:
        lay = self.objective.pack if self.batches.packing else self.objective.collate
        return lay([self.examples[i] for i in indices]).to(self.strategy.device)

    def _halve_micro_batches(self, error: OutOfMemory) -> Recovered:
        """Discard the partial step and cut later ones finer; the result stays the same. Raises when one example alone is too much."""
        progress = self.state.progress
        self.state.optimizer.zero_grad(set_to_none=True)
        if self.strategy.device.type == "cuda":
            torch.cuda.empty_cache()
        if self.batches.finest:
            raise torch.OutOfMemoryError(str(error))
        progress.micro_scale /= 2
        self.batches = self.batches_at(progress.micro_scale)
        what = f"M001 out of memory at step {progress.step + 1}; going on with half the micro-batch, same batch_size, same result"
        return Recovered(progress.step, what)

    def _evaluate(self) -> Evaluated:
        assert self.validation is not None
        progress = self.state.progress
        self.state.model.eval()
        evaluated = self.validation(progress.step)
        value = evaluated.metrics[self.validation.metric]
        progress.last_evaluated = progress.step
        sign = 1.0 if self.validation.larger_is_better else -1.0
        best = math.isfinite(value) and (progress.best_value is None or sign * value > sign * progress.best_value)
        if best:
            progress.best_step, progress.best_value, progress.evaluations_since_best = progress.step, value, 0
        else:
            progress.evaluations_since_best += 1
        return Evaluated(evaluated.step, evaluated.metrics, best, evaluated.samples)

    def _save(self) -> Iterator[Saved]:
        assert self.checkpoints is not None
        if self.strategy.is_main:
            yield Saved(self.state.progress.step, self.checkpoints.save(self.state))
        self.strategy.barrier()

    def _guard(self, applied: bool, grad_norm: float, learning_rate: float) -> Iterator[Recovered]:
        """A non-finite step is not applied; several in a row end the run with the last good checkpoint kept."""
        progress = self.state.progress
        progress.bad_steps_in_a_row = 0 if applied else progress.bad_steps_in_a_row + 1
        if applied:
            return
        if progress.bad_steps_in_a_row >= self.spec.bad_step_patience:
            raise DivergedError(
                "N001",
                f"diverged at step {progress.step} (gradient norm {grad_norm}, learning rate {learning_rate:.2g}); "
                f"the last {progress.bad_steps_in_a_row} updates were not applied, earlier checkpoints are safe",
                fix=f"learning_rate={self.state.optimizer.param_groups[0]['peak_lr'] / 5:.1g}",
            )
        yield Recovered(progress.step, f"N003 step {progress.step} was not applied: its gradient is not finite")


def memory_gib(device: torch.device) -> float:
    """Return the peak memory of the GPU, or this process's resident memory on a CPU, in GiB."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**30
    import psutil

    return psutil.Process().memory_info().rss / 2**30
