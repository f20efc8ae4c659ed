"""Which rows hold equal texts, at 16 bytes a row: hashes and row numbers in arrays, sorted once at the end."""

from __future__ import annotations

from array import array
from hashlib import blake2b


class Repeats:
    """Row numbers by the hash of a text. With 64 bits, two different texts among a million meet once in 10^7 files."""

    def __init__(self) -> None:
        self._hashes, self._numbers = array("Q"), array("Q")

    def add(self, number: int, text: str) -> None:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._hashes.append(int.from_bytes(digest, "little"))
        self._numbers.append(number)

    def groups(self) -> list[tuple[int, ...]]:
        """Return the row numbers of each set of equal texts, two or more, in the order they were added."""
        import numpy as np

        if not self._hashes:
            return []
        hashes = np.frombuffer(self._hashes, dtype=np.uint64)
        numbers = np.frombuffer(self._numbers, dtype=np.uint64)
        order = np.argsort(hashes, kind="stable")
        same = np.concatenate([[False], hashes[order][1:] == hashes[order][:-1], [False]]).astype(np.int8)
        edges = np.diff(same)
        ranked = numbers[order]
        pairs = zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)
        return sorted(tuple(ranked[first : last + 1].tolist()) for first, last in pairs)


def repeated(groups: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the rows that repeat an earlier one of their group."""
    return tuple(sorted(number for group in groups for number in group[1:]))
