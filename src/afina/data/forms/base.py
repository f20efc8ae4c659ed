"""How a row becomes examples: a form a file, each registered under the name that objectives give as their `example`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from afina.data.truncate import Tally, cut_pair, cut_text
from afina.registry import Registry
from afina.types import Example, Row

if TYPE_CHECKING:
    from afina.data.encoder import Encoder

Form = Callable[["Encoder", Any, Tally], tuple[Example, ...]]
"""The examples of a row; what had to be cut is told to the tally."""

FORMS: Registry[Form] = Registry("form of example")


def read_whole(encoder: Encoder, row: Row, tally: Tally) -> tuple[tuple[int, ...], int]:
    """Return the ids of a text or of a pair, cut to max_length, and where the second text begins where the tokenizer marks it (else 0)."""
    ids, second = encoder.text_ids(row)
    bos, eos, between = len(encoder.bos), len(encoder.eos), len(encoder.tokenizer.between)
    if len(ids) > encoder.max_length:
        tally.add(row.number, len(ids), 0)
        if second:
            ids, second = cut_pair(ids, second, encoder.max_length, tally.keep(), bos, between, eos)
        else:
            ids = cut_text(ids, encoder.max_length, tally.keep(), bos, eos)
    return tuple(ids), second if encoder.tokenizer.tells_apart else 0
