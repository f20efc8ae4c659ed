"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GIB = 2**30


@dataclass(frozen=True)
class Check:
    """One line. state: "warn" costs time or features, "fail" stops a training. fix: what to type or change, "" when all is well."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""


def ok(name: str, found: str) -> Check:
    return Check(name, "ok", found)


def warn(name: str, found: str, fix: str) -> Check:
    return Check(name, "warn", found, fix)


def fail(name: str, found: str, fix: str) -> Check:
    return Check(name, "fail", found, fix)
