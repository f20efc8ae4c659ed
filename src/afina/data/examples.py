"""Many examples as a few arrays: a tenth of the memory of Python tuples, and the form in which they lie on disk.

The file is an Arrow stream of `number, input_ids, learned, target, second, values`, which `datasets.Dataset.from_file` reads as it is.
Letters: E examples, N tokens of all of them one after another, M values of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np

from afina.types import IGNORE_INDEX, Example

Array = np.ndarray[Any, Any]


class Chunk(NamedTuple):
    """Some examples. Shapes: ids_N int32; learned_N bool; ends_E int64, where each example ends; numbers_E int64; targets_E and seconds_E
    int32; values_M float64, value_ends_E int64.

    labelled: whether the examples have token labels at all (classification has none).
    """

    ids_N: Array
    learned_N: Array
    ends_E: Array
    numbers_E: Array
    targets_E: Array
    seconds_E: Array
    values_M: Array
    value_ends_E: Array
    labelled: bool

    @property
    def lengths_E(self) -> Array:
        return np.diff(self.ends_E, prepend=0)

    def example(self, index: int) -> Example:
        start, end = int(self.ends_E[index - 1]) if index else 0, int(self.ends_E[index])
        ids = self.ids_N[start:end]
        labels = tuple(np.where(self.learned_N[start:end], ids, IGNORE_INDEX).tolist()) if self.labelled else ()
        values = self.values_M[int(self.value_ends_E[index - 1]) if index else 0 : int(self.value_ends_E[index])].tolist()
        target, second = int(self.targets_E[index]), int(self.seconds_E[index])
        return Example(int(self.numbers_E[index]), tuple(ids.tolist()), labels, target, second, tuple(values))


def chunk_of(examples: Sequence[Example]) -> Chunk:
    """Return examples as arrays. A token's label is its id or IGNORE_INDEX, so one bit says it."""
    ids = [index for example in examples for index in example.ids]
    labelled = any(example.labels for example in examples)
    learned = [label != IGNORE_INDEX for example in examples for label in example.labels] if labelled else [False] * len(ids)
    return Chunk(
        np.array(ids, dtype=np.int32),
        np.array(learned, dtype=bool),
        np.cumsum([len(example) for example in examples], dtype=np.int64),
        np.array([example.number for example in examples], dtype=np.int64),
        np.array([example.target for example in examples], dtype=np.int32),
        np.array([example.second for example in examples], dtype=np.int32),
        np.array([value for example in examples for value in example.values], dtype=np.float64),
        np.cumsum([len(example.values) for example in examples], dtype=np.int64),
        labelled,
    )


