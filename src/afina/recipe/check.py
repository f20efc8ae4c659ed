"""From settings to a recipe: every mistake at once, one for each place, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError

from afina.errors import AfinaError, UsageError
from afina.recipe.emit import flow
from afina.recipe.keys import NESTED, REGISTRIES, Leaf, leaf_at, leaves, sections
from afina.recipe.merge import Settings, nested
from afina.recipe.schema import Recipe
from afina.recipe.sources import Place, not_known
from afina.recipe.suggest import nearest
from afina.recipe.values import problem, remedy, settle, shown


def checked(settings: Settings, errors: list[AfinaError]) -> Recipe | None:
    """Return the recipe, or None after appending what is wrong: R001 values, R002 keys, R004 names."""
    values = nested(settings)
    kept: dict[str, Any] = {}
    for section, given in values.items():
        if section in REGISTRIES:
            _check_member(section, given, settings, kept, errors)
        elif section in sections():
            _check_keys(section, "", given, settings, kept, errors)
        else:
            value = _checked_value(leaves("")[section], given, settings, errors)
            kept |= {} if value is _WRONG else {section: value}
    try:
        return Recipe.model_validate(kept)
    except ValidationError as error:
        errors.extend(_remaining(error, settings))
        return None


_WRONG: Any = object()


def _check_member(section: str, given: Any, settings: Settings, kept: dict[str, Any], errors: list[AfinaError]) -> None:
    """A method or objective: its name first, for its keys depend on it."""
    if not isinstance(given, Mapping):
        return
    entries = cast("Mapping[str, Any]", given)
    name = entries.get("name", "auto")
    registry = REGISTRIES[section]
    if name == "auto":
        _check_keys(section, "", {key: value for key, value in entries.items() if key != "name"}, settings, {}, errors)
        return
    if not isinstance(name, str) or name not in registry:
        near = nearest(str(name), registry.names())
        what = f"no {section} is called {shown(name)} (there are: {', '.join(registry.names())})"
        key = f"{section}.name"
        fix = f"{section}={near}" if near else f"{section}=auto"
        errors.append(UsageError("R004", what, where=_place((section, "name"), settings).of(key), fix=fix))
        return
    _check_keys(section, name, entries, settings, kept, errors)


def _check_keys(section: str, tag: str, given: Any, settings: Settings, kept: dict[str, Any], errors: list[AfinaError]) -> None:
    known = leaves(section, tag)
    right: dict[str, Any] = {}
    for name, value in cast("Mapping[str, Any]", given).items():
        if f"{section}.{name}" in NESTED and isinstance(value, Mapping) and value:
            _check_nested(f"{section}.{name}", cast("Mapping[str, Any]", value), settings, right, errors)
            continue
        if name not in known:
            errors.append(not_known((section, name), _place((section, name), settings), tag))
            continue
        settled = _checked_value(known[name], value, settings, errors)
        right |= {} if settled is _WRONG else {name: settled}
    kept[section] = right


def _check_nested(dotted: str, entries: Mapping[str, Any], settings: Settings, right: dict[str, Any], errors: list[AfinaError]) -> None:
    """The value of a key that is a name with keys of its own; without a name, the default's."""
    section, _, last = dotted.rpartition(".")
    default = str(leaves(section)[last].default)
    name = entries.get("name", default)
    path = tuple(dotted.split("."))
    if not isinstance(name, str) or name not in NESTED[dotted]:
        _checked_value(leaves(section)[last], name, settings, errors)
        return
    known = leaves(dotted, name)
    made: dict[str, Any] = {"name": name}
    for key, value in entries.items():
        if key in known:
            settled = _checked_value(known[key], value, settings, errors)
            made |= {} if settled is _WRONG else {key: settled}
            continue
        own = [one for one in known if one != "name"]
        owners = [other for other in NESTED[dotted] if key in leaves(dotted, other)]
        near = nearest(key, own)
        where = _place((*path, key), settings).of(f"{dotted}.{key}")
        if near:
            what, fix = f'unknown key "{key}". Did you mean {near}?', f"write {near} instead of {key}"
            errors.append(UsageError("R002", what, where=where, fix=fix))
        else:
            what = f'{last} {name} has no key "{key}"' + (
                f"; {', '.join(owners)} {'has' if len(owners) == 1 else 'have'}" if owners else ""
            )
            fix = f"{dotted}.name={owners[0]}" if owners else f"remove it; its keys are {', '.join(own) or 'none'}"
            errors.append(UsageError("R002", what, where=where, fix=fix))
    right[last] = made


def _checked_value(leaf: Leaf, value: Any, settings: Settings, errors: list[AfinaError]) -> Any:
    found = problem(value, leaf.schema)
    if found is None:
        return settle(value, leaf.schema)
    path = (*leaf.path, *found.inside)
    where = _place(path, settings).of(".".join(path))
    if found.known:
        near = nearest(path[-1], found.known)
        question = f". Did you mean {near}?" if near else ""
        fix = f"write {near} instead of {path[-1]}" if near else f"{leaf.dotted}={flow(leaf.default)}"
        errors.append(UsageError("R002", found.text + question, where=where, fix=fix))
        return _WRONG
    guess = remedy(value, leaf)
    fix = f"{leaf.dotted}={flow(guess)}" if guess is not None or problem(None, leaf.schema) is None else f"give {leaf.dotted} a value"
    errors.append(UsageError("R001", found.text, where=where, fix=fix))
    return _WRONG


def _place(path: tuple[str, ...], settings: Settings) -> Place:
    """Where the nearest setting at, below or above `path` was written."""
    if path in settings:
        return settings[path].place
    below = [setting.place for other, setting in settings.items() if other[: len(path)] == path]
    if below:
        return below[-1]
    return _place(path[:-1], settings) if len(path) > 1 else Place()


def _remaining(error: ValidationError, settings: Settings) -> list[AfinaError]:
    """What only pydantic knows: rules over several keys, and validators of methods; one error for each key."""
    found: dict[tuple[str, ...], UsageError] = {}
    for detail in error.errors(include_url=False, include_context=False):
        location = tuple(str(part) for part in detail["loc"])
        if location and location[0] in REGISTRIES:
            location = (location[0], *location[2:])
        text = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        leaf = leaf_at(location) or _mentioned(location, text, settings)
        path = leaf.path if leaf else location
        fix = f"{leaf.dotted}={flow(leaf.default)}" if leaf else f"change a key of {'.'.join(path)}"
        found.setdefault(path, UsageError("R001", text, where=_place(path, settings).of(".".join(path)), fix=fix))
    return list(found.values())


def _mentioned(section: tuple[str, ...], text: str, settings: Settings) -> Leaf | None:
    """The key that a rule over a section speaks of and that was set last."""
    words = set(re.findall(r"\w+", text))
    given = [path for path in settings if path[: len(section)] == section and len(path) > len(section) and path[len(section)] in words]
    return leaf_at(given[-1]) if given else None
