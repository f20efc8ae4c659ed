"""All that is settled before torch is imported: the data read and encoded, the model's facts, the plan. Fast to say no."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from afina.data.columns import ROW_OF, Layout
from afina.data.general import BUNDLED, NONE, general_rows
from afina.data.prepare import Dataset, Encoded, encode, read
from afina.data.tokenize import Tokenizer
from afina.errors import UsageError
from afina.methods import HeadFacts, Method
from afina.models.beside import Beside, check_named, locate_beside
from afina.models.facts import facts_from_config, read_config
from afina.models.locate import Located, locate
from afina.models.quantize import require_bitsandbytes
from afina.objectives import OBJECTIVES, ExampleForm, Objective
from afina.plan.machine import Machine
from afina.plan.planner import Plan, Workload, plan
from afina.recipe.functions import function_named, is_function
from afina.recipe.schema import Recipe, TokenBudget
from afina.trackers import TRACKERS
from afina.types import Example, ModelFacts, Notice, Text

SAME_TEXTS = 64
"""Training rows that the tokenizer of a model beside the trained one must read alike."""
LM_CHUNK = 1024
"""Longest piece of running text when max_length is auto; longer ones cost memory and teach a small corpus little."""


@dataclass(frozen=True)
class Job:
    """A training ready to be built. `recipe` (in the plan) has no `auto` left.

    beside: role -> a frozen model that the objective asks too.
    """

    located: Located
    facts: ModelFacts
    head: HeadFacts
    tokenizer: Tokenizer
    dataset: Dataset
    encoded: Encoded
    plan: Plan
    notices: tuple[Notice, ...]
    beside: Mapping[str, Beside] = field(default_factory=lambda: {})

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

    @property
    def fingerprints_beside(self) -> dict[str, str]:
        """Role -> fingerprint of the models that are asked beside the trained one."""
        return {role: found.located.fingerprint for role, found in self.beside.items()}

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of generated ids, control tokens left out."""
        return self.tokenizer.decode(ids, skip_special=True)


def prepare(recipe: Recipe, look: Callable[[], Machine], notices: tuple[Notice, ...] = ()) -> Job:
    """Read the data, look at the model, make the plan. Raises every error that can be known before weights are read."""
    if not recipe.data.path:
        raise UsageError("U001", "no data file is given", where="data.path", fix="afina train FILE.csv")
    recipe.train.optimizer.require_package()
    if recipe.model.quantize != "none":
        require_bitsandbytes("model.quantize")
    if recipe.objective != "auto":
        check_named(recipe.objective)
    named = "auto" if recipe.objective == "auto" else recipe.objective.name
    dataset = read(recipe.data, named, recipe.seed)
    objective = _objective(recipe, dataset)
    _check_metric(recipe, objective, dataset.labels)
    _check_start(recipe)
    if recipe.eval.compare and recipe.eval.general_text not in (BUNDLED, NONE):
        general_rows(recipe.eval.general_text)  # what cannot be read is said before the training
    for tracker in recipe.output.track:
        TRACKERS[tracker].check()
    located = locate(recipe.model)
    facts = facts_from_config(read_config(located.body))
    if recipe.objective == "auto":
        objective, chosen = _of_kind(objective, facts)
        _check_metric(recipe, objective, dataset.labels)
        notices = (*notices, *chosen)
    _check_kind(recipe, objective, facts, dataset.layout)
    tokenizer = Tokenizer.load(located.folder)
    max_length = _max_length(recipe, facts, objective)
    recipe, chosen = _with_metric(recipe, objective, dataset.labels)
    notices = (*notices, *chosen)
    asked, objective = objective, objective.settled(tokenizer.vocabulary, max_length)
    encoded = encode(dataset, objective.name, tokenizer, recipe.data, max_length, facts.kind)
    head = HeadFacts(objective.head, len(dataset.labels))
    train = encoded.examples["train"]
    method = recipe.method if recipe.method == "auto" else _settled_method(recipe.method, tokenizer, dataset)
    data = recipe.data.model_copy(update={"max_length": max_length})
    settled = recipe.model_copy(update={"objective": objective, "method": method, "data": data})
    beside = _beside(objective, facts, tokenizer, train)
    work = Workload(len(train), encoded.lengths, train.longest_answer, tuple((role, found.facts) for role, found in beside.items()))
    made = plan(settled, look(), facts, head, work)
    said = (*notices, *_settled_keys(asked, objective), *encoded.notices, *made.notices)
    return Job(located, facts, head, tokenizer, dataset, encoded, made, said, beside)


