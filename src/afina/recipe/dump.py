"""A recipe as YAML and as JSON schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from afina.recipe.emit import block, flow
from afina.recipe.keys import BARE, NESTED, REGISTRIES, leaves, sections
from afina.recipe.presets import PRESETS
from afina.recipe.schema import Recipe

FIRST_LINE = "# A recipe of afina. Keys that are not here have their defaults."
FIRST_LINE_ALL = "# A recipe of afina, every key with what it means."


def to_yaml(recipe: Recipe, defaults: bool = False) -> str:
    """Return the recipe as YAML that `load` reads back as the same recipe: what differs from the defaults, in schema order.

    defaults: write every key instead, each after a comment with its description.
    """
    values = as_values(recipe)
    if defaults:
        return "\n".join([FIRST_LINE_ALL, *_explained(values)]) + "\n"
    return "\n".join([FIRST_LINE, *block(_changed(values, as_values(Recipe())))]) + "\n"


def as_values(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as plain nested values, lists for tuples, in schema order."""
    return recipe.model_dump(mode="json")


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of recipe files, for editors: keys as the schema spells them, `model: PATH`, `data: PATH`, `method: lora`,
    `optimizer: muon`, empty sections and `extends`. Rules over several keys, and other tools' names, are known to `load` alone."""
    schema = Recipe.model_json_schema()
    properties = cast("dict[str, dict[str, Any]]", schema["properties"])
    for name in sections():
        if name in REGISTRIES:
            presets = PRESETS.names() if name == "method" else []
            _allow_names(properties[name], ["auto", *REGISTRIES[name].names(), *presets], "auto")
        else:
            section = properties[name]
            short = [{"type": "string"}] if name in BARE else []
            section["anyOf"] = [*short, {"$ref": section.pop("$ref")}]
        properties[name]["anyOf"].append({"type": "null"})
    for dotted, registry in NESTED.items():
        section, _, last = dotted.rpartition(".")
        place = cast("dict[str, Any]", schema["$defs"][type(getattr(Recipe(), section)).__name__]["properties"][last])
        _allow_names(place, registry.names(), leaves(section)[last].default)
    extends = {"type": "string", "description": "Another recipe, relative to this file; the keys here win."}
    schema["properties"] = {"extends": extends, **properties}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _allow_names(place: dict[str, Any], names: list[str], default: str) -> None:
    """Allow a bare name where one of several mappings stands, each told by its `name`."""
    members = [member for member in place.pop("oneOf") if "$ref" in member]
    place.pop("discriminator", None)
    place |= {"anyOf": [{"enum": names, "type": "string"}, *members], "default": default}


def _changed(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in values.items():
        default = defaults[key]
        if key in REGISTRIES:
            changed |= _changed_member(key, value)
        elif key in sections():
            inner = {name: _short_nested(f"{key}.{name}", item) for name, item in value.items() if item != default[name]}
            changed |= {key: inner} if inner else {}
        elif value != default:
            changed[key] = value
    return changed


def _changed_member(section: str, value: Any) -> dict[str, Any]:
    """A method with nothing but defaults is its name."""
    if value == "auto":
        return {}
    entries = cast("dict[str, Any]", value)
    keys = leaves(section, entries["name"])
    inner = {name: item for name, item in entries.items() if name != "name" and item != keys[name].default}
    return {section: {"name": entries["name"], **inner} if inner else entries["name"]}


def _short_nested(dotted: str, value: Any) -> Any:
    """An optimizer with nothing but defaults is its name, else its name and what differs."""
    if dotted not in NESTED:
        return value
    keys = leaves(dotted, value["name"])
    inner = {name: item for name, item in value.items() if name != "name" and item != keys[name].default}
    return {"name": value["name"], **inner} if inner else value["name"]


def _explained(values: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for key, value in values.items():
        if not isinstance(value, Mapping):
            known = leaves("")
            lines += [f"# {known[key].description}"] if key in known else []
            lines.append(f"{key}: {flow(value)}")
            continue
        entries = cast("Mapping[str, Any]", value)
        lines.append(f"{key}:")
        known = leaves(key, str(entries.get("name", "")) if key in REGISTRIES else "")
        for name, item in entries.items():
            described = known[name].description
            lines += [f"  # {described}"] if described else []
            lines.append(f"  {name}: {flow(item)}")
    return lines
