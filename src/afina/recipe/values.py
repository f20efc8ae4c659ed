"""What a key allows, in words; whether a value is one of those; and the nearest value that is. All from the key's JSON schema."""

from __future__ import annotations

import contextlib
import math
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from afina.recipe.emit import flow
from afina.recipe.keys import Leaf, Schema
from afina.recipe.suggest import nearest
from afina.recipe.yaml12 import resolve

LONGEST_REMEDY = 100
_NOUNS = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
_NOT_TEXT = re.compile("[\ud800-\udfff\0]")
_TRUTHS = {"yes": True, "y": True, "on": True, "1": True, "no": False, "n": False, "off": False, "0": False}


class Problem(NamedTuple):
    """Why a value is not allowed.

    inside: the keys below the checked one, where it sits deeper; known: for an unknown key, those there are.
    """

    text: str
    inside: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def shown(value: Any) -> str:
    """Return the value as an error quotes it: text in quotes, at most 60 characters."""
    if isinstance(value, str):
        printable = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in value)
        return f'"{printable}"' if len(printable) <= 60 else f'"{printable[:57]}..."'
    try:
        written = flow(value)
    except TypeError:
        written = f"a Python {type(value).__name__}"
    return written if len(written) <= 60 else written[:57] + "..."


def allowed(schema: Schema) -> str:
    """Return what the schema allows: "a number above 0, or auto"."""
    branches = _branches(schema)
    words = [flow(choice) for branch in branches for choice in _choices(branch)]
    if words and any(map(_lists_choices, branches)):
        return f"{', '.join(words)}, or a list of them"
    kinds = [_one(branch) for branch in branches if not _choices(branch)]
    return ", or ".join([*kinds, ", ".join(words)] if kinds and words else kinds or [", ".join(words)])


def problem(value: Any, schema: Schema) -> Problem | None:
    """Return why `value` is not allowed, or None. Strict: true is not 1 and "8" is not 8, but 8.0 is 8."""
    if isinstance(value, str) and _NOT_TEXT.search(value):
        return Problem(f"{shown(value)} is not text: it holds a NUL or half of a character")
    branches = _branches(schema)
    if any(_fits(value, branch) is None for branch in branches):
        return None
    free = [branch for branch in branches if not _choices(branch)]
    for branch in free:
        if _is(value, str(branch.get("type"))) and (found := _fits(value, branch)) is not None:
            return found if found.inside else Problem(f"{found.text} (allowed: {allowed(schema)})")
    kinds = [str(branch.get("type")) for branch in free if branch.get("type") != "null"]
    if not kinds or all(map(_lists_choices, free)):
        return Problem(f"{shown(value)} is not one of {allowed(schema)}")
    if _NOUNS.get(kinds[0]) == allowed(schema):
        return Problem(f"{shown(value)} is not {allowed(schema)}")
    return Problem(f"{shown(value)} is not {_NOUNS.get(kinds[0], 'a value')} (allowed: {allowed(schema)})")


def remedy(value: Any, leaf: Leaf) -> Any:
    """Return a value that the key allows: what was probably meant, else the default, else None where no value is known."""
    good = (guess for guess in _guesses(value, leaf) if problem(guess, leaf.schema) is None)
    return next((guess for guess in good if len(flow(guess)) <= LONGEST_REMEDY), None)


def settle(value: Any, schema: Schema) -> Any:
    """Return an allowed value as the schema's type: 8.0 where only whole numbers are allowed becomes 8."""
    if isinstance(value, float) and value.is_integer() and not any(b.get("type") == "number" for b in _branches(schema)):
        return int(value)
    return value


def _guesses(value: Any, leaf: Leaf) -> list[Any]:
    guesses: list[Any] = []
    if isinstance(value, str):
        near = nearest(value, _words(leaf))
        guesses += [near] if near else []
        with contextlib.suppress(ValueError):
            guesses.append(resolve(value.strip().replace("_", "")))
        truth = _TRUTHS.get(value.strip().lower())
        guesses += [] if truth is None else [truth]
        guesses.append([value])
    elif isinstance(value, bool | int | float):
        guesses += [flow(value), [flow(value)], *([bool(value)] if value in (0, 1) and not isinstance(value, bool) else [])]
        is_share = any(branch.get("exclusiveMaximum") == 1 for branch in _branches(leaf.schema))
        guesses += [value / 100] if is_share and 1 < value < 100 else []
    elif isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        guesses += [[flow(item) if isinstance(item, bool | int | float) else item for item in items], *items[:1]]
        guesses.append([nearest(str(item), _words(leaf)) for item in items])
    return [*guesses, leaf.default]


