"""How many tokens each row has for a model, as training would read it: template, begin and end included, nothing cut."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace

from afina.data.checks.entries import Fields, entries
from afina.data.columns import SHAPES, Layout
from afina.data.encoder import Encoder
from afina.data.examples import Examples
from afina.data.prepare import encode_rows
from afina.data.rows import classes_of, typed
from afina.data.sources.base import Table
from afina.data.tokenize import Tokenizer
from afina.errors import AfinaError
from afina.objectives.choices import options_of
from afina.recipe.schema import DataSpec
from afina.types import Kind

PART = 2_000
"""Rows read at a time."""
UNCUT = 10**9


def encoded(
    table: Table, layout: Layout | None, spec: DataSpec, tokenizer: Tokenizer, max_length: int, kind: Kind
) -> tuple[Examples, list[str]]:
    """Return rows as the model would read them, and their labels; nothing where no objective learns them or they cannot be encoded."""
    if layout is None or not SHAPES[layout.shape].objective:
        return Examples(), []
    spec = spec.model_copy(update={"drop_empty": True, "merge_turns": True})
    try:
        rows = typed(table, layout, spec).rows
        labels = sorted({label for row in rows for label in classes_of(row)})
        return encode_rows(rows, SHAPES[layout.shape].objective, Encoder(tokenizer, spec, max_length, labels, kind))[0], labels
    except AfinaError:  # the findings say what is wrong with them
        return Examples(), []


def token_lengths(table: Table, layout: Layout | None, spec: DataSpec, tokenizer: Tokenizer, kind: Kind) -> tuple[array[int], array[int]]:
    """Return row numbers and their lengths. Rows that cannot be encoded count the tokens of their fields; a row's examples add up.

    Of several sequences (what an encoder-decoder reads and what it writes, the options of a choice) the longest counts.
    """
    numbers, lengths, fields = array("Q"), array("Q"), Fields.of(table, layout)
    for part in _parts(table):
        examples, _ = encoded(part, layout, spec, tokenizer, UNCUT, kind)
        found: dict[int, int] = {}
        for example in examples:
            read = example.second if kind == "encoder-decoder" else 0
            written = max(map(len, options_of(example))) if layout and layout.shape == "choices" else len(example) - read
            found[example.number] = found.get(example.number, 0) + max(read, written)
        if not found:
            found = {
                entry.number: sum(len(tokenizer.encode(text)) for text in entry.texts.values()) for entry in entries(part, fields, spec.na)
            }
        numbers.extend(found.keys())
        lengths.extend(found.values())
    return numbers, lengths


def _parts(table: Table) -> Iterator[Table]:
    for start in range(0, len(table.records), PART):
        yield replace(table, records=table.records[start : start + PART], dropped=(), notices=())
