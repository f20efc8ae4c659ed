"""Rows as read: a list while they are few, an Arrow file in a temporary folder when they are many. Read batch by batch, never mapped:
mapped pages count as memory of the process."""

from __future__ import annotations

import errno
import marshal
import os
import shutil
import tempfile
import weakref
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, overload

from afina.errors import DiskError

IN_MEMORY_BYTES = 64 << 20
BATCH_BYTES = 4 << 20
BATCH_ROWS = 8192


class Record(NamedTuple):
    """One row as it stands in the file.

    number: 1-based physical line of the row's start (CSV, JSONL, text), 1-based element index (JSON array, Parquet), row of the sheet.
    """

    number: int
    values: dict[str, Any]


class RecordSpool:
    """Collects records in order; `finish` returns them as a sequence that may be iterated as often as wanted.

    Values keep their exact Python value: text, int, float, bool, None, and lists and dicts of them. Raises DiskError I001 on a full disk.
    """

    def __init__(self) -> None:
        self._kept: list[Record] = []
        self._n_bytes = 0
        self._disk: _Writer | None = None
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def append(self, record: Record) -> None:
        blob = marshal.dumps(record.values)
        self._n += 1
        if self._disk is not None:
            self._disk.append(record.number, blob)
            return
        self._kept.append(record)
        self._n_bytes += len(blob)
        if self._n_bytes > IN_MEMORY_BYTES:
            self._disk = _Writer()
            for kept in self._kept:
                self._disk.append(kept.number, marshal.dumps(kept.values))
            self._kept = []

    def finish(self) -> Sequence[Record]:
        return self._kept if self._disk is None else self._disk.finish()


class _Writer:
    def __init__(self) -> None:
        import pyarrow as pa

        self._folder = Path(tempfile.mkdtemp(prefix="afina-rows-"))
        self._forget = weakref.finalize(self, _remove, self._folder, os.getpid())
        self._schema = pa.schema([("number", pa.int64()), ("values", pa.binary())])
        self._sink = pa.OSFile(str(self._folder / "rows.arrow"), "wb")
        self._file = pa.ipc.new_file(self._sink, self._schema)
        self._numbers: list[int] = []
        self._blobs: list[bytes] = []
        self._n_bytes = 0
        self._ends: list[int] = []

    def append(self, number: int, blob: bytes) -> None:
        self._numbers.append(number)
        self._blobs.append(blob)
        self._n_bytes += len(blob)
        if self._n_bytes >= BATCH_BYTES or len(self._blobs) == BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        columns = [pa.array(self._numbers, pa.int64()), pa.array(self._blobs, pa.binary())]
        try:
            self._file.write_batch(pa.record_batch(columns, schema=self._schema))
        except OSError as error:
            raise disk_full(error, self._folder, "rows") from error
        self._ends.append((self._ends[-1] if self._ends else 0) + len(self._blobs))
        self._numbers, self._blobs, self._n_bytes = [], [], 0

    def finish(self) -> Sequence[Record]:
        if self._blobs:
            self._flush()
        try:
            self._file.close()
            self._sink.close()
        except OSError as error:
            raise disk_full(error, self._folder, "rows") from error
        self._forget.detach()
        return _OnDisk(self._folder, self._ends)


class _OnDisk(Sequence[Record]):
    """Records of an Arrow file that goes with the last owner of this object, or when the process ends."""

    def __init__(self, folder: Path, ends: list[int]) -> None:
        self._path = folder / "rows.arrow"
        self._ends = ends
        self._near: tuple[int, list[Record]] = (-1, [])
        self._forget = weakref.finalize(self, _remove, folder, os.getpid())

    def __getstate__(self) -> dict[str, Any]:
        """Another process reads the same file and owns nothing."""
        return {"_path": self._path, "_ends": self._ends, "_near": (-1, [])}

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Record]:
        for _, numbers, blobs in self._batches(range(len(self._ends))):
            yield from _decoded(numbers, blobs)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        """Return one record, or a list of those of a slice: only they are decoded."""
        if isinstance(index, slice):
            return self._some(range(*index.indices(len(self))))
        wanted = range(len(self))[index]
        batch = bisect_right(self._ends, wanted)
        if self._near[0] != batch:
            _, numbers, blobs = next(self._batches([batch]))
            self._near = batch, list(_decoded(numbers, blobs))
        return self._near[1][wanted - self._start(batch)]

    def _start(self, batch: int) -> int:
        return self._ends[batch - 1] if batch else 0

    def _some(self, wanted: range) -> list[Record]:
        by_batch: dict[int, list[int]] = {}
        for index in wanted:
            by_batch.setdefault(bisect_right(self._ends, index), []).append(index)
        found: list[Record] = []
        for batch, numbers, blobs in self._batches(by_batch):
            start = self._start(batch)
            found += [Record(numbers[index - start], marshal.loads(blobs[index - start].as_py())) for index in by_batch[batch]]
        return found

    def _batches(self, wanted: Any) -> Iterator[tuple[int, list[int], Any]]:
        import pyarrow as pa

        with pa.OSFile(str(self._path)) as source:
            reader = pa.ipc.open_file(source)
            for index in wanted:
                batch = reader.get_batch(index)
                yield index, batch.column(0).to_pylist(), batch.column(1)


def _decoded(numbers: list[int], blobs: Any) -> Iterator[Record]:
    for number, blob in zip(numbers, blobs.to_pylist(), strict=True):
        yield Record(number, marshal.loads(blob))


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker that ends must not take the rows away
        shutil.rmtree(folder, ignore_errors=True)


def disk_full(error: OSError, folder: Path | str, what: str) -> DiskError:
    """Return the error for a temporary file that could not be written; what: "rows"."""
    reason = "disk full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error)
    return DiskError("I001", f"{reason} while {what} were laid aside", where=str(folder), fix="TMPDIR=FOLDER on a disk with more space")
