"""Running text that noise is put over when it is learned, framed as the tokenizer frames a text. Long texts are cut into pieces of equal
length, never truncated. The labels say which tokens may be hidden: all but special ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS
from afina.data.truncate import Tally
from afina.types import IGNORE_INDEX, Example, Text

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("noised")
def framed(encoder: Encoder, row: Text, tally: Tally) -> tuple[Example, ...]:
    bos, eos = encoder.bos, encoder.eos
    text = encoder.running(row)[len(bos) :]
    if row.templated and eos and text[-1:] == eos:  # a template may have written it already
        text = text[:-1]
    return tuple(_examples(encoder, row.number, bos, text, eos))


def _examples(encoder: Encoder, number: int, bos: list[int], text: list[int], eos: list[int]) -> Iterator[Example]:
    n_pieces = math.ceil(len(text) / (encoder.max_length - len(bos) - len(eos)))
    cuts = [len(text) * piece // n_pieces for piece in range(n_pieces + 1)] if n_pieces else []
    for start, end in pairwise(cuts):
        ids = (*bos, *text[start:end], *eos)
        inside = range(len(bos), len(ids) - len(eos))
        first = 0 if encoder.kind == "encoder-decoder" else 1  # what stands first in an encoder's batch is never asked for
        may_hide = [
            place in inside and place >= first and index not in encoder.tokenizer.vocabulary.special for place, index in enumerate(ids)
        ]
        if any(may_hide):
            yield Example(number, ids, tuple(index if may else IGNORE_INDEX for index, may in zip(ids, may_hide, strict=True)))
