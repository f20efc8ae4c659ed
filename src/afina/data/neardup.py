"""Near-duplicates: texts that share most of their character 5-grams, found by MinHash and confirmed exactly.

A text is folded (case, space), cut into the set of its 5-character pieces, and two texts are near-duplicates when those sets have a Jaccard
similarity |A & B| / |A | B| of at least the threshold. Characters suit rows of three words and languages without spaces, where word n-grams
see nothing. MinHash (rensa, in Rust) only proposes pairs; each proposed pair is measured on the sets themselves, so what is reported is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from itertools import islice, product
from struct import Struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

WIDTH = 5
"""Characters in a piece."""
MINIMA = 126
PROPOSED = 0.98
"""MinHash values of a text, in bands of r: a pair of similarity s is proposed with probability 1 - (1 - s**r)**(126 / r). r is the largest
that proposes a pair at the threshold this surely; at 0.8 it is 7: 0.985 at 0.8, 0.9997 at 0.87, 0.004 at 0.3."""
CHUNK = 8192
"""Texts hashed at a time: all that is kept of a text is a key of 8 bytes a band."""
TOGETHER = 200_000
"""Characters of the texts confirmed at a time, about: those linked by proposals stay together, so that each is cut into pieces once."""
EDGES = 1_000_000
"""Proposals held at a time (about 50 bytes each) while texts that are linked by some are gathered."""
MOST_TRIED = 64
"""Comparisons of two groups that share a key, and groups that each is compared with: a bucket of thousands of texts that are not alike
must not cost their square."""
KEPT_PIECES = 1_000_000
"""Pieces (about 110 bytes each) that stay in memory while pairs are confirmed."""
KEPT_PAIRS = 500_000
"""Pairs remembered as not alike: most are proposed again by other bands."""


def folded(text: str) -> str:
    """Return a text without differences of case and space."""
    return " ".join(text.casefold().split())


Pieces = AbstractSet[int] | AbstractSet[str]
"""The pieces of a text, themselves or as their 64-bit hashes: two of a thousand pieces have the same with probability 3e-14."""


def pieces(text: str) -> Pieces:
    """Return the set of 5-character pieces of a folded text; a shorter text is one piece."""
    return {text[start : start + WIDTH] for start in range(max(1, len(text) - WIDTH + 1))}


def jaccard(one: Pieces, other: Pieces) -> float:
    """Return the share of the pieces of both that both have."""
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def near_duplicates(texts: Sequence[str], threshold: float = 0.8) -> list[tuple[int, ...]]:
    """Return the groups of texts that are alike: positions in ascending order, each group two or more, ordered by their first position.

    A group is a connected component: each member has a near-duplicate in it. Texts equal after folding are alike whatever the threshold;
    empty texts are alike to none. Memory: about 200 bytes a text beside the texts.
    """
    import numpy as np

    width = _rows_a_band(threshold)
    groups = _Groups(len(texts))
    positions = _distinct(texts, groups)
    if len(positions) > 1:
        keys = np.concatenate([_band_keys(chunk, width) for chunk in _chunks(texts, positions)])
        lengths = np.fromiter((len(texts[position]) for position in positions), dtype=np.int64, count=len(positions))
        for rows in _linked_rows(keys, lengths):
            confirm = _Confirm(texts, groups, threshold)
            if lengths[rows].sum() <= KEPT_PIECES:
                confirm.cut(positions[rows].tolist())
            for band in keys[rows].T:
                for bucket in _buckets(band, positions[rows]):
                    confirm.bucket(bucket)
    return groups.listed()


def _distinct(texts: Sequence[str], groups: _Groups) -> Array:
    """Return the positions of the texts that are neither empty nor equal to an earlier one when folded; equal ones join their group."""
    import numpy as np

    digests, said = bytearray(), bytearray()
    for text in texts:
        plain = folded(text)
        digests += blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        said.append(bool(plain))
    positions = np.flatnonzero(np.frombuffer(said, dtype=np.uint8))
    _, first, inverse = np.unique(np.frombuffer(digests, dtype="S16")[positions], return_index=True, return_inverse=True)
    firsts = positions[first[inverse]]
    for one, other in zip(firsts[firsts != positions].tolist(), positions[firsts != positions].tolist(), strict=True):
        groups.join(one, other)
    return positions[firsts == positions]


def _chunks(texts: Sequence[str], positions: Array) -> Iterator[list[str]]:
    """Yield the folded texts of the positions, a chunk at a time."""
    for start in range(0, len(positions), CHUNK):
        chosen: list[int] = positions[start : start + CHUNK].tolist()
        yield [folded(texts[position]) for position in chosen]


def _rows_a_band(threshold: float) -> int:
    def proposed(rows: int) -> float:
        return 1 - (1 - threshold**rows) ** (MINIMA // rows)

    return max((rows for rows in range(1, 15) if proposed(rows) >= PROPOSED), default=1)


def _band_keys(texts: list[str], width: int) -> Array:
    """Return one key for each text and band [N, bands]: texts with the same key are a proposed pair."""
    import numpy as np
    from rensa import RMinHash  # type: ignore[reportAttributeAccessIssue]

    bands = MINIMA // width
    hashes, offsets = piece_hashes(texts)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, num_perm=bands * width, seed=1)
    row = Struct(f"{bands * width}I")
    minima = np.frombuffer(b"".join(row.pack(*values) for values in matrix.to_rows()), dtype=np.uint32)
    keys = np.zeros((len(texts), bands), dtype=np.uint64)
    for column in np.moveaxis(minima.reshape(len(texts), bands, width), 2, 0):
        keys = _mixed(keys ^ column)
    return keys


def piece_hashes(texts: list[str]) -> tuple[Array, Array]:
    """Return the 64-bit hashes of all pieces of all texts, one text after another, and where each text begins (and the last ends)."""
    import numpy as np

    padded = [text if len(text) >= WIDTH else text + "\0" * (WIDTH - len(text)) for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    n = len(codes) - WIDTH + 1
    rolled = np.zeros(n, dtype=np.uint64)
    for step in range(WIDTH):
        rolled = _mixed(rolled ^ codes[step : step + n])
    inside = np.ones(len(codes), dtype=bool)
    ends = np.cumsum(lengths)
    for step in range(1, WIDTH):
        inside[ends - step] = False
    offsets = np.concatenate([[0], np.cumsum(lengths - WIDTH + 1)]).astype(np.uint64)
    return rolled[inside[:n]], offsets


def _mixed(values: Array) -> Array:
    """Return 64-bit numbers well mixed (the finaliser of SplitMix64)."""
    import numpy as np

    values = (values + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _linked_rows(keys: Array, lengths: Array) -> Iterator[Array]:
    """Yield the rows of keys [N, bands] that share a key, about TOGETHER characters at a time: no key is in two of them."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, component = len(keys), np.arange(len(keys))
    starts: list[Array] = []
    ends: list[Array] = []
    for last, band in zip(range(keys.shape[1] - 1, -1, -1), keys.T, strict=True):
        order = np.argsort(band)
        same = np.flatnonzero(band[order[1:]] == band[order[:-1]])
        starts.append(component[order[same]])
        ends.append(component[order[same + 1]])
        if not last or sum(map(len, starts)) > EDGES:
            edges = (np.concatenate(starts), np.concatenate(ends))
            graph = coo_array((np.ones(len(edges[0]), dtype=np.int8), edges), shape=(n, n))
            component = connected_components(graph, directed=False)[1][component]
            starts, ends = [], []
    sizes = np.bincount(component)
    order = np.argsort(component, kind="stable")
    order = order[sizes[component[order]] > 1]
    limits = np.cumsum(sizes[sizes > 1])
    if len(limits):
        parts = np.cumsum(lengths[order])[limits - 1] // TOGETHER
        yield from np.split(order, limits[:-1][np.diff(parts) > 0])


