"""The keys of the recipe, read from the schema: the only list of what may be written. Constraints come as JSON schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

from afina.methods import METHODS
from afina.objectives import OBJECTIVES
from afina.optimizers import OPTIMIZERS
from afina.recipe.schema import Recipe
from afina.registry import Registry

Path = tuple[str, ...]
Schema = Mapping[str, Any]

REGISTRIES: Mapping[str, Registry[Any]] = {"method": METHODS, "objective": OBJECTIVES}
NESTED: Mapping[str, Registry[Any]] = {"train.optimizer": OPTIMIZERS}
"""Keys whose value is a name, or a mapping with a name and that thing's own keys. Those are written below it, never alone."""
USUAL = ("freeze", "lora")
BARE = {"model": ("model", "path"), "data": ("data", "path"), "method": ("method", "name"), "objective": ("objective", "name")}
"""What a section written as one text means: `model=PATH`, `method=lora`."""


@dataclass(frozen=True)
class Leaf:
    """One key. schema: its JSON schema without references; tag: the method or objective that has it, "" elsewhere."""

    path: Path
    schema: Schema
    default: Any
    description: str
    tag: str = ""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


@cache
def sections() -> tuple[str, ...]:
    """The top-level keys that hold keys, in schema order."""
    return tuple(name for name in Recipe.model_fields if name in REGISTRIES or _spec(name) is not None)


@cache
def leaves(section: str, tag: str = "") -> Mapping[str, Leaf]:
    """The keys of a section by name: of `method` and `objective` those of the member `tag` ("auto" has none); of "" those in no section.

    Of "train.optimizer" those of the optimizer `tag`.
    """
    if section in NESTED:
        return _leaves_of(NESTED[section][tag], tuple(section.split(".")), tag)
    if section == "":
        schema = Recipe.model_json_schema()["properties"]
        return {name: _leaf((name,), schema[name], {}) for name in Recipe.model_fields if name not in sections()}
    if section in REGISTRIES and tag not in REGISTRIES[section]:
        return {}
    model = REGISTRIES[section][tag] if section in REGISTRIES else _spec(section)
    return {} if model is None else _leaves_of(model, (section,), tag)


@cache
def every_leaf() -> tuple[Leaf, ...]:
    """Every key, in schema order; a name that several methods have appears once for each. The own keys of optimizers are not among them."""

    def walk() -> Iterator[Leaf]:
        for name in Recipe.model_fields:
            if name in REGISTRIES:
                for tag in REGISTRIES[name]:
                    yield from leaves(name, tag).values()
            elif name in sections():
                yield from leaves(name).values()
            else:
                yield leaves("")[name]

    return tuple(walk())


@cache
def paths_of(name: str) -> tuple[Path, ...]:
    """Where keys of this name stand, each place once."""
    return tuple(dict.fromkeys(leaf.path for leaf in every_leaf() if leaf.path[-1] == name))


@cache
def owners(path: Path) -> tuple[str, ...]:
    """The methods or objectives that have the key at `path`."""
    return tuple(leaf.tag for leaf in every_leaf() if leaf.path == path and leaf.tag)


def usual(tags: Sequence[str]) -> Sequence[str]:
    """Which of several methods is meant by a key that all of them have: the usual one, where it is among them."""
    return [tag for tag in tags if tag in USUAL] or tags


def leaf_at(path: Path, tag: str = "") -> Leaf | None:
    """The key that `path` names or lies in (`data.map.text` lies in `data.map`); without a tag, any method's."""
    for leaf in every_leaf():
        if leaf.path == path[: len(leaf.path)] and (not tag or not leaf.tag or leaf.tag == tag):
            return leaf
    return None


def is_text(path: Path) -> bool:
    """Whether every value allowed at `path` is text, so that what is typed after `=` is taken as it is."""
    found = [leaf for leaf in every_leaf() if leaf.path == path[: len(leaf.path)]]
    return bool(found) and all(_holds_text(_at(leaf.schema, path[len(leaf.path) :])) for leaf in found)


def _at(schema: Schema, rest: Path) -> Schema:
    for name in rest:
        properties: Mapping[str, Any] = schema.get("properties", {})
        branches: list[Schema] = schema.get("anyOf", [])
        if name in properties:
            schema = properties[name]
        elif isinstance(schema.get("additionalProperties"), Mapping):
            schema = schema["additionalProperties"]
        else:
            empty: Schema = {}
            schema = next((_at(branch, (name,)) for branch in branches if branch.get("type") == "object"), empty)
    return schema


def _holds_text(schema: Schema) -> bool:
    branches: list[Schema] = schema.get("anyOf", [schema])
    return all(branch.get("type") == "string" for branch in branches)


def _spec(name: str) -> type[BaseModel] | None:
    kind = Recipe.model_fields[name].annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _leaves_of(model: type[BaseModel], path: Path, tag: str) -> dict[str, Leaf]:
    schema = model.model_json_schema()
    properties = cast("dict[str, Schema]", schema.get("properties", {}))
    found = {name: _leaf((*path, name), value, schema.get("$defs", {}), tag) for name, value in properties.items()}
    for dotted, registry in NESTED.items():
        section, _, name = dotted.rpartition(".")
        if section == ".".join(path):
            words = {"enum": registry.names(), "type": "string"}
            found[name] = Leaf((*path, name), words, model.model_fields[name].default.name, found[name].description, tag)
    return found


def _leaf(path: Path, schema: Schema, definitions: Mapping[str, Schema], tag: str = "") -> Leaf:
    inlined = cast("Schema", _inline(schema, definitions))
    empty: Any = {} if inlined.get("type") == "object" else None
    return Leaf(path, inlined, schema.get("default", empty), str(schema.get("description", "")), tag)


def _inline(value: Any, definitions: Mapping[str, Schema]) -> Any:
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value)
        if "$ref" in entries:
            return _inline(definitions[str(entries["$ref"]).rsplit("/", 1)[-1]], definitions)
        return {key: _inline(item, definitions) for key, item in entries.items()}
    if isinstance(value, list):
        return [_inline(item, definitions) for item in cast("list[Any]", value)]
    return value
