"""YAML 1.2 (core schema), read strictly. PyYAML parses; what a scalar means is decided here.

Differences from PyYAML's loader: `1e-4` is a number; `no`, `on`, `12:30` are text; `0777` is 777; a key written twice, a tag,
a merge key and a second document are refused; mapping keys are always text; aliases, nodes, depth and bytes are capped.

Source: YAML 1.2.2, section 10.3.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

import yaml

from afina.errors import UsageError

MAX_BYTES = 1 << 20
MAX_NODES = 10_000
MAX_ALIASES = 100
MAX_DEPTH = 20
MAX_DIGITS = 4000

Scalar = None | bool | int | float | str
KeyPath = tuple[str | int, ...]

_CONSTANTS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_SURROGATE = re.compile("[\ud800-\udfff]")

_HINTS = (
    ("cannot start any token", "indent with spaces; put text that begins with @ ` % or a tab in quotes"),
    ("mapping values are not allowed", 'put text that holds ": " in quotes, and indent the keys of a section alike'),
    ("could not find expected ':'", "write key: value, with a space after the colon"),
    ("expected <block end>", "indent the keys of a section alike"),
    ("expected ',' or", "close the bracket, and put commas between the items"),
    ("quoted scalar", "close the quotes"),
    ("undefined alias", "define it first, &name before *name"),
)


class Document(NamedTuple):
    """What a YAML text holds. lines: path of a key or list item -> its 1-based line; what an alias repeats has only the alias's line."""

    values: dict[str, Any]
    lines: dict[KeyPath, int]


class _Node(NamedTuple):
    value: Any
    height: int


class _Anchor(NamedTuple):
    value: Any
    height: int
    nodes: int
    aliases: int


def resolve(text: str) -> Scalar:
    """Return what a plain scalar means: null, true, false, a number, or the text itself. Raises ValueError for numbers too long to read."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a number of {len(text)} digits")
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEX.fullmatch(text):
        return int(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITY.fullmatch(text):
        return float("-inf") if text[0] == "-" else float("inf")
    return text


def read(text: str, name: str) -> Document:
    """Return the mapping that `text` holds; an empty text is an empty mapping. Raises UsageError R006 at name:line:column."""
    builder = _Builder(text, name)
    value = builder.build()
    if value is None:
        return Document({}, {})
    if not isinstance(value, dict):
        raise _error(f"a recipe is a mapping of keys, not {_noun(value)}", name, 1, 1, "write key: value, with a space after the colon")
    return Document(cast("dict[str, Any]", value), builder.lines)


def read_file(path: Path) -> Document:
    """Return what the file holds. Raises UsageError R006 for its text, R009 when it cannot be opened."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError("R009", f"cannot be read: {error.strerror}", where=str(path), fix=_nearest_file(path)) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        if len(raw) <= MAX_BYTES:
            raise _error(f"byte 0x{raw[error.start]:02x} is not UTF-8", str(path), line, column, "save the file as UTF-8") from error
        text = raw.decode("utf-8-sig", "replace")
    return read(text, str(path))


def read_value(text: str, name: str) -> Any:
    """Return one value as typed after `key=`: flow syntax in brackets or quotes, else a plain scalar. Raises UsageError R006."""
    text = text.strip()
    if text[:1] in ("[", "{", '"', "'"):
        return _Builder(text, name).build()
    try:
        return resolve(text)
    except ValueError as error:
        raise UsageError("R006", f"{error} cannot be read", where=name, fix="use a shorter number") from error


