"""Texts of one file inside the texts of another, whatever a template puts around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.checks.leak_row import find_row
from afina.data.overlap import ContentIndex, Template
from afina.data.sources.base import percent

SAMPLE = 2000


@check("leak_field")
class LeakField(Check):
    """Each text field against each text field of the other file (or of the training rows), by containment of 3-grams.

    Rows that stand there whole are left to leak_row.
    """

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.pairs: list[tuple[int, int, str, str, float]] = []
        self.n = 0
        self.rows = subject.row_index
        self.indexes = {} if self.rows is None else {field: ContentIndex(*found) for field, found in _fields(subject.guarded()).items()}
        self.templates = {} if self.rows is None else _templates(subject)

    def see(self, entry: Entry) -> None:
        if self.rows is None or not self.subject.is_held_out(entry):
            return
        self.n += 1
        if find_row(self.rows, entry):
            return
        best: tuple[float, int, str, str] | None = None
        for field, text in spoken(entry):
            content = self.templates[field].content(text) if field in self.templates else []
            for other, index in self.indexes.items():
                hit = index.find(content) if content else None
                if hit and (best is None or hit.share > best[0]):
                    best = (hit.share, hit.number, field, other)
        if best:
            self.pairs.append((entry.number, best[1], best[2], best[3], round(best[0], 3)))

    def findings(self) -> Iterable[Finding]:
        if not self.pairs:
            return
        rows = tuple(sorted({pair[0] for pair in self.pairs}))
        where = self.subject.against.table.path.name if self.subject.against else "the training rows"
        fields = sorted({(pair[2], pair[3]) for pair in self.pairs})
        shown = ", ".join(f"{one} in {other}" for one, other in fields[:4])
        what = f"{counted(len(rows))} of {self.n:,} ({percent(len(rows), self.n)}) share a text with {where} inside other words: {shown}"
        fix = "remove these rows from one of the two: scores would be too high"
        yield Finding(self.name, "error", rows, what, fix, {"pairs": self.pairs})


def spoken(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of a row; the turns of a conversation count as two fields, what is asked and what is answered."""
    if entry.turns:
        yield "asked", entry.asked
        yield "answered", "\n".join(entry.answers)
    else:
        yield from entry.texts.items()


def _fields(entries: Iterable[Entry]) -> dict[str, tuple[list[str], list[int]]]:
    found: dict[str, tuple[list[str], list[int]]] = {}
    for entry in entries:
        for field, text in spoken(entry):
            texts, numbers = found.setdefault(field, ([], []))
            texts.append(text)
            numbers.append(entry.number)
    return found


def _templates(subject: Subject) -> dict[str, Template]:
    """Return the template of each field, from rows spread over the file."""
    step = -(-len(subject.table.records) // SAMPLE) or 1
    sample = (entry for place, entry in enumerate(subject.entries()) if place % step == 0)
    return {field: Template(texts) for field, (texts, _) in _fields(sample).items()}