def _words(leaf: Leaf) -> list[str]:
    return [str(choice) for branch in _branches(leaf.schema) for choice in _choices(branch)]


def _lists_choices(schema: Schema) -> bool:
    return schema.get("type") == "array" and bool(_choices(schema.get("items", {})))


def _branches(schema: Schema) -> list[Schema]:
    return list(schema.get("anyOf", [schema]))


def _choices(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", []))


def _one(schema: Schema) -> str:
    kind = str(schema.get("type"))
    if kind == "array":
        return f"a list of {_plural(schema.get('items', {}))}"
    if kind == "object":
        names = ", ".join(f"{name}: {_one(item)}" for name, item in schema.get("properties", {}).items())
        return f"{{{names}}}" if names else f"a mapping of names to {_plural(schema.get('additionalProperties', {}))}"
    return _NOUNS.get(kind, "a value") + _range(schema)


def _plural(schema: Any) -> str:
    words = {"string": "texts", "integer": "whole numbers", "number": "numbers"}
    return words.get(str(cast("Schema", schema).get("type")), "values") if isinstance(schema, Mapping) else "values"


def _range(schema: Schema) -> str:
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high, below = schema.get("maximum"), schema.get("exclusiveMaximum")
    if low is not None and (high is not None or below is not None):
        return f" from {low:g} to {high:g}" if high is not None else f" from {low:g} to below {below:g}"
    words = (("of at least", low), ("above", above), ("of at most", high), ("below", below))
    parts = [f"{word} {bound:g}" for word, bound in words if bound is not None]
    return " " + " and ".join(parts) if parts else ""


def _is(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    if kind == "number":
        return not isinstance(value, bool) and isinstance(value, int | float)
    types: dict[str, Any] = {"string": str, "array": (list, tuple), "object": Mapping, "null": type(None)}
    return kind in types and isinstance(value, types[kind])


def _fits(value: Any, schema: Schema) -> Problem | None:
    """The first problem of `value` with one branch of a union."""
    choices = _choices(schema)
    if choices:
        fits = any(value == choice and type(value) is type(choice) for choice in choices)
        return None if fits else Problem(f"{shown(value)} is not one of the choices")
    kind = str(schema.get("type"))
    if not _is(value, kind):
        return Problem(f"{shown(value)} is not {_NOUNS.get(kind, 'a value')}")
    if kind in ("integer", "number"):
        return _outside(value, schema)
    if kind == "array":
        found = [found for item in cast("Sequence[Any]", value) if (found := problem(item, schema.get("items", {}))) is not None]
        return Problem(f"in the list, {found[0].text}") if found else None
    return _object(cast("Mapping[str, Any]", value), schema) if kind == "object" else None


def _outside(value: float, schema: Schema) -> Problem | None:
    if isinstance(value, float) and not math.isfinite(value):
        return Problem(f"{shown(value)} is not a finite number")
    if value < schema.get("minimum", -math.inf) or value <= schema.get("exclusiveMinimum", -math.inf):
        return Problem(f"{shown(value)} is too small")
    if value > schema.get("maximum", math.inf) or value >= schema.get("exclusiveMaximum", math.inf) or _is_too_long(value, schema):
        return Problem(f"{shown(value)} is too large")
    if "multipleOf" in schema and value % schema["multipleOf"]:
        return Problem(f"{shown(value)} is not a multiple of {schema['multipleOf']}")
    return None


def _is_too_long(value: float, schema: Schema) -> bool:
    """Whole numbers are stored in 64 bits by everything downstream, others as floats."""
    return abs(value) > (2**63 - 1 if schema.get("type") == "integer" else sys.float_info.max)


def _object(value: Mapping[str, Any], schema: Schema) -> Problem | None:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    rest: Any = schema.get("additionalProperties", True)
    for name, item in value.items():
        inner = properties.get(name, cast("Schema", rest) if isinstance(rest, Mapping) else None)
        if inner is None:
            return Problem(f"unknown key {shown(str(name))}", (str(name),), tuple(properties))
        found = problem(item, inner)
        if found is not None:
            return found._replace(inside=(str(name), *found.inside))
    missing = [str(name) for name in schema.get("required", []) if name not in value]
    return Problem(f"{shown(value)} lacks {missing[0]}") if missing else None
