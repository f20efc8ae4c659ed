"""Near-duplicates against an all-pairs search of its own making, and what the groups promise."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data import neardup
from afina.data.neardup import near_duplicates

THRESHOLD = 0.8


def shingles(text: str) -> set[str]:
    plain = " ".join(text.casefold().split())
    return {plain[i : i + 5] for i in range(len(plain) - 4)} or {plain}


def similarity(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def alike(texts: list[str]) -> set[tuple[int, int]]:
    """Every pair of texts at the threshold or above, compared one by one (by size, so that hopeless pairs are passed over)."""
    sets = [shingles(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda index: len(sets[index]))
    found = set()
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if THRESHOLD * len(sets[other]) > len(sets[one]):
                break
            if similarity(sets[one], sets[other]) >= THRESHOLD:
                found.add((min(one, other), max(one, other)))
    return found


def pairs(groups: list[tuple[int, ...]]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in combinations(group, 2)}


def edited(text: str, rng: random.Random) -> str:
    words = text.split()
    for _ in range(rng.randint(0, 3)):
        words[rng.randrange(len(words))] = rng.choice(("card", "blue", "why", "seven", "river"))
    return " ".join(words)


def test_one_changed_word_in_a_long_text_is_found_and_another_text_is_not() -> None:
    texts = [
        "My parcel was due on Monday and the tracking page has not changed since then",
        "I would like to know why my card was charged twice this month",
        "my parcel was due on  Monday and the tracking page has not changed since today",
        "",
        "MY PARCEL was due on Monday and the tracking page has not changed since then",
        "",
    ]
    assert near_duplicates(texts) == [(0, 2, 4)]


def test_texts_in_scripts_without_spaces_and_very_short_ones() -> None:
    texts = [
        "昨日注文した荷物がまだ届いていませんので調べてください",
        "昨日注文した荷物がまだ届いていませんので調べて下さい",
        "yes",
        "Yes",
        "no",
    ]
    assert near_duplicates(texts, 0.6) == [(0, 1), (2, 3)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab c", max_size=14), max_size=25))
def test_groups_are_disjoint_ordered_and_every_member_has_a_neighbour(texts: list[str]) -> None:
    groups = near_duplicates(texts)
    members = [position for group in groups for position in group]
    assert len(members) == len(set(members))
    assert groups == sorted(groups) and all(list(group) == sorted(group) and len(group) > 1 for group in groups)
    close = alike(texts)
    for group in groups:
        for member in group:
            assert any((min(member, other), max(member, other)) in close for other in group if other != member)
    assert near_duplicates(texts) == groups


def test_small_set_of_edits_against_all_pairs() -> None:
    rng = random.Random(5)
    words = "parcel invoice delivery returned account password printer monday window garden teacher music".split()  # noqa: SIM905
    texts = [" ".join(rng.choices(words, k=14)) for _ in range(150)]
    texts += [edited(text, rng) for text in texts]
    wanted = alike(texts)
    assert len(wanted) > 30
    found = pairs(near_duplicates(texts))
    assert len(wanted & found) >= 0.95 * len(wanted)


def test_little_memory_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """One text edited 200 times is one knot of proposals, larger than what may be kept in memory: pieces are dropped and cut again."""
    rng = random.Random(1)
    words = [f"word{k}" for k in range(300)]
    base = " ".join(rng.choices(words, k=40))
    texts = [edited(edited(base, rng), rng) for _ in range(200)] + [" ".join(rng.choices(words, k=40)) for _ in range(100)]
    wanted = near_duplicates(texts)
    assert max(len(group) for group in wanted) > 100
    monkeypatch.setattr(neardup, "KEPT_PIECES", 5_000)
    monkeypatch.setattr(neardup, "TOGETHER", 1_000)
    monkeypatch.setattr(neardup, "KEPT_PAIRS", 50)
    assert near_duplicates(texts) == wanted


@pytest.mark.full
@pytest.mark.corpus
def test_recall_and_precision_on_5000_rows_of_alpaca(corpus: Path) -> None:
    """The rows as they are hold no pair at 0.8 (measured), so half of them are edited copies of the other half."""
    rows = json.loads((corpus / "data/alpaca-5000/alpaca_5000.json").read_text(encoding="utf-8"))
    rng = random.Random(0)
    base = rng.sample([row["instruction"] for row in rows], 2500)
    texts = base + [edited(text, rng) for text in base]
    wanted, found = alike(texts), pairs(near_duplicates(texts))
    assert len(wanted) > 500
    assert len(wanted & found) >= 0.95 * len(wanted)
    assert len(wanted & found) >= 0.98 * len(found)
