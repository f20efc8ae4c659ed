"""Noise over tokens: new at each update, the same at each evaluation.

What is hidden of an example is a function of the key and of that example alone. So it does not depend on the other examples of a batch, nor
on their order, rank or micro-batch, and how many tokens are hidden is known without drawing.

Of an example that noise is put over, the labels say which tokens may be hidden: never a special one.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from afina.types import IGNORE_INDEX, Example, Vocabulary, WordMarks

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def generator_of(example: Example, key: tuple[int, ...]) -> np.random.Generator:
    """Return what the noise of one example is drawn from; pieces of one row, which share its number, differ by what they hold."""
    import numpy as np

    content = zlib.crc32(np.array(example.ids, dtype=np.int64).tobytes())
    return np.random.default_rng([*key, example.number, content])


def places_of(example: Example) -> Array:
    """Return where an example's tokens may be hidden [N]."""
    import numpy as np

    return np.flatnonzero(np.array(example.labels) != IGNORE_INDEX)


def words_at(ids: Sequence[int], marks: WordMarks) -> Array:
    """Return which word each token belongs to, counted from 0 [T]."""
    import numpy as np

    begins = [True, *(_parts(marks.last[before], marks.first[index]) for before, index in pairwise(ids))]
    return np.cumsum(begins) - 1


def _parts(last: str, first: str) -> bool:
    """Whether a word begins between a token that ends so and one that begins so (data/wordmarks.py)."""
    if first == "-" or (last in "s-" and first not in "sw"):
        return False
    return first in "sw" or first != last


def whole_words(places_N: Array, word_N: Array, n_tokens: int, rng: np.random.Generator) -> Array:
    """Return the places of `n_tokens` tokens, those of a word together [n_tokens].

    Words come in a random order, each that fits into what is left; where none does, the first that was passed over comes in part.
    """
    import numpy as np

    words = np.split(places_N, np.flatnonzero(np.diff(word_N)) + 1)
    taken: list[Array] = []
    passed: list[Array] = []
    left = n_tokens
    for index in map(int, rng.permutation(len(words))):
        fits = len(words[index]) <= left
        (taken if fits else passed).append(words[index])
        left -= len(words[index]) * fits
    return np.concatenate([*taken, *passed])[:n_tokens]


def n_hidden(n_tokens: int, rate: float) -> int:
    """Return how many of so many tokens are hidden: at least one."""
    return min(n_tokens, max(1, round(rate * n_tokens)))


@lru_cache(4)
def ordinary_ids(vocabulary: Vocabulary) -> Array:
    """Return the ids that may stand for another token: all but special ones and those that hide."""
    import numpy as np

    hiding = {*vocabulary.sentinels, *(() if vocabulary.mask is None else (vocabulary.mask,))}
    return np.setdiff1d(np.arange(vocabulary.size), np.array(sorted(vocabulary.special | hiding), dtype=np.int64))


def composition(total: int, n_parts: int, rng: np.random.Generator) -> Array:
    """Return `n_parts` whole numbers of at least 1 that add up to `total`, each way to do so equally likely [n_parts]."""
    import numpy as np

    cuts = np.sort(rng.choice(total - 1, n_parts - 1, replace=False)) + 1
    return np.diff(cuts, prepend=0, append=total)


def spans(n_tokens: int, lengths: Array, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return [start, end) of spans of these lengths among so many tokens, in order, with at least one token between two of them.

    Every way to place them is equally likely; any token may be the first or the last of a span. Needs n_tokens >= sum(lengths) +
    len(lengths) - 1.
    """
    import numpy as np

    n_kept = n_tokens - int(lengths.sum())
    gaps = composition(n_kept + 2, len(lengths) + 1, rng)  # the first and the last may be empty
    starts = np.cumsum(gaps[:-1]) - 1 + np.cumsum(lengths) - lengths
    return [(int(start), int(start + length)) for start, length in zip(starts, lengths, strict=True)]
