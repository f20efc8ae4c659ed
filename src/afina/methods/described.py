"""What a method says of itself, in one place: for `afina methods` and for the pages in docs/methods. Nothing heavy is imported."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass

from afina.errors import AfinaError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits
from afina.types import Head, ModelFacts

CATEGORIES: tuple[Category, ...] = ("adapters", "soft prompts", "other additive", "selective", "reparametrisation", "whole model")
"""In the order of pages and lists."""
WHOLE = frozenset({"fp32", "bf16", "fp16"})


@dataclass(frozen=True)
class Described:
    """A registered method. what: its first line. about: the explanation of its file in paragraphs, equations among them."""

    name: str
    category: Category
    what: str
    when: str
    about: tuple[str, ...]
    paper: str
    traits: Traits

    @property
    def equations(self) -> tuple[str, ...]:
        return tuple(part for part in self.about if is_equation(part))


def described(name: str) -> Described:
    """Return what the method of that name says of itself. Raises UsageError R004 with the nearest name."""
    kind = METHODS[name]
    what = inspect.cleandoc(kind.__doc__ or "").splitlines()[0]
    return Described(name, kind.category, what, kind.when, _about(kind), kind.paper, kind.traits)


def every() -> list[Described]:
    """Return all methods, by category and name."""
    return sorted(map(described, METHODS), key=lambda one: (CATEGORIES.index(one.category), one.name))


def _about(kind: type[Method]) -> tuple[str, ...]:
    module = inspect.cleandoc(sys.modules[kind.__module__].__doc__ or "")
    return tuple(part for part in module.split("\n\n") if part.strip())


def is_equation(paragraph: str) -> bool:
    """Whether a paragraph is set off, or in columns."""
    return any(line.startswith("    ") or "   " in line for line in paragraph.splitlines())


def head_for(traits: Traits) -> HeadFacts:
    """Return the head that a count is told for: the language model's, else two classes, else what there is."""
    order: tuple[Head, ...] = ("lm", "classes", "labels", "tags", "scalar")
    head: Head = next(head for head in order if head in traits.heads)
    return HeadFacts(head, 0 if head in ("lm", "scalar") else 2)


def n_trainable(name: str, facts: ModelFacts) -> int | str:
    """Return how many weights a method with its defaults trains in a model, its new head left out; or why it cannot."""
    kind = METHODS[name]
    if facts.kind not in kind.traits.kinds:
        return f"it trains {' and '.join(sorted(f'{one}s' for one in kind.traits.kinds))}"
    if facts.family in kind.traits.lacks:
        return f"it cannot stand on the linear maps of {facts.family}"
    if kind.traits.data_dependent:
        return "it depends on its settings or on the data"
    head = head_for(kind.traits)
    if head.head != "lm" and not facts.heads:
        return "this model has no head for it"
    try:
        return kind(name=name).n_trainable(facts, head) - head.n_params(facts)
    except AfinaError as error:
        return error.what
