"""Cutting what is longer than max_length: the prompt before the answer, the begin token never, and everything counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from afina.data.sources.base import listed, percent
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Chat, Notice

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


def split_answered(segments: Sequence[Segment], max_length: int, n_bos: int) -> list[Cut]:
    """Split a row of prompt and answers into examples of at most max_length ids; every learned token is learned in exactly one of them.

    The prompt is kept whole where it leaves a quarter of max_length to the answer, else its start goes. The answer goes on after the
    prompt's end and the answer's last learned ids, a quarter of max_length each. n_bos: ids at the start that begin every example.
    """
    ids, labels = flatten(segments)
    if len(ids) <= max_length:
        return [Cut(ids, labels, 0)]
    quarter = max(1, max_length // 4)
    begin = ids[:n_bos]
    n_prompt = next((index for index, label in enumerate(labels) if label != IGNORE_INDEX), len(ids))
    room = max_length - n_bos - min(quarter, len(ids) - n_prompt)
    prompt = ids[n_bos:n_prompt]
    context = begin + prompt[max(0, len(prompt) - room) :]
    found: list[Cut] = []
    at = n_prompt
    while at < len(ids):
        upto = at + max_length - len(context)
        found.append(Cut(context + ids[at:upto], [IGNORE_INDEX] * len(context) + labels[at:upto], 0))
        context = begin + prompt[max(0, len(prompt) - quarter) :] + ids[max(n_prompt, upto - quarter) : upto]
        at = upto
    return [cut for cut in found if any(label != IGNORE_INDEX for label in cut.labels)]


def windows(row: Chat, fits: Callable[[Chat], bool]) -> list[Chat]:
    """Split a conversation before turns of the user into as few conversations as fit, each with the system message.

    A turn that does not fit alone makes a conversation alone.
    """
    n_system = next((index for index, message in enumerate(row.messages) if message.role != "system"), len(row.messages))
    borders = [index for index, message in enumerate(row.messages) if message.role == "user" and index > n_system]
    found: list[Chat] = []
    start, upto = n_system, n_system
    for border in [*borders, len(row.messages)]:
        wanted = _window(row, n_system, start, border)
        if upto > start and not fits(wanted):
            found.append(_window(row, n_system, start, upto))
            start = upto
        upto = border
    return [
        window
        for window in [*found, _window(row, n_system, start, upto)]
        if any(m.role == "assistant" and m.learned for m in window.messages)
    ]


def _window(row: Chat, n_system: int, start: int, end: int) -> Chat:
    return Chat(row.number, row.messages[:n_system] + row.messages[start:end], row.tools)


def cut_text(ids: list[int], max_length: int, keep: Keep, n_bos: int, n_eos: int) -> list[int]:
    """Cut a text between its begin and end tokens."""
    over = len(ids) - max_length
    if over <= 0:
        return ids
    middle = ids[n_bos : len(ids) - n_eos]
    middle = middle[over:] if keep == "keep_end" else middle[: len(middle) - over]
    return ids[:n_bos] + middle + ids[len(ids) - n_eos :]


def cut_pair(ids: list[int], second: int, max_length: int, keep: Keep, n_bos: int, n_between: int, n_eos: int) -> tuple[list[int], int]:
    """Cut the longer text of a pair until both are equally long, then both; return the ids and where the second begins.

    second: where it begins. n_between: the separating ids before it, which stay.
    """
    one, other = ids[n_bos : second - n_between], ids[second : len(ids) - n_eos]
    room = max(0, max_length - n_bos - n_between - n_eos)
    n_one = min(len(one), max(room - len(other), room - room // 2))
    n_other = min(len(other), room - n_one)
    if keep == "keep_end":
        one, other = one[len(one) - n_one :], other[len(other) - n_other :]
    first = ids[:n_bos] + one[:n_one] + ids[second - n_between : second]
    return first + other[:n_other] + ids[len(ids) - n_eos :], len(first)


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
    """Row numbers that were too long, and those whose answer lost something. unfit: rows left out, as an option fits nowhere whole."""

    max_length: int
    n_rows: int
    spec: DataSpec
    context: int | None
    longest: int = 0
    long: list[int] = field(default_factory=lambda: [])
    lost: list[int] = field(default_factory=lambda: [])
    apart: list[int] = field(default_factory=lambda: [])
    unsaid: list[int] = field(default_factory=lambda: [])
    unasked: list[int] = field(default_factory=lambda: [])
    divided: list[int] = field(default_factory=lambda: [])
    unfit: list[int] = field(default_factory=lambda: [])

    def divide(self, number: int, length: int) -> None:
        """Note a row that was too long and was split into several examples."""
        self.longest = max(self.longest, length)
        self.divided.append(number)

    def add(self, number: int, length: int, lost: int) -> None:
        self.longest = max(self.longest, length)
        _once(self.long, number)
        if lost:
            _once(self.lost, number)

    def note(self, number: int, apart: bool, unsaid: bool, unasked: bool) -> None:
        """Note how a conversation was rendered.

        apart: as several examples. unsaid, unasked: the template left out thoughts or words beside a tool call; a system or user message.
        """
        if apart:
            self.apart.append(number)
        if unsaid:
            self.unsaid.append(number)
        if unasked:
            self.unasked.append(number)

    def join(self, other: Tally) -> None:
        """Take in the counts of another part of the rows."""
        self.longest = max(self.longest, other.longest)
        self.long += other.long
        self.lost += other.lost
        self.apart += other.apart
        self.unsaid += other.unsaid
        self.unasked += other.unasked
        self.divided += other.divided
        self.unfit += other.unfit

    def keep(self) -> Keep:
        return "keep_end" if self.spec.truncation == "keep_end" else "keep_start"

    def check(self) -> None:
        """Raise DataError T004 when data.truncation=error and more than 5 % of the rows are too long."""
        if self.spec.truncation != "error" or not self.long or len(self.long) <= TOLERATED * self.n_rows:
            return
        what = f"{len(self.long):,} of {self.n_rows:,} rows ({percent(len(self.long), self.n_rows)}) exceed max_length {self.max_length}"
        what += f"; {len(self.lost):,} lose part of the answer." if self.lost else "."
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
        return [*self._rendering(), *self._cutting()]

    def _rendering(self) -> list[Notice]:
        said: list[Notice] = []
        if self.apart:
            what = f"{len(self.apart):,} conversations are learned as several examples (rows {listed(self.apart)})"
            why = (
                "the chat template writes earlier answers differently, or does not end them; each is learned after the ids that ask for it"
            )
            said.append(Notice(what, why, "data.template"))
        if self.unsaid:
            what = f"{len(self.unsaid):,} rows hold thoughts, or words beside a tool call, that the chat template leaves out: "
            said.append(Notice(f"{what}they are not learned (rows {listed(self.unsaid)})", "", "data.template", "warning"))
        if self.unasked:
            what = f"{len(self.unasked):,} rows hold a system or user message that the chat template leaves out or changes: "
            said.append(Notice(f"{what}the model does not see it as written (rows {listed(self.unasked)})", "", "data.template", "warning"))
        return said

    def _cutting(self) -> list[Notice]:
        said: list[Notice] = []
        if self.divided:
            what = (
                f"{len(self.divided):,} of {self.n_rows:,} rows are longer than max_length {self.max_length} and were split into several "
            )
            what += f"examples; all that they teach is learned, with less before it (rows {listed(self.divided)})"
            said.append(Notice(what, f"the longest has {self.longest:,} tokens", "data.max_length, data.truncation", "warning"))
        if self.unfit:
            what = f"{len(self.unfit):,} rows have an option that max_length {self.max_length} has no room for, and are not used: rows "
            said.append(Notice(what + listed(self.unfit), "a prompt is cut, an option never", "data.max_length", "warning"))
        if not self.long:
            return said
        kept = "start" if self.keep() == "keep_start" else "end"
        what = f"{len(self.long):,} of {self.n_rows:,} rows are longer than max_length {self.max_length} and were cut ({kept} kept)"
        what += f"; {len(self.lost):,} lose part of the answer (rows {listed(self.lost)})" if self.lost else f": rows {listed(self.long)}"
        return [*said, Notice(what, f"the longest has {self.longest:,} tokens", "data.max_length, data.truncation", "warning")]


def _once(numbers: list[int], number: int) -> None:
    """Rows come one after another, so a row that is already noted is the last one."""
    if not numbers or numbers[-1] != number:
        numbers.append(number)
