"""Where chat templates run: Jinja's sandbox, with limits on time, steps and the size of what they make.

A template comes with a downloaded model and is a program. Jinja's sandbox keeps it from files and from Python; it does not keep it from
running for ever or from filling memory. Here every loop, macro, operation, call and filter is counted by the thread that renders, so
limits hold without signals and without a process for each row.

The environment is else the one that transformers renders with (trim_blocks, lstrip_blocks, raise_exception, strftime_now, tojson, loop
controls, {% generation %}), with one difference: strftime_now always writes 26 July 2024, so that a run can be repeated on another day.
"""

from __future__ import annotations

import datetime
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.filters import make_attrgetter
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, pass_environment

from afina.data.shield import ANSWER, END_ANSWER, unescaped

TODAY = datetime.datetime(2024, 7, 26)
"""The date that Llama's own template writes by default."""
SECONDS = 2.0
"""Of processor time, so that a busy machine stops no honest template."""
STEPS = 2_000_000
"""Rounds of loops and calls of macros in one rendering."""
NUMBER = 100_000
"""The largest whole number that text and list operations take: widths, counts, indents."""
BITS = 4_096
WIDTHS = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "to_bytes", "indent", "tojson", "batch", "slice", "round"})
"""Operations whose numbers are widths, counts or digits."""
SLOW = frozenset({"wordwrap", "urlize", "striptags", "pprint", "random", "xmlattr"})
"""Filters for web pages whose time grows faster than their text; no chat template uses them."""
REFUSED = SLOW | {"translate", "encode", "from_bytes", "to_bytes"}
"""Methods of texts and numbers whose result or time nothing foresees; no chat template calls them."""
PRODUCTS = frozenset({"rfind", "rindex", "rsplit", "rpartition", "strip", "lstrip", "rstrip", "trim"})
"""Operations that may compare every letter of the text with every letter of what is looked for."""
COMPARISONS = 1_000_000_000
INDENT = 100
"""The widest indent of JSON: it is written before every line, as often as the line is deep."""
ROOM, TIMES = 1_000_000, 10
"""What a template may write: this many characters and so many times its input; what it may make on the way: a hundred times that."""
FAILURES = (jinja2.TemplateError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError, LookupError, AssertionError)
_LONG = (str, bytes, list, tuple)
_WIDTH, _STARRED = re.compile(r"\d{5,}"), re.compile(r"%[^a-zA-Z]*\*|\{[^{}]*\{")
_current = threading.local()


class LimitError(Exception):
    """A template ran for longer or made more than any real one does."""


class _Budget:
    """What one rendering may still use."""

    def __init__(self, n_input: int) -> None:
        self.until = time.thread_time() + SECONDS
        self.steps = STEPS
        self.output = ROOM + TIMES * n_input
        self.made = 100 * self.output

    def step(self) -> str:
        self.steps -= 1
        if self.steps & 63 == 0:
            self.clock()
        return ""

    def clock(self) -> None:
        if self.steps < 0:
            raise LimitError(f"more than {STEPS:,} steps")
        if time.thread_time() > self.until:
            raise LimitError(f"more than {SECONDS:g} seconds")

    def make(self, size: int) -> None:
        """Count `size` characters or elements before they are made."""
        self.steps -= 1
        self.made -= size
        if size > 1_000 or self.steps & 63 == 0:
            self.clock()
        if self.made < 0 or size > self.output:
            raise LimitError("more text than ten times its input and a megabyte")


def _budget() -> _Budget:
    budget = getattr(_current, "budget", None)
    return budget if budget is not None else _Budget(0)  # jinja computes a few constants when it compiles


def _weight(value: Any, most: int) -> int:
    """Characters and elements of a value, nested ones as often as they are reached; stops counting above `most`."""
    total, waiting = 0, [value]
    while waiting and total <= most:
        item = waiting.pop()
        total += 1
        if isinstance(item, (str, bytes)):
            total += len(item)
        elif isinstance(item, Mapping):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, _Values):
            waiting.append(object.__getattribute__(item, "_Namespace__attrs"))
        elif isinstance(item, (list, tuple, set)):
            total += len(item)
            waiting += item if len(item) <= most else []
        elif isinstance(item, int):
            total += item.bit_length() // 3
    return total


