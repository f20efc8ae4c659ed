"""From a job to a Training: weights read, method attached, checkpoint found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from afina.data.batches import Batches
from afina.errors import MachineError
from afina.evaluate.ask import ask_of
from afina.evaluate.metrics.user import users_metrics
from afina.evaluate.questions import questions_of
from afina.evaluate.tasks import TASKS, Meaning
from afina.evaluate.validation import Validate
from afina.job import Job
from afina.methods import Method, Start
from afina.models.load import build as build_model
from afina.models.load import load_located, store_frozen
from afina.recipe.schema import TokenBudget, TrainSpec
from afina.run import Run
from afina.score import Actor, actor_of
from afina.strategy import Single
from afina.training import checkpoint
from afina.training.average import build_average
from afina.training.loop import Cadence, Training
from afina.training.optim import build_optimizer
from afina.training.state import Progress, TrainState
from afina.types import Batch, Context, Horizon, Loss


@dataclass(frozen=True)
class CheckpointFolder:
    """The run's checkpoints folder as the loop sees it."""

    run: Run
    keep: int

    def save(self, state: TrainState) -> str:
        return str(checkpoint.save(self.run.checkpoints, state, self.keep))


def build_policy(job: Job, device: str) -> nn.Module:
    """Return the model with its method attached; the trainable count is checked against the method's closed form."""
    recipe = job.recipe
    assert recipe.method != "auto"
    read = recipe.model.precision, device, recipe.model.random_init, recipe.seed, job.dataset.labels, job.dataset.standard
    model = build_model(job.located, job.facts, job.head, *read, recipe.model.quantize)
    torch.manual_seed(recipe.seed)  # peft draws new weights from the global generator; ranks and resumed runs must agree
    model = recipe.method.attach(model, job.facts, job.head, Horizon(job.plan.n_steps, len(job.encoded.examples["train"])))
    n_trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    if n_trainable != job.plan.n_trainable and not recipe.method.traits.data_dependent:
        raise AssertionError(f"{recipe.method.name} trains {n_trainable} parameters, its closed form says {job.plan.n_trainable}")
    store_frozen(model, recipe.model.precision)
    if recipe.train.gradient_checkpointing:
        actor_of(model).bare.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})  # type: ignore[operator]
        actor_of(model).bare.enable_input_require_grads()  # type: ignore[operator]
    return model.to(device)


def build(job: Job, run: Run | None, strategy: Single) -> Training:
    """Return the training, put back to the newest whole checkpoint of `run` when there is one."""
    recipe, objective = job.recipe, job.objective
    assert recipe.method != "auto"
    model, beside = build_policy(job, str(strategy.device)), build_beside(job, strategy)
    found = checkpoint.newest(run.checkpoints)[0] if run else None
    if found is None:
        recipe.method.initialise(model, start_of(job, {"policy": actor_of(model), **beside}, strategy))
    state = build_state(model, recipe.method, recipe.train, strategy.scaler)
    if run and found:
        _resume(state, run, found)
    examples = job.encoded.examples["train"]
    every = recipe.eval.every_steps
    save_every = recipe.output.save_every_steps
    assert every != "auto" and save_every != "auto"
    n_warmup, n_decay = (round(share * job.plan.n_steps) for share in (recipe.train.warmup_ratio, recipe.train.decay_ratio))
    return Training(
        method=recipe.method,
        objective=objective,
        spec=recipe.train,
        cadence=Cadence(job.plan.n_steps, n_warmup, every, save_every, recipe.eval.patience, n_decay),
        strategy=strategy,
        state=state,
        examples=examples,
        batches=lambda scale: build_batches(job, strategy.world, scale),
        validation=build_validation(job, actor_of(model), strategy),
        checkpoints=CheckpointFolder(run, recipe.output.keep) if run else None,
        seed=recipe.seed,
        resumed_from=found.name if found else "",
        beside=beside,
        vocabulary=job.tokenizer.vocabulary,
        tasks=job.dataset.tasks,
    )


def build_beside(job: Job, strategy: Single) -> dict[str, Actor]:
    """Return the frozen models that the objective names besides the trained one, stored in the precision of the computation."""
    precision = job.recipe.model.precision
    beside: dict[str, Actor] = {}
    for name, found in job.beside.items():
        model = load_located(found.located, "cpu", precision)
        store_frozen(model, precision)
        beside[name] = actor_of(model.to(strategy.device))
    return beside


def start_of(job: Job, actors: dict[str, Actor], strategy: Single) -> Start:
    """Return what the method may ask before the first step: the same on every process."""
    model, objective, kind = job.recipe.model, job.objective, actors["policy"].kind
    batches = build_batches(job, strategy.world, 1.0)
    examples, lay = job.encoded.examples["train"], objective.pack if batches.packing else objective.collate

    def drawn() -> Iterator[Batch]:
        for step in range(job.plan.n_steps):
            context = Context(kind, job.tokenizer.vocabulary, (job.recipe.seed, step))
            for indices in (indices for share in batches.step(step) for indices in share if indices):
                yield lay([examples[i] for i in indices], context).to(strategy.device)

    def forward(batch: Batch) -> Loss:
        with torch.no_grad(), strategy.autocast():
            return objective.loss(actors, batch)

    def whole_base() -> nn.Module:
        drawn_by = model.random_init, job.recipe.seed, job.dataset.labels, job.dataset.standard
        return build_model(job.located, job.facts, job.head, model.precision, "cpu", *drawn_by)

    return Start(drawn(), forward, whole_base)


def build_state(model: nn.Module, method: Method, train: TrainSpec, scaler: torch.amp.GradScaler) -> TrainState:
    """Return the state of a training that has not begun: optimizer and averages for the model's trained weights."""
    optimizer = build_optimizer(model, method, train)
    return TrainState(Progress(), model, optimizer, scaler, train.optimizer.group_state, build_average(model, optimizer, train), method)


def _resume(state: TrainState, run: Run, path: Path) -> None:
    try:
        checkpoint.load(path, state)
    except (ValueError, KeyError) as error:
        raise MachineError(
            "C002",
            f"checkpoint {path.name} does not belong to this recipe: {error}",
            where=str(run.path),
            fix="add --new to start a new run",
        ) from error


def build_batches(job: Job, world: int, scale: float) -> Batches:
    """The batches of the run, its micro-batches scaled down after running out of memory."""
    train = job.recipe.train
    micro = train.micro_batch_size
    assert micro != "auto" and train.batch_size != "auto"
    # Below the recipe's least budget on purpose: only so does `finest` come true for the shortest examples.
    scaled = (
        TokenBudget.model_construct(tokens=max(1, int(micro.tokens * scale)))
        if isinstance(micro, TokenBudget)
        else max(1, int(micro * scale))
    )
    return Batches(job.encoded.examples["train"].lengths, train.batch_size, job.recipe.seed, scaled, world, train.packing)


def build_validation(job: Job, actor: Actor, strategy: Single) -> Validate | None:
    """The validation of the run; None when the recipe sets no rows aside for it."""
    examples, spec = job.encoded.examples["validation"], job.recipe.eval
    if not examples:
        return None
    assert spec.max_new_tokens != "auto"
    return Validate(
        ask=ask_of(job, actor, strategy),
        examples=examples,
        metric=spec.metric,
        meaning=Meaning(job.dataset.labels, job.dataset.standard, users_metrics(spec)),
        questions=questions_of(job, "validation") if TASKS[job.objective.example].generates else (),
        n_samples=spec.n_samples,
        stop_ids=tuple(job.encoded.encoder.stop_ids),
        max_new_tokens=spec.max_new_tokens,
    )
