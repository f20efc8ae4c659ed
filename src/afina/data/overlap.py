"""Leakage: rows of one file that stand in another, whole (row-wise, by level of folding) or inside other words (field-wise).

Field-wise, what a template repeats in row after row is left out first: n-grams that occur in a large share of the rows are template, not
content. What is left of one field is then looked for in the other: its 3-grams of words, contained by at least four fifths.
"""

from __future__ import annotations

import html
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

LEVELS = ("exact", "users and links folded", "case, entities, punctuation and space folded")
USER = re.compile(r"(?<!\w)@\w+")
LINK = re.compile(r"(?:https?:?(?://)?|www\.)\S*", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
PIECE = re.compile(f"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})[^\\W_])+")
GRAM = 3
CONTAINED = 0.8
"""Share of the 3-grams of the smaller content that the larger must hold."""
FEWEST = 3
"""Content of fewer 3-grams is too little to tell a leak from chance."""
COMMON = 200
"""A 3-gram in more rows of the other file than this points nowhere."""
REPEATED = 0.3
"""An n-gram in more than this share of the rows is template. Below a fifth, the usual openings of questions would be too."""
SAMPLE = 2000
MANY = 200_000
"""From here on only every second (third, ...) 3-gram is kept, chosen by its hash, so that the index stays bounded."""


def fold(text: str, level: int) -> str:
    """Return a text at one of the LEVELS (0, 1, 2); "" when the level leaves nothing."""
    if level == 0:
        return text.strip()
    text = LINK.sub("http", USER.sub("@user", text)).strip()
    if level == 1:
        return text
    text = LINK.sub(" ", html.unescape(html.unescape(text))).replace("@user", " ")
    return "".join(WORD.findall(text.casefold()))


class RowIndex:
    """The texts of the other file at every level, as 8-byte hashes."""

    def __init__(self) -> None:
        self._hashes: tuple[dict[int, int], ...] = tuple({} for _ in LEVELS)

    def add(self, number: int, text: str) -> None:
        for level, known in enumerate(self._hashes):
            if folded := fold(text, level):
                known.setdefault(hash_of(folded), number)

    def find(self, text: str) -> tuple[int, int] | None:
        """Return (level, row of the other file) of the strictest level at which the text is there, or None."""
        for level, known in enumerate(self._hashes):
            folded = fold(text, level)
            if folded and (number := known.get(hash_of(folded))) is not None:
                return level, number
        return None


def row_overlap(texts: Sequence[str], others: Iterable[str]) -> tuple[int, ...]:
    """Return how many of the texts are among the others at each of the LEVELS (a looser level counts the stricter ones too)."""
    index = RowIndex()
    for number, other in enumerate(others):
        index.add(number, other)
    found = Counter(hit[0] for text in texts if (hit := index.find(text)))
    return tuple(sum(found[stricter] for stricter in range(level + 1)) for level in range(len(LEVELS)))


def words(text: str) -> list[str]:
    """Return the words of a text, folded; in scripts without spaces every character is a word."""
    pattern = PIECE if UNSPACED.search(text) else WORD
    return pattern.findall(text.casefold())


class Template:
    """The n-grams that a field repeats in row after row.

    share: of the rows, above which an n-gram is template.
    """

    def __init__(self, texts: Sequence[str], share: float = REPEATED) -> None:
        sample = texts[:: -(-len(texts) // SAMPLE) or 1]
        counts: Counter[tuple[str, ...]] = Counter()
        for text in sample:
            counts.update(set(_grams(words(text))))
        least = max(5, share * len(sample))
        self.grams = frozenset(gram for gram, n in counts.items() if n > least)

    def content(self, text: str) -> list[list[str]]:
        """Return the stretches of words between what the template says."""
        found = words(text)
        if not self.grams:
            return [found] if found else []
        repeated = bytearray(len(found))
        for start, gram in enumerate(_grams(found)):
            if gram in self.grams:
                repeated[start : start + GRAM] = b"\1" * GRAM
        stretches: list[list[str]] = [[]]
        for word, is_template in zip(found, repeated, strict=True):
            if is_template:
                stretches.append([])
            else:
                stretches[-1].append(word)
        return [stretch for stretch in stretches if stretch]


def _grams(found: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(found[start:] for start in range(GRAM)), strict=False)


def _hashes(stretches: list[list[str]], every: int = 1) -> set[int]:
    """Return the hashes of the 3-grams of a content (one of `every`); a stretch of fewer words has none."""
    found = {hash_of(" ".join(gram)) for stretch in stretches for gram in _grams(stretch)}
    return found if every == 1 else {value for value in found if value % every == 0}


def hash_of(text: str) -> int:
    """Return 64 bits of a short text, the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Hit(NamedTuple):
    """A text found in the other file: its row there, and the share of the smaller content that both have."""

    number: int
    share: float


class ContentIndex:
    """The content of one field of the other file, ready to be asked which of its rows holds a text or is held by it."""

    def __init__(self, texts: Sequence[str], numbers: Sequence[int]) -> None:
        import numpy as np

        self._template = Template(texts)
        self._numbers = numbers
        self._every = 1 + len(texts) // MANY
        grams, rows, sizes = array("Q"), array("I"), array("I")
        for row, text in enumerate(texts):
            found = _hashes(self._template.content(text), self._every)
            sizes.append(len(found))
            grams.extend(found)
            rows.extend([row] * len(found))
        hashes = np.frombuffer(grams, dtype=np.uint64) if grams else np.zeros(0, np.uint64)
        order = np.argsort(hashes, kind="stable")
        self._grams = hashes[order]
        self._rows = (np.frombuffer(rows, dtype=np.uint32) if rows else np.zeros(0, np.uint32))[order]
        self._sizes = np.frombuffer(sizes, dtype=np.uint32) if sizes else np.zeros(0, np.uint32)

    def find(self, stretches: list[list[str]]) -> Hit | None:
        """Return the row of the other file that shares most with a content, if it shares enough for a leak."""
        import numpy as np

        asked = np.fromiter(_hashes(stretches, self._every), dtype=np.uint64)
        if len(asked) < FEWEST or not len(self._grams):
            return None
        first = np.searchsorted(self._grams, asked, "left")
        last = np.searchsorted(self._grams, asked, "right")
        telling = (last > first) & (last - first <= COMMON)
        if telling.sum() < FEWEST:
            return None
        spans = zip(first[telling].tolist(), last[telling].tolist(), strict=True)
        return self._best(
            np.concatenate([self._rows[start:stop] for start, stop in spans]), len(asked) - int((last - first > COMMON).sum())
        )

    def _best(self, rows: np.ndarray[Any, Any], n_asked: int) -> Hit | None:
        import numpy as np

        candidates, shared = np.unique(rows, return_counts=True)
        smaller = np.maximum(FEWEST, np.minimum(self._sizes[candidates], n_asked))
        shares = shared / smaller
        best = int(np.argmax(shares))
        if shares[best] < CONTAINED:
            return None
        return Hit(self._numbers[int(candidates[best])], float(min(1.0, shares[best])))
