"""Which rows belong together, and where each group stands between 0 and 1: a function of the seed and of what its rows say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from afina.data.dedup import content, digest, opening
from afina.data.sources.base import listed, percent
from afina.recipe.schema import DataSpec
from afina.types import Notice, Row

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NEAR_ROWS, NEAR_CHARACTERS = 200_000, 20_000_000
"""Up to so many rows and characters data.keep_together=auto looks for near-duplicates: about twenty seconds of work."""
COMMON_SHARE = 20
"""A question of more than 1/20 of the rows is an instruction that all share, not a question asked again."""


@dataclass(frozen=True)
class Groups:
    """of: each row's group [N]. place: each group's number in [0, 1) [G]. sizes: rows of each group [G]."""

    of: Array
    place: Array
    sizes: Array


def together(rows: Sequence[Row], spec: DataSpec, seed: int, column: Mapping[int, str] | None = None) -> tuple[Groups, list[Notice]]:
    """Return the groups of rows that must be on one side, and what is worth saying about them.

    column: row number -> value of data.group; its equal values are the groups then. Without it, rows that ask the same are a group, and
    rows that ask almost the same where spec.keep_together says so. Of a conversation it is the first question that counts. A question (or
    a family of near-duplicates) of over 5 % of the rows is an instruction, a form or a greeting: of those, conversations are told by their
    next question, and other rows are grouped only where they are equal as a whole.
    """
    import numpy as np

    if column is not None:
        keys = _keys(f"group {value}" if (value := column.get(row.number, "")).strip() else f"row {content(row)}" for row in rows)
        return _grouped(np.unique(keys, return_inverse=True), None, seed), []
    most = max(2, len(rows) // COMMON_SHARE)
    keys, depths = _asked(rows, most)
    near, notices = _wants_near(rows, spec)
    distinct, first, ids = np.unique(keys, return_index=True, return_inverse=True)
    if not near:
        return _grouped((distinct, ids), None, seed), notices
    families, said = _families(_Asked(rows, first, depths[first]), np.bincount(ids), most, first, rows)
    return _grouped((distinct, ids), families, seed), notices + said


def _asked(rows: Sequence[Row], most: int) -> tuple[Array, Array]:
    """Return the hash of what each row asks [N], and of which of its answers that is the question [N]; 0 where it is all that it says."""
    import numpy as np

    keys, depths = _keys(opening(row) or "" for row in rows).copy(), np.ones(len(rows), dtype=np.int32)
    while True:
        _, ids, counts = np.unique(keys, return_inverse=True, return_counts=True)
        common = np.flatnonzero((counts[ids.reshape(-1)] > most) & (depths > 0)).tolist()
        if not common:
            return keys, depths
        next_asked = [opening(rows[position], int(depths[position]) + 1) for position in common]
        depths[common] = [0 if text is None else depths[position] + 1 for position, text in zip(common, next_asked, strict=True)]
        keys[common] = _keys(_text(rows[position], int(depths[position])) for position in common)


def _text(row: Row, depth: int) -> str:
    """What stands for a row: what it asks for its answer number `depth`, or all that it says."""
    asked = opening(row, depth) if depth else None
    return content(row) if asked is None else asked


def _keys(texts: Any) -> Array:
    import numpy as np

    return np.frombuffer(b"".join(digest(text) for text in texts), dtype="S16")


def _wants_near(rows: Sequence[Row], spec: DataSpec) -> tuple[bool, list[Notice]]:
    if spec.keep_together != "auto":
        return spec.keep_together == "near", []
    if len(rows) <= NEAR_ROWS and sum(len(opening(row) or "") for row in rows) <= NEAR_CHARACTERS:
        return True, []
    what = f"near-duplicates were not looked for in {len(rows):,} rows; only those with the same question are kept on one side of the split"
    why = f"it takes about a second for a million characters, so not by itself beyond {NEAR_CHARACTERS:,} or {NEAR_ROWS:,} rows"
    return False, [Notice(what, why, "data.keep_together=near")]


def _grouped(found: tuple[Array, Array], families: Array | None, seed: int) -> Groups:
    """Rows of one key (and one family of keys) are a group; a family's place is that of one of its keys, drawn by a second hash.

    Not the lowest of their places: large families would all be low.
    """
    import numpy as np

    distinct, ids = found
    ids = ids.reshape(-1)
    salt = str(seed).encode()
    hashes = b"".join(hashlib.blake2b(bytes(key).ljust(16, b"\0"), key=salt, digest_size=16).digest() for key in distinct)
    draw, place = np.frombuffer(hashes, dtype="<u8").reshape(-1, 2).T
    place = (place >> np.uint64(11)).astype(np.float64) / 2.0**53
    if families is not None:
        _, of_key = np.unique(families, return_inverse=True)
        drawn = np.lexsort((draw, of_key))
        first = np.unique(of_key[drawn], return_index=True)[1]
        ids, place = of_key[ids], place[drawn[first]]
    return Groups(ids, place, np.bincount(ids, minlength=len(place)))


class _Asked(Sequence[str]):
    """The distinct questions, made when they are asked for: a million texts are not kept twice."""

    def __init__(self, rows: Sequence[Row], first: Array, depths: Array) -> None:
        self._rows, self._first, self._depths = rows, first, depths

    def __len__(self) -> int:
        return len(self._first)

    def __getitem__(self, position: Any) -> Any:
        return _text(self._rows[int(self._first[position])], int(self._depths[position]))


def _families(texts: Sequence[str], n_rows: Array, most: int, first: Array, rows: Sequence[Row]) -> tuple[Array, list[Notice]]:
    """Return each distinct question's family of near-duplicates (by the family's first member)."""
    import numpy as np

    from afina.data.neardup import near_duplicates

    family = np.arange(len(texts))
    kept, large = 0, []
    for members in near_duplicates(texts):
        size = int(n_rows[list(members)].sum())
        if size > most:
            large.append(members)
            continue
        kept += size
        family[list(members)] = members[0]
    notices: list[Notice] = []
    if kept:
        what = f"{kept:,} rows ({percent(kept, len(rows))}) ask almost what another row asks; each family stays on one side of the split"
        notices.append(Notice(what, "scores would have been too high", "data.keep_together"))
    if large:
        n = sum(int(n_rows[list(members)].sum()) for members in large)
        numbers = sorted(rows[int(first[position])].number for position in max(large, key=len))
        what = f"{n:,} rows follow a common form (rows {listed(numbers)}); of those only equal rows are kept on one side of the split"
        notices.append(Notice(what, "more than 5 % of the rows are alike: a form, not repeats", "data.group=COLUMN"))
    return family, notices
