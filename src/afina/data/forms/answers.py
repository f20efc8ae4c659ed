"""Prompts and answers, of which the answers are learned: one sequence for a decoder, two for an encoder-decoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS
from afina.data.truncate import Segment, Tally, cut_answered, cut_text, split_answered, windows
from afina.types import IGNORE_INDEX, Chat, Completion, Example

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("answers")
def answered(encoder: Encoder, row: Completion | Chat, tally: Tally) -> tuple[Example, ...]:
    if encoder.kind == "encoder-decoder":
        return tuple(_read_and_written(encoder, row, tally))
    found = encoder.segments(row, tally)
    longest = max((_length(segments) for segments in found), default=0)
    if longest > encoder.max_length and encoder.spec.truncation == "split":
        tally.divide(row.number, longest)
        kept = windows(row, lambda part: _fits(encoder, part)) if isinstance(row, Chat) else [row]
        found = [segments for window in kept for segments in encoder.segments(window)]
    return tuple(example for segments in found for example in _examples(encoder, row.number, segments, tally))


def _read_and_written(encoder: Encoder, row: Completion | Chat, tally: Tally) -> Iterator[Example]:
    """One example for each answer, prompt and answer each cut to max_length: they are two sequences."""
    for prompt, answer in encoder.sequences(row):
        longest = max(len(prompt), len(answer))
        if longest > encoder.max_length:
            tally.add(row.number, longest, max(0, len(answer) - encoder.max_length))
        prompt = cut_text(prompt, encoder.max_length, tally.keep(), len(encoder.bos), len(encoder.eos))
        answer = answer[: encoder.max_length]
        if prompt and answer:
            yield Example(row.number, (*prompt, *answer), (*([IGNORE_INDEX] * len(prompt)), *answer), second=len(prompt))


def _fits(encoder: Encoder, row: Chat) -> bool:
    return all(_length(segments) <= encoder.max_length for segments in encoder.segments(row))


def _examples(encoder: Encoder, number: int, segments: Sequence[Segment], tally: Tally) -> list[Example]:
    """One example, cut where it is too long; several where such a one is to be split; none where nothing is left to learn."""
    n_bos = len(encoder.bos) if segments[0].ids[: len(encoder.bos)] == encoder.bos else 0
    long = _length(segments) > encoder.max_length
    if long and encoder.spec.truncation == "split":
        cuts = split_answered(segments, encoder.max_length, n_bos)
    else:
        n_header = encoder.n_header(segments[0].ids) if long else 0
        cuts = [cut_answered(segments, encoder.max_length, tally.keep(), n_bos, n_header)]
        if long:
            tally.add(number, _length(segments), cuts[0].lost)
    kept = [cut for cut in cuts if any(label != IGNORE_INDEX for label in cut.labels[1:])]
    return [Example(number, tuple(cut.ids), tuple(cut.labels)) for cut in kept]


def _length(segments: Sequence[Segment]) -> int:
    return sum(len(segment.ids) for segment in segments)
