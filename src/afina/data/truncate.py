"""Cutting what is longer than max_length: the prompt before the answer, the begin token never, and everything counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from afina.data.sources.base import listed, percent
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Notice

TOLERATED = 0.05
"""data.truncation=error refuses when a larger share of the rows would be cut."""
Keep = Literal["keep_start", "keep_end"]


class Segment(NamedTuple):
    """A stretch of a row's ids, learned or not."""

    ids: list[int]
    trained: bool


class Cut(NamedTuple):
    """ids and labels within max_length; lost: learned tokens that were cut away."""

    ids: list[int]
    labels: list[int]
    lost: int


def flatten(segments: Sequence[Segment]) -> tuple[list[int], list[int]]:
    """Return ids and unshifted labels (IGNORE_INDEX where nothing is learned)."""
    ids = [index for segment in segments for index in segment.ids]
    labels = [index if segment.trained else IGNORE_INDEX for segment in segments for index in segment.ids]
    return ids, labels


def cut_answered(segments: Sequence[Segment], max_length: int, keep: Keep, n_bos: int, n_header: int) -> Cut:
    """Cut a row of prompt and answers.

    n_bos: ids at the start that stay. n_header: ids at the end of the prompt that stay (what asks for the answer).
    The prompt gives way first: its start goes with keep_end, its end (before the header) with keep_start. An answer is cut, at its end,
    only when it alone is too long.
    """
    ids, labels = flatten(segments)
    over = len(ids) - max_length
    if over <= 0:
        return Cut(ids, labels, 0)
    n_prompt = next((index for index, label in enumerate(labels) if label != IGNORE_INDEX), len(ids))
    n_header = min(n_header, n_prompt - n_bos)
    room = n_prompt - n_bos - n_header
    drop = min(over, room)
    start = n_bos if keep == "keep_end" else n_bos + room - drop
    kept = [*range(start), *range(start + drop, len(ids))][:max_length]
    before = sum(label != IGNORE_INDEX for label in labels)
    labels = [labels[index] for index in kept]
    return Cut([ids[index] for index in kept], labels, before - sum(label != IGNORE_INDEX for label in labels))


def cut_text(ids: list[int], max_length: int, keep: Keep, n_bos: int, n_eos: int) -> list[int]:
    """Cut a text between its begin and end tokens."""
    over = len(ids) - max_length
    if over <= 0:
        return ids
    middle = ids[n_bos : len(ids) - n_eos]
    middle = middle[over:] if keep == "keep_end" else middle[: len(middle) - over]
    return ids[:n_bos] + middle + ids[len(ids) - n_eos :]


def chunk(ids: Sequence[int], max_length: int) -> list[tuple[int, int]]:
    """Return [start, end) pieces of a long text. Neighbours share one token, so every token but the first is predicted exactly once."""
    pieces: list[tuple[int, int]] = []
    start = 0
    while start < len(ids) - 1:
        end = min(start + max_length, len(ids))
        pieces.append((start, end))
        start = end - 1
    return pieces


@dataclass
class Tally:
    """Row numbers that were too long, and those whose answer lost something."""

    max_length: int
    n_rows: int
    spec: DataSpec
    context: int | None
    longest: int = 0
    long: list[int] | None = None
    lost: list[int] | None = None

    def add(self, number: int, length: int, lost: int) -> None:
        self.long = self.long or []
        self.lost = self.lost or []
        self.longest = max(self.longest, length)
        self.long.append(number)
        if lost:
            self.lost.append(number)

    def join(self, other: Tally) -> None:
        """Take in the counts of another part of the rows."""
        self.longest = max(self.longest, other.longest)
        if other.long:
            self.long, self.lost = [*(self.long or []), *other.long], [*(self.lost or []), *(other.lost or [])]

    def keep(self) -> Keep:
        return "keep_end" if self.spec.truncation == "keep_end" else "keep_start"

    def check(self) -> None:
        """Raise DataError T004 when data.truncation=error and more than 5 % of the rows are too long."""
        if self.spec.truncation != "error" or not self.long or len(self.long) <= TOLERATED * self.n_rows:
            return
        what = f"{len(self.long):,} of {self.n_rows:,} rows ({percent(len(self.long), self.n_rows)}) exceed max_length {self.max_length}"
        what += f"; {len(self.lost or []):,} lose part of the answer." if self.lost else "."
        raise DataError("T004", what, where=self.spec.path, fix=self._fix())

    def _fix(self) -> str:
        wanted = -(-self.longest // 64) * 64
        limit = self.context
        # with max_length=auto the model's context is already in use, unless the tokenizer's config names a longer one
        if limit is None and self.spec.max_length != "auto":
            return f"max_length={wanted}, or data.truncation=keep_end"
        if limit is not None and self.max_length < limit:
            return f"max_length={min(wanted, limit)}, or data.truncation=keep_end"
        return "data.truncation=keep_end"

    def notices(self) -> list[Notice]:
        if not self.long:
            return []
        kept = "start" if self.keep() == "keep_start" else "end"
        what = f"{len(self.long):,} of {self.n_rows:,} rows are longer than max_length {self.max_length} and were cut ({kept} kept)"
        what += f"; {len(self.lost):,} lose part of the answer (rows {listed(self.lost)})" if self.lost else f": rows {listed(self.long)}"
        return [Notice(what, f"the longest has {self.longest:,} tokens", "data.max_length, data.truncation", "warning")]
