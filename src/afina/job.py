"""All that is settled before torch is imported: the data read and encoded, the model's facts, the plan. Fast to say no."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from afina.data.columns import ROW_OF, Layout
from afina.data.prepare import Dataset, Encoded, encode, read
from afina.data.tokenize import Tokenizer
from afina.errors import UsageError
from afina.methods import HeadFacts, Method
from afina.models.facts import facts_from_config, read_config
from afina.models.locate import Located, locate
from afina.objectives import OBJECTIVES, Objective
from afina.plan.machine import Machine
from afina.plan.planner import Plan, Workload, plan
from afina.recipe.schema import Recipe, TokenBudget
from afina.trackers import TRACKERS
from afina.types import ModelFacts, Notice

LM_CHUNK = 1024
"""Longest piece of running text when max_length is auto; longer ones cost memory and teach a small corpus little."""


@dataclass(frozen=True)
class Job:
    """A training ready to be built. `recipe` (in the plan) has no `auto` left."""

    located: Located
    facts: ModelFacts
    head: HeadFacts
    tokenizer: Tokenizer
    dataset: Dataset
    encoded: Encoded
    plan: Plan
    notices: tuple[Notice, ...]

    @property
    def recipe(self) -> Recipe:
        return self.plan.recipe

    @property
    def method(self) -> Method:
        assert self.recipe.method != "auto"
        return self.recipe.method

    @property
    def objective(self) -> Objective:
        assert self.recipe.objective != "auto"
        return self.recipe.objective

    def with_micro_batches(self, size: int | TokenBudget | str) -> Job:
        """Return the same job, its steps cut into micro-batches of another size."""
        train = self.recipe.train.model_copy(update={"micro_batch_size": size})
        return replace(self, plan=replace(self.plan, recipe=self.recipe.model_copy(update={"train": train})))

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of generated ids, control tokens left out."""
        return self.tokenizer.decode(ids, skip_special=True)


def prepare(recipe: Recipe, look: Callable[[], Machine], notices: tuple[Notice, ...] = ()) -> Job:
    """Read the data, look at the model, make the plan. Raises every error that can be known before weights are read."""
    if not recipe.data.path:
        raise UsageError("U001", "no data file is given", where="data.path", fix="afina train FILE.csv")
    recipe.train.optimizer.require_package()
    named = "auto" if recipe.objective == "auto" else recipe.objective.name
    dataset = read(recipe.data, named, recipe.seed)
    objective = _objective(recipe, dataset)
    _check_metric(recipe, objective)
    _check_start(recipe)
    for tracker in recipe.output.track:
        TRACKERS[tracker].check()
    located = locate(recipe.model)
    facts = facts_from_config(read_config(located.body))
    _check_kind(recipe, objective, facts, dataset.layout)
    tokenizer = Tokenizer.load(located.folder)
    max_length = _max_length(recipe, facts, objective)
    encoded = encode(dataset, objective.name, tokenizer, recipe.data, max_length, facts.kind)
    head = HeadFacts(objective.head, len(dataset.labels))
    train = encoded.examples["train"]
    settled = recipe.model_copy(update={"objective": objective, "data": recipe.data.model_copy(update={"max_length": max_length})})
    made = plan(settled, look(), facts, head, Workload(len(train), encoded.lengths, train.longest_answer))
    return Job(located, facts, head, tokenizer, dataset, encoded, made, (*notices, *encoded.notices, *made.notices))


def _check_start(recipe: Recipe) -> None:
    """Random weights under an adapter could not be saved: the adapter's folder holds no base."""
    if recipe.model.random_init and recipe.method != "auto" and recipe.method.traits.adapter:
        what = f"model.random_init starts from random weights, which {recipe.method.name} would not save"
        raise UsageError("R007", what, where="method", fix="method=full")


def _objective(recipe: Recipe, dataset: Dataset) -> Objective:
    name = dataset.objective
    if recipe.objective == "auto":
        return OBJECTIVES[name](name=name)
    if ROW_OF[dataset.layout.shape] not in recipe.objective.rows:
        what = f'the data is "{dataset.layout.shape}" ({", ".join(dataset.layout.reasons)}), which {recipe.objective.name} cannot train on'
        raise UsageError("R007", what, where="objective", fix=f"objective={name}")
    return recipe.objective


def _check_kind(recipe: Recipe, objective: Objective, facts: ModelFacts, layout: Layout) -> None:
    """Not every objective goes with every kind of model, nor packing with a model that looks at whole rows."""
    if facts.kind not in objective.kinds:
        able = [name for name in OBJECTIVES.names() if facts.kind in OBJECTIVES[name].kinds]
        what = f"{objective.name} does not train {_KINDS[facts.kind]} ({facts.family}), which learns {' or '.join(able)}"
        fix = f"model.path=nano, or other: {' or '.join(_KINDS[kind] for kind in sorted(objective.kinds))}"
        if facts.kind == "encoder-decoder" and layout.shape == "labelled":  # it can write the label
            text, label = (layout.mapping()[role] for role in ("text", "label"))
            fix = f"{shlex.join(['--map', f'prompt={text}', '--map', f'completion={label}'])}, or {fix}"
        raise UsageError("R007", what, where="objective", fix=fix)
    if recipe.train.packing and facts.kind != "decoder":
        what = f"examples of {_KINDS[facts.kind]} cannot share a row: its tokens would see each other"
        raise UsageError("R007", what, where="train.packing", fix="train.packing=false")


_KINDS = {"decoder": "a decoder", "encoder": "an encoder", "encoder-decoder": "an encoder-decoder"}


def _check_metric(recipe: Recipe, objective: Objective) -> None:
    wanted = recipe.eval.metric
    if wanted != "auto" and wanted not in objective.metrics:
        near = difflib.get_close_matches(wanted, objective.metrics, 1, 0.3) or [objective.metric]
        what = f'"{wanted}" is no metric of {objective.name}; those are {", ".join(objective.metrics)}'
        raise UsageError("R015", what, where="eval.metric", fix=f"eval.metric={near[0]}")


def _max_length(recipe: Recipe, facts: ModelFacts, objective: Objective) -> int:
    """The model's context is the limit; running text is cut into pieces of at most LM_CHUNK."""
    wanted = recipe.data.max_length
    if wanted == "auto":
        return min(facts.max_length, LM_CHUNK) if objective.name == "lm" else facts.max_length
    if wanted > facts.max_length and not facts.relative:
        what = f"max_length={wanted} is longer than the model's context of {facts.max_length} tokens"
        raise UsageError("R005", what, where="data.max_length", fix=f"max_length={facts.max_length}")
    return wanted
