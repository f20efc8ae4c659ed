"""What an exporter is, and how a folder comes to be: whole, checked and durable, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Protocol

from afina.errors import AfinaError, DiskError, UsageError
from afina.registry import Registry
from afina.run import Run
from afina.types import Notice

Tell = Callable[[Notice], None]
"""Is told what the person should know of an export that was made."""


def quiet(notice: Notice) -> None:
    """Tell nobody."""


class ExportError(AfinaError):
    """An exported model that is not the trained one, or that cannot be made: the folder is not written."""

    exit_code = 70


class Exporter(Protocol):
    """Writes a run's model in one form. what: one line for listings."""

    what: ClassVar[str]

    def export(self, run: Run, out: Path, tell: Tell = quiet) -> Path:
        """Write the folder `out` (new or empty), checked against the trained model, and return it.

        Raises ExportError E101 when it does not compute what the trained model computes, E102 or E104 when it cannot be said in this form,
        UsageError U004 when `out` holds something.
        """
        ...


EXPORTERS: Registry[type[Exporter]] = Registry("export form")


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` to write into; it becomes `out` when the block ends well, and is removed when it does not.

    Raises UsageError U004 when `out` is a file or holds something, DiskError I001 or I003 when the disk does not take it.
    """
    out = out.absolute()
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise UsageError("U004", "the folder is not empty", where=str(out), fix="--out FOLDER that is new or empty")
    folder = out.with_name(f".{out.name}.{uuid.uuid4().hex[:12]}")
    try:
        folder.mkdir(parents=True)
        yield folder
        for file in folder.iterdir():
            _sync(file)
        _sync(folder)
        if out.is_dir():
            out.rmdir()
        os.rename(folder, out)
        _sync(out.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = shutil.disk_usage(out.parent).free / 2**20
            raise DiskError(
                "I001", f"disk full: {free:.1f} MiB free", where=str(out), fix="free some space, or --out on another disk"
            ) from error
        raise DiskError("I003", f"cannot write there: {error}", where=str(out), fix="--out FOLDER that you may write to") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
