"""Tags of words, and the entities that they mark: B-PER I-PER O.

An entity is right when its first word, its last word and its label are. That is conlleval's count (Tjong Kim Sang and De Meulder, 2003),
and seqeval's as it is called by default, for tags written as IOB1, IOB2, BIOES or BILOU; a tag that does not go on from the one before it
begins an entity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from afina.evaluate.bootstrap import Floats, Statistic, of_sums
from afina.evaluate.metrics.base import Metric, add, check_pairs
from afina.evaluate.metrics.classes import ClassScore, per_class
from afina.types.tags import OUTSIDE, mark_of

TAG_METRICS = ("entity_f1", "token_accuracy")
"""What is reported of tags that mark entities; the last alone of others (parts of speech)."""


class Entity(NamedTuple):
    """Words [first, last] of a sentence, counted from 0, and what they are; "_" where the tags have no label."""

    first: int
    last: int
    label: str


def entities(tags: Sequence[str]) -> list[Entity]:
    """Return the entities that the tags of a sentence mark, in their order."""
    found: list[Entity] = []
    first, before = -1, OUTSIDE
    for place, now in enumerate((*map(mark_of, tags), OUTSIDE)):
        goes_on = now.label == before.label and now.letter in "IE" and before.letter in "BI"
        if first >= 0 and not goes_on:
            found.append(Entity(first, place - 1, before.label))
            first = -1
        if first < 0 and now != OUTSIDE:
            first = place
        before = now
    return found


def entity_f1(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> float:
    """Return 2 right / (given + wanted), each a number of entities over all sentences; 0 where there is none at all."""
    check_pairs(got, wanted)
    return float(_f1(_entity_sums(got, wanted).sum(0, keepdims=True))[0])


def sentence_f1(got: Sequence[str], wanted: Sequence[str]) -> float:
    """Return entity F1 of one sentence; 1 where it has no entity and gets none."""
    right, given, true = _entity_sums([got], [wanted])[0]
    return float(2 * right / (given + true)) if given + true else 1.0


def token_accuracy(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> float:
    """Return the share of all words whose tag is right."""
    check_pairs(got, wanted)
    return float(_share(_token_sums(got, wanted).sum(0, keepdims=True))[0])


def per_entity(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> list[ClassScore]:
    """Return precision, recall and F1 of the entities of each label, the most frequent first. n: entities wanted."""
    pairs = [(set(entities(g)), set(entities(w))) for g, w in zip(got, wanted, strict=True)]
    right, given, true = (Counter(entity.label for found in part for entity in found) for part in zip(*_told_apart(pairs), strict=True))
    scores = [
        ClassScore(label, _over(right[label], given[label]), _over(right[label], true[label]), _over(2 * right[label], n), true[label])
        for label in {*given, *true}
        if (n := given[label] + true[label])
    ]
    return sorted(scores, key=lambda score: (-score.n, score.label))


def per_tag(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> list[ClassScore]:
    """Return precision, recall and F1 of each tag over all words, the most frequent first."""
    return per_class([tag for tags in got for tag in tags], [tag for tags in wanted for tag in tags])


def _told_apart(pairs: Sequence[tuple[set[Entity], set[Entity]]]) -> list[tuple[set[Entity], set[Entity], set[Entity]]]:
    return [(given & true, given, true) for given, true in pairs]


def _over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _entity_sums(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Floats:
    """Return entities that are right, given and wanted, [N, 3]."""
    pairs = [(set(entities(g)), set(entities(w))) for g, w in zip(got, wanted, strict=True)]
    return np.array([(len(g & w), len(g), len(w)) for g, w in pairs], dtype=np.float64)


def _token_sums(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Floats:
    """Return words whose tag is right, and all words, [N, 2]."""
    return np.array([(sum(a == b for a, b in zip(g, w, strict=True)), len(w)) for g, w in zip(got, wanted, strict=True)], dtype=np.float64)


def _f1(sums_R3: Floats) -> Floats:
    return 2 * sums_R3[:, 0] / np.maximum(sums_R3[:, 1] + sums_R3[:, 2], 1)


def _share(sums_R2: Floats) -> Floats:
    return sums_R2[:, 0] / np.maximum(sums_R2[:, 1], 1)


def _f1_of_drawn(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Statistic:
    return of_sums(_entity_sums(got, wanted), _f1)


def _share_of_drawn(got: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Statistic:
    return of_sums(_token_sums(got, wanted), _share)


def _share_of_one(got: Sequence[str], wanted: Sequence[str]) -> float:
    return token_accuracy([got], [wanted])


add(Metric("entity_f1", True, "tags", sentence_f1, entity_f1, False, statistic=_f1_of_drawn))
add(Metric("token_accuracy", True, "tags", _share_of_one, token_accuracy, False, statistic=_share_of_drawn))
