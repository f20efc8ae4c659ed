"""Which known word a mistyped one means."""

from __future__ import annotations

from collections.abc import Iterable


def distance(a: str, b: str) -> int:
    """Return the number of edits (insert, delete, replace, swap neighbours) between two words (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` is likely to mean, "" when none is near.

    Near: at most a third of its letters differ, or it begins a known word. Of equally near words the first one wins.
    """
    typed, known = _plain(word), list(known)
    scored: list[tuple[int, bool, int, int]] = []
    for index, name in enumerate(known):
        plain = _plain(name)
        edits = distance(typed, plain)
        if edits <= max(1, min(len(typed), len(plain)) // 3):
            scored.append((edits, typed[:1] != plain[:1], abs(len(typed) - len(plain)), index))
    if scored:
        return known[min(scored)[-1]]
    parts = [name for name in known if len(typed) >= 3 and (_plain(name).startswith(typed) or typed.startswith(_plain(name) + "_"))]
    return min(parts, key=len) if parts else ""


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")
