"""The road of data, on one page:

file -> table (sources) -> layout (columns) -> typed rows (rows) -> splits (split) -> examples (encoder) -> report
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from afina.data import cache
from afina.data import report as reports
from afina.data.beside import beside
from afina.data.clean import kept_rows, mended
from afina.data.columns import ROLES, ROW_OF, SHAPES, Layout, check_learnable, columns_of, recognise
from afina.data.dedup import Duplicates, duplicates
from afina.data.encoder import Encoder
from afina.data.examples import Examples
from afina.data.lengths import LengthStats, lengths
from afina.data.options import with_options
from afina.data.report import DataReport
from afina.data.rows import ASKED, CLASSED, check_numbers, classes_of, respelled, same_label, standard_of, typed
from afina.data.sources import Dropped, fingerprint, read_table
from afina.data.split import split
from afina.data.tokenize import Tokenizer
from afina.errors import DataError
from afina.objectives import OBJECTIVES
from afina.recipe.schema import DataSpec
from afina.types import Kind, Notice, Row, Split, Standard


@dataclass(frozen=True)
class Dataset:
    """A file read, understood and divided; no tokenizer yet.

    labels: the classes, sorted; empty without labels. standard: how numbers are learned. tasks: row number -> its task, where a column
    says so.
    objective: what such rows are for ("classify", "sft", "lm").
    """

    path: str
    sha256: str
    seed: int
    format: str
    encoding: str
    n_read: int
    layout: Layout
    splits: dict[Split, list[Row]]
    labels: tuple[str, ...]
    standard: Standard
    dropped: tuple[Dropped, ...]
    duplicates: Duplicates
    notices: tuple[Notice, ...]
    tasks: Mapping[int, str] = field(default_factory=lambda: {})

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

    examples: dict[Split, Examples]
    lengths: LengthStats
    report: DataReport
    notices: tuple[Notice, ...]
    encoder: Encoder


def read(spec: DataSpec, objective: str = "auto", seed: int = 0) -> Dataset:
    """Read, understand, type and divide a data file. Raises UsageError and DataError as the parts do."""
    table = with_options(mended(read_table(spec), spec), spec)
    layout = recognise(table, spec.map, objective, spec.prompt)
    check_learnable(layout, table.where)
    typed_rows = kept_rows(table, layout, spec, seed)
    columns = beside(table, spec)
    divided = split(typed_rows.rows, spec, seed, columns)
    labels = tuple(sorted({label for row in typed_rows.rows for label in classes_of(row)}))
    if ROW_OF[layout.shape] in CLASSED and len(labels) < 2:
        what = f'every row has the label "{"".join(labels)}"; there is nothing to tell apart'
        raise DataError("D023", what, where=table.where, fix="--map label=COLUMN with two labels or more, or objective=lm")
    check_numbers(typed_rows.rows, table.where)
    return Dataset(
        path=spec.path,
        sha256=fingerprint(spec.path),
        seed=seed,
        format=table.format,
        encoding=table.encoding,
        n_read=len(table.records) + len(table.dropped),
        layout=layout,
        splits=divided.rows,
        labels=labels,
        standard=standard_of(divided.rows["train"], table.where),
        dropped=tuple(typed_rows.dropped),
        duplicates=duplicates(typed_rows.rows),
        notices=(*table.notices, _layout_notice(layout), *typed_rows.notices, *divided.notices),
        tasks=columns.task or {},
    )


def _layout_notice(layout: Layout) -> Notice:
    shown = ", ".join(f"{role} = {column}" for role, column in layout.mapping().items())
    return Notice(f"{layout.shape}: {shown}", "; ".join(layout.reasons), "data.prompt" if layout.prompt_format else layout.command())


def encode(dataset: Dataset, objective_name: str, tokenizer: Tokenizer, spec: DataSpec, max_length: int, kind: Kind = "decoder") -> Encoded:
    """Make the examples of all splits with one encoder. Raises what Encoder.encode raises."""
    encoder = Encoder(tokenizer, spec, max_length, dataset.labels, kind, dataset.standard)
    examples, said = _examples(dataset, objective_name, encoder)
    if not examples["train"]:
        raise DataError("T005", "no training row has trainable tokens left.", where=spec.path, fix=f"max_length={4 * max_length}")
    notices = (*dataset.notices, *said)
    hides = OBJECTIVES[objective_name].example == "noised"
    by_split: dict[Split, LengthStats] = {name: lengths(found.lengths) for name, found in examples.items()}
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
        n_trained_tokens=0 if hides else examples["train"].n_learned,
        notices=notices,
        samples=reports.samples(examples["train"], tokenizer, dataset.labels, dataset.splits["train"]),
        shape=dataset.layout.shape,
        hides=hides,
    )
    return Encoded(examples, by_split["train"], made, notices, encoder)


def _examples(dataset: Dataset, objective_name: str, encoder: Encoder) -> tuple[dict[Split, Examples], list[Notice]]:
    rows = dataset.rows
    entry = cache.Entry(cache.key(objective_name, encoder, rows)) if len(rows) >= cache.WORTH else None
    found = entry.load() if entry else None
    if found is None:
        try:
            made = encoder.encode(rows, objective_name, store=entry.store if entry else Examples)
            if entry:
                entry.seal(made.counts, made.notices)
        finally:
            if entry:
                entry.discard()
        found = made.examples, made.counts, made.notices
    examples, counts, notices = found
    by_split: dict[Split, Examples] = {}
    row, start = 0, 0
    for name, members in dataset.splits.items():
        n = sum(counts[row : row + len(members)])
        by_split[name] = examples.between(start, start + n)
        row, start = row + len(members), start + n
    return by_split, notices


def read_later(
    spec: DataSpec, layout: Layout, answers: bool = True, labels: Sequence[str] = ()
) -> tuple[list[Row], tuple[Dropped, ...], tuple[Notice, ...]]:
    """Read a later file (to predict or evaluate) the way the training file was read: same roles, nothing divided, file order.

    answers: False when the answers (label, completion, last assistant message) need not be there; where missing they are "".
    spec.map wins over the layout's columns. labels: the learned ones; with spec.normalize_labels another
    spelling is read as the learned one. Raises DataError D001 when a needed column is missing, and what `typed` raises.
    """
    kept = spec.model_copy(update={"personal_data": "keep"} if spec.personal_data == "drop" else {})
    table = with_options(mended(read_table(spec), kept), spec)
    roles = {role: column for role, column in {**layout.mapping(), **spec.map}.items() if role in ROLES[layout.shape]}
    if not answers:
        asked = ASKED[layout.shape]
        needed = {asked, *SHAPES[layout.shape].asked_too}
        roles = {role: column for role, column in roles.items() if role in needed or column in table.columns}
    found = {role: columns_of(table, column, role) for role, column in roles.items()}
    said = spec.prompt if "prompt" not in spec.map else ""
    typed_rows = typed(table, Layout(layout.shape, found, 1.0, layout.reasons, prompt_format=said), spec, answers=answers)
    learned = {same_label(label): label for label in labels} if spec.normalize_labels else {}
    rows = [respelled(row, lambda label: learned.get(same_label(label), label)) for row in typed_rows.rows]
    return rows, tuple(typed_rows.dropped), (*table.notices, *typed_rows.notices)


def encode_rows(rows: Sequence[Row], objective_name: str, encoder: Encoder) -> tuple[Examples, tuple[Notice, ...]]:
    """Make the examples of a later file with the encoder of the training: same template, same labels. Long rows are cut and counted."""
    encodings = encoder.encode(rows, objective_name, strict=False)
    return encodings.examples, tuple(encodings.notices)
