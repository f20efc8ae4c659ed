"""One registry class for methods, objectives, sources and exporters."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from afina.errors import UsageError

T = TypeVar("T")
S = TypeVar("S")


class Registry(Generic[T]):
    """Names to things. A thing registers itself where it is defined: `@METHODS.register("lora")`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, T] = {}

    def register(self, name: str) -> Callable[[S], S]:
        """Return what registers a thing and gives it back as what it is: a class decorated so keeps its own type."""

        def add(item: S) -> S:
            if name in self._items:
                raise ValueError(f"{self.kind} {name!r} is registered twice")
            self._items[name] = item  # type: ignore[assignment]
            return item

        return add

    def __getitem__(self, name: str) -> T:
        """Return the thing called `name`. Raises UsageError R004 with the nearest name."""
        if name in self._items:
            return self._items[name]
        near = difflib.get_close_matches(name, self._items, 1)
        fix = f'use "{near[0]}"' if near else f"use one of: {', '.join(self.names())}"
        raise UsageError("R004", f'no {self.kind} is called "{name}"', fix=fix)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def names(self) -> list[str]:
        return sorted(self._items)

    def values(self) -> list[T]:
        return [self._items[name] for name in self.names()]
