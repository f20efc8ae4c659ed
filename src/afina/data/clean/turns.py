"""data.merge_turns: two messages of one speaker in a row are one."""

from __future__ import annotations

import json
from typing import Any

from afina.data.cells import is_turn, structured
from afina.data.clean.base import repair

SPOKEN = frozenset({"role", "from", "content", "value"})
"""Keys of a plain message: one with more (a tool call, a name, thoughts) is never joined."""


@repair("merge_turns", 0, "two messages of one speaker in a row", of="value")
def merge_turns(value: Any) -> Any:
    """Return a conversation with neighbours of one speaker joined by a blank line; the same object when there are none.

    A conversation that a text spells (a cell of a CSV) is spelled again, as JSON.
    """
    if isinstance(value, str) and value[:1] == "[":
        inside = structured(value)
        joined = inside if isinstance(inside, str) else merge_turns(inside)
        return value if joined is inside else json.dumps(joined, ensure_ascii=False)
    if not isinstance(value, list) or len(value) < 2 or not all(map(is_turn, value)):
        return value
    kept: list[dict[str, Any]] = []
    for turn in value:
        if kept and _joins(kept[-1], turn):
            name = "content" if "content" in turn else "value"
            kept[-1] = {**kept[-1], name: f"{kept[-1][name]}\n\n{turn[name]}"}
        else:
            kept.append(turn)
    return kept if len(kept) < len(value) else value


def _joins(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if not (one.keys() == other.keys() <= SPOKEN):
        return False
    speaker, name = ("role", "content") if "role" in other else ("from", "value")
    texts = isinstance(one.get(name), str) and isinstance(other.get(name), str)
    return texts and str(one[speaker]).lower() == str(other[speaker]).lower() not in ("tool", "function", "observation")
