"""The road of `afina check`, on one page:

file -> table (sources) -> layout (columns), or the question that is open -> every row past every check (checks) -> findings
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from afina.data.checks import Finding, Subject, run
from afina.data.checks.base import clipped
from afina.data.checks.measure import UNCUT, encoded
from afina.data.columns import Layout, Question, recognise
from afina.data.lengths import lengths
from afina.data.options import with_options
from afina.data.report import Sample, sample
from afina.data.sources import Content, Table, read_table
from afina.data.sources.json import read_whole_lines
from afina.data.tokenize import Tokenizer
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Kind, Notice


@dataclass(frozen=True)
class Examination:
    """What was found in a file.

    layout: what the columns mean; None with a question when that is not clear. n_rows: rows read, those not used included.
    samples: rows spread over the file; as the model sees them where a model was named. texts: row -> its beginning, for every row that a
    finding names first. lengths: tokens of each row, template included, nothing cut; max_length: what the model reads; both only
    where a model was named.
    """

    path: str
    format: str
    encoding: str
    layout: Layout | None
    question: str
    n_rows: int
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    samples: tuple[Sample, ...]
    texts: dict[int, str]
    against: str = ""
    lengths: tuple[int, ...] = ()
    max_length: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        layout: dict[str, Any] = {"question": self.question}
        if self.layout is not None:
            known = self.layout
            layout = {"shape": known.shape, "roles": known.mapping(), "confidence": known.confidence, "reasons": list(known.reasons)}
        return {
            "path": self.path,
            "format": self.format,
            "encoding": self.encoding,
            "layout": layout,
            "n_rows": self.n_rows,
            "against": self.against,
            "findings": [finding.as_dict() for finding in self.findings],
            "notices": [str(notice) for notice in self.notices],
            "lengths": asdict(lengths(self.lengths)) | {"max_length": self.max_length},
            "samples": [{"row": shown.number, "pieces": list(shown.pieces), "label": shown.label} for shown in self.samples],
        }


SHOWN_ROWS = 200
"""Rows of a finding whose beginning is kept for the page."""


def examine(
    spec: DataSpec,
    objective: str = "auto",
    against: DataSpec | None = None,
    tokenizer: Tokenizer | None = None,
    max_length: int | None = None,
    show: int = 0,
    must_be_clear: bool = False,
    kind: Kind = "decoder",
) -> Examination:
    """Read a file and run every check.

    against: a file that must not share rows with this one. tokenizer, max_length, kind: of the model whose limits are to be checked.
    must_be_clear: raise the question which column is what (D013) instead of examining without an answer. Raises what read_table raises, and
    UsageError or DataError D001 for a mapping that does not fit.
    """
    other = None
    if against is not None:
        table, layout, _ = _understood(against, "auto", False)
        other = Subject(table, layout, against)
    table, layout, question = _understood(spec, objective, must_be_clear)
    subject = Subject(table, layout, spec, tokenizer, max_length, other, kind)
    findings = run(subject)
    return Examination(
        path=spec.path,
        format=table.format,
        encoding=table.encoding,
        layout=layout,
        question=question,
        n_rows=len(table.records) + len(table.dropped),
        findings=tuple(findings),
        notices=table.notices,
        samples=_samples(subject, show),
        texts=_texts(subject, findings),
        against=against.path if against else "",
        lengths=tuple(subject.token_lengths[1]),
        max_length=max_length,
    )


def _understood(spec: DataSpec, objective: str, must_be_clear: bool) -> tuple[Table, Layout | None, str]:
    table = with_options(readable(spec), spec)
    try:
        return table, recognise(table, spec.map, objective, spec.prompt), ""
    except DataError as error:
        if error.code == "D001" or (must_be_clear and isinstance(error, Question)):
            raise
        return table, None, f"{error.what} Do: {error.fix}"


def readable(spec: DataSpec) -> Table:
    """Read a file as read_table does, but leave out the lines of a JSONL file that are no JSON, as dropped rows. Raises what it raises."""
    try:
        return read_table(spec)
    except DataError as error:
        path = Path(spec.path)
        if error.code not in ("D004", "D018") or path.suffix.lower() not in (".jsonl", ".ndjson"):
            raise
        table = read_whole_lines(Content(path, path, path.suffix.lower(), spec.encoding))
        if len(table.dropped) > len(table.records):
            raise
        return table


def _texts(subject: Subject, findings: Sequence[Finding]) -> dict[int, str]:
    wanted = {number for finding in findings for number in finding.rows[:SHOWN_ROWS]}
    return {entry.number: clipped(entry.whole, 300) for entry in subject.entries() if entry.number in wanted}


def _samples(subject: Subject, n: int) -> tuple[Sample, ...]:
    """Return n rows spread over the file: the text with its mask when there is a model and an objective learns such rows, else the text."""
    tokenizer = subject.tokenizer
    if n <= 0:
        return ()
    if tokenizer is not None:
        few = _spread(subject, n)
        longest = subject.max_length or tokenizer.context or UNCUT
        examples, labels = encoded(few, subject.layout, subject.spec, tokenizer, longest, subject.kind)
        if examples:
            return tuple(sample(example, tokenizer, labels) for example in examples)[:n]
    entries = Subject(_spread(subject, n), subject.layout, subject.spec).entries()
    return tuple(Sample(entry.number, ((entry.whole, False),), 0, " | ".join(entry.labels)) for entry in entries)


def _spread(subject: Subject, n: int) -> Table:
    """The table with n of its rows, at equal distances."""
    records = subject.table.records
    chosen = [records[place * len(records) // n] for place in range(n)] if n < len(records) else list(records)
    return replace(subject.table, records=chosen, dropped=(), notices=())
