"""A word a line, a blank line after each sentence, tags in the columns beside the word: CoNLL-2003 and its many relatives, and CoNLL-U.

Source: Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003 Shared Task" (2003); https://universaldependencies.org/format.html.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from afina.data.records import Record, RecordSpool
from afina.data.sources.base import SOURCES, Content, Table
from afina.data.sources.text import Text
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

DOCUMENT = "-DOCSTART-"
UNIVERSAL = ("id", "tokens", "lemmas", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")
"""The columns of CoNLL-U; those after `xpos` say how words hang together and are not read."""
KEPT = 5
ENTITY_TAG = re.compile(r"O|[BIELSU]-\S+")
BLANKS = re.compile(r"[ \t]+")
LOOKED_AT = 2000
"""Lines by which the number of columns is told, and whether a table is sentences."""
FEWEST = 3
"""Sentences and words a sentence that a .tsv or .txt must have to be read as words."""


class Line(NamedTuple):
    """A line with something on it. opens: it is the first of its sentence."""

    number: int
    fields: list[str]
    opens: bool


@SOURCES.register(".conll")
@SOURCES.register(".conllu")
@SOURCES.register(".bio")
@SOURCES.register(".iob")
@SOURCES.register(".iob2")
def read_conll(content: Content, spec: DataSpec) -> Table:
    """Return one row a sentence, numbered by its first line: "tokens" and a column of lists for each column of tags.

    Raises DataError D044 for a line with more or fewer columns than the others, D003 when nothing is left.
    """
    path, lines = content.path, Words(content.text)
    records, documents = RecordSpool(), 0
    start, held = 0, list[list[str]]()
    for line in lines:
        if line is None:
            _finish(records, start, held, lines.columns)
            held = []
        elif line.fields[0] == DOCUMENT:
            documents += 1
        elif not lines.is_left_out(line):
            if len(line.fields) != lines.width:
                raise _ragged(path, line, lines.width)
            start = start if held else line.number
            held.append(line.fields)
    _finish(records, start, held, lines.columns)
    notices = [_columns_notice(path, lines)] if lines.width != 2 else []
    if documents:
        notices.append(Notice(f"{path}: {documents:,} {DOCUMENT} lines part documents and are no words"))
    return Table(path, UNIVERSAL[1:KEPT] if lines.is_universal else lines.columns, records.finish(), tuple(notices), lines.format)


class Words:
    """The lines of a file as fields, None for each blank line; and how many columns there are, and what they hold."""

    def __init__(self, text: Text) -> None:
        self._text = text
        first = [line for line in islice(self, LOOKED_AT) if line is not None and line.fields[0] != DOCUMENT]
        plain = [line for line in first if not line.fields[0].startswith("#")]
        self.width = Counter(len(line.fields) for line in plain).most_common(1)[0][0] if plain else 1
        self.is_universal = self.width == len(UNIVERSAL) and all(line.fields[0][:1].isdigit() for line in plain)
        self.has_entity_tags = bool(plain) and all(ENTITY_TAG.fullmatch(line.fields[-1]) for line in plain)

    def __iter__(self) -> Iterator[Line | None]:
        opens = True
        tabs = "\t" in self._text.head()
        for number, raw in enumerate(self._text.lines(newline=None), start=1):
            line = raw.rstrip("\n")
            if not line.strip():
                yield None
                opens = True
                continue
            yield Line(number, line.split("\t") if tabs and "\t" in line else BLANKS.split(line.strip(" \t")), opens)
            opens = opens and line.startswith("#")

    @property
    def columns(self) -> tuple[str, ...]:
        if self.is_universal:
            return UNIVERSAL
        return ("tokens", *(f"column{index}" for index in range(2, self.width)), "tags")[: self.width]

    @property
    def format(self) -> str:
        return "CoNLL-U" if self.is_universal else "CoNLL"

    def is_left_out(self, line: Line) -> bool:
        """Whether a line is a comment, or in CoNLL-U stands for several words or for none."""
        if self.is_universal and not line.fields[0].isdigit():
            return True
        if not (line.opens and line.fields[0].startswith("#")):
            return False
        return len(line.fields) != self.width or (self.has_entity_tags and not ENTITY_TAG.fullmatch(line.fields[-1]))


def is_sentences(text: Text) -> bool:
    """Whether a table or text is words with entity tags, unmistakably: equal columns, blank lines, and B- or I- tags in the last column."""
    groups: list[list[Line]] = [[]]
    for line in islice(Words(text), LOOKED_AT):
        if line is None:
            groups.append([])
        elif line.fields[0] != DOCUMENT:
            groups[-1].append(line)
    groups = [group for group in groups if group]
    lines = [line for group in groups for line in group]
    return (
        len(groups) >= FEWEST
        and len(lines) >= FEWEST * len(groups)
        and len({len(line.fields) for line in lines}) == 1
        and len(lines[0].fields) > 1
        and all(ENTITY_TAG.fullmatch(line.fields[-1]) for line in lines)
        and len({line.fields[-1] for line in lines}) > 1
    )


def _finish(records: RecordSpool, start: int, held: Iterable[list[str]], columns: tuple[str, ...]) -> None:
    by_column = dict(zip(columns, map(list, zip(*held, strict=True)), strict=False))
    if by_column:
        kept = UNIVERSAL[1:KEPT] if columns == UNIVERSAL else columns
        records.append(Record(start, {name: by_column[name] for name in kept}))


def _columns_notice(path: Path, lines: Words) -> Notice:
    if lines.is_universal:
        return Notice(f"{path}: CoNLL-U; tokens, lemmas, upos and xpos are read", "upos is what is learned unless you say xpos", "data.map")
    if lines.width == 1:
        return Notice(f"{path}: one column, of words; there are no tags")
    what = f"{path}: the first of {lines.width} columns holds the words, the last the tags"
    return Notice(what, "the others are column2 and so on", "--map tags=column2")


def _ragged(path: Path, line: Line, width: int) -> DataError:
    shown = " ".join(line.fields)[:60]
    what = f"{len(line.fields)} columns where the other lines have {width}: {shown!r}"
    fix = "write every line as WORD TAG, with an empty line after each sentence"
    return DataError("D044", what, where=f"{path}:{line.number}", fix=fix)