class Examples(Sequence[Example]):
    """Examples in chunks, in memory or mapped from a file; an example is made when it is asked for."""

    def __init__(self, chunks: Iterable[Chunk] = ()) -> None:
        self.chunks = [chunk for chunk in chunks if len(chunk.ends_E)]
        self._ends = np.cumsum([len(chunk.ends_E) for chunk in self.chunks], dtype=np.int64)

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Examples:
        return cls([chunk_of(examples)])

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> list[Example]: ...
    def __getitem__(self, index: int | slice) -> Example | list[Example]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        where = int(np.searchsorted(self._ends, index, side="right"))
        return self.chunks[where].example(index - (int(self._ends[where - 1]) if where else 0))

    def __iter__(self) -> Iterator[Example]:
        return (chunk.example(index) for chunk in self.chunks for index in range(len(chunk.ends_E)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    @property
    def lengths(self) -> list[int]:
        """Tokens of each example."""
        return [n for chunk in self.chunks for n in chunk.lengths_E.tolist()]

    @property
    def n_learned(self) -> int:
        """Tokens that carry loss in one pass: a first token has nothing before it to be predicted from."""
        return sum(int(chunk.learned_N.sum() - chunk.learned_N[chunk.ends_E - chunk.lengths_E].sum()) for chunk in self.chunks)

    @property
    def longest_answer(self) -> int:
        """The most labelled tokens in one example."""
        return max((int(_per_example(chunk.learned_N, chunk.ends_E).max()) for chunk in self.chunks), default=0)

    def between(self, start: int, stop: int) -> Examples:
        """Return the examples [start, stop) without copying them."""
        cut: list[Chunk] = []
        for chunk, end in zip(self.chunks, self._ends.tolist(), strict=True):
            first = end - len(chunk.ends_E)
            low, high = max(start - first, 0), min(stop - first, len(chunk.ends_E))
            if low < high:
                cut.append(_cut(chunk, low, high))
        return Examples(cut)

    @classmethod
    def write(cls, path: Path, chunks: Iterable[Chunk]) -> Examples:
        """Write chunks as they come to an Arrow stream, and return them mapped from it."""
        import pyarrow as pa

        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, _schema()) as stream:
            for chunk in chunks:
                starts = pa.array(np.concatenate([[0], chunk.ends_E]).astype(np.int32))
                ids = pa.ListArray.from_arrays(starts, pa.array(chunk.ids_N))
                learned = pa.ListArray.from_arrays(
                    starts if chunk.labelled else pa.array(starts.to_numpy() * 0), pa.array(chunk.learned_N.view(np.int8))
                )
                value_starts = pa.array(np.concatenate([[0], chunk.value_ends_E]).astype(np.int32))
                values = pa.ListArray.from_arrays(value_starts, pa.array(chunk.values_M))
                parts = [pa.array(chunk.targets_E), pa.array(chunk.seconds_E), values]
                stream.write_batch(pa.record_batch([pa.array(chunk.numbers_E), ids, learned, *parts], schema=_schema()))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, n_chunks: int | None = None) -> Examples:
        """Map a written file: its pages are read when an example is. n_chunks: only the first; what follows may be cut off."""
        import pyarrow as pa

        if n_chunks == 0:
            return cls()
        with pa.ipc.open_stream(pa.memory_map(str(path))) as stream:
            return cls([_from_arrow(batch) for batch in islice(stream, n_chunks)])


def _per_example(learned_N: Array, ends_E: Array) -> Array:
    totals = np.concatenate([[0], np.cumsum(learned_N, dtype=np.int64)])[np.concatenate([[0], ends_E])]
    return np.diff(totals)


def _cut(chunk: Chunk, low: int, high: int) -> Chunk:
    start, stop = int(chunk.ends_E[low - 1]) if low else 0, int(chunk.ends_E[high - 1])
    ends_E = chunk.ends_E[low:high] - start
    ids_N, learned_N = chunk.ids_N[start:stop], chunk.learned_N[start:stop]
    first, last = int(chunk.value_ends_E[low - 1]) if low else 0, int(chunk.value_ends_E[high - 1])
    return Chunk(
        ids_N,
        learned_N,
        ends_E,
        chunk.numbers_E[low:high],
        chunk.targets_E[low:high],
        chunk.seconds_E[low:high],
        chunk.values_M[first:last],
        chunk.value_ends_E[low:high] - first,
        chunk.labelled,
    )


def _schema() -> Any:
    import pyarrow as pa

    ids, learned = pa.list_(pa.int32()), pa.list_(pa.int8())
    numbers = [("target", pa.int32()), ("second", pa.int32()), ("values", pa.list_(pa.float64()))]
    return pa.schema([("number", pa.int64()), ("input_ids", ids), ("learned", learned), *numbers])


def _from_arrow(batch: Any) -> Chunk:
    numbers, ids, learned, targets, seconds, values = (batch.column(index) for index in range(6))
    labelled = learned.offsets.to_numpy()[-1] > 0
    learned_N = learned.values.to_numpy().view(bool) if labelled else np.zeros(len(ids.values), dtype=bool)
    return Chunk(
        ids.values.to_numpy(),
        learned_N,
        ids.offsets.to_numpy()[1:].astype(np.int64),
        numbers.to_numpy(),
        targets.to_numpy(),
        seconds.to_numpy(),
        values.values.to_numpy(),
        values.offsets.to_numpy()[1:].astype(np.int64),
        labelled,
    )
