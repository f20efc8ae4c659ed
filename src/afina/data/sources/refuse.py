"""What is no table is refused before anything is parsed: a missing path, an image, an archive, a binary file."""

from __future__ import annotations

import difflib
from pathlib import Path

from afina.errors import DataError, UsageError

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xlsm", ".gz", ".zst"})
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic"})
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"BM", "BMP image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"%PDF-", "PDF document"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!", "RAR archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"BZh", "bzip2 archive"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"\xd0\xcf\x11\xe0", "old Excel or Word file, or one with a password"),
    (b"ARROW1", "Arrow file"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"GGUF", "GGUF model"),
    (b"ID3", "MP3 sound"),
    (b"OggS", "Ogg sound"),
)
AGAIN = "download or export the file again"
SHOWN = 200
"""Characters of a path that is no path, but a text in the wrong place."""


def check_path(path: Path) -> None:
    """Raise unless `path` is a file or a folder: UsageError D016 (exit 2) names the nearest file, DataError D017 is for what is neither."""
    if str(path) in ("", "."):
        raise UsageError("D016", "no data file was given", where="data.path", fix="data.path=FILE (CSV, TSV, JSON, JSONL or text)")
    try:
        if path.is_dir() or path.parts[0] == "hf:":  # a data set of the hub, which the hub checks
            return
        if not path.exists():
            raise _missing(path)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise unreadable(path, error) from None
    if not path.is_file():
        raise DataError("D017", "not a regular file", where=str(path), fix="data.path=FILE (CSV, TSV, JSON, JSONL or text)")


def _missing(path: Path) -> UsageError:
    folder = path.parent
    if not folder.is_dir():
        return UsageError("D016", f"there is no folder {folder}", where=str(path), fix="data.path=FILE with its right path")
    names = sorted(child.name for child in folder.iterdir() if child.is_file() and not child.name.startswith("."))
    near = difflib.get_close_matches(path.name, names, 1, cutoff=0.5)
    offer = f"data.path={folder / near[0]}" if near else f"data.path=FILE (files there: {', '.join(names[:5]) or 'none'})"
    nearest = f'; nearest: "{near[0]}"' if near else ""
    return UsageError("D016", f"there is no such file{nearest}", where=str(path), fix=offer)


def unreadable(path: Path, error: OSError) -> UsageError:
    """Return the error for a path that the system does not let be read."""
    shown = str(path) if len(str(path)) <= SHOWN else f"{str(path)[:SHOWN]}..."
    return UsageError("D016", f"it cannot be read: {error.strerror or error}", where=shown, fix="data.path=FILE that you may read")


def check_head(path: Path, raw: bytes) -> None:
    """Raise DataError when a file's first bytes are those of no table: a known binary format, a page, a pointer (D017)."""
    where = str(path)
    if raw[:4] == b"PK\x03\x04":
        raise DataError("D017", "zip archive, not a table", where=where, fix=f"unzip {path} and give the file inside")
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        raise DataError("D017", "WebP image, not a table", where=where, fix="data.path=FILE with one text per row")
    for magic, kind in MAGIC:
        # two letters are also how a text may begin: short signatures count only where binary bytes follow
        if raw.startswith(magic) and (len(magic) > 3 or b"\x00" in raw[:512] or magic[0] > 127):
            unpack = "unpack it and give the file inside" if "archive" in kind else "data.path=FILE with one text per row (CSV or JSONL)"
            raise DataError("D017", f"{kind}, not a table", where=where, fix=unpack)
    if raw.startswith(b"version https://git-lfs"):
        raise DataError("D017", "a Git LFS pointer, not the file itself", where=where, fix="git lfs pull")
    if _is_html(raw):
        raise DataError(
            "D017", "an HTML page, not a table: probably an error page of the download", where=where, fix="download the file again"
        )


def _is_html(raw: bytes) -> bool:
    head = raw[:512].lstrip().lower()
    return head.startswith((b"<!doctype html", b"<html"))
