"""A text and any number of classes: `values` has a 1 for each learned class that the row names and a 0 for each other, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS, read_whole
from afina.data.forms.label import class_index
from afina.data.truncate import Tally
from afina.types import Example, MultiLabelled

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("labels")
def multi_labelled(encoder: Encoder, row: MultiLabelled, tally: Tally) -> tuple[Example, ...]:
    """Raises DataError D022 for a label that was not learned."""
    named = {class_index(encoder, row.number, label) for label in row.labels}
    ids, second = read_whole(encoder, row, tally)
    return (Example(row.number, ids, second=second, values=tuple(float(i in named) for i in range(len(encoder.labels)))),)