def _checked(value: Any) -> Any:
    """Return the value after counting it. A string costs its length; what holds others is weighed as if it were written out."""
    budget = _budget()
    if isinstance(value, int) and value.bit_length() > BITS:
        raise LimitError("a number of many digits")
    budget.make(len(value) if isinstance(value, str) else _weight(value, budget.output))
    return value


def _shown(value: Any) -> Any:
    """What is about to be written out; a string was counted when it was made, and is again by `_concat`."""
    return value if isinstance(value, str) else _checked(value)


def _small(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, int) and abs(value) > NUMBER:
            raise LimitError(f"the number {value if value.bit_length() < 99 else 'of many digits'} as a width or count")


def _foresee(name: str, values: Sequence[Any]) -> None:
    """Count what the operation `name` is about to make of `values`, the text first, where that can be more than its parts."""
    if name in REFUSED:
        raise LimitError(f"{name}, whose result or time has no limit")
    if name in WIDTHS:
        _small(values[1:])
    if name in ("indent", "expandtabs") and isinstance(values[0], str):
        lines = values[0].count("\t") if name == "expandtabs" else len(values[0].splitlines()) + 1
        _budget().make(len(values[0]) + lines * max([8, *map(_width, values[1:])]))
    elif name == "tojson" and max([0, *map(_width, values[1:])]) > INDENT:
        raise LimitError(f"an indent of more than {INDENT}")
    elif name in PRODUCTS and len(values[0]) * max([0, *map(_width, values[1:])]) > COMPARISONS:
        raise LimitError("a search that compares every letter with every other")
    if name == "replace" and len(values) >= 3 and all(isinstance(value, str) for value in values[:3]):
        text, old, new = values[:3]
        _budget().make(len(text) + text.count(old) * len(new))
    elif name == "join" and len(values) >= 2:
        by, items = (values[0], values[1]) if isinstance(values[0], str) and not isinstance(values[1], str) else (values[1], values[0])
        count = len(items) if isinstance(items, (list, tuple, str, dict)) else 0
        _budget().make(count * len(str(by)) + _weight(items, _budget().output))
    elif name in ("format", "format_map") and values and isinstance(values[0], str):
        if _WIDTH.search(values[0]):
            raise LimitError("a width of more than four digits")
        if _STARRED.search(values[0]):  # the width is one of the values
            _small(values[1:])
        _budget().make(sum(_weight(value, _budget().output) for value in values) * max(1, values[0].count("{") + values[0].count("%")))


def _width(value: Any) -> int:
    return len(value) if isinstance(value, str) else abs(value) if isinstance(value, int) else 0


def _guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    skip = int(hasattr(function, "jinja_pass_arg"))  # the context or environment, which is no value

    @wraps(function)
    def guarded(*args: Any, **named: Any) -> Any:
        _budget().clock()
        _foresee(name, (*args[skip:], *named.values()))
        return _checked(function(*args, **named))

    return guarded


class _Generation(Extension):
    """{% generation %} ... {% endgeneration %}: puts marks around what it renders, also inside macros."""

    tags = {"generation"}  # noqa: RUF012  (jinja2's own protocol)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_marked"), [], [], body).set_lineno(line)

    def _marked(self, caller: Callable[[], str]) -> str:
        return f"{ANSWER}{caller()}{END_ANSWER}"


