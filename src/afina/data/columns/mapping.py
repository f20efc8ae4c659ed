"""What a person says of the columns: data.map and data.prompt win over every guess."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from afina.data.columns.evidence import Evidence
from afina.data.columns.format import fields
from afina.data.columns.layout import SURE, Layout, as_command
from afina.data.columns.question import Question
from afina.data.columns.shape import SHAPES, Shape
from afina.data.sources.base import Table
from afina.errors import DataError, UsageError

Roles = dict[str, tuple[str, ...]]
ORDER = ("labelled", "completion", "chat", "text", "templated", "prompt")
"""Where the named roles leave open which shape is meant, these come first."""


def columns_of(table: Table, column: str, role: str) -> tuple[str, ...]:
    """Return the table's columns that a mapping's value names: one, or several joined with "+". Raises DataError D001."""
    if column in table.columns:
        return (column,)
    parts = tuple(part.strip() for part in column.split("+"))
    if len(parts) > 1 and all(part in table.columns for part in parts):
        return parts
    missing = next((part for part in parts if part not in table.columns), column)
    near = difflib.get_close_matches(missing.lower(), [name.lower() for name in table.columns], 1, cutoff=0.5)
    nearest = next((name for name in table.columns if near and name.lower() == near[0]), "")
    what = f"no {role} column" + ("" if missing == role else f' called "{missing}"')
    what += f". Found: {', '.join(table.columns)}." + (f' Nearest: "{nearest}".' if nearest else "")
    fixed = column.replace(missing, nearest) if nearest else f"COLUMN (one of: {', '.join(table.columns[:8])})"
    raise DataError("D001", what, where=table.where, fix=as_command({role: fixed}) if nearest else f"--map {role}={fixed}")


def mapped(table: Table, mapping: Mapping[str, str], prompt: str, seen: Evidence, shapes: Sequence[Shape], objective: str) -> Layout:
    """Return the layout that the named roles mean, roles that were not named filled in where one column is sure.

    Raises UsageError D001 for a role that does not exist or roles that do not go together, DataError D001 for a column that is not there,
    D013 (a Question) for a role that no column is sure to fill, or a chat template around text that already holds one.
    """
    _check_roles(mapping, prompt)
    given: Roles = {role: columns_of(table, column, role) for role, column in mapping.items()}
    if prompt:
        given = {"prompt": fields(prompt, table.columns, table.where), **given}
    if (
        set(given) == {"text", "label"}
        and any(shape.name == "completion" for shape in shapes)
        and all(shape.name != "labelled" for shape in shapes)
    ):
        given = {"prompt": given["text"], "completion": given["label"]}
    shape = _shape(given, seen, shapes)
    if shape is None:
        raise UsageError(
            "D001",
            f"the roles {', '.join(given)} do not go together" + ("" if objective == "auto" else f" with objective={objective}"),
            where="data.map",
            fix="--map text=COLUMN --map label=COLUMN, or --map prompt=COLUMN --map completion=COLUMN",
        )
    reasons = [f"{role} = {'+'.join(columns)} (you said so)" for role, columns in given.items()]
    confidence = 1.0
    for role in shape.roles:
        if role in given:
            continue
        found, sure = shape.fill(role, seen, _taken(given))
        if sure < SURE:
            raise missing_role(table, shape, role, seen, given, prompt)
        given[role] = (found,)
        confidence = min(confidence, sure)
        reasons.append(f"{role} = {found} ({seen[found].describe()})")
    roles = {role: given[role] for role in (*shape.roles, *shape.optional) if role in given}
    _check_templated(table, shape, roles, seen)
    return Layout(shape.name, roles, confidence, tuple(reasons), seen.unused(roles), prompt)


def missing_role(table: Table, shape: Shape, role: str, seen: Evidence, given: Roles, prompt: str = "") -> Question:
    """Return the question which column fills a role, with the possible answers."""
    free = [name for name in seen.profiles if name not in _taken(given)]
    fits = seen.labels(_taken(given)) if role == "label" else [name for name in free if "text" in seen[name].look]
    columns = fits or free
    found = "; ".join(f'"{name}": {seen[name].describe()}' for name in columns[:8])
    candidates = [replace(seen.layout(shape.name, {**given, role: (name,)}, 0.5), prompt_format=prompt) for name in columns[:6]]
    fix = (
        candidates[0].command() if candidates else as_command({**{name: "+".join(cells) for name, cells in given.items()}, role: "COLUMN"})
    )
    return Question(f"which column is the {role}? {found or 'no other column'}", table.where, fix, candidates)


def _check_roles(mapping: Mapping[str, str], prompt: str) -> None:
    known = sorted({role for name in SHAPES for role in (*SHAPES[name].roles, *SHAPES[name].optional)})
    for role in mapping:
        if role not in known:
            near = difflib.get_close_matches(role, known, 1, cutoff=0.3)
            raise UsageError(
                "D001",
                f'no role is called "{role}" (roles: {", ".join(known)})',
                where="data.map",
                fix=f"--map {near[0] if near else 'text'}={mapping[role]}",
            )
    if prompt and "prompt" in mapping:
        what = "the prompt is said twice, by data.prompt and by data.map.prompt"
        raise UsageError("D001", what, where="data.prompt", fix=f"leave out --map prompt={mapping['prompt']}")


def _shape(given: Roles, seen: Evidence, shapes: Sequence[Shape]) -> Shape | None:
    """The shape that the named roles mean. One role alone ("text", "prompt") means the bigger shape when its other role is sure."""
    named = set(given)
    order = sorted(shapes, key=lambda shape: ORDER.index(shape.name) if shape.name in ORDER else len(ORDER))
    possible = [shape for shape in order if named <= {*shape.roles, *shape.optional}]
    whole = [shape for shape in possible if set(shape.roles) <= named and shape.accepts(given, seen)]
    lacking = [shape for shape in possible if not set(shape.roles) <= named]
    filled = [shape for shape in lacking if _fills(shape, given, seen)] if len(named) == 1 or not whole else []
    return next(iter([*(shape for shape in whole if shape.name == "templated"), *filled, *whole, *lacking]), None)


def _fills(shape: Shape, given: Roles, seen: Evidence) -> bool:
    return all(shape.fill(role, seen, _taken(given))[1] >= SURE for role in shape.roles if role not in given)


def _taken(given: Roles) -> set[str]:
    return {column for columns in given.values() for column in columns}


def _check_templated(table: Table, shape: Shape, roles: Roles, seen: Evidence) -> None:
    marked = [column for columns in roles.values() for column in columns if seen[column].templated >= 0.5]
    if not shape.templates or not marked:
        return
    whole = seen.layout("templated", {"text": tuple(column for role in shape.roles for column in roles[role])}, 0.7)
    what = f'"{marked[0]}" already holds the tokens of a chat template; a second one would be put around it'
    raise Question(what, table.where, f"{whole.command()} to learn the text as it stands, or take the tokens out of the column", [whole])
