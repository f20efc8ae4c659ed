"""Files inside .gz and .zst: unpacked once, into a temporary file, with a limit on what may come out."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from afina.data.records import disk_full
from afina.data.sources.refuse import AGAIN
from afina.errors import DataError

PACKERS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "Zstandard"}
SUFFIXES = {".gz", ".zst"}
BLOCK = 1 << 20
MAX_RATIO = 200
"""Text packs 3 to 20 times; only a file made to fill a disk packs this well and is this large."""
MAX_BYTES = 4 << 30
MAX_WINDOW = 1 << 27
"""Bytes that a Zstandard file may ask to be held in memory; its own command line allows as much."""


def packer(head: bytes) -> str:
    """Return what packed the file, by its first bytes, or ""."""
    return next((name for magic, name in PACKERS.items() if head.startswith(magic)), "")


def inner_name(path: Path) -> Path:
    """Return the name of the file inside: rows.csv for rows.csv.gz."""
    return path.with_suffix("") if path.suffix.lower() in SUFFIXES else path


@contextmanager
def unpacked(path: Path, kind: str) -> Iterator[Path]:
    """Give the file inside as a temporary file. Raises DataError D019 (damaged), D031 (a bomb), DiskError I001 (disk full)."""
    folder = Path(tempfile.mkdtemp(prefix="afina-unpacked-"))
    try:
        target = folder / inner_name(path).name
        _unpack(path, kind, target)
        yield target
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(path: Path, kind: str, target: Path) -> None:
    try:
        with target.open("wb") as out:
            _copy(path, kind, out)
    except OSError as error:
        raise disk_full(error, target.parent, f"the contents of {path}") from None


def _copy(path: Path, kind: str, out: IO[bytes]) -> None:
    import zstandard

    packed_bytes, n_bytes = path.stat().st_size, 0
    try:
        with _opened(path, kind) as source:
            while block := source.read(BLOCK):
                n_bytes += len(block)
                refuse_bomb(path, packed_bytes, n_bytes)
                out.write(block)
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        what = f"a damaged {kind} archive ({reason} after {n_bytes:,} bytes)"
        raise DataError("D019", what, where=str(path), fix=AGAIN) from None


def _opened(path: Path, kind: str) -> Any:
    if kind == "gzip":
        return gzip.open(path, "rb")
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(path.open("rb"), closefd=True, read_across_frames=True)


def refuse_bomb(path: Path, packed_bytes: int, n_bytes: int) -> None:
    """Raise DataError D031 when what comes out is both over MAX_BYTES and over MAX_RATIO times what went in."""
    if n_bytes > MAX_BYTES and n_bytes > MAX_RATIO * packed_bytes:
        what = f"unpacks to more than {n_bytes / (1 << 30):.0f} GiB from {packed_bytes:,} bytes: not a data file"
        raise DataError("D031", what, where=str(path), fix="unpack it yourself if you trust it, and give the file inside")
