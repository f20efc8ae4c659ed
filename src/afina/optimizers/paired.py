"""Several torch optimizers as one, each over its own groups. Imports torch: only for use inside `build`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from afina.optimizers.base import Group


class Paired(torch.optim.Optimizer):
    """Steps each member in turn. Groups and state are the members' own, so a rate set here is theirs."""

    def __init__(self, members: Sequence[torch.optim.Optimizer]) -> None:
        super().__init__([group for member in members for group in member.param_groups], {})
        self.members = members
        for member in members:
            member.state = self.state

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for member in self.members:
            member.step()


def hidden_apart(groups: list[Group]) -> tuple[list[Group], list[Group]]:
    """Return the groups of hidden matrices and the others."""
    return [group for group in groups if group["hidden"]], [group for group in groups if not group["hidden"]]
