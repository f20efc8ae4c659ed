"""The road of data, on one page:

file -> table (sources) -> layout (columns) -> typed rows (rows) -> splits (split) -> examples (encoder) -> report
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from afina.data import report as reports
from afina.data.columns import Layout, recognise
from afina.data.dedup import Duplicates, duplicates
from afina.data.encoder import Encoder
from afina.data.lengths import LengthStats, lengths
from afina.data.report import DataReport
from afina.data.rows import typed
from afina.data.sources import Dropped, Table, read_table
from afina.data.split import split
from afina.data.tokenize import Tokenizer
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Example, Labelled, Notice, Row, Split


@dataclass(frozen=True)
class Dataset:
    """A file read, understood and divided; no tokenizer yet.

    labels: the classes, sorted; empty without labels. objective: what such rows are for ("classify", "sft", "lm").
    """

    path: str
    sha256: str
    format: str
    encoding: str
    n_read: int
    layout: Layout
    splits: dict[Split, list[Row]]
    labels: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    duplicates: Duplicates
    notices: tuple[Notice, ...]

    @property
    def objective(self) -> str:
        return self.layout.objective

    @property
    def rows(self) -> list[Row]:
        """All rows, split after split."""
        return [row for rows in self.splits.values() for row in rows]


@dataclass(frozen=True)
class Encoded:
    """lengths: of the training examples."""

    examples: dict[Split, list[Example]]
    lengths: LengthStats
    report: DataReport
    notices: tuple[Notice, ...]
    encoder: Encoder


def fingerprint(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read(spec: DataSpec, objective: str = "auto", seed: int = 0) -> Dataset:
    """Read, understand, type and divide a data file. Raises UsageError and DataError as the parts do."""
    table = read_table(spec)
    layout = recognise(table, spec.map, objective)
    typed_rows = typed(table, layout, spec, seed)
    divided = split(typed_rows.rows, spec, seed)
    labels = tuple(sorted({row.label for row in typed_rows.rows if isinstance(row, Labelled)}))
    if layout.shape == "labelled" and len(labels) < 2:
        what = f'every row has the label "{labels[0]}"; there is nothing to tell apart'
        raise DataError("D023", what, where=table.where, fix="--map label=COLUMN with two labels or more, or objective=lm")
    return Dataset(
        path=spec.path,
        sha256=fingerprint(spec.path),
        format=table.format,
        encoding=table.encoding,
        n_read=len(table.records) + len(table.dropped),
        layout=layout,
        splits=divided.rows,
        labels=labels,
        dropped=tuple(typed_rows.dropped),
        duplicates=duplicates(typed_rows.rows),
        notices=(*table.notices, _layout_notice(layout), *typed_rows.notices, *divided.notices),
    )


def _layout_notice(layout: Layout) -> Notice:
    shown = ", ".join(f"{role} = {column}" for role, column in layout.mapping().items())
    return Notice(f"{layout.shape}: {shown}", "; ".join(layout.reasons), layout.command())


def encode(dataset: Dataset, objective_name: str, tokenizer: Tokenizer, spec: DataSpec, max_length: int) -> Encoded:
    """Make the examples of all splits with one encoder. Raises what Encoder.encode raises."""
    encoder = Encoder(tokenizer, spec, max_length, dataset.labels)
    encodings = encoder.encode(dataset.rows, objective_name)
    examples: dict[Split, list[Example]] = {}
    start = 0
    for name, rows in dataset.splits.items():
        examples[name] = [example for found in encodings.per_row[start : start + len(rows)] for example in found]
        start += len(rows)
    if not examples["train"]:
        raise DataError("T005", "no training row has trainable tokens left.", where=spec.path, fix=f"max_length={4 * max_length}")
    notices = (*dataset.notices, *encodings.notices)
    by_split = {name: lengths(found) for name, found in examples.items()}
    made = DataReport(
        path=dataset.path,
        sha256=dataset.sha256,
        format=dataset.format,
        encoding=dataset.encoding,
        columns=dataset.layout.mapping(),
        unused_columns=dataset.layout.unused,
        n_read=dataset.n_read,
        n_kept=len(dataset.rows),
        splits={name: len(rows) for name, rows in dataset.splits.items()},
        dropped=reports.by_reason(dataset.dropped),
        n_repeats=dataset.duplicates.n_repeats,
        conflicts=dataset.duplicates.conflicts,
        balance=reports.balance(dataset.splits),
        lengths=by_split,
        n_trained_tokens=reports.n_trained(examples["train"]),
        notices=notices,
        samples=reports.samples(examples["train"], tokenizer, dataset.labels),
    )
    return Encoded(examples, by_split["train"], made, notices, encoder)


def read_later(spec: DataSpec, layout: Layout, answers: bool = True) -> tuple[list[Row], tuple[Dropped, ...], tuple[Notice, ...]]:
    """Read a later file (to predict or evaluate) the way the training file was read: same roles, nothing divided.

    answers: False when the answers (label, completion) need not be there; they are then "". spec.map wins over the layout's columns.
    """
    table = read_table(spec)
    roles = {**layout.mapping(), **spec.map}
    asked = {"labelled": "text", "completion": "prompt"}.get(layout.shape)
    if answers or asked is None:
        found = recognise(table, roles, layout.objective)
    else:
        given = recognise(Table(table.path, table.columns, table.records), {"text": roles[asked]}, "lm")
        return _without_answers(table, given, layout, spec)
    typed_rows = typed(table, found, spec)
    return typed_rows.rows, tuple(typed_rows.dropped), (*table.notices, *typed_rows.notices)


def _without_answers(
    table: Table, given: Layout, layout: Layout, spec: DataSpec
) -> tuple[list[Row], tuple[Dropped, ...], tuple[Notice, ...]]:
    from afina.types import Completion, Text

    texts = typed(table, given, spec)
    rows: list[Row] = []
    for row in texts.rows:
        assert isinstance(row, Text)
        rows.append(Labelled(row.number, row.text, "") if layout.shape == "labelled" else Completion(row.number, row.text, ""))
    return rows, tuple(texts.dropped), (*table.notices, *texts.notices)


def encode_rows(rows: Sequence[Row], objective_name: str, encoder: Encoder) -> tuple[list[Example], tuple[Notice, ...]]:
    """Make the examples of a later file with the encoder of the training: same template, same labels. Long rows are cut and counted."""
    encodings = encoder.encode(rows, objective_name, strict=False)
    return encodings.examples, tuple(encodings.notices)
