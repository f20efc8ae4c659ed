"""Many texts to be read again in any order: in memory while they are few, else in a file without a name, at 8 bytes a text in memory."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from afina.data.records import disk_full

IN_MEMORY_BYTES = 64 << 20
READ_BYTES = 4 << 20


class TextSpool(Sequence[str]):
    """Texts in the order they were appended. The file goes with this object. Raises DiskError I001 on a full disk."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._kept: list[bytes] = []
        self._ends = array("Q")
        self._written = 0
        self._file = None
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        blob = text.encode("utf-8", "surrogatepass")
        self._kept.append(blob)
        self._ends.append(self._n_bytes + len(blob))
        if self._n_bytes - self._written > IN_MEMORY_BYTES:
            self._write()

    @property
    def _n_bytes(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _write(self) -> None:
        """Lay what is kept aside in the file."""
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="afina-texts-", buffering=0)  # noqa: SIM115 - it lives as long as this object
            rest = memoryview(b"".join(self._kept))
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise disk_full(error, tempfile.gettempdir(), "texts") from error
        self._written, self._kept = self._n_bytes, []

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        start, end = self._ends[place - 1] if place else 0, self._ends[place]
        if self._file is None or start >= self._written:
            return self._kept[place - len(self)].decode("utf-8", "surrogatepass")
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        first, n = 0, len(self)
        while first < n:
            yield from (block := self._block(first))
            first += len(block)

    def _block(self, first: int) -> list[str]:
        """Return the texts from one on that are read at once."""
        start = self._ends[first - 1] if first else 0
        if self._file is None or start >= self._written:
            return [blob.decode("utf-8", "surrogatepass") for blob in self._kept[first - len(self) :]]
        last = first
        while last < len(self) and self._ends[last] <= self._written and (last == first or self._ends[last] - start <= READ_BYTES):
            last += 1
        blob = os.pread(self._file.fileno(), self._ends[last - 1] - start, start)
        texts: list[str] = []
        begin = 0
        for place in range(first, last):
            end = self._ends[place] - start
            texts.append(blob[begin:end].decode("utf-8", "surrogatepass"))
            begin = end
        return texts
