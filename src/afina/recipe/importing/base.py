"""How another tool's file is read: a table of its keys, what each becomes here, and what the tool does where a key is not written.

A source is one file: a `Source` with its table, registered by name. What two tools have in common stands in `trainer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from afina.recipe.keys import Schema, is_text, leaf_at
from afina.recipe.yaml12 import resolve
from afina.registry import Registry

Outcome = Literal["carried", "changed", "absent", "unknown"]
"""carried: means the same here. changed: another meaning here. absent: no counterpart. unknown: not a key of that tool."""

OFF: tuple[Any, ...] = (None, False, 0, "", "no", "none", "None", "null")


@dataclass(frozen=True)
class Reading:
    """What one key becomes. values: dotted key of afina -> value."""

    outcome: Outcome
    values: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Given:
    """The file, and what the tool assumes where the file says nothing.

    values: the file's keys, those of the first dataset of a list as "datasets.path". lines: where they stand. processes: on which the
    tool ran.
    """

    source: Source
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    file: Path
    processes: int

    def __getitem__(self, key: str) -> Any:
        """Return the file's value, else the tool's default, else None."""
        value = self.values.get(key)
        return self.source.defaults.get(key) if value is None else value

    def place(self, key: str) -> str:
        return f"{self.file}:{self.lines.get(key, 1)} {key}"


Read = Callable[[Any, Given], Reading]


@dataclass(frozen=True)
class Rule:
    """One row of a table. to: the keys of afina that may be set; says: what the documentation says of it."""

    read: Read
    to: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class Source:
    """Another tool's recipe files.

    defaults: what the tool does where a key is not written and afina would do otherwise. nested: keys that hold one mapping or a list of
    them, whose first one's keys are read as "datasets.path". renamed: older names of keys. packs: whether examples share rows.
    refuse: raises UsageError R017 for what no objective here learns. objective: the name here of what the file minimises. The other fields
    name the tool's keys for rules that several share.
    """

    title: str
    version: str
    rules: Mapping[str, Rule]
    defaults: Mapping[str, Any]
    refuse: Callable[[Given], None]
    packs: Callable[[Given], bool]
    micro_batch: str
    length: str
    schedule: str = "lr_scheduler_type"
    validation: str = ""
    objective: Callable[[Given], str] = lambda given: "auto"
    nested: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])


SOURCES: Registry[Source] = Registry("source of recipes")


def carried(values: Mapping[str, Any], note: str = "") -> Reading:
    return Reading("carried", values, note)


def changed(values: Mapping[str, Any], note: str) -> Reading:
    return Reading("changed", values, note)


def absent(note: str) -> Reading:
    return Reading("absent", {}, note)


def same(key: str, note: str = "") -> Rule:
    """Return the rule of a key that means what `key` means here. A number written as text is read as a number, as the tools do."""
    is_number = not is_text(tuple(key.split(".")))

    def read(value: Any, given: Given) -> Reading:
        meant = resolve(value) if is_number and isinstance(value, str) else value
        return carried({key: meant}, note)

    return Rule(read, (key,), note or "the same")


def by(function: Read, *to: str) -> Rule:
    """Return a rule that a function reads; the first line of its docstring is what the documentation says."""
    return Rule(function, to, (function.__doc__ or "").strip().splitlines()[0].removesuffix("."))


def without_counterpart(groups: Mapping[str, str]) -> dict[str, Rule]:
    """Return the rules of keys without a place here, from reason -> keys separated by blanks. Switched off, they mean what afina does."""
    return {key: _nothing(reason) for reason, keys in groups.items() for key in keys.split()}


def _nothing(reason: str) -> Rule:
    def read(value: Any, given: Given) -> Reading:
        return carried({}, "off, as here") if value in OFF or value in ([], {}) else absent(reason)

    return Rule(read, (), reason)


def read_with(groups: Mapping[str, str]) -> dict[str, Rule]:
    """Return the rules of keys that another key's rule reads, from that key -> keys separated by blanks."""

    def rule(partner: str) -> Rule:
        return Rule(lambda value, given: carried({}, f"read with {partner}"), (), f"read with {partner}")

    return {key: rule(partner) for partner, keys in groups.items() for key in keys.split()}


def only_if(condition: Callable[[Given], bool], rule: Rule, otherwise: str) -> Rule:
    """Return the rule for keys that count only under a condition; otherwise they are as if not written."""

    def read(value: Any, given: Given) -> Reading:
        return rule.read(value, given) if condition(given) else absent(otherwise)

    return Rule(read, rule.to, rule.says)


def named(key: str, value: Any, names: Mapping[str, str], default: str) -> Reading:
    """Return the reading of a name through a table of names here; what the schema does not know (yet) has no counterpart."""
    known = choices(key)
    meant = names.get(str(value), str(value))
    if meant in known:
        return carried({key: meant}, "" if meant == value else f"{value} is {meant} here")
    return absent(f"{value} is not here (there are {', '.join(known)}); {default} is used")


def choices(key: str) -> list[str]:
    """Return the names that a key allows, those of lists and of nested choices (`{name: muon, ...}`) included."""
    leaf = leaf_at(tuple(key.split(".")))
    return list(dict.fromkeys(_names(leaf.schema))) if leaf else []


def _names(schema: Schema) -> list[str]:
    found = [schema["const"]] if "const" in schema else list(schema.get("enum", []))
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found += _names(branch)
    for inner in (schema.get("properties", {}).get("name"), schema.get("items")):
        found += _names(inner) if inner else []
    return [str(value) for value in found]


def listed(value: Any) -> list[str]:
    """Return the items of a list, or of a text that separates them by commas."""
    items = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else str(value).split(",")
    return [str(item).strip() for item in items if str(item).strip()]


def as_tuple_or_word(items: Iterable[str]) -> str | list[str]:
    """Return one item as itself, several as a list."""
    found = list(items)
    return found[0] if len(found) == 1 else found


def is_count(value: Any) -> bool:
    """Whether a value is a whole number of at least 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 1 and float(value).is_integer()
