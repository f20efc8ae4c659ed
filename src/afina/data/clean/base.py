"""What a repair is, and how one is applied to a value of a table: a text, or a structure that holds texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from afina.data.cells import has_halves, structured
from afina.recipe.schema import DataSpec

Apply = Callable[[Any], Any]
STRING = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?')
"""A string of a JSON text, and the colon that makes it the name of a key."""


@dataclass(frozen=True)
class Repair:
    """One repair of values.

    key: its recipe key under data. rank: its place in the order. because: what the ledger says. of: whether apply gets every text inside a
    value, or the value whole. apply: returns the value repaired, or the same.
    """

    key: str
    rank: int
    because: str
    of: Literal["text", "value"]
    apply: Apply

    def wanted(self, spec: DataSpec) -> bool:
        return getattr(spec, self.key) in (True, "mask")

    def __call__(self, value: Any) -> Any:
        return self.apply(value) if self.of == "value" else on_texts(self.apply, value)


REPAIRS: list[Repair] = []
"""All repairs of values, in their order."""


def repair(key: str, rank: int, because: str, of: Literal["text", "value"] = "text") -> Callable[[Apply], Apply]:
    """Register a repair under its recipe key."""

    def add(apply: Apply) -> Apply:
        REPAIRS.append(Repair(key, rank, because, of, apply))
        REPAIRS.sort(key=lambda each: each.rank)
        return apply

    return add


def on_texts(apply: Apply, value: Any) -> Any:
    """Return a value with every text in it repaired; the same object when nothing changed. Names of keys stay as they are."""
    if isinstance(value, str):
        return _within(apply, value)
    if isinstance(value, list):
        made = [on_texts(apply, item) for item in value]
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    if isinstance(value, dict):
        changed = {name: on_texts(apply, item) for name, item in value.items()}
        return changed if any(changed[name] is not item for name, item in value.items()) else value
    return value


def _within(apply: Apply, text: str) -> str:
    """A cell that spells a list or an object is repaired inside: a quote that an entity hid must not end its strings.

    Of JSON only the strings that change are spelled anew; what Python spells (pandas does) is spelled as JSON.
    """
    inside = structured(text) if text[:1] in ("[", "{") else text
    if isinstance(inside, str):
        made = apply(text)
        return text if made == text else made
    repaired = on_texts(apply, inside)
    if repaired is inside:
        return text
    return STRING.sub(lambda found: _respelled(apply, found), text) if _is_json(text) else json.dumps(repaired, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _respelled(apply: Apply, found: re.Match[str]) -> str:
    """Return one string of a JSON text, repaired; a name of a key as it is."""
    before = json.loads(found[1])
    after = before if found[2] else on_texts(apply, before)
    if after is before:
        return found[0]
    spelled = json.dumps(after, ensure_ascii=False)
    return json.dumps(after) if has_halves(spelled) else spelled


def steps(repairs: Sequence[Repair], value: Any) -> list[tuple[Repair, Any]]:
    """Return what each repair makes of a value, in order, until none changes it any more; empty when none does."""
    made: list[tuple[Repair, Any]] = []
    changed = True
    while changed:
        changed = False
        for each in repairs:
            new = each(value)
            if new is not value:
                made.append((each, new))
                value, changed = new, True
    return made
