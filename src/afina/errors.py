"""Every error afina raises on purpose: a code, what happened, where, and what to do.

Exit codes: 2 usage and recipe, 65 data, 69 environment, 70 internal, 74 disk, 75 network, 130/143 signals.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar


class AfinaError(Exception):
    """A mistake that the person can mend.

    code: short and stable ("D001"), documented in docs/errors.md.
    where: file:row:column, recipe.yaml:line or a key.
    fix: the exact key, edit or command.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, code: str, what: str, *, where: str = "", fix: str = "") -> None:
        self.code, self.what, self.where, self.fix = code, what, where, fix
        super().__init__(self.text())

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process borders: their keywords must be remembered."""
        return partial(type(self), where=self.where, fix=self.fix), (self.code, self.what)

    def text(self) -> str:
        place = f" {self.where}:" if self.where else ":" if not self.what.startswith(":") else ""
        remedy = f"\n  Do: {self.fix}" if self.fix else ""
        return f"{self.code}{place} {self.what}{remedy}"


class UsageError(AfinaError):
    """A wrong argument, key or value."""

    exit_code = 2


class RecipeErrors(UsageError):
    """All mistakes of a recipe, reported together."""

    def __init__(self, errors: list[AfinaError]) -> None:
        self.errors = errors
        super().__init__(errors[0].code, errors[0].what, where=errors[0].where, fix=errors[0].fix)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.errors,)

    def text(self) -> str:
        return "\n".join(error.text() for error in self.errors)


class MethodError(UsageError):
    """A method that does not fit the model; the fix names the number to change."""


class DataError(AfinaError):
    """A data file that cannot be used as it is."""

    exit_code = 65


class MachineError(AfinaError):
    """Something missing on this machine: a model, a library, a device."""

    exit_code = 69


class DivergedError(AfinaError):
    """A training whose loss or gradient is no longer a number."""

    exit_code = 70


class DiskError(AfinaError):
    """No space, no permission, or a damaged run directory."""

    exit_code = 74


class NetworkError(AfinaError):
    """The hub did not answer."""

    exit_code = 75
