"""Bytes to text. UTF-8 is expected; anything else is detected, said (D005) and can be forced with data.encoding."""

from __future__ import annotations

import codecs
from pathlib import Path

from afina.errors import DataError, UsageError
from afina.types import Notice

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
SAMPLE_BYTES = 1 << 16


def decode(raw: bytes, encoding: str, path: Path) -> tuple[str, str, list[Notice]]:
    """Return the text, the encoding it was read with, and what was guessed or repaired.

    Raises DataError D005 when a forced encoding does not fit, D017 when the bytes are no text; UsageError D020 for an unknown name.
    """
    if encoding != "auto":
        return _forced(raw, encoding, path)
    for mark, name in BOMS:
        if raw.startswith(mark):
            return _repaired(_strict(raw, name, path), name.removesuffix("-sig"), [])
    if b"\x00" in raw[:SAMPLE_BYTES]:
        wide = _wide(raw)
        if wide:
            text = _strict(raw, wide, path)
            notice = Notice(
                f"D005 {path}:1: not UTF-8; looks like {wide.upper()} without its mark. Read as {wide}", key=f"data.encoding={wide}"
            )
            return _repaired(text, wide, [notice])
        _refuse_binary(raw, path)
    try:
        return _repaired(raw.decode("utf-8"), "utf-8", [])
    except UnicodeDecodeError as error:
        return _legacy(raw, error.start, path)


def _forced(raw: bytes, encoding: str, path: Path) -> tuple[str, str, list[Notice]]:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UsageError("D020", f'no encoding is called "{encoding}"', where="data.encoding", fix="data.encoding=auto") from None
    if name == "utf-8" and raw.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    return _repaired(_strict(raw, name, path), name.removesuffix("-sig"), [])


def _strict(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"not {encoding}: byte 0x{raw[error.start]:02x} does not fit"
        raise DataError("D005", what, where=f"{path}:{line}", fix="data.encoding=auto") from None


def _wide(raw: bytes) -> str:
    """UTF-16 without a mark shows as a NUL in every other byte; return its name or ""."""
    sample = raw[: SAMPLE_BYTES - SAMPLE_BYTES % 2]
    half = max(1, len(sample) // 2)
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.4 * half and len(raw) % 2 == 0:
            return name
    return ""


def _refuse_binary(raw: bytes, path: Path) -> None:
    """A few NULs are a damaged text; many control bytes are no text at all."""
    sample = raw[:SAMPLE_BYTES]
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if control > 0.02 * len(sample):
        raise DataError(
            "D017",
            f"a binary file ({control / len(sample):.0%} control bytes), not a table",
            where=str(path),
            fix="data.path=FILE (CSV, TSV, JSON or JSONL)",
        )


def _legacy(raw: bytes, first: int, path: Path) -> tuple[str, str, list[Notice]]:
    _refuse_binary(raw, path)
    line = raw.count(b"\n", 0, first) + 1
    mixed = _mixed(raw)
    if mixed is not None:
        text, repaired = mixed
        what = f"D005 {path}:{line}: UTF-8 with {repaired:,} bytes that are not; those were read as Windows-1252"
        return _repaired(text, "utf-8", [Notice(what, key="data.encoding", level="warning")])
    name, sure = _detect(raw)
    label = NAMES.get(name, name)
    what = f"D005 {path}:{line}: not UTF-8; looks like {label} ({sure:.0%}). Read as {name}".replace("%)", " %)")
    return _repaired(
        raw.decode(name), name, [Notice(what, "the first byte that is not UTF-8 stands on that line", f"data.encoding={name}", "warning")]
    )


def _mixed(raw: bytes) -> tuple[str, int] | None:
    """A UTF-8 file with a few foreign bytes: return its text and their number; None when it is no UTF-8 file."""
    loose = raw.decode("utf-8", errors="surrogateescape")
    foreign = sum("\udc80" <= char <= "\udcff" for char in loose)
    proper = sum(char > "\x7f" for char in loose) - foreign
    if proper < 10 * foreign:
        return None
    text = "".join(_foreign(char) if "\udc80" <= char <= "\udcff" else char for char in loose)
    return text, foreign


def _foreign(char: str) -> str:
    return bytes([ord(char) - 0xDC00]).decode("cp1252", errors="replace")


def _detect(raw: bytes) -> tuple[str, float]:
    """Return the likeliest legacy encoding and how sure that is; only lines with bytes above 127 tell anything."""
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in raw.splitlines() if not line.isascii())[:SAMPLE_BYTES]
    best = from_bytes(telling, cp_isolation=list(LEGACY), threshold=0.5).best()
    candidates = [best.encoding] if best is not None else []
    # cp1252 is what Western European machines write; the detector's order among look-alikes is arbitrary on short samples
    if best is None or best.encoding in ("latin_1", "cp1250", "cp1254", "cp437", "cp850", "mac_roman", "cp1252"):
        candidates = ["cp1252", "latin_1"]
    for name in (*candidates, "latin_1"):
        try:
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        return name, _sureness(telling, name)
    return "latin_1", 0.0


def _sureness(telling: bytes, name: str) -> float:
    """Share of the characters above 127 that are letters, punctuation or currency rather than control codes."""
    foreign = [char for char in telling.decode(name, errors="replace") if char > "\x7f"]
    return sum(char.isprintable() and char != "�" for char in foreign) / max(1, len(foreign))


def _repaired(text: str, encoding: str, notices: list[Notice]) -> tuple[str, str, list[Notice]]:
    nuls = text.count("\x00")
    if nuls:
        text = text.replace("\x00", "")
        notices = [*notices, Notice(f"{nuls:,} NUL characters were removed", "no tokenizer can use them", level="warning")]
    return text, encoding, notices
