"""What a check is given, what it says, and the registry: one check is one file and one registration."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

from afina.data.checks.entries import Entry, Fields, entries
from afina.data.checks.measure import token_lengths
from afina.data.checks.sides import side_by
from afina.data.columns import Layout
from afina.data.overlap import RowIndex
from afina.data.sources.base import Table
from afina.data.tokenize import Tokenizer
from afina.recipe.schema import DataSpec
from afina.registry import Registry
from afina.types import Kind

MOST_FEW = 20
"""As many labels as this may be classes in the smallest file."""
Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing found in a file.

    check: the registered name. rows: all row numbers, ascending (see Record); n_rows counts them, or where single rows are not at fault is
    the number of rows concerned. what: a sentence. fix: the key or command that mends it, "" where only the person can.
    """

    check: str
    level: Severity
    rows: tuple[int, ...]
    what: str
    fix: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: {})

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {**asdict(self), "rows": list(self.rows), "n_rows": self.n_rows}


@dataclass(frozen=True)
class Subject:
    """A file under examination.

    layout: None where it is not clear what the columns mean; then every column of text is looked at. max_length: tokens that the model
    reads, or None without a model; kind: of the model. against: the file that must not share rows with this one.
    """

    table: Table
    layout: Layout | None
    spec: DataSpec
    tokenizer: Tokenizer | None = None
    max_length: int | None = None
    against: Subject | None = None
    kind: Kind = "decoder"

    @cached_property
    def fields(self) -> Fields:
        return Fields.of(self.table, self.layout)

    @cached_property
    def token_lengths(self) -> tuple[array[int], array[int]]:
        """Row numbers, and the tokens that the model would read of each; empty without a model."""
        if self.tokenizer is None:
            return array("Q"), array("Q")
        return token_lengths(self.table, self.layout, self.spec, self.tokenizer, self.kind)

    @property
    def shape(self) -> str:
        return self.layout.shape if self.layout else ""

    def entries(self) -> Iterator[Entry]:
        """Read the rows once more, one at a time."""
        return entries(self.table, self.fields, self.spec.na)

    @cached_property
    def _side_by(self) -> Callable[[Entry], str] | None:
        return side_by(self.table, self.spec)

    def side(self, entry: Entry) -> str:
        """Return "train", "validation" or "test" where the file has a column that says so, else ""."""
        return self._side_by(entry) if self._side_by else ""

    def is_held_out(self, entry: Entry) -> bool:
        """Whether a row must not stand among the guarded ones: every row with another file, else those that are not train."""
        return self.against is not None or self.side(entry) in ("validation", "test")

    def guarded(self) -> Iterator[Entry]:
        """Read the rows that held-out rows must not repeat: the other file's, else the training rows that the file names; else none."""
        if self.against is not None:
            return self.against.entries()
        return (entry for entry in self.entries() if self.side(entry) == "train") if self._side_by else iter(())

    @cached_property
    def row_index(self) -> RowIndex | None:
        """The texts of the guarded rows; None where there are none to guard."""
        if self.against is None and self._side_by is None:
            return None
        index = RowIndex()
        for entry in self.guarded():
            for text in dict.fromkeys((entry.asked, *entry.texts.values())):
                index.add(entry.number, text)
        return index


class Check:
    """A question asked of a file: every row passes through `see` once, in file order, then `findings` answers."""

    name: ClassVar[str] = ""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def see(self, entry: Entry) -> None:
        """Look at one row. Keep numbers, never rows: there may be a million."""

    def findings(self) -> Iterable[Finding]:
        """Return what was found, nothing for a clean file."""
        raise NotImplementedError


class RowCheck(Check):
    """A check that judges each row by itself: a subclass says what is wrong with a row, if anything, and the sentence for all of them."""

    level: ClassVar[Severity] = "warning"
    fix: ClassVar[str] = ""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.rows = array("Q")
        self.kinds: dict[str, int] = {}

    def wrong(self, entry: Entry) -> str:
        """Return the kind of fault of a row ("" when there is none)."""
        raise NotImplementedError

    def sentence(self, n: str) -> str:
        """Return what to say of the rows; n is "1 row" or "7 rows"."""
        raise NotImplementedError

    def see(self, entry: Entry) -> None:
        kind = self.wrong(entry)
        if kind:
            self.rows.append(entry.number)
            self.kinds[kind] = self.kinds.get(kind, 0) + 1

    def findings(self) -> Iterable[Finding]:
        if self.rows:
            rows = tuple(sorted(self.rows))
            yield Finding(self.name, self.level, rows, self.sentence(counted(len(rows))), self.fix, {"kinds": dict(self.kinds)})


class LabelCheck(Check):
    """A check of the classes: which rows have which label, as written. n_labelled: rows with a label, or with several."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.rows_of: dict[str, array[int]] = {}
        self.n_labelled = 0

    def see(self, entry: Entry) -> None:
        self.n_labelled += bool(entry.labels)
        for label in entry.labels:
            self.rows_of.setdefault(label, array("Q")).append(entry.number)

    def classes(self) -> dict[str, array[int]]:
        """Return label -> rows; nothing when nearly every row has a label of its own (numbers, free answers)."""
        return self.rows_of if len(self.rows_of) <= max(MOST_FEW, self.n_labelled / 2) else {}


def counted(n: int, thing: str = "row") -> str:
    """Return "1 row" or "1,204 rows"."""
    return f"{n:,} {thing}" + ("" if n == 1 else "s")


def clipped(text: str, most: int = 60) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


CHECKS: Registry[type[Check]] = Registry("check")
"""Name of a finding to the check that finds it."""


def check(name: str) -> Callable[[type[Check]], type[Check]]:
    """Register a check under the name of its finding."""

    def add(made: type[Check]) -> type[Check]:
        made.name = name
        return CHECKS.register(name)(made)

    return add


def run(subject: Subject, names: Sequence[str] = ()) -> list[Finding]:
    """Run the checks (all, or those named) in one pass over the rows; errors first, then warnings, then what is merely worth knowing."""
    made = [CHECKS[name](subject) for name in (names or CHECKS.names())]
    for entry in subject.entries():
        for one in made:
            one.see(entry)
    order = ("error", "warning", "info")
    found = [finding for one in made for finding in one.findings()]
    return sorted(found, key=lambda finding: (order.index(finding.level), -finding.n_rows, finding.check))
