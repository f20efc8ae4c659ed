"""Tokenised examples kept on disk, found again by what they were made of: rows, settings, tokenizer, template and this code."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path

from afina.data.encoder import Encoder
from afina.data.examples import Chunk, Examples
from afina.types import Notice, Row

WORTH = 20_000
"""Fewer rows are encoded again sooner than they are looked up."""
KEPT_DAYS = 30
LIBRARIES = ("tokenizers", "jinja2")
"""Whose versions decide how rows are rendered and encoded."""


def folder() -> Path:
    """AFINA_CACHE, else the user's cache folder."""
    base = os.environ.get("AFINA_CACHE") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "afina")
    return Path(base) / "examples"


def key(objective: str, encoder: Encoder, rows: Iterable[Row]) -> str:
    """Return the name of an entry: a hash of everything that the examples depend on.

    rows: in the order in which they are encoded, and by what they say, not by the file that they are from: its bytes may be read in another
    way (under another ending, by another version of a reader) and divided in another order, and examples are told apart by place alone.
    """
    settings = json.dumps(encoder.spec.model_dump(exclude={"path"}), sort_keys=True, default=str)
    digest = hashlib.sha256()
    for part in (
        objective,
        encoder.kind,
        settings,
        str(encoder.max_length),
        *encoder.labels,
        encoder.tokenizer.identity(),
        _code(),
        *map(repr, rows),
    ):
        digest.update(f"{part}\x1f".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


@cache
def _code() -> str:
    """A new version of the encoder, or of a library below it, must not find the old one's tokens."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            digest.update(f"{name}=={metadata.version(name)} ".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Entry:
    """One set of examples in the cache. An unwritable or full cache is no error: the examples then stay in memory."""

    def __init__(self, name: str) -> None:
        self.path = folder() / name
        self._staged: Path | None = None

    def load(self) -> tuple[Examples, list[int], list[Notice]] | None:
        """Return examples, examples per row, and what was said about them; None when they are not here."""
        try:
            said = json.loads((self.path / "entry.json").read_text(encoding="utf-8"))
            if said["bytes"] != (self.path / "examples.arrow").stat().st_size:
                raise ValueError("the examples were cut off")
            examples, counts = Examples.open(self.path / "examples.arrow"), said["counts"]
            notices = [Notice(**notice) for notice in said["notices"]]
            os.utime(self.path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):  # damaged: it would keep its place, and be found damaged for ever
            shutil.rmtree(self.path, ignore_errors=True)
            return None
        return examples, counts, notices

    def store(self, chunks: Iterable[Chunk]) -> Examples:
        """Write the chunks as they come and return them mapped from disk; from memory where the disk does not take them."""
        chunks = iter(chunks)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _forget_old(self.path.parent)
            self._staged = Path(tempfile.mkdtemp(prefix="writing-", dir=self.path.parent))
        except OSError:
            return Examples(chunks)
        file, written = self._staged / "examples.arrow", _Passed(chunks)
        try:
            return Examples.write(file, written)
        except OSError:
            if written.failed:  # what makes the chunks failed, not the disk
                raise
            kept = Examples.open(file, max(0, written.n - 1)).chunks  # stay mapped when the file has no name any more
            self.discard()
            return Examples([*kept, *written.last, *chunks])

    def seal(self, counts: list[int], notices: list[Notice]) -> None:
        """Make the stored examples findable: entry.json is written last, all of it is made durable, then the folder gets its name."""
        if self._staged is None:
            return
        staged, self._staged = self._staged, None
        examples = staged / "examples.arrow"
        said = {"counts": counts, "notices": [asdict(notice) for notice in notices], "bytes": examples.stat().st_size}
        try:
            with (staged / "entry.json").open("w", encoding="utf-8") as file:
                json.dump(said, file)
                file.flush()
                os.fsync(file.fileno())
            with examples.open("rb+") as file:
                os.fsync(file.fileno())
            staged.rename(self.path)
        except OSError:  # a full disk, or another process was first, whose examples are the same; these stay mapped
            shutil.rmtree(staged, ignore_errors=True)

    def discard(self) -> None:
        """Remove what was written and not sealed."""
        if self._staged is not None:
            shutil.rmtree(self._staged, ignore_errors=True)
            self._staged = None


class _Passed:
    """Chunks on their way to the disk: how many, the last of them, and whether it was making them that failed."""

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self.n, self.last, self.failed = 0, list[Chunk](), False

    def __iter__(self) -> Iterator[Chunk]:
        while True:
            try:
                chunk = next(self._chunks, None)
            except OSError:
                self.failed = True
                raise
            if chunk is None:
                return
            self.n, self.last = self.n + 1, [chunk]
            yield chunk


def _forget_old(parent: Path) -> None:
    for path in parent.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400:
            shutil.rmtree(path, ignore_errors=True)
