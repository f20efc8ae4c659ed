"""A text, or a pair of texts, and a number: `values` is that number as it is learned, in standard deviations from the mean of the training
rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS, read_whole
from afina.data.truncate import Tally
from afina.types import Example, Scored, ScoredPair

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("score")
def scored(encoder: Encoder, row: Scored | ScoredPair, tally: Tally) -> tuple[Example, ...]:
    ids, second = read_whole(encoder, row, tally)
    return (Example(row.number, ids, second=second, values=(encoder.standard.of(row.score),)),)
