"""Rows that say the same as an earlier row, label or answer included."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.checks.repeats import Repeats, repeated

SEPARATOR = "\x1f"


@check("exact_duplicate")
class ExactDuplicate(Check):
    """Equal bytes, and how many are equal but for case and space."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.exact, self.folded = Repeats(), Repeats()

    def see(self, entry: Entry) -> None:
        content = list(entry.fields.values())
        if any(text.strip() for text in content):
            said = SEPARATOR.join(content)
            self.exact.add(entry.number, said)
            self.folded.add(entry.number, SEPARATOR.join(" ".join(text.casefold().split()) for text in content))

    def findings(self) -> Iterable[Finding]:
        groups = self.exact.groups()
        alike = self.folded.groups()
        rows, folded = repeated(groups), repeated(alike)
        if folded:
            what = f"{counted(len(rows))} equal to an earlier row byte for byte; {len(folded):,} after case and space"
            details = {"groups": groups, "n_folded": len(folded), "folded_groups": alike}
            fix = "data.drop_duplicates=" + ("exact" if rows else "near")
            yield Finding(self.name, "warning" if rows else "info", rows or folded, what, fix, details)
