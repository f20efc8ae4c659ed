"""The gate: a method on a model, a head, a base and ways to train that do not go together is refused before a weight is read.

Everything is read from the traits that methods declare and tests/contract proves; so is the nearest method that works.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afina.errors import AfinaError, MethodError
from afina.methods import METHODS, HeadFacts, Method
from afina.recipe.schema import Recipe
from afina.types import ModelFacts

PACKED = {"nf4": "4-bit numbers (nf4)", "int8": "8-bit numbers"}


class Refusal(NamedTuple):
    """Why a method cannot train a recipe. key: what to change besides the method, as key=value."""

    code: str
    where: str
    what: str
    key: str = ""


def check_method(recipe: Recipe, method: Method, facts: ModelFacts, head: HeadFacts) -> None:
    """Raise MethodError for the first thing that cannot be, with the nearest method that works.

    R022: the kind of model, or the head. R023: a packed base. R024: a way to train.
    """
    for refusal in _refusals(recipe, type(method), method.name, facts, head):
        nearest = nearest_method(recipe, method, facts, head)
        fixes = [f"method={nearest}"] if nearest else []
        fix = ", or ".join([*fixes, *([refusal.key] if refusal.key else [])]) or "model.path= a model of another family"
        raise MethodError(refusal.code, refusal.what, where=refusal.where, fix=fix)
    method.check_base(recipe.model.quantize)


def nearest_method(recipe: Recipe, method: Method, facts: ModelFacts, head: HeadFacts) -> str:
    """Return the method most like this one that can train the recipe with its defaults: of its category if there is one; "" for none."""
    able = [name for name in METHODS if name != method.name and _can(recipe, name, facts, head)]
    return min(able, key=lambda name: (METHODS[name].category != method.category, name != "lora", name), default="")


def _can(recipe: Recipe, name: str, facts: ModelFacts, head: HeadFacts) -> bool:
    kind = METHODS[name]
    if any(_refusals(recipe, kind, name, facts, head)):
        return False
    try:
        kind(name=name).n_trainable(facts, head)
    except (AfinaError, ValueError):  # its defaults do not suit this model, or it needs a value that has no default
        return False
    return True


def _refusals(recipe: Recipe, kind: type[Method], name: str, facts: ModelFacts, head: HeadFacts) -> Iterator[Refusal]:
    traits, how = kind.traits, recipe.model.quantize
    if facts.kind not in traits.kinds:
        able = " and ".join(sorted(f"{one}s" for one in traits.kinds))
        yield Refusal("R022", "method", f"{name} trains {able}, and this {facts.family} model is {_A[facts.kind]}")
    if facts.family in traits.lacks:
        yield Refusal(
            "R022", "method", f"{name} cannot stand on the linear maps of {facts.family} models, whose weights are stored transposed"
        )
    if head.head not in traits.heads:
        able = ", ".join(one for one in _HEADS if one in traits.heads)
        what = f"{name} has no way to train {_HEADS[head.head]}; its heads are {able}"
        yield Refusal("R022", "method", what, "an objective with such a head")
    if how != "none" and not traits.adapter:
        what = f"{name} changes weights of the base, and steps of a training are too small for {PACKED[how]}"
        yield Refusal("R023", "model.quantize", what, "model.quantize=none")
    elif how != "none" and not traits.quantized_base:
        what = f"{name} does not train on a base in {PACKED[how]}: it computes with the weights themselves, or was not shown to"
        yield Refusal("R023", "model.quantize", what, "model.quantize=none")
    if recipe.train.packing and not traits.packing:
        what = f"{name} cannot train on several examples in one row: what it adds to a text would be shared by all of them"
        yield Refusal("R024", "train.packing", what, "train.packing=false")
    if recipe.train.gradient_checkpointing and not traits.checkpointing:
        what = f"{name} cannot compute a layer a second time in the backward pass"
        yield Refusal("R024", "train.gradient_checkpointing", what, "train.gradient_checkpointing=false")


_A = {"decoder": "a decoder", "encoder": "an encoder", "encoder-decoder": "an encoder-decoder"}
_HEADS = {
    "lm": "a language-model head",
    "classes": "a head of classes",
    "labels": "a head of labels",
    "scalar": "a head for a number",
    "tags": "a head of tags",
}
