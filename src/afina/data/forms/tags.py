"""Words and a tag for each: a word's first token carries it. Long sentences become several examples, and every word has one place.

`values` are as many as ids: at each word's first token the index of its tag among the learned ones, or UNTOLD where the row has none;
IGNORE_INDEX everywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from afina.data.forms.base import FORMS
from afina.data.forms.label import class_index
from afina.data.truncate import Tally
from afina.types import IGNORE_INDEX, Example, Tagged

if TYPE_CHECKING:
    from afina.data.encoder import Encoder

UNTOLD = -1
"""Stands at a word whose tag is asked for."""
SHARED = 4
"""Neighbouring windows share one part in so many: a word at a border is told where more stands around it."""


class Window(NamedTuple):
    """Words [first, end) of a sentence, of which those of [told_from, told_to) are told."""

    first: int
    end: int
    told_from: int
    told_to: int


@FORMS.register("tags")
def tagged(encoder: Encoder, row: Tagged, tally: Tally) -> tuple[Example, ...]:
    """Raises DataError D022 for a tag that was not learned."""
    room = max(1, encoder.max_length - len(encoder.bos) - len(encoder.eos))
    whole = [encoder.tokenizer.word(word) for word in row.words]
    words = [ids[:room] for ids in whole]
    targets = [class_index(encoder, row.number, tag) for tag in row.tags] or [UNTOLD] * len(words)
    found = windows([len(ids) for ids in words], room)
    n_ids = sum(map(len, whole)) + encoder.max_length - room
    if len(found) > 1:
        tally.divide(row.number, n_ids)
    if any(len(ids) > room for ids in whole):
        tally.add(row.number, n_ids, 0)
    return tuple(_example(encoder, row.number, words, targets, window) for window in found)


def windows(lengths: Sequence[int], room: int) -> list[Window]:
    """Return windows over words of at most `room` ids each, cut between words; each word is told in exactly one.

    lengths: ids of each word, none longer than room. Neighbours share about a quarter of the room, told half in the one, half in the other.
    """
    found: list[Window] = []
    first = told_from = 0
    while True:
        end = first + _fitting(lengths[first:], room)
        if end == len(lengths):
            return [*found, Window(first, end, told_from, end)]
        # the words of a window that the next one begins with; at least one word is new in each
        shared = min(_fitting(lengths[first:end][::-1], room // SHARED), end - told_from - 1)
        shared = min(shared, _fitting(lengths[:end][::-1], room - lengths[end]))
        told_to = end - shared // 2
        found.append(Window(first, end, told_from, told_to))
        first, told_from = end - shared, told_to


def _fitting(lengths: Sequence[int], room: int) -> int:
    """Return how many words from the first one on fit."""
    for index, length in enumerate(lengths):
        room -= length
        if room < 0:
            return index
    return len(lengths)


def _example(encoder: Encoder, number: int, words: Sequence[Sequence[int]], targets: Sequence[int], window: Window) -> Example:
    ids, values = list(encoder.bos), [IGNORE_INDEX] * len(encoder.bos)
    for index in range(window.first, window.end):
        told = window.told_from <= index < window.told_to
        ids += words[index]
        values += [targets[index] if told else IGNORE_INDEX, *([IGNORE_INDEX] * (len(words[index]) - 1))]
    ids += encoder.eos
    values += [IGNORE_INDEX] * len(encoder.eos)
    return Example(number, tuple(ids), values=tuple(map(float, values)))
