"""A prompt and its options: one example, each option laid out exactly as an answer to that prompt is (sft), its end token included.

Of a decoder the ids are the options' sequences one after another, each with the prompt before it; of an encoder-decoder the prompt and
then the options. `values` says where each option begins, `target` which is right (-1: unknown). A prompt that is too long is cut, equally
for all options of a row; an option never is: a row with one that does not fit gives no example, and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS
from afina.data.truncate import Tally, cut_answered, cut_text
from afina.types import IGNORE_INDEX, Choices, Completion, Example

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("choices")
def offered(encoder: Encoder, row: Choices, tally: Tally) -> tuple[Example, ...]:
    answered = [Completion(row.number, row.prompt, option) for option in row.choices]
    return _read_once(encoder, row, answered, tally) if encoder.kind == "encoder-decoder" else _each_whole(encoder, row, answered, tally)


def _each_whole(encoder: Encoder, row: Choices, answered: list[Completion], tally: Tally) -> tuple[Example, ...]:
    found = [encoder.segments(one)[0] for one in answered]
    lengths = [sum(len(segment.ids) for segment in segments) for segments in found]
    over = max(0, max(lengths) - encoder.max_length)
    prompt = found[0][0].ids
    n_bos = len(encoder.bos) if prompt[: len(encoder.bos)] == encoder.bos else 0
    n_header = min(encoder.n_header(prompt), len(prompt) - n_bos) if over else 0
    if over:
        tally.add(row.number, max(lengths), 0)
    if over > min(len(segments[0].ids) for segments in found) - n_bos - n_header:
        tally.unfit.append(row.number)
        return ()
    cuts = [cut_answered(segments, length - over, tally.keep(), n_bos, n_header) for segments, length in zip(found, lengths, strict=True)]
    ids = tuple(index for cut in cuts for index in cut.ids)
    labels = tuple(label for cut in cuts for label in cut.labels)
    return (Example(row.number, ids, labels, row.answer, values=_starts(0, [cut.ids for cut in cuts])),)


def _read_once(encoder: Encoder, row: Choices, answered: list[Completion], tally: Tally) -> tuple[Example, ...]:
    prompts, options = zip(*(next(encoder.sequences(one)) for one in answered), strict=True)
    longest = max(len(ids) for ids in (prompts[0], *options))
    if longest > encoder.max_length:
        tally.add(row.number, longest, 0)
    if max(map(len, options)) > encoder.max_length:
        tally.unfit.append(row.number)
        return ()
    prompt = cut_text(prompts[0], encoder.max_length, tally.keep(), len(encoder.bos), len(encoder.eos))
    written = [index for option in options for index in option]
    labels = (*([IGNORE_INDEX] * len(prompt)), *written)
    return (Example(row.number, (*prompt, *written), labels, row.answer, len(prompt), _starts(len(prompt), options)),)


def _starts(first: int, parts: Sequence[Sequence[int]]) -> tuple[float, ...]:
    """Return where each part begins, the first at `first`."""
    return tuple(float(start) for start in accumulate((len(part) for part in parts[:-1]), initial=first))
