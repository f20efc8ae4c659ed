"""Tokenised rows, and what putting them together needs beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from afina.types.names import Kind


@dataclass(frozen=True, slots=True)
class Example:
    """A tokenised row.

    Shapes: ids [T]; labels [T], unshifted (labels[t] is ids[t] or IGNORE_INDEX), empty for classification.
    target: the class index of a classification example, else -1. second: where the second part of the ids begins, the second text of a pair
    (where the tokenizer marks it by a type) or, for an encoder-decoder, the answer that its decoder writes; 0 where there is one part.
    values: numbers beside them, what they are is said by the form (data/forms).
    """

    number: int
    ids: tuple[int, ...]
    labels: tuple[int, ...] = ()
    target: int = -1
    second: int = 0
    values: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


class WordMarks(NamedTuple):
    """How tokens stand in words: a letter for how each id begins, and one for how it ends (data/wordmarks.py)."""

    first: str
    last: str


@dataclass(frozen=True)
class Vocabulary:
    """What noise over tokens has to know of them. size: ids there are. special: ids that no text holds and no noise replaces.

    mask: the id that hides a token. sentinels: T5's <extra_id_0>, <extra_id_1>, ... in that order. eos: the end token. words: what tells
    where a word begins; None where the tokenizer does not.
    """

    size: int = 0
    special: frozenset[int] = frozenset()
    mask: int | None = None
    sentinels: tuple[int, ...] = ()
    eos: int | None = None
    words: WordMarks | None = None


@dataclass(frozen=True)
class Context:
    """What putting examples together needs beside them.

    kind: of the model. vocabulary: of its tokenizer. key: what noise is drawn from, with the example itself: the seed and the update in
    training, the seed alone in evaluation.
    """

    kind: Kind = "decoder"
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    key: tuple[int, ...] = ()


@dataclass(frozen=True)
class Standard:
    """How numbers are learned: (number - mean) / scale, with the mean and standard deviation of the training rows."""

    mean: float = 0.0
    scale: float = 1.0

    def of(self, number: float) -> float:
        """Return a number as it is learned."""
        return (number - self.mean) / self.scale
