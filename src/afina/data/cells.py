"""A cell that holds a structure: a list or object as JSON gives it, or written as text in a CSV (JSON, or Python as pandas does)."""

from __future__ import annotations

import ast
import json
from typing import Any, TypeGuard

BRACKETS = {"[": "]", "{": "}"}


def structured(value: Any) -> Any:
    """Return the list or object that a text spells; any other value as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if BRACKETS.get(text[:1]) != text[-1:]:
        return value
    try:
        found = json.loads(text)
    except ValueError:
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return value
    except RecursionError:
        return value
    return found if isinstance(found, (list, dict)) else value


def as_written(value: Any) -> str:
    """Return a value as text, spelled as JSON spells it: true, 7, 0.10, ["a", "b"]."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def number(value: Any) -> float | None:
    """Return the finite number that a value is or spells, "3,5" included; None for anything else."""
    text = as_written(value).strip()
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        found = float(text) if text and "_" not in text else None
    except ValueError:
        return None
    return found if found is not None and abs(found) != float("inf") and found == found else None


def is_turn(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value is one turn of a conversation: OpenAI's role/content or ShareGPT's from/value."""
    if not isinstance(value, dict):
        return False
    return ("role" in value and ("content" in value or "tool_calls" in value)) or ("from" in value and "value" in value)


def speaker(turn: dict[str, Any]) -> str:
    """Return who speaks a turn, in small letters."""
    return str(turn.get("role", turn.get("from", ""))).lower()


def is_messages(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Whether a value is a conversation."""
    return isinstance(value, list) and bool(value) and all(is_turn(turn) for turn in value)


def options(value: Any) -> list[str] | None:
    """Return the options of a multiple choice: a list, or {"text": [...], "label": [...]} as ARC has it; None when it is neither."""
    value = structured(value)
    if isinstance(value, dict) and isinstance(value.get("text"), list):
        value = value["text"]
    if not isinstance(value, list) or len(value) < 2 or any(isinstance(item, (list, dict)) or item is None for item in value):
        return None
    return [as_written(item) for item in value]