class _Environment(ImmutableSandboxedEnvironment):
    """Counts what the sandbox lets through."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self) -> None:
        # not optimized: constant expressions are computed when a template renders, within its limits, not when it is compiled
        super().__init__(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols], finalize=_shown, optimized=False)
        self.concat = _concat  # type: ignore[method-assign]
        self.filters = {name: _guarded(name, function) for name, function in self.filters.items() if name not in SLOW}
        self.filters |= {"tojson": _guarded("tojson", _tojson), "join": _join, "sum": _sum}
        self.globals = {**self.globals, "namespace": _Values, "raise_exception": _raise_exception, "strftime_now": TODAY.strftime}
        del self.globals["lipsum"]
        self.step, self.weigh = _step, _checked

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock)):
            loop.body.insert(0, nodes.ExprStmt(_call("step", []), lineno=loop.lineno))  # type: ignore[attr-defined]
        for parent in list(_every(tree)):
            _wrap(parent)
        return tree.set_environment(self)  # type: ignore[return-value]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator != "+":
            _foresee_operator(operator, left, right)
        return _checked(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # jinja2's own signature
        _budget().step()
        owner = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)  # the sandbox wraps str.format
        if isinstance(owner, (str, bytes, int)) or owner in (str, int):
            if __obj.__name__ == "join" and args:
                args = (_pulled(args[0]), *args[1:])
            _foresee(__obj.__name__, (owner, *args, *kwargs.values()))
        elif __obj is __self.globals["range"]:
            _small((*args, *kwargs.values()))
        value = super().call(__context, __obj, *args, **kwargs)
        return _checked(value) if isinstance(value, (str, int, list, tuple, dict)) else value


class _Values(Namespace):
    """What `namespace()` makes: it may hold others, and these others, so it is never written out."""

    def __repr__(self) -> str:
        return "<Namespace>"


def _call(name: str, arguments: list[nodes.Expr]) -> nodes.Call:
    # an attribute of the environment: a template has no name for it, and so cannot put another in its place
    return nodes.Call(nodes.EnvironmentAttribute(name), arguments, [], None, None)


def _every(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _every(child)


def _wrap(parent: nodes.Node) -> None:
    """Weigh lists and mappings that are written out, and text joined by ~, which no operator hook sees."""
    for name, value in list(parent.iter_fields()):
        if isinstance(value, list):
            setattr(parent, name, [_weighed(item) for item in value])
        elif isinstance(value, nodes.Node):
            setattr(parent, name, _weighed(value))


def _weighed(node: Any) -> Any:
    read = getattr(node, "ctx", "load") == "load"  # not the names that are assigned to
    return _call("weigh", [node]) if read and isinstance(node, (nodes.Concat, nodes.Dict, nodes.List, nodes.Tuple)) else node


def _step() -> str:
    return _budget().step()


def _foresee_operator(operator: str, left: Any, right: Any) -> None:
    if operator == "%" and isinstance(left, str):
        _foresee("format", (left, *(right if isinstance(right, tuple) else (right,))))
    elif operator == "*" and (isinstance(left, _LONG) or isinstance(right, _LONG)):
        value, times = (left, right) if isinstance(left, _LONG) else (right, left)
        _budget().make(len(value) * max(0, times) if isinstance(times, int) else 0)
    elif operator == "**" and isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > BITS:
        raise LimitError("a power of many digits")
    elif operator == "*" and isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > BITS:
        raise LimitError("a product of many digits")


def _concat(pieces: Iterable[str]) -> str:
    budget, kept, size = _budget(), [], 0
    for piece in pieces:
        budget.step()
        size += len(piece)
        if size > budget.output:
            budget.make(size)
        kept.append(piece)
    return "".join(kept)


def _pulled(values: Iterable[Any]) -> list[Any]:
    """What is about to be joined, counted one by one: a generator does not say how long it is."""
    return [_checked(value) for value in values]


@pass_environment
def _join(environment: jinja2.Environment, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    values = _pulled(value if attribute is None else map(make_attrgetter(environment, attribute), value))
    _foresee("join", (str(d), values))
    return _checked(str(d).join(map(str, values)))


@pass_environment
def _sum(environment: jinja2.Environment, iterable: Iterable[Any], attribute: str | int | None = None, start: Any = 0) -> Any:
    total = start
    for value in iterable if attribute is None else map(make_attrgetter(environment, attribute), iterable):
        total = _checked(total + value)
    return total


def _raise_exception(message: Any) -> NoReturn:
    raise jinja2.TemplateError(str(_checked(message)))


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, separators: Any = None, sort_keys: bool = False) -> str:
    # Jinja's own filter escapes HTML characters
    encoder = json.JSONEncoder(ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    return _concat(encoder.iterencode(value)) if indent is not None else encoder.encode(value)


@lru_cache(maxsize=16)
def compiled(source: str) -> jinja2.Template:
    """Return the template, ready to render. Raises jinja2.TemplateError when it is no valid Jinja, or too deep for Python's compiler."""
    try:
        return _Environment().from_string(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise jinja2.TemplateSyntaxError(str(error).split("\n")[0] or "too deep", 1) from None


def rendered(source: str, n_input: int, values: Mapping[str, Any]) -> str:
    """Render with `values`, which hold about `n_input` characters.

    Raises LimitError over a limit; one of FAILURES where the template fails, refuses or reaches for what the sandbox keeps from it.
    """
    template = compiled(source)
    _current.budget = _Budget(n_input)
    try:
        return unescaped(template.render(**values))
    except (MemoryError, OverflowError) as error:
        raise LimitError(str(error) or "more memory than there is") from None
    finally:
        _current.budget = None
