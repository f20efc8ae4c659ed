"""Files written for a person: whether there is a place for one, and what to say when there is not."""

from __future__ import annotations

import errno
from pathlib import Path

from afina.errors import DiskError


def check_place(path: Path, option: str) -> None:
    """Raise DiskError I003 unless a file can stand at `path`. option: how the person named it, "--out"."""
    if path.is_dir():
        raise DiskError("I003", "it is a folder", where=str(path), fix=f"{option} {path / 'NAME'}")
    if not path.parent.is_dir():
        raise DiskError("I003", f"there is no folder {path.parent}", where=str(path), fix=f"{option} {path.name}, or make the folder")


def unwritable(error: OSError, path: Path, option: str) -> DiskError:
    """Return the error for a file that the system did not let be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskError("I001", "disk full", where=str(path), fix=f"free some space, or {option} on another disk")
    return DiskError("I003", f"cannot write there: {error.strerror or error}", where=str(path), fix=f"{option} FILE that you may write")