def _settled_method(method: Method, tokenizer: Tokenizer, dataset: Dataset) -> Method:
    """Return the method for the tasks, the words and the classes of this data."""
    for_tasks = method.settled(sorted(set(dataset.tasks.values())))
    return for_tasks.worded(tokenizer.encode, tokenizer.vocabulary, dataset.labels)


def _beside(objective: Objective, facts: ModelFacts, tokenizer: Tokenizer, train: Sequence[Example]) -> dict[str, Beside]:
    """Return the frozen models that the objective names, each checked to read the tokens of this data as the trained model does."""
    texts = [tokenizer.decode(example.ids, skip_special=True) for example in train[:SAME_TEXTS]]
    return {role.name: locate_beside(role, facts, tokenizer, texts) for role in objective.roles() if not role.trains}


def _check_start(recipe: Recipe) -> None:
    """Random weights under an adapter could not be saved: the adapter's folder holds no base."""
    if recipe.model.random_init and recipe.method != "auto" and recipe.method.traits.adapter:
        what = f"model.random_init starts from random weights, which {recipe.method.name} would not save"
        raise UsageError("R007", what, where="method", fix="method=full")


def _objective(recipe: Recipe, dataset: Dataset) -> Objective:
    name = dataset.objective
    if recipe.objective == "auto":
        return OBJECTIVES[name](name=name)
    row = ROW_OF[dataset.layout.shape]
    variant = next((other for other in recipe.objective.variants if row in OBJECTIVES[other].rows), "")
    if variant:
        return OBJECTIVES[variant](name=variant, **_shared(recipe.objective, OBJECTIVES[variant]))
    if row not in recipe.objective.rows:
        what = f'the data is "{dataset.layout.shape}" ({", ".join(dataset.layout.reasons)}), which {recipe.objective.name} cannot train on'
        raise UsageError("R007", what, where="objective", fix=f"objective={name}")
    return recipe.objective


def _shared(objective: Objective, other: type[Objective]) -> dict[str, Any]:
    """Return the settings of an objective that another one has too."""
    return {key: getattr(objective, key) for key in type(objective).model_fields if key in other.model_fields and key != "name"}


def _of_kind(objective: Objective, facts: ModelFacts) -> tuple[Objective, tuple[Notice, ...]]:
    """Return the objective that learns the same rows on this kind of model: running text is told on, or its hidden parts are."""
    if facts.kind in objective.kinds:
        return objective, ()
    able = _like(objective, facts)
    if not able:
        return objective, ()
    why = f"the data is what {objective.name} learns, the model is {_KINDS[facts.kind]}"
    return OBJECTIVES[able[0]](name=able[0]), (Notice(f"objective = {able[0]}", why, "objective="),)


def _like(objective: Objective, facts: ModelFacts) -> list[str]:
    """Return the objectives that learn the same rows on this kind of model."""
    return [name for name in OBJECTIVES if facts.kind in OBJECTIVES[name].kinds and set(OBJECTIVES[name].rows) == set(objective.rows)]


def _settled_keys(asked: Objective, settled: Objective) -> tuple[Notice, ...]:
    """Say what the tokenizer decided."""
    changed = [key for key in type(settled).model_fields if getattr(settled, key) != getattr(asked, key)]
    return tuple(Notice(f"{key} = {getattr(settled, key)}", "by the tokenizer's tokens", f"objective.{key}=") for key in changed)


