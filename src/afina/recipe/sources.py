"""Where settings come from: YAML files, a Python mapping, `key=value` words. All become the same list of settings with their places."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from afina.errors import AfinaError, UsageError
from afina.recipe import yaml12
from afina.recipe.aliases import ACCUMULATION, ALIAS_WHY, ALIASES, REFUSED
from afina.recipe.emit import flow
from afina.recipe.keys import BARE, NESTED, REGISTRIES, every_leaf, is_text, leaf_at, leaves, owners, paths_of, sections, usual
from afina.recipe.suggest import nearest
from afina.types import Notice

MAX_EXTENDS = 10


@dataclass(frozen=True)
class Place:
    """Where a setting was written: a line of a file, a word of the command line, or (both empty) Python."""

    line: str = ""
    word: str = ""

    def of(self, key: str) -> str:
        """The place as an error names it: `recipe.yaml:7 train.r`, the word as typed, or the key."""
        return self.word or (f"{self.line} {_short(key)}" if self.line else _short(key))

    def __str__(self) -> str:
        return self.word or self.line or "Python"


@dataclass(frozen=True)
class Setting:
    """One value for one key, the key as the schema spells it."""

    path: tuple[str, ...]
    value: Any
    place: Place


@dataclass(frozen=True)
class Written:
    """One value as written: `typed` may be short, an alias or wrong. raw: the text after `=` of a command-line word."""

    typed: tuple[str, ...]
    value: Any
    place: Place
    raw: bool = False

    @property
    def key(self) -> str:
        return ".".join(self.typed)


Layer = list[Written]


def from_file(path: Path) -> list[Layer]:
    """Return the layers of a file, those it extends first. Raises UsageError R006 and R009."""
    layers: list[Layer] = []
    seen: list[Path] = []
    where = ""
    while True:
        real = path.resolve()
        if real in seen or len(seen) >= MAX_EXTENDS:
            what = f"extends: {path} leads back to itself" if real in seen else f"extends more than {MAX_EXTENDS} files deep"
            raise UsageError("R009", what, where=where, fix="remove this line")
        seen.append(real)
        document = _read_base(path, where)
        values = dict(document.values)
        base = values.pop("extends", None)
        layers.insert(0, list(_written(values, document.lines, str(path))))
        if base is None:
            return layers
        where = f"{path}:{document.lines['extends',]} extends"
        if not isinstance(base, str) or not base:
            raise UsageError("R009", "extends names one YAML file", where=where, fix="extends: other.yaml")
        path = path.parent / base


def from_mapping(values: Mapping[str, Any]) -> Layer:
    """Return the settings of a Python mapping: sections, short keys and dotted keys."""
    return list(_written(_plain(values), {}, ""))


def from_words(words: Sequence[str]) -> tuple[Layer, list[AfinaError]]:
    """Return the settings of `key=value` words, and an R008 for each word that is none."""
    layer: Layer = []
    errors: list[AfinaError] = []
    for word in words:
        key, equals, value = word.partition("=")
        key = key.strip()
        if equals and key:
            layer.append(Written(tuple(key.split(".")), value, Place(word=_short(word)), raw=True))
        else:
            errors.append(UsageError("R008", "a setting is key=value", where=_short(word), fix=_example(key)))
    return layer, errors


def located(written: Written, notices: list[Notice]) -> list[Setting]:
    """Return the settings that `written` means; a mapping gives one for each of its keys.

    Raises UsageError R001, R002, R006, R011 or R014.
    """
    path = _locate(written, notices)
    value = written.value
    nested = ".".join(path) in NESTED
    if written.raw:
        as_typed = is_text(path) and not nested and str(value)[:1] not in ("'", '"')
        value = str(value) if as_typed else yaml12.read_value(str(value), written.place.word)
    return list(_flattened((*path, "name") if nested and isinstance(value, str) else path, value, written.place))


def not_known(path: tuple[str, ...], place: Place, tag: str = "") -> UsageError:
    """Return the R002 that says which key was probably meant: one of its section, else one of all, else the list."""
    key, name, section = ".".join(path), path[-1], path[0] if path[0] in sections() and len(path) > 1 else ""
    if not section:
        guess = _near_anywhere(path)
        listed = f"the sections are {', '.join(sections())}"
        return _unknown(key, guess, guess, place, key, listed)
    others = usual(owners(path))
    if tag and others:
        what = f'{section} {tag} has no key "{name}"; {", ".join(others)} has'
        return UsageError("R002", what, where=place.of(key), fix=f"remove {name}, or choose {section}={others[0]}")
    keys = leaves(section, tag) if section not in REGISTRIES or tag else [leaf.path[1] for leaf in every_leaf() if leaf.path[0] == section]
    aliases = [alias for alias, target in ALIASES.items() if target[0] == section and leaf_at(target, tag)]
    guess = nearest(name, [*keys, *aliases])
    if guess:
        return _unknown(name, guess, f"{section}.{guess}", place, key, "")
    guess = _near_anywhere((name,))
    places = paths_of(guess)
    full = ".".join(places[0]) if len(places) == 1 else guess
    return _unknown(name, full, full, place, key, f"the keys of {section} are {', '.join(dict.fromkeys(keys))}")


def _unknown(name: str, guess: str, full: str, place: Place, key: str, listed: str) -> UsageError:
    if not guess:
        return UsageError("R002", f'unknown key "{_short(name)}"', where=place.of(key), fix=f"remove it; {listed}")
    what = f'unknown key "{name}". Did you mean {guess}?'
    if place.word:
        typed = place.word.partition("=")[2]
        meant = [".".join(path) for path in paths_of(full)] if len(paths_of(full)) > 1 else [full]
        return UsageError("R002", what, where=place.of(key), fix=" or ".join(f"{one}={typed}" for one in meant))
    canonical = ".".join(ALIASES.get(guess, ()))
    note = f" (afina's own name is {canonical})" if canonical else ""
    return UsageError("R002", what, where=place.of(key), fix=f"write {guess} instead of {name}{note}")


def _near_anywhere(typed: tuple[str, ...]) -> str:
    if len(typed) == 1:
        names = dict.fromkeys([*sections(), *(leaf.path[-1] for leaf in every_leaf()), *ALIASES])
        return nearest(typed[0], names)
    section, inner = nearest(typed[0], sections()), ".".join(typed[1:])
    if not section:
        return nearest(".".join(typed), [leaf.dotted for leaf in every_leaf()])
    names = dict.fromkeys(leaf.path[1] for leaf in every_leaf() if leaf.path[0] == section)
    within = inner if inner in names else nearest(inner, names)
    elsewhere = paths_of(typed[-1])
    return ".".join(elsewhere[0]) if not within and len(elsewhere) == 1 else f"{section}.{within or inner}"


def _locate(written: Written, notices: list[Notice]) -> tuple[str, ...]:
    typed, place = written.typed, written.place
    head, rest = typed[0], typed[1:]
    if head in sections():
        return _in_section(written, notices)
    found = paths_of(head)
    if len(found) > 1:
        full = [".".join((*path, *rest)) for path in found]
        fix = "write " + " or ".join(f"{key}={written.value}" if written.raw else key for key in full)
        raise UsageError("R014", f'"{head}" is the name of {len(full)} keys: {", ".join(full)}', where=place.of(written.key), fix=fix)
    if found:
        return (*found[0], *rest)
    if head in ALIASES:
        return (*_alias(head, place, notices), *rest)
    if head in REFUSED:
        raise _refused(head, written)
    raise not_known(typed, place)


def _in_section(written: Written, notices: list[Notice]) -> tuple[str, ...]:
    typed, place = written.typed, written.place
    section = typed[0]
    if len(typed) == 1:
        value: Any = written.value
        if isinstance(value, Mapping) or (written.raw and str(value).startswith("{")):
            return typed
        if section in BARE and isinstance(value, str):
            return BARE[section]
        raise _not_a_section(section, value, place)
    name = typed[1]
    is_key = any(leaf.path[:2] == typed[:2] for leaf in every_leaf())
    if not is_key and name in ALIASES and ALIASES[name][0] == section:
        return (*_alias(name, place, notices), *typed[2:])
    if not is_key and name in REFUSED:
        raise _refused(name, written)
    return typed


def _not_a_section(section: str, value: Any, place: Place) -> UsageError:
    members = [leaf for leaf in every_leaf() if leaf.path[0] == section]
    names = ", ".join(dict.fromkeys(leaf.path[-1] for leaf in members))
    default = "auto" if section in REGISTRIES else flow(members[0].default)
    meant = flow(value) if isinstance(value, str) and len(value) < 100 and is_text(members[0].path) else default
    key = section if section in REGISTRIES else members[0].dotted
    return UsageError("R001", f"{section} is a section; its keys are {names}", where=place.of(section), fix=f"{key}={meant}")


def _alias(name: str, place: Place, notices: list[Notice]) -> tuple[str, ...]:
    path = ALIASES[name]
    if path != ACCUMULATION:
        key = ".".join(path)
        why = ALIAS_WHY.get(name, "another name of the same key")
        notices.append(Notice(f"{name} is read as {key}", f"{place}: {why}", key))
    return path


def _refused(name: str, written: Written) -> UsageError:
    why, fix = REFUSED[name]
    return UsageError("R011", f"{name} is not a key of afina: {why}", where=written.place.of(written.key), fix=fix)


def _written(values: Mapping[str, Any], lines: Mapping[yaml12.KeyPath, int], name: str) -> Iterator[Written]:
    def place(path: yaml12.KeyPath) -> Place:
        if not name:
            return Place()
        return Place(line=f"{name}:{lines[path]}") if path in lines else place(path[:-1])

    def inside(typed: tuple[str, ...], value: Any, path: yaml12.KeyPath) -> Iterator[Written]:
        entries = as_mapping(value)
        if entries:
            for key, item in entries.items():
                names = key.split(".") if len(typed) == 1 else [key]
                yield from inside((*typed, *names), item, (*path, key))
        else:
            yield Written(typed, value, place(path))

    for key, value in values.items():
        if key not in sections():
            yield Written(tuple(key.split(".")), value, place((key,)))
        elif value is not None:
            yield from inside((key,), value, (key,))


def _flattened(path: tuple[str, ...], value: Any, place: Place) -> Iterator[Setting]:
    entries = as_mapping(value)
    is_section = len(path) == 1 and path[0] in sections()
    if entries or (entries is not None and is_section):
        for key, item in entries.items():
            yield from _flattened((*path, key), item, place)
    else:
        yield Setting(path, value, place)


def as_mapping(value: Any) -> Mapping[str, Any] | None:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def _plain(value: Any) -> Any:
    """Pydantic models, paths, tuples and numpy scalars as YAML would hold them."""
    if isinstance(value, BaseModel):
        name = {"name": value.__dict__["name"]} if "name" in value.__dict__ and type(value) in _members() else {}
        return {**name, **{key: _plain(getattr(value, key)) for key in type(value).model_fields if key in value.model_fields_set}}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("Sequence[Any]", value)]
    if isinstance(value, os.PathLike):
        return os.fspath(cast("os.PathLike[str]", value))
    if isinstance(value, str):
        return str.__str__(value)
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value.item() if getattr(value, "ndim", None) == 0 else value


def _members() -> list[type[BaseModel]]:
    return [member for registry in (*REGISTRIES.values(), *NESTED.values()) for member in registry.values()]


def _read_base(path: Path, where: str) -> yaml12.Document:
    try:
        return yaml12.read_file(path)
    except UsageError as error:
        if where and error.code == "R009":
            raise UsageError("R009", f"{path} {error.what}", where=where, fix=error.fix) from error
        raise


def _short(word: str) -> str:
    return word if len(word) <= 100 else word[:97] + "..."


def _example(key: str) -> str:
    paths = paths_of(key)
    leaf = leaf_at(paths[0]) if len(paths) == 1 else None
    return f"{key}={flow(leaf.default)}" if leaf else "write a key, =, and its value: seed=1"
