"""The error that asks: which column is what, with the possible readings."""

from __future__ import annotations

from collections.abc import Sequence

from afina.data.columns.layout import Layout
from afina.errors import DataError


class Question(DataError):
    """Not sure enough (D013). candidates: the readings that are possible, the best first; a caller who can ask lets a person choose."""

    def __init__(self, what: str, where: str, fix: str, candidates: Sequence[Layout] = ()) -> None:
        super().__init__("D013", what, where=where, fix=fix)
        self.candidates = tuple(candidates)
