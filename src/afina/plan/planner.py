"""The plan: every `auto` of the recipe settled, with reasons, before a weight is read. Pure: no torch, no clock, no files."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any

from afina.data.lengths import LengthStats
from afina.errors import MachineError
from afina.methods import METHODS, HeadFacts, Method
from afina.objectives import Objective
from afina.plan.budget import (
    Budget,
    attention_bytes_per_token,
    beside_bytes,
    beside_bytes_per_token,
    bytes_per_token,
    fixed_bytes,
    frozen_bytes,
    logits_bytes_per_token,
)
from afina.plan.gate import check_method
from afina.plan.machine import Machine
from afina.plan.optimizer import check_noise, check_optimizer, trained_matrices
from afina.recipe.schema import Recipe, TokenBudget
from afina.types import Horizon, ModelFacts, Notice

TINY, SMALL = 50_000_000, 500_000_000
"""Parameter counts: below TINY a model trains whole in seconds a step on a CPU; below SMALL on any GPU."""
CPU_TOKENS, GPU_TOKENS = 1024, 65_536
"""Most tokens of a forward pass. On two CPU cores the nano ran 2.3k tokens/s a core at 1,024, 1.3k at 2,048, 0.9k at 8,192: caches."""


@dataclass(frozen=True)
class Plan:
    """A recipe without `auto`, what it costs, and why each choice was made."""

    recipe: Recipe
    n_steps: int
    n_trainable: int
    budget: Budget
    fits: bool
    notices: tuple[Notice, ...] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        return {
            "n_steps": self.n_steps,
            "n_trainable": self.n_trainable,
            "fits": self.fits,
            "budget_bytes": self.budget.to_json(),
            "notices": [dataclasses.asdict(notice) for notice in self.notices],
        }


@dataclass(frozen=True)
class Workload:
    """What the data and the objective ask for: rows to train on, the lengths of their examples in tokens, frozen models by role."""

    n_train: int
    lengths: LengthStats
    longest_answer: int = 0
    beside: tuple[tuple[str, ModelFacts], ...] = ()


class _Choices:
    """Collects settled values and their reasons."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def settle(self, given: Any, value: Any, key: str, why: str) -> Any:
        if given != "auto":
            return given
        shown = value.name if isinstance(value, Method | Objective) else value.tokens if isinstance(value, TokenBudget) else value
        self.notices.append(Notice(f"{key.rsplit('.', 1)[-1]} = {shown}", why, f"{key}="))
        return value


