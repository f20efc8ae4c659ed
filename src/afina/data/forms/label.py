"""A text, or a pair of texts, and one class: `target` is its index among the learned ones, -1 where the row has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afina.data.forms.base import FORMS, read_whole
from afina.data.truncate import Tally
from afina.errors import DataError
from afina.types import Example, Labelled, Pair

if TYPE_CHECKING:
    from afina.data.encoder import Encoder


@FORMS.register("label")
def labelled(encoder: Encoder, row: Labelled | Pair, tally: Tally) -> tuple[Example, ...]:
    """Raises DataError D022 for a label that was not learned."""
    target = class_index(encoder, row.number, row.label) if row.label else -1
    ids, second = read_whole(encoder, row, tally)
    return (Example(row.number, ids, (), target, second),)


def class_index(encoder: Encoder, number: int, label: str) -> int:
    """Return the index of a label among the learned ones. Raises DataError D022 when it is none of them."""
    if label not in encoder.class_index:
        what = f'the label "{label}" is none of the {len(encoder.labels)} that were learned'
        raise DataError("D022", what, where=f"{encoder.spec.path}:{number}", fix=f"use one of: {', '.join(encoder.labels[:8])}")
    return encoder.class_index[label]
