"""data.prompt: a prompt made of several columns, "{context}\\n{question}"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from afina.errors import DataError, UsageError

FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
EXAMPLE = 'data.prompt="{context}\\n{question}"'


def fields(text: str, columns: Sequence[str], where: str = "") -> tuple[str, ...]:
    """Return the columns that a format names, in its order, each once.

    Raises UsageError D001 for a brace that is no field and for a format without any, DataError D001 for a column that is not there.
    """
    found: dict[str, None] = {}
    for match in FIELD.finditer(text):
        if match[0] in ("{{", "}}"):
            continue
        if match[1] is None or not match[1].strip():
            what = f'character {match.start() + 1} of "{text}" is a lone "{match[0]}"'
            raise UsageError(
                "D001", what, where="data.prompt", fix=f"write a column as {{name}} and a brace as {match[0][0] * 2}: {EXAMPLE}"
            )
        name = match[1] if match[1] in columns else match[1].strip()
        if name not in columns:
            raise _unknown(text, name, columns, where)
        found[name] = None
    if not found:
        raise UsageError("D001", f'"{text}" names no column', where="data.prompt", fix=f"put a column in braces: {EXAMPLE}")
    return tuple(found)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the format with its columns' texts put in as they are; "\\n" and "\\t" typed as two characters are a line break and a tab."""
    parts: list[str] = []
    position = 0
    for match in FIELD.finditer(text):
        parts.append(_escaped(text[position : match.start()]))
        parts.append(match[0][0] if match[0] in ("{{", "}}") else values[match[1] if match[1] in values else match[1].strip()])
        position = match.end()
    return "".join([*parts, _escaped(text[position:])])


def _escaped(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t")


def _unknown(text: str, name: str, columns: Sequence[str], where: str) -> DataError:
    near = difflib.get_close_matches(name.lower(), [column.lower() for column in columns], 1, cutoff=0.4)
    nearest = next((column for column in columns if near and column.lower() == near[0]), "")
    what = f'no column is called "{name}" (in data.prompt). Found: {", ".join(columns)}.' + (f' Nearest: "{nearest}".' if nearest else "")
    shown = text.replace(f"{{{name}}}", f"{{{nearest or columns[0]}}}").replace("\n", "\\n")
    return DataError("D001", what, where=where, fix=f'data.prompt="{shown}"')