def settle_method(recipe: Recipe, facts: ModelFacts, machine: Machine, choices: _Choices) -> Method:
    whole = recipe.model.random_init or (16 * facts.n_params < machine.usable_bytes // 4 and facts.n_params <= TINY)
    if recipe.model.quantize != "none":
        whole, why = False, f"the base is stored in {recipe.model.quantize}: its own weights cannot be trained"
    elif whole:
        why = f"the model has {facts.n_params / 1e6:.1f} M parameters: training all of them fits easily"
    else:
        why = f"the model has {facts.n_params / 1e6:.0f} M parameters: adapters train in a fraction of the memory"
    return choices.settle(recipe.method, METHODS["full" if whole else "lora"](name="full" if whole else "lora"), "method", why)


def plan(recipe: Recipe, machine: Machine, facts: ModelFacts, head: HeadFacts, work: Workload) -> Plan:
    """Return the recipe with every `auto` settled for this model, data and machine.

    Raises MethodError when the method cannot fit the model, MachineError M003 with three remedies when memory is short.
    """
    choices = _Choices()
    objective = recipe.objective
    assert objective != "auto", "the objective is settled by the data"
    method = settle_method(recipe, facts, machine, choices)
    check_method(recipe, method, facts, head)
    n_trainable = method.n_trainable(facts, head)
    precision = choices.settle(recipe.model.precision, "bf16" if machine.bf16 else "fp32", "model.precision", _precision_reason(machine))
    device = choices.settle(recipe.train.device, machine.device, "train.device", machine.device_name)
    train, n_steps = _settle_train(recipe, facts, method, work, choices)
    method.build(facts, head, Horizon(n_steps, work.n_train))  # refuses a method that does not fit the model, before weights are read
    train = train.model_copy(update={"device": device})
    check_noise(train, facts)
    check_optimizer(train, method, trained_matrices(facts, n_trainable, method.traits.adapter), device, precision)
    quantize = recipe.model.quantize
    fixed = fixed_bytes(facts, n_trainable, precision, device, not method.traits.adapter, train, quantize)
    if quantize != "none":
        choices.notices.append(_packed(facts, precision, quantize))
    fixed = dataclasses.replace(fixed, beside=_tell_beside(facts, n_trainable, work, precision, choices))
    train, budget = _settle_micro_batch(train, facts, head, machine, method, precision, fixed, work, choices)
    recipe = recipe.model_copy(
        update={
            "model": recipe.model.model_copy(update={"precision": precision}),
            "method": method,
            "train": train,
            "eval": _settle_eval(recipe, objective, n_steps, work, choices),
            "output": _settle_output(recipe, n_steps),
        }
    )
    fits = budget.total <= machine.usable_bytes
    if not fits:
        raise _too_large(budget, machine, method, train, quantize)
    return Plan(recipe, n_steps, n_trainable, budget, fits, tuple(choices.notices))


def _packed(facts: ModelFacts, precision: str, quantize: str) -> Notice:
    """Say what packing saves, and what of the model it leaves as it is."""
    before, after = (frozen_bytes(facts, facts.n_params, precision, how) / 2**30 for how in ("none", quantize))
    share = sum(shape.out_features * shape.in_features for shape in facts.linears.values()) / facts.n_params
    what = f"{share:.0%} of the frozen weights are stored in {quantize}: {after:.2f} GiB instead of {before:.2f}"
    return Notice(what, "not embeddings, norms and heads; a merged model is made of the weights as they were", "model.quantize=")


def _precision_reason(machine: Machine) -> str:
    return f"{machine.device_name} computes in bf16" if machine.bf16 else "exact, and on this CPU half precision is not faster"


def _settle_train(recipe: Recipe, facts: ModelFacts, method: Method, work: Workload, choices: _Choices):
    train = recipe.train
    batch = choices.settle(
        train.batch_size,
        min(work.n_train, 8 if work.n_train < 300 else 16 if work.n_train < 20_000 else 32),
        "train.batch_size",
        f"{work.n_train} rows to train on",
    )
    if batch > work.n_train:
        what, why = f"batch_size = {work.n_train}", f"there are only {work.n_train:,} examples to train on, and {batch:,} were asked for"
        choices.notices.append(Notice(what, why, "train.batch_size=", "warning"))
        batch = work.n_train
    per_epoch = math.ceil(work.n_train / batch)
    epochs = choices.settle(
        train.num_epochs, _epochs(facts, per_epoch), "train.num_epochs", "small models need more passes; the best checkpoint is kept"
    )
    rate = choices.settle(
        train.learning_rate,
        _learning_rate(method, facts, train.optimizer.learning_rate_factor),
        "train.learning_rate",
        f"usual for {method.name} with {train.optimizer.name} at this size",
    )
    if train.optimizer.traits.terms:
        choices.notices.append(
            Notice(f"{train.optimizer.traits.package} is used", train.optimizer.traits.terms, "train.optimizer=", "warning")
        )
    if train.average_checkpoints:
        what, why = f"the result is the mean of the last {train.average_checkpoints} evaluated checkpoints", "and not the best of them"
        choices.notices.append(Notice(what, why, "train.average_checkpoints="))
    n_steps = max(1, round(per_epoch * epochs))
    if train.max_steps is not None:
        n_steps = min(n_steps, train.max_steps)
    return train.model_copy(update={"batch_size": batch, "num_epochs": float(epochs), "learning_rate": rate}), n_steps


def _epochs(facts: ModelFacts, per_epoch: int) -> float:
    """Large models overfit after three passes; tiny ones are given about 300 updates, between 3 and 10 passes."""
    if facts.n_params > TINY:
        return 3
    return float(min(10, max(3, round(300 / per_epoch))))


def _learning_rate(method: Method, facts: ModelFacts, of_optimizer: float) -> float:
    """The method's rate is for AdamW and models of a billion parameters; small ones bear more."""
    factor = 1.0 if facts.n_params > SMALL else 2.0 if facts.n_params > TINY else 5.0
    if not method.traits.adapter:
        factor = 0.04 if facts.n_params > SMALL else 0.2 if facts.n_params > TINY else 2.0
    return float(f"{method.default_learning_rate * factor * of_optimizer:.1g}")


def _tell_beside(facts: ModelFacts, n_trainable: int, work: Workload, precision: str, choices: _Choices) -> int:
    """Return the bytes of the frozen models beside the trained one, and say what each costs.

    Per token a forward pass takes 2 operations a weight, a backward pass 2 more for the activations and 2 for each trained weight.
    """
    total = 0
    for role, other in work.beside:
        n_bytes = beside_bytes(other, precision)
        share = 2 * other.n_params / (4 * facts.n_params + 2 * n_trainable)
        what = f"the {role} has {other.n_params / 1e6:.1f} M parameters and takes {n_bytes / 2**30:.2f} GiB beside the trained model"
        choices.notices.append(Notice(what, f"asking it adds about {share:.0%} to the work of each step", f"objective.{role}="))
        total += n_bytes
    return total


def _settle_micro_batch(
    train: Any,
    facts: ModelFacts,
    head: HeadFacts,
    machine: Machine,
    method: Method,
    precision: str,
    fixed: Budget,
    work: Workload,
    choices: _Choices,
):
    """The token budget of a forward pass: what memory allows, but on a CPU no more than its caches like."""
    kept = bytes_per_token(facts, precision, not method.traits.adapter, train.gradient_checkpointing)
    longest = work.lengths.max + method.n_places
    kept += attention_bytes_per_token(facts, precision, machine.device, longest, train.gradient_checkpointing)
    kept = int(kept * (1 + method.n_places / max(1.0, work.lengths.mean)))  # each row's prompt passes the body too
    of_logits = logits_bytes_per_token(facts, head) + sum(beside_bytes_per_token(other, precision) for _, other in work.beside)
    room = max(0, int(machine.usable_bytes * 0.8) - fixed.total)
    ceiling = CPU_TOKENS if machine.device == "cpu" else GPU_TOKENS
    tokens = max(work.lengths.max, min(ceiling, room // max(1, kept + of_logits)))
    value, why = TokenBudget(tokens=tokens), "tokens per forward pass; changes speed and memory, not the result"
    if train.optimizer.traits.in_backward:
        value, why = train.batch_size, f"{train.optimizer.name} needs the whole update in one forward pass"
    budgeted = choices.settle(train.micro_batch_size, value, "train.micro_batch_size", why)
    micro_tokens = budgeted.tokens if isinstance(budgeted, TokenBudget) else budgeted * work.lengths.max
    micro_tokens = min(micro_tokens, train.batch_size * work.lengths.max)
    budget = dataclasses.replace(fixed, activations=kept * micro_tokens, logits=of_logits * micro_tokens)
    return train.model_copy(update={"micro_batch_size": budgeted}), budget


def _settle_eval(recipe: Recipe, objective: Objective, n_steps: int, work: Workload, choices: _Choices):
    every = choices.settle(recipe.eval.every_steps, max(1, math.ceil(n_steps / 10)), "eval.every_steps", "about ten evaluations a run")
    metric = choices.settle(recipe.eval.metric, objective.metric, "eval.metric", f"chooses the best checkpoint of {objective.name}")
    longest = max(16, min(256, work.longest_answer + 8))
    new_tokens = choices.settle(recipe.eval.max_new_tokens, longest, "eval.max_new_tokens", "the longest answer in the data, at most 256")
    return recipe.eval.model_copy(update={"every_steps": every, "metric": metric, "max_new_tokens": new_tokens})


def _settle_output(recipe: Recipe, n_steps: int):
    save = recipe.output.save_every_steps
    return recipe.output.model_copy(update={"save_every_steps": max(1, math.ceil(n_steps / 10)) if save == "auto" else save})


def _too_large(budget: Budget, machine: Machine, method: Method, train: Any, quantize: str) -> MachineError:
    remedies = [] if method.name == "lora" else ["method=lora"]
    remedies += ["model.quantize=nf4"] if method.traits.quantized_base and quantize == "none" else []
    remedies += [] if train.gradient_checkpointing else ["gradient_checkpointing=true"]
    remedies += ["micro_batch_size=1", "data.max_length=512", "a smaller model"]
    what = f"does not fit: needs {budget.total / 2**30:.1f} GiB, {machine.usable_bytes / 2**30:.1f} GiB free on {machine.device_name}"
    return MachineError("M003", what, where="plan", fix=", or ".join(remedies[:3]))
