"""What GaLore and APOLLO share: moments in a low rank, of hidden matrices whose smaller side is larger than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from afina.errors import UsageError
from afina.optimizers.base import Group, Matrix, Optimizer


class Projected(Optimizer, frozen=True):
    """An AdamW whose moments of hidden matrices live in `rank` dimensions."""

    rank: int = Field(128, ge=1, description="Rows or columns of the projected gradient; below the smaller side of the matrices.")
    update_proj_gap: int = Field(200, ge=1, description="Steps between two projections.")

    def state_bytes(self, n_trainable: int, matrices: Sequence[Matrix]) -> int:
        """Two moments and the projection of each projected matrix, two moments of all else, fp32."""
        chosen = [matrix for matrix in matrices if matrix.hidden and min(matrix.rows, matrix.columns) > self.rank]
        low = sum(self.rank * (2 * max(matrix.rows, matrix.columns) + min(matrix.rows, matrix.columns)) for matrix in chosen)
        return 4 * low + 8 * (n_trainable - sum(matrix.numel for matrix in chosen))

    def projected_groups(self, groups: list[Group], settings: dict[str, Any]) -> list[Group]:
        """Return the groups with hidden matrices wider than `rank` in groups of their own that carry `settings`.

        Raises UsageError R020 when there is no such matrix: the optimizer would be AdamW under another name.
        """
        made: list[Group] = []
        widest = 0
        for group in groups:
            sides = [min(parameter.shape) if group["hidden"] else 0 for parameter in group["params"]]
            widest = max(widest, *sides)
            low = [parameter for parameter, side in zip(group["params"], sides, strict=True) if side > self.rank]
            rest = [parameter for parameter, side in zip(group["params"], sides, strict=True) if side <= self.rank]
            made += [{**group, **settings, "params": low}] if low else []
            made += [{**group, "params": rest}] if rest else []
        if widest <= self.rank:
            raise too_wide(self.name, self.rank, widest)
        return made


def too_wide(name: str, rank: int, widest: int) -> UsageError:
    """R020: no trained matrix is wider than the rank. widest: the largest smaller side of one, 0 where no matrix inside a block trains."""
    what = f"{name} with rank={rank} would project nothing: " + (
        f"the smaller side of every trained matrix is at most {widest}" if widest else "no matrix inside a block is trained"
    )
    fix = f"train.optimizer={{name: {name}, rank: {widest // 4}}}" if widest >= 4 else "train.optimizer=adamw"
    return UsageError("R020", what, where="train.optimizer.rank", fix=fix)
