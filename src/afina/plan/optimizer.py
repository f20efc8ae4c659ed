"""What an optimizer costs, and what it cannot do exactly: refused before a weight is read."""

from __future__ import annotations

from collections.abc import Iterator

from afina.errors import UsageError
from afina.methods import Method
from afina.optimizers import Matrix, Optimizer
from afina.optimizers.projected import Projected, too_wide
from afina.recipe.schema import TrainSpec
from afina.types import Horizon, ModelFacts

SHARED = ("adam_beta1", "adam_beta2", "adam_epsilon", "weight_decay")


def trained_matrices(facts: ModelFacts, n_trainable: int, adapter: bool) -> tuple[Matrix, ...]:
    """Return the trained matrices whose shapes are known: none of an adapter's; of a model that is trained in part, its last ones."""
    body = [Matrix(shape.out_features, shape.in_features) for shape in facts.linears.values()]
    embeddings = [Matrix(facts.vocab_size, facts.hidden_size, hidden=False)] * (1 if facts.tied else 2)
    found: list[Matrix] = []
    left = 0 if adapter else n_trainable
    for matrix in [*reversed(body), *embeddings]:
        if matrix.numel <= left:
            found.append(matrix)
            left -= matrix.numel
    return tuple(found)


def gradient_bytes(optimizer: Optimizer, n_trainable: int, matrices: tuple[Matrix, ...]) -> int:
    """Return the bytes of fp32 gradients held at once: all of them, or the largest and its successor in the backward pass."""
    if not optimizer.traits.in_backward:
        return 4 * n_trainable
    return 4 * min(n_trainable, 2 * max((matrix.numel for matrix in matrices), default=n_trainable))


def average_bytes(train: TrainSpec, n_trainable: int) -> int:
    """Return the bytes of averaged weights: a moving average's own, or the copy of the moving weights during an evaluation."""
    return 4 * n_trainable if train.ema or train.optimizer.traits.averages else 0


def check_noise(train: TrainSpec, facts: ModelFacts) -> None:
    """Raise UsageError R020 for NEFTune on a model that reads one text and writes another: the noise is of one sequence's length."""
    if train.neftune_alpha and facts.kind == "encoder-decoder":
        what = f"NEFTune's noise is for one sequence, and {facts.family} embeds a source and an answer"
        raise UsageError("R020", what, where="train.neftune_alpha", fix="train.neftune_alpha=0")


def check_optimizer(train: TrainSpec, method: Method, matrices: tuple[Matrix, ...], device: str, precision: str) -> None:
    """Raise UsageError R020 for what the optimizer cannot do, R021 for keys that ask for two results or for nothing."""
    optimizer = train.optimizer
    if device not in optimizer.traits.devices:
        other = "adamw8bit" if optimizer.name == "paged_adamw8bit" else "adafactor"
        what = f"{optimizer.name} runs only on {', '.join(sorted(optimizer.traits.devices))}, and this training on {device}"
        raise UsageError("R020", what, where="train.optimizer", fix=f"train.optimizer={other}")
    if optimizer.traits.in_backward and len(method.phases(Horizon(100))) > 1:
        what = f"{optimizer.name} moves all weights inside the backward pass, and {method.name} lets some rest in each of its phases"
        raise UsageError("R020", what, where="train.optimizer", fix="train.optimizer=adamw")
    for key, why, wanted in _demands(train, precision):
        what = f"{optimizer.name} {why}"
        raise UsageError("R020", what, where=f"train.{key}", fix=f"train.{key}={wanted}" if key != "precision" else wanted)
    if isinstance(optimizer, Projected):
        widest = max((min(matrix.rows, matrix.columns) for matrix in matrices if matrix.hidden), default=0)
        if method.traits.adapter:
            what = f"{optimizer.name} projects the gradients of whole weights, and {method.name} trains matrices that are small already"
            raise UsageError("R020", what, where="train.optimizer", fix="method=full, or train.optimizer=adamw")
        if widest <= optimizer.rank:
            raise too_wide(optimizer.name, optimizer.rank, widest)
    _check_unused(train)


def _demands(train: TrainSpec, precision: str) -> Iterator[tuple[str, str, str]]:
    """The keys that must have another value, why, and that value."""
    optimizer, traits = train.optimizer, train.optimizer.traits
    if traits.averages and train.schedule != "constant":
        yield "schedule", f"averages instead of lowering the learning rate; {train.schedule} would do both", "constant"
    if traits.averages and not train.adam_beta1:
        yield "adam_beta1", "takes its gradient between its mean and its iterate, by beta1, which must be above 0", "0.9"
    if not traits.in_backward:
        return
    inside = "moves each weight inside the backward pass"
    if train.max_grad_norm:
        yield "max_grad_norm", f"{inside}, when the norm of the whole gradient is not known: it cannot be clipped", "0"
    if train.weight_decay:
        yield "weight_decay", f"is of {optimizer.traits.package}, which would decay vectors too", "0"
    if train.processes > 1:
        yield "processes", f"{inside}, before the gradients of other processes are there", "1"
    if train.layer_decay != 1:
        yield "layer_decay", "has one learning rate for all weights", "1"
    if precision == "fp16":
        yield "precision", f"{inside}, and cannot take back an overflow of fp16", "model.precision=bf16"
    if train.micro_batch_size != "auto" and train.micro_batch_size != train.batch_size:
        why = f"{inside}: the whole update must be one forward pass, not micro-batches"
        yield "micro_batch_size", why, str(train.batch_size)


def _check_unused(train: TrainSpec) -> None:
    """Keys that would change nothing, or name two results."""
    fields = TrainSpec.model_fields
    for key in SHARED:
        if key not in train.optimizer.traits.reads and getattr(train, key) != fields[key].default and getattr(train, key):
            own = " (its own keys are in the mapping of train.optimizer)" if len(type(train.optimizer).model_fields) > 1 else ""
            what = f"{train.optimizer.name} does not use {key}{own}"
            raise UsageError("R021", what, where=f"train.{key}", fix=f"train.{key}={fields[key].default}")
    if train.decay_ratio != fields["decay_ratio"].default and train.schedule != "wsd":
        what = f"decay_ratio belongs to wsd, and the schedule is {train.schedule}"
        raise UsageError("R021", what, where="train.decay_ratio", fix="train.schedule=wsd")
    averages = [name for name, on in (("ema", train.ema), ("average_checkpoints", train.average_checkpoints)) if on]
    averages += [f"optimizer={train.optimizer.name}"] if train.optimizer.traits.averages else []
    if len(averages) > 1:
        what = f"{' and '.join(averages)} each give averaged weights; only one can be the result"
        raise UsageError("R021", what, where=f"train.{averages[0]}", fix=f"train.{averages[0]}=0")
