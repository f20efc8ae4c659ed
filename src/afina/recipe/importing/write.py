"""An imported recipe as YAML, each line with the key it came from."""

from __future__ import annotations

from typing import Any, NamedTuple

from afina.recipe.emit import flow, text
from afina.recipe.importing.read import Entry, Imported

WIDTH = 140


class _Line(NamedTuple):
    value: Any
    origin: str


Tree = dict[str, "Tree | _Line"]


def recipe_text(imported: Imported) -> str:
    """Return YAML that `load` reads as the imported recipe."""
    tree: Tree = {}
    for key, (value, entries) in imported.settings.items():
        *path, name = key.split(".")
        inside = tree
        for part in path:
            deeper = inside.setdefault(part, {})
            assert isinstance(deeper, dict), key
            inside = deeper
        inside[name] = _Line(value, _origin(entries, imported))
    first = f"# Imported from {imported.file.name} ({imported.source.title}). Behind each key stands where it came from."
    return "\n".join([first, *_lines(tree, 0)]) + "\n"


def _lines(tree: Tree, indent: int) -> list[str]:
    lines: list[str] = []
    pad, before = " " * indent, ""
    for name, item in tree.items():
        if isinstance(item, dict) and set(item) == {"name"}:
            item = item["name"]  # a method or an objective with its defaults is its name
        if isinstance(item, dict):
            lines += [f"{pad}{text(name)}:", *_lines(item, indent + 2)]
            continue
        origin = "as the line above" if item.origin == before else item.origin
        before = item.origin
        line = f"{pad}{text(name)}: {flow(item.value)}"
        lines += [f"{line}  # {origin}"] if len(line) + len(origin) + 4 <= WIDTH else [f"{pad}# {origin}", line]
    return lines


def _origin(entries: tuple[Entry, ...], imported: Imported) -> str:
    """The keys, and what is to be known of them: `lora_rank`, `default of TRL: use_peft`."""
    names = ", ".join(entry.key for entry in entries)
    notes = list(dict.fromkeys(entry.reading.note for entry in entries if entry.reading.note))
    assumed = "" if entries[0].line else f"default of {imported.source.title}: "
    return " ".join(f"{assumed}{names}{': ' if notes else ''}{'; '.join(notes)}".split())
