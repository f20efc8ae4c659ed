"""Running text: every token is learned but each chunk's first, which has nothing before it. Long texts are chunked, never truncated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS
from afina.data.truncate import Tally, chunk
from afina.types import IGNORE_INDEX, Example, Text

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("text")
def chunked(encoder: Encoder, row: Text, tally: Tally) -> tuple[Example, ...]:
    ids = encoder.running(row) + encoder.eos
    if row.templated and encoder.eos and ids[-2:] == encoder.eos * 2:  # a template may have written it already
        ids = ids[:-1]
    cuts = chunk(ids, encoder.max_length)
    return tuple(Example(row.number, tuple(ids[start:end]), (IGNORE_INDEX, *ids[start + 1 : end])) for start, end in cuts)