def _buckets(keys: Array, positions: Array) -> Iterator[list[int]]:
    """Yield the positions that share a key, in ascending order."""
    import numpy as np

    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    same = ranked[1:] == ranked[:-1]
    edges = np.diff(np.concatenate([[False], same, [False]]).astype(np.int8))
    ranked = positions[order]
    for start, last in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
        yield ranked[start : last + 1].tolist()


class _Groups:
    """Positions joined into groups (union-find)."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def root(self, position: int) -> int:
        parent = self._parent
        while (above := parent[position]) != position:
            parent[position] = position = parent[above]
        return position

    def join(self, one: int, other: int) -> None:
        one, other = self.root(one), self.root(other)
        self._parent[max(one, other)] = min(one, other)

    def listed(self) -> list[tuple[int, ...]]:
        """Return the groups of two or more; the root of a group is its first position."""
        found: dict[int, list[int]] = {}
        for position, parent in enumerate(self._parent):
            if parent != position:
                root = self.root(position)
                found.setdefault(root, [root]).append(position)
        return [tuple(found[root]) for root in sorted(found)]


class _Confirm:
    """Measures proposed pairs exactly and joins those that are alike."""

    def __init__(self, texts: Sequence[str], groups: _Groups, threshold: float) -> None:
        self._texts, self._groups, self._threshold = texts, groups, threshold
        self._pieces: dict[int, Pieces] = {}
        self._n_pieces = 0
        self._unlike: set[tuple[int, int]] = set()

    def bucket(self, positions: list[int]) -> None:
        """Compare the texts of a bucket that are not in one group yet, and join those that are alike."""
        by_root: dict[int, list[int]] = {}
        for position in positions:
            by_root.setdefault(self._groups.root(position), []).append(position)
        if len(by_root) == 1:
            return
        apart: list[list[int]] = []
        for members in by_root.values():
            rest = apart[:-MOST_TRIED]
            for others in apart[-MOST_TRIED:]:
                if self._linked(members, others):
                    self._groups.join(members[0], others[0])
                    members = others + members
                else:
                    rest.append(others)
            apart = [*rest, members]

    def _linked(self, members: list[int], others: list[int]) -> bool:
        """Whether a text of one group is alike one of the other, as far as MOST_TRIED comparisons tell."""
        return any(self._alike(one, other) for one, other in islice(product(members, others), MOST_TRIED))

    def _alike(self, one: int, other: int) -> bool:
        pair = (one, other) if one < other else (other, one)
        if pair in self._unlike:
            return False
        first, second = self._of(one), self._of(other)
        smaller, larger = sorted((len(first), len(second)))
        if smaller >= self._threshold * larger and jaccard(first, second) >= self._threshold:
            return True
        if len(self._unlike) >= KEPT_PAIRS:
            self._unlike.clear()
        self._unlike.add(pair)
        return False

    def _of(self, position: int) -> Pieces:
        if position not in self._pieces:
            if self._n_pieces >= KEPT_PIECES:
                self._pieces.clear()
                self._n_pieces = 0
            self.cut([position])
        return self._pieces[position]

    def cut(self, positions: list[int]) -> None:
        """Cut texts into their pieces: many at once take a tenth of the time."""
        hashes, offsets = piece_hashes([folded(self._texts[position]) for position in positions])
        edges: list[int] = offsets.tolist()
        for position, start, end in zip(positions, edges, edges[1:], strict=False):
            self._pieces[position] = set(hashes[start:end].tolist())
        self._n_pieces += len(hashes)
