"""Plain values as YAML that `yaml12` reads back exactly.

PyYAML's own dumper quotes by YAML 1.1, and would turn the text "1e-4" into a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from afina.recipe.yaml12 import resolve

_PLAIN = re.compile(r"[A-Za-z0-9_./$+][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def flow(value: Any) -> str:
    """Return the value on one line. Raises TypeError for what YAML's core schema cannot hold."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text(str(key))}: {flow(item)}" for key, item in cast("Mapping[Any, Any]", value).items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in cast("Sequence[Any]", value)) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Return a null, boolean, number or text as YAML. Raises TypeError for anything else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return ".nan"
        return repr(value) if math.isfinite(value) else ".inf" if value > 0 else "-.inf"
    if isinstance(value, str):
        return text(value)
    raise TypeError(f"{type(value).__name__} is not a YAML value")


def text(value: str) -> str:
    """Return a text plain where that reads back as the same text, else in double quotes."""
    if _PLAIN.fullmatch(value) and len(value) < 100 and isinstance(resolve(value), str):
        return value
    return '"' + "".join(_escaped(character) for character in value) + '"'


def block(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """Return the lines of a mapping, one key a line; all but lists of mappings stays on their key's line."""
    lines: list[str] = []
    pad = " " * indent
    for key, item in value.items():
        name = pad + text(key) + ":"
        if isinstance(item, Mapping) and item:
            lines += [name, *block(cast("Mapping[str, Any]", item), indent + 2)]
        elif records := _records(item):
            lines.append(name)
            for entry in records:
                inner = block(entry, indent + 4)
                lines += [f"{pad}  - {inner[0].lstrip()}", *inner[1:]]
        else:
            lines.append(f"{name} {flow(item)}")
    return lines


def _records(value: Any) -> list[Mapping[str, Any]]:
    """The entries of a list that holds only filled mappings; of anything else, none."""
    entries = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()
    records = [cast("Mapping[str, Any]", entry) for entry in entries if isinstance(entry, Mapping)]
    return records if len(records) == len(entries) and all(records) else []


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
