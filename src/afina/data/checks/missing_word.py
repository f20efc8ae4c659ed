"""Labels and texts that are a word for "nothing here"."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Finding, LabelCheck, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.rows import MISSING_WORDS, read_as_missing

IN_TEXT = frozenset({"nan", "null", "n/a", "#n/a", "<na>", "none", "na"})
A_CLASS = 0.1
"""A label of this share of the rows is a class that happens to be called "none"."""


@check("missing_word")
class MissingWord(LabelCheck):
    """NA, None, null... kept as text, which is what they are until somebody says otherwise."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.n, self.texts = 0, {}

    def see(self, entry: Entry) -> None:
        super().see(entry)
        self.n += 1
        for role, text in entry.texts.items():
            if len(text) < 7 and role not in ("completion", "chosen", "rejected") and text.strip().lower() in IN_TEXT:
                self.texts.setdefault(text.strip(), []).append(entry.number)

    def findings(self) -> Iterable[Finding]:
        words = {
            label: rows for label, rows in self.classes().items() if label.strip().lower() in MISSING_WORDS and len(rows) < A_CLASS * self.n
        }
        rows = tuple(sorted({row for found in (*words.values(), *self.texts.values()) for row in found}))
        if rows:
            shown = sorted({word.strip() for word in (*words, *self.texts)})
            what = f"{counted(len(rows))} whose label or text is a word for nothing: {', '.join(shown[:6])}"
            yield Finding(self.name, "warning", rows, what, f"{read_as_missing(shown)} data.drop_empty=true")
