"""A file's text, decoded block by block and read as often as needed: a file of any size takes a few megabytes."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from afina.data.sources import encoding as encodings
from afina.data.sources.refuse import AGAIN
from afina.errors import DataError, UsageError
from afina.types import Notice

BLOCK = 1 << 20
AUTO_FIX = "data.encoding=auto"
MARKED_UTF8 = "utf-8-sig"
"""UTF-8 behind its byte order mark."""


@dataclass(frozen=True)
class Survey:
    """What one pass over the whole text counts. doubled: lines that end with two carriage returns. blank: nothing but white space."""

    n_chars: int = 0
    n_newlines: int = 0
    n_returns: int = 0
    n_doubled: int = 0
    n_nuls: int = 0
    has_quote: bool = False
    has_escaped_quote: bool = False
    blank: bool = True

    def with_block(self, block: str) -> Survey:
        returns = block.count("\r")
        return Survey(
            self.n_chars + len(block),
            self.n_newlines + block.count("\n"),
            self.n_returns + returns,
            self.n_doubled + (block.count("\r\r\n") if returns else 0),
            self.n_nuls + block.count("\x00"),
            self.has_quote or '"' in block,
            self.has_escaped_quote or '\\"' in block,
            self.blank and not block.replace("\x00", "").strip(),
        )


@dataclass(frozen=True)
class Text:
    """path: for messages. file: where the bytes are. codec, errors: how they are decoded. encoding: the name to show."""

    path: Path
    file: Path
    codec: str
    errors: str = "strict"
    encoding: str = "utf-8"
    survey: Survey = field(default_factory=Survey)
    notices: tuple[Notice, ...] = ()

    def open(self, newline: str | None = "\n") -> io.TextIOWrapper:
        """Open the text; lines end at `newline` only, and are given as they are (None: every line end becomes a newline)."""
        return io.TextIOWrapper(self.file.open("rb"), encoding=self.codec, errors=self.errors, newline=newline)

    def lines(self, newline: str | None = "\n") -> Iterator[str]:
        """Yield the lines with their ends, without NUL characters."""
        with self.open(newline) as file:
            yield from (line.replace("\x00", "") for line in file) if self.survey.n_nuls else file

    def blocks(self, size: int = BLOCK) -> Iterator[str]:
        """Yield the text in blocks of about `size` characters, without NUL characters."""
        with self.open() as file:
            while block := file.read(size):
                yield block.replace("\x00", "")

    def head(self, size: int = BLOCK) -> str:
        """Return the first `size` characters, less NULs."""
        return next(self.blocks(size), "")


def open_text(path: Path, file: Path, encoding: str = "auto") -> Text:
    """Return the text of a file, surveyed once from end to end: what is returned decodes.

    Raises DataError D005 when a forced encoding does not fit, D017 when the bytes are no text; UsageError D020 for an unknown name.
    """
    if encoding != "auto":
        return _forced(path, file, encoding)
    with file.open("rb") as opened:
        sample = opened.read(encodings.SAMPLE_BYTES)
    marked = encodings.marked(sample)
    if marked and marked != MARKED_UTF8:
        return _strict(Text(path, file, marked, encoding=marked), AGAIN)
    if not marked and b"\x00" in sample:
        wide = encodings.wide(sample) if file.stat().st_size % 2 == 0 else ""
        if wide:
            what = f"D005 {path}:1: not UTF-8; looks like {wide.upper()} without its mark. Read as {wide}"
            return _strict(Text(path, file, wide, encoding=wide, notices=(Notice(what, key=f"data.encoding={wide}"),)), AGAIN)
        encodings.refuse_binary(sample, path)
    text = Text(path, file, marked or "utf-8")
    try:
        return _surveyed(text)
    except _Undecodable as error:
        encodings.refuse_binary(sample, path)
        return _legacy(text, error.line)


def _forced(path: Path, file: Path, encoding: str) -> Text:
    try:
        found = codecs.lookup(encoding)
        codecs.getincrementaldecoder(encoding)
        b"".decode(encoding)  # refuses what is no encoding of text, like base64
    except (LookupError, ValueError):
        raise UsageError("D020", f'no encoding is called "{encoding}"', where="data.encoding", fix=AUTO_FIX) from None
    name = found.name
    with file.open("rb") as opened:
        if name == "utf-8" and opened.read(3) == codecs.BOM_UTF8:
            name = MARKED_UTF8
    return _strict(Text(path, file, name, encoding=name.removesuffix("-sig")), AUTO_FIX)


class _Undecodable(Exception):
    """line: where the first byte stands that does not fit. what: which byte it is."""

    def __init__(self, line: int, what: str) -> None:
        self.line, self.what = line, what
        super().__init__(what)


def _strict(text: Text, fix: str) -> Text:
    try:
        return _surveyed(text)
    except _Undecodable as error:
        what = f"not {text.codec}: {error.what}"
        raise DataError("D005", what, where=f"{text.path}:{error.line}", fix=fix) from None


def _surveyed(text: Text) -> Text:
    """Decode the whole file once and return the text with what was counted. Raises _Undecodable."""
    decoder = codecs.getincrementaldecoder(text.codec)(text.errors)
    survey, held = Survey(), ""
    with text.file.open("rb") as file:
        while True:
            chunk = file.read(BLOCK)
            try:
                block = held + decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = codecs.decode(error.object[: error.start], text.codec, "replace").count("\n")
                line = survey.n_newlines + held.count("\n") + before + 1
                raise _Undecodable(line, f"byte 0x{error.object[error.start]:02x} does not fit") from None
            except UnicodeError as error:
                raise _Undecodable(survey.n_newlines + 1, str(error)) from None
            # what a block ends with may be the beginning of "\r\r\n" or '\"'
            keep = len(block) - len(block.rstrip("\r\\")) if chunk else 0
            held = block[len(block) - min(keep, 2) :] if keep else ""
            survey = survey.with_block(block[: len(block) - len(held)])
            if not chunk:
                break
    notices = text.notices
    if survey.n_nuls:
        notices = (*notices, Notice(f"{survey.n_nuls:,} NUL characters were removed", "no tokenizer can use them", level="warning"))
    return replace(text, survey=survey, notices=notices)


def _legacy(text: Text, line: int) -> Text:
    """Read what is not UTF-8: a UTF-8 file with a few foreign bytes, or one of the encodings of before."""
    foreign = _foreign_bytes(text)
    if foreign:
        what = f"D005 {text.path}:{line}: UTF-8 with {foreign:,} bytes that are not; those were read as Windows-1252"
        return _surveyed(replace(text, errors=encodings.MIXED, notices=(Notice(what, key="data.encoding", level="warning"),)))
    telling = encodings.telling(text.file)
    for name in encodings.candidates(telling):
        label, sure = encodings.NAMES.get(name, name), encodings.sureness(telling, name)
        what = f"D005 {text.path}:{line}: not UTF-8; looks like {label} ({100 * sure:.0f} %). Read as {name}"
        notice = Notice(what, "the first byte that is not UTF-8 stands on that line", f"data.encoding={name}", "warning")
        try:
            return _surveyed(replace(text, codec=name, encoding=name, notices=(notice,)))
        except _Undecodable:
            continue
    raise AssertionError("Latin-1 decodes any bytes")


def _foreign_bytes(text: Text) -> int:
    """Return the number of bytes that are not UTF-8 in a file that is UTF-8 else, or says so by its mark; 0 when it is another encoding."""
    foreign = other = 0
    for block in replace(text, errors="surrogateescape").blocks():
        beyond = encodings.ASCII.sub("", block)
        strange = len(beyond) - len(encodings.ESCAPED.sub("", beyond))
        foreign += strange
        other += len(beyond) - strange
    return foreign if text.codec == MARKED_UTF8 or other >= 10 * foreign else 0
