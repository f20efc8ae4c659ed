"""A file of another tool becomes a recipe, and every key of it a line of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from afina.errors import AfinaError, RecipeErrors, UsageError
from afina.recipe import yaml12
from afina.recipe.check import checked
from afina.recipe.emit import flow
from afina.recipe.importing.base import SOURCES, Given, Outcome, Reading, Source, absent
from afina.recipe.importing.datasets import ONE_FILE
from afina.recipe.keys import leaf_at, sections
from afina.recipe.merge import merged
from afina.recipe.schema import Recipe
from afina.recipe.sources import Place, Written
from afina.recipe.suggest import nearest
from afina.types import Notice

WORDS = {"yes": True, "on": True, "no": False, "off": False}
GROUPED = re.compile(r"[-+]?[0-9]+(_[0-9]+)+")


@dataclass(frozen=True)
class Entry:
    """One line of the report: a key of the file (or, where line is 0, what the tool does by itself) and what it is here."""

    key: str
    value: Any
    line: int
    reading: Reading

    @property
    def outcome(self) -> Outcome:
        return self.reading.outcome


@dataclass(frozen=True)
class Imported:
    """recipe: checked as any other. settings: dotted key -> value and the entries it came from."""

    file: Path
    source: Source
    recipe: Recipe
    settings: Mapping[str, tuple[Any, tuple[Entry, ...]]]
    report: tuple[Entry, ...]


@dataclass(frozen=True)
class _Key:
    """One key of the file: as written, by its newest name, and where."""

    written: str
    name: str
    value: Any
    line: int


def import_recipe(file: Path, source: str = "", processes: int = 1) -> Imported:
    """Return the recipe that a file of another tool means. source: its name, by default found by the keys. processes: on which it ran.

    Raises UsageError R006, R009 (the file), R004 (no such source), R016 (not clear whose file it is), R017 (an objective that is not
    here), R012 (two keys that contradict each other), RecipeErrors (values that no key allows, at their lines).
    """
    document = yaml12.read_file(file)
    found = SOURCES[source] if source else _whose(document.values, file)
    keys = list(_keys(document, found))
    lines = {key.name: key.line for key in keys}
    given = Given(found, {key.name: key.value for key in keys if key.value is not None}, lines, file, processes)
    found.refuse(given)
    entries = [Entry(key.written, key.value, key.line, _read(key.name, key.value, given)) for key in keys]
    written = {key.name for key in keys if key.value is not None}
    entries += [
        Entry(key, value, 0, found.rules[key].read(value, given))
        for key, value in found.defaults.items()
        if key in found.rules and key not in written
    ]
    settings = _settings(entries, file)
    adopted = [entry for _, origins in settings.values() for entry in origins]
    assumed = [entry for entry in entries if not entry.line and entry.outcome == "changed" and not entry.reading.values]
    report = tuple(entry for entry in entries if entry.line or entry in adopted or entry in assumed)
    return Imported(file, found, _checked(settings, file), settings, report)


def as_python(value: Any) -> Any:
    """Return a value as YAML 1.1 readers mean it, which the tools use: yes and on are true, 1_000 is a number."""
    if isinstance(value, Mapping):
        return {key: as_python(item) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [as_python(item) for item in cast("list[Any]", value)]
    if isinstance(value, str):
        return int(value) if GROUPED.fullmatch(value) else WORDS.get(value.lower(), value)
    return value


def _whose(values: Mapping[str, Any], file: Path) -> Source:
    """The source that knows most of the keys."""
    names = SOURCES.names()
    listed = " or ".join(f"--from {name}" for name in names)
    if set(values) & set(sections()) and not set(values) - {*sections(), "seed", "extends"}:
        raise UsageError("R016", "this is a recipe of afina already", where=str(file), fix=f"afina train {file}")
    known = {
        name: sum(key in SOURCES[name].rules or key in SOURCES[name].nested or key in SOURCES[name].renamed for key in values)
        for name in names
    }
    best = max(known.values())
    first = [name for name in names if known[name] == best]
    if best == 0 or len(first) > 1:
        what = "no tool that afina knows has such keys" if best == 0 else f"its keys are those of {' and of '.join(first)}"
        raise UsageError("R016", what, where=str(file), fix=listed)
    return SOURCES[first[0]]


def _keys(document: yaml12.Document, source: Source) -> Iterator[_Key]:
    """The file's keys; those of the first mapping of a nested list as `datasets.path`, further ones as `datasets[1]`."""
    for key, value in document.values.items():
        line = document.lines[key,]
        items = cast("list[Any]", value if isinstance(value, list) else [value])
        if key not in source.nested or not all(isinstance(item, Mapping) for item in items):
            yield _Key(key, source.renamed.get(key, key), as_python(value), line)
            continue
        first: Mapping[str, Any] = items[0] if items else {}
        for name, item in first.items():
            path = (key, 0, name) if isinstance(value, list) else (key, name)
            yield _Key(f"{key}.{name}", f"{key}.{name}", as_python(item), document.lines.get(path, line))
        for index, item in enumerate(items[1:], 1):
            yield _Key(f"{key}[{index}]", f"{key}[{index}]", as_python(item), document.lines.get((key, index), line))


def _read(name: str, value: Any, given: Given) -> Reading:
    rules = given.source.rules
    if value is None:
        return Reading("carried", {}, "empty, as if it were not there")
    if name in rules:
        return rules[name].read(value, given)
    if name.endswith("]"):
        return absent(f"left out, for {ONE_FILE}")
    near = nearest(name, rules)
    return Reading("unknown", {}, f"not a key of {given.source.title}" + (f". Did you mean {near}?" if near else ""))


def _settings(entries: list[Entry], file: Path) -> dict[str, tuple[Any, tuple[Entry, ...]]]:
    """The settings, in the order of the recipe's keys. What the file says wins over what the tool assumes; of what it assumes, only what
    is not afina's own default. Raises UsageError R012 where two keys contradict each other."""
    settings: dict[str, tuple[Any, tuple[Entry, ...]]] = {}
    said = {key: str(value) for entry in entries for key, value in entry.reading.values.items() if key.endswith(".name")}
    for entry in entries:
        for key, value in entry.reading.values.items():
            if key not in settings:
                path = tuple(key.split("."))
                owner = "" if path[-1] == "name" else said.get(f"{path[0]}.name", "")
                leaf = leaf_at(path, owner)  # methods differ in what a key of one name is by default
                if entry.line or leaf is None or leaf.default != value:
                    settings[key] = (value, (entry,))
            elif entry.line and settings[key][0] == value:
                settings[key] = (value, (*settings[key][1], entry))
            elif entry.line:
                what = f"{settings[key][1][0].key} says {key}={flow(settings[key][0])}, and {entry.key} says {flow(value)}"
                raise UsageError("R012", what, where=f"{file}:{entry.line} {entry.key}", fix="remove one of them")
    order = list(Recipe.model_fields)
    return dict(sorted(settings.items(), key=lambda item: (order.index(item[0].split(".")[0]), not item[0].endswith(".name"))))


def _checked(settings: Mapping[str, tuple[Any, tuple[Entry, ...]]], file: Path) -> Recipe:
    notices: list[Notice] = []
    errors: list[AfinaError] = []
    layer = [
        Written(tuple(key.split(".")), value, Place(line=f"{file}:{entries[0].line}" if entries[0].line else str(file)))
        for key, (value, entries) in settings.items()
    ]
    recipe = checked(merged([layer], notices, errors), errors)
    if errors or recipe is None:
        raise RecipeErrors(errors)
    return recipe