class _Builder:
    """Builds plain values from PyYAML's events, which carry explicit tags only."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}
        self._anchors: dict[str, _Anchor | None] = {}
        self._nodes = self._aliases = 0
        self._text = text

    def build(self) -> Any:
        if len(self._text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            self._refuse("a recipe has at most 1 MiB", 1, 1, "keep data in its own file and name it in data.path")
        try:
            return self._document(cast("Iterator[Any]", yaml.parse(self._text, Loader=yaml.SafeLoader)))  # type: ignore[reportUnknownMemberType]
        except yaml.reader.ReaderError as error:
            before = self._text[: error.position]
            line, column = before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1
            self._refuse(
                f"character {error.character!r} is not allowed in YAML", line, column, 'remove it, or write it as "\\xNN" in quotes'
            )
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = str(error.problem or error.context)
            fix = next((hint for sign, hint in _HINTS if sign in f"{problem} {error.context}"), "mend this line")
            self._refuse(f"not valid YAML: {problem}", *((mark.line + 1, mark.column + 1) if mark else (1, 1)), fix)
        except (ValueError, OverflowError) as error:
            self._refuse(f"not valid YAML: {error}", 1, 1, "mend the number or the escape in quotes")

    def _document(self, events: Iterator[Any]) -> Any:
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse_event(event, "a second document begins; a recipe is one document", "remove the line --- and what follows")
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, (), 1).value
        return value

    def _node(self, event: Any, events: Iterator[Any], path: KeyPath, depth: int) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        self._count(event, 1, depth)
        if event.tag is not None:
            self._refuse_event(event, f"the tag {_spelled(event.tag)} is not allowed", "remove it; text goes in quotes")
        name, nodes, aliases = cast("str | None", event.anchor), self._nodes, self._aliases
        if name is not None:
            self._anchors[name] = None
        if isinstance(event, yaml.ScalarEvent):
            node = _Node(self._scalar(event), 1)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(events, path, depth)
        else:
            node = self._mapping(events, path, depth)
        if name is not None:
            self._anchors[name] = _Anchor(node.value, node.height, self._nodes - nodes + 1, self._aliases - aliases)
        return node

    def _alias(self, event: Any, depth: int) -> _Node:
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            why = "is not defined above" if event.anchor not in self._anchors else "stands inside itself"
            self._refuse_event(event, f"*{event.anchor} {why}", "write the value out")
        self._aliases += anchor.aliases + 1
        if self._aliases > MAX_ALIASES:
            self._refuse_event(event, f"more than {MAX_ALIASES} aliases are expanded", "write the values out")
        self._count(event, anchor.nodes, depth + anchor.height - 1)
        return _Node(anchor.value, anchor.height)

    def _count(self, event: Any, nodes: int, depth: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._refuse_event(event, f"more than {MAX_NODES:,} values", "keep data in its own file and name it in data.path")
        if depth > MAX_DEPTH:
            self._refuse_event(event, f"nested more than {MAX_DEPTH} deep", "remove brackets or indentation")

    def _scalar(self, event: Any) -> Scalar:
        text = str(event.value)
        if _SURROGATE.search(text):
            self._refuse_event(event, "half of a surrogate pair is not a character", "write the character itself, or \\U and eight digits")
        if not event.implicit[0]:
            return text
        try:
            return resolve(text)
        except ValueError as error:
            self._refuse_event(event, f"{error} cannot be read", "use a shorter number, or put it in quotes")

    def _sequence(self, events: Iterator[Any], path: KeyPath, depth: int) -> _Node:
        items: list[Any] = []
        height = 0
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*path, len(items))
            self.lines[here] = event.start_mark.line + 1
            node = self._node(event, events, here, depth + 1)
            items.append(node.value)
            height = max(height, node.height)
        return _Node(items, height + 1)

    def _mapping(self, events: Iterator[Any], path: KeyPath, depth: int) -> _Node:
        values: dict[str, Any] = {}
        height = 0
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            here = (*path, self._key(event, values, path))
            line = event.start_mark.line + 1
            self.lines[here] = line
            node = self._node(next(events), events, here, depth + 1)
            values[str(here[-1])] = node.value
            height = max(height, node.height)
        return _Node(values, height + 1)

    def _key(self, event: Any, values: dict[str, Any], path: KeyPath) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse_event(event, "a key must be text, not a list, a mapping or an alias", "write the key out")
        self._count(event, 1, 1)
        if event.tag is not None:
            self._refuse_event(event, f"the tag {_spelled(event.tag)} is not allowed", "remove it")
        key = str(event.value)
        if _SURROGATE.search(key):
            self._refuse_event(event, "half of a surrogate pair is not a character", "write the key in plain text")
        if key == "<<":
            self._refuse_event(event, '"<<" is not YAML 1.2', "write extends: other.yaml at the top, or the keys themselves")
        if key in values:
            first = self.lines[(*path, key)]
            self._refuse_event(event, f'"{key[:60]}" is already written on line {first}', f"remove line {first} or this one")
        return key

    def _refuse_event(self, event: Any, what: str, fix: str) -> NoReturn:
        self._refuse(what, event.start_mark.line + 1, event.start_mark.column + 1, fix)

    def _refuse(self, what: str, line: int, column: int, fix: str) -> NoReturn:
        raise _error(what, self.name, line, column, fix)


def _error(what: str, name: str, line: int, column: int, fix: str) -> UsageError:
    return UsageError("R006", what, where=f"{name}:{line}:{column}", fix=fix)


def _noun(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a single value"


def _spelled(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _nearest_file(path: Path) -> str:
    import difflib

    folder = path.parent
    names = [file.name for file in folder.iterdir() if file.suffix in (".yaml", ".yml")] if folder.is_dir() else []
    near = difflib.get_close_matches(path.name, names, 1)
    return f"use {folder / near[0]}" if near else "name a YAML file that exists"