def _check_kind(recipe: Recipe, objective: Objective, facts: ModelFacts, layout: Layout) -> None:
    """Not every objective goes with every kind of model, nor packing with a model that looks at whole rows."""
    if facts.kind not in objective.kinds:
        able = [name for name in OBJECTIVES.names() if facts.kind in OBJECTIVES[name].kinds]
        what = f"{objective.name} does not train {_KINDS[facts.kind]} ({facts.family}), which learns {' or '.join(able)}"
        fix = f"model.path=nano, or other: {' or '.join(_KINDS[kind] for kind in sorted(objective.kinds))}"
        fix = f"objective={same[0]}, or {fix}" if (same := _like(objective, facts)) else fix
        if facts.kind == "encoder-decoder" and layout.shape == "labelled":  # it can write the label
            text, label = (layout.mapping()[role] for role in ("text", "label"))
            fix = f"{shlex.join(['--map', f'prompt={text}', '--map', f'completion={label}'])}, or {fix}"
        raise UsageError("R007", what, where="objective", fix=fix)
    if recipe.train.packing and facts.kind != "decoder":
        what = f"examples of {_KINDS[facts.kind]} cannot share a row: its tokens would see each other"
        raise UsageError("R007", what, where="train.packing", fix="train.packing=false")


_KINDS = {"decoder": "a decoder", "encoder": "an encoder", "encoder-decoder": "an encoder-decoder"}


def _check_metric(recipe: Recipe, objective: Objective, labels: Sequence[str]) -> None:
    wanted, known = recipe.eval.metric, objective.metrics_of(labels)
    for name in (wanted, *recipe.eval.metrics):
        if is_function(name):
            _check_function(name, objective)
        elif name != wanted:
            what = f'"{name}" is not FILE.py:function; the metrics of {objective.name} are reported anyway'
            raise UsageError("R015", what, where="eval.metrics", fix="eval.metrics=[FILE.py:function]")
    if wanted != "auto" and not is_function(wanted) and wanted not in known:
        near = difflib.get_close_matches(wanted, known, 1, 0.3) or [known[0]]
        what = f'"{wanted}" is no metric of {objective.name}{"" if known == objective.metrics else " with these labels"}'
        what += f"; those are {', '.join(known)}"
        raise UsageError("R015", what, where="eval.metric", fix=f"eval.metric={near[0]}")


def _check_function(name: str, objective: Objective) -> None:
    """A metric of a person's own compares what was predicted with what was wanted: there has to be something of both."""
    function_named(name)
    if objective.example in _UNANSWERED:
        what = f"{name} scores a prediction beside the wanted one, and {objective.name} makes none: {_UNANSWERED[objective.example]}"
        raise UsageError("R015", what, where="eval.metric", fix=f"eval.metric={objective.metric}")


_UNANSWERED: dict[ExampleForm, str] = {
    "text": "it is measured by how likely it holds the text",
    "noised": "it is measured by how likely it holds what was hidden",
}
"""Why nothing of these forms can be put beside a wanted answer."""


def _with_metric(recipe: Recipe, objective: Objective, labels: Sequence[str]) -> tuple[Recipe, tuple[Notice, ...]]:
    """Settle eval.metric where these classes do not allow the objective's first one."""
    metric = objective.metrics_of(labels)[0]
    if recipe.eval.metric != "auto" or metric == objective.metric:
        return recipe, ()
    said = Notice(f"eval.metric = {metric}", f"these labels have no {objective.metric.replace('_', ' ')}", f"eval.metric={metric}")
    return recipe.model_copy(update={"eval": recipe.eval.model_copy(update={"metric": metric})}), (said,)


def _max_length(recipe: Recipe, facts: ModelFacts, objective: Objective) -> int:
    """The model's context is the limit; running text is cut into pieces of at most LM_CHUNK."""
    wanted = recipe.data.max_length
    n_places = 0 if recipe.method == "auto" else recipe.method.n_places
    room = max(8, facts.max_length - n_places)
    if wanted == "auto":
        return min(room, LM_CHUNK) if objective.rows == (Text,) else room
    if wanted > room and not facts.relative:
        beside = f" less the {n_places} places of the prompt" if n_places else ""
        what = f"max_length={wanted} is longer than the model's context of {facts.max_length} tokens{beside}"
        raise UsageError("R005", what, where="data.max_length", fix=f"max_length={room}")
    return wanted
