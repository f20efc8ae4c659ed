"""Which encoding bytes are in. UTF-8 is expected; anything else is detected, said (D005) and can be forced with data.encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from afina.errors import DataError

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = (
    "cp1252",
    "latin_1",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "mac_roman",
    "cp437",
    "cp850",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
)
NAMES = {"cp1252": "Windows-1252", "latin_1": "Latin-1", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "mac_roman": "Mac Roman"}
WESTERN = ("cp1252", "latin_1")
CENTRAL = ("cp1250", "latin_1")
"""Polish, Czech, Slovak, Hungarian, Slovene, Croatian."""
INSIDE_WORD = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_])")
MANY_SIGNS = 0.04
"""Western text has next to none of its foreign characters inside a word that are no letters (l·l, a soft hyphen)."""
SAMPLE_BYTES = 1 << 16
RUNS = re.compile(rb"[\x80-\xff]+")
ASCII = re.compile(r"[\x00-\x7f]+")
ESCAPED = re.compile("[\udc80-\udcff]+")
"""Bytes that are not UTF-8, as Python's surrogateescape holds them."""
MIXED = "afina-windows-1252"
"""Name of the error handler that reads the bytes that do not fit as Windows-1252."""


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(MIXED, _as_windows_1252)


def marked(sample: bytes) -> str:
    """Return the encoding that a byte order mark names, or ""."""
    return next((name for mark, name in BOMS if sample.startswith(mark)), "")


def wide(sample: bytes) -> str:
    """UTF-16 without a mark shows as a NUL in every other byte; return its name or ""."""
    sample = sample[: len(sample) - len(sample) % 2]
    half = max(1, len(sample) // 2)
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.4 * half:
            return name
    return ""


FEW_CONTROL, SHARE_CONTROL = 8, 0.02
"""Control bytes that a damaged text may have, however short it is, and the share of them in a longer one."""


def refuse_binary(sample: bytes, path: Path) -> None:
    """A few NULs are a damaged text; many control bytes are no text at all. Raises DataError D017."""
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if control > max(FEW_CONTROL, SHARE_CONTROL * len(sample)):
        what = f"a binary file ({control / len(sample):.0%} control bytes), not a table"
        raise DataError("D017", what, where=str(path), fix="data.path=FILE (CSV, TSV, JSON or JSONL)")


def telling(file: Path) -> bytes:
    """Return lines with bytes above 127, as far as a sample goes: only they tell anything."""
    found = b""
    for piece in _lines(file):
        if not piece.isascii():
            found += piece.rstrip(b"\r\n") + b"\n"
        if len(found) >= SAMPLE_BYTES:
            break
    return found[:SAMPLE_BYTES]


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while line := opened.readline(SAMPLE_BYTES):
            yield from line.splitlines()


def candidates(sample: bytes) -> tuple[str, ...]:
    """Return legacy encodings, the likeliest first; the last decodes any bytes."""
    from charset_normalizer import from_bytes

    if _signs_in_words(sample, "cp1252") > MANY_SIGNS > _signs_in_words(sample, "cp1250"):
        return CENTRAL
    # accented letters stand alone among others; Cyrillic, Greek, Chinese and Japanese come in runs
    runs = RUNS.findall(sample)
    if sum(map(len, runs)) < 1.5 * len(runs):
        return WESTERN

    best = from_bytes(sample, cp_isolation=list(LEGACY), threshold=0.5).best()
    # cp1252 is what Western European machines write; the detector's order among look-alikes is arbitrary on short samples
    if best is None or best.encoding in ("latin_1", "cp1250", "cp1254", "cp437", "cp850", "mac_roman", "cp1252"):
        return WESTERN
    return best.encoding, "latin_1"


def _signs_in_words(sample: bytes, name: str) -> float:
    """Share of the bytes above 127 between letters that are no letters themselves: Polish ma\xb3y reads "ma³y" as Windows-1252."""
    foreign = [char for char in INSIDE_WORD.findall(sample.decode(name, errors="replace")) if char > "\x7f"]
    return sum(not char.isalpha() for char in foreign) / max(1, len(foreign))


def sureness(sample: bytes, name: str) -> float:
    """Share of the characters above 127 that are letters, punctuation or currency rather than control codes."""
    foreign = [char for char in sample.decode(name, errors="replace") if char > "\x7f"]
    return sum(char.isprintable() and char != "�" for char in foreign) / max(1, len(foreign))
