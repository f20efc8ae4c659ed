"""A cell that holds a structure: a list or object as JSON gives it, or written as text in a CSV (JSON, or Python as pandas does)."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any, TypeGuard

BRACKETS = {"[": "]", "{": "}"}
YES = frozenset({"true", "1", "1.0", "yes", "good", "desirable", "+1", "up", "thumbs_up", "like", "liked"})
NO = frozenset({"false", "0", "0.0", "-1", "no", "bad", "undesirable", "down", "thumbs_down", "dislike", "disliked"})
HALVES = re.compile("[\ud800-\udfff]")
"""Half characters, which JSON can spell and no encoding can hold."""
DEEPEST = 100
"""Levels of lists and objects; what is nested deeper is no row, and would end whatever walks through it."""


def structured(value: Any) -> Any:
    """Return the list or object that a text spells, half characters read as �; any other value as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if BRACKETS.get(text[:1]) != text[-1:]:
        return value
    try:
        found = json.loads(text)
    except ValueError:
        found = _literal(text)
    except RecursionError:
        return value
    if not isinstance(found, (list, dict)) or is_too_deep(found, text):
        return value
    return without_halves(found) if "\\u" in text and has_halves(found) else found


def _literal(text: str) -> Any:
    """Return the list or dict that Python spells so, tuples in it as lists; None when it is none or holds what JSON has no form for."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of backslashes, which are the person's own
            return _as_json(ast.literal_eval(text))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _as_json(value: Any) -> Any:
    """Raises TypeError for a set, bytes or a complex number, and for an object whose names are no texts."""
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("a name that is no text")
        return {name: _as_json(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(item) for item in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"JSON has no {type(value).__name__}")


def is_too_deep(value: Any, text: str) -> bool:
    """Whether lists and objects are nested over DEEPEST levels. text: what spells the value."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST):
        items = (item for each in level for item in (each.values() if isinstance(each, dict) else each))
        level = [item for item in items if isinstance(item, (list, dict))]
        if not level:
            return False
    return True


def has_halves(value: Any) -> bool:
    return any(HALVES.search(string) for string in _strings(value))


def without_halves(value: Any) -> Any:
    """Return a value with � for each half character, in names of keys too."""
    if isinstance(value, str):
        return HALVES.sub("�", value)
    if isinstance(value, dict):
        return {without_halves(key): without_halves(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_halves(item) for item in value]
    return value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


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
    """Whether a value is one turn of a conversation: OpenAI's role/content, Gemini's role/parts or ShareGPT's from/value."""
    if not isinstance(value, dict):
        return False
    return ("role" in value and not value.keys().isdisjoint(("content", "tool_calls", "parts"))) or ("from" in value and "value" in value)


def speaker(turn: dict[str, Any]) -> str:
    """Return who speaks a turn, in small letters."""
    return str(turn.get("role", turn.get("from", ""))).lower()


def content_of(turn: dict[str, Any]) -> Any:
    """Return what a turn says: a text, or a list of parts."""
    return turn.get("content", turn.get("value", turn.get("parts")))


def spoken(value: Any) -> str | None:
    """Return the text of what is said: a text, parts of text (OpenAI, Gemini, Bedrock) joined, one turn; None when it is no text."""
    if isinstance(value, list):
        texts = [part.get("text") if isinstance(part, dict) and part.get("type", "text") == "text" else None for part in value]
        return "".join(text for text in texts if isinstance(text, str)) if all(isinstance(text, str) for text in texts) else None
    return spoken(content_of(value)) if is_turn(value) else value if isinstance(value, str) else None


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


def spans(value: Any) -> list[str] | None:
    """Return the answers found in a passage, {"text": [...], "answer_start": [...]} as SQuAD has them; None when a value is none such."""
    value = structured(value)
    if not isinstance(value, dict) or value.keys() != {"text", "answer_start"} or not isinstance(value["text"], list):
        return None
    return [as_written(text) for text in value["text"]]


def truth(value: Any) -> bool | None:
    """Return whether a value says yes or no: true, 1, good; false, 0, -1, bad; None when it says neither."""
    written = as_written(value).strip().lower()
    return True if written in YES else False if written in NO else None
