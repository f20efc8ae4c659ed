"""Tokenised examples kept on disk, found again by what they were made of: file, settings, tokenizer, template and this code."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from afina.data.encoder import Encoder
from afina.data.examples import Chunk, Examples
from afina.types import Notice

WORTH = 20_000
"""Fewer rows are encoded again sooner than they are looked up."""
KEPT_DAYS = 30


def folder() -> Path:
    """AFINA_CACHE, else the user's cache folder."""
    base = os.environ.get("AFINA_CACHE") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "afina")
    return Path(base) / "examples"


def key(sha256: str, objective: str, seed: int, encoder: Encoder) -> str:
    """Return the name of an entry: a hash of everything that the examples depend on."""
    settings = encoder.spec.model_dump_json(exclude={"path"})
    parts = (sha256, objective, str(seed), settings, str(encoder.max_length), *encoder.labels, encoder.tokenizer.identity(), _code())
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """A new version of the encoder must not find the old one's tokens."""
    digest = hashlib.sha256()
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
            examples = Examples.open(self.path / "examples.arrow")
            os.utime(self.path)
        except (OSError, ValueError, KeyError):
            return None
        return examples, said["counts"], [Notice(**notice) for notice in said["notices"]]

    def store(self, chunks: Iterable[Chunk]) -> Examples:
        """Write the chunks as they come and return them mapped from disk."""
        chunks = iter(chunks)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _forget_old(self.path.parent)
            self._staged = Path(tempfile.mkdtemp(prefix="writing-", dir=self.path.parent))
        except OSError:
            return Examples(chunks)
        return Examples.write(self._staged / "examples.arrow", chunks)

    def seal(self, counts: list[int], notices: list[Notice]) -> None:
        """Make the stored examples findable: entry.json is written last, then the folder gets its name."""
        if self._staged is None:
            return
        (self._staged / "entry.json").write_text(json.dumps({"counts": counts, "notices": [asdict(notice) for notice in notices]}))
        try:
            self._staged.rename(self.path)
        except OSError:  # another process was first; its examples are the same
            shutil.rmtree(self._staged, ignore_errors=True)


def _forget_old(parent: Path) -> None:
    for path in parent.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400:
            shutil.rmtree(path, ignore_errors=True)
