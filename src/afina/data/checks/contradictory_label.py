"""The same text with two labels."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.checks.repeats import Repeats
from afina.data.rows import same_label


@check("contradictory_label")
class ContradictoryLabel(Check):
    """Equal texts (case and space aside) whose labels differ by more than spelling."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.asked, self.labelled = Repeats(), Repeats()

    def see(self, entry: Entry) -> None:
        of_words = next((entry.fields[role] for role in ("tags", "entities") if role in entry.fields), "")
        if (entry.labels or of_words) and entry.whole.strip():
            said = " ".join(entry.whole.casefold().split())
            self.asked.add(entry.number, said)
            label = of_words or "|".join(sorted(map(same_label, entry.labels)))
            self.labelled.add(entry.number, f"{said}\x1f{label}")

    def findings(self) -> Iterable[Finding]:
        agreeing = set(self.labelled.groups())
        groups = [group for group in self.asked.groups() if group not in agreeing]
        rows = tuple(sorted(row for group in groups for row in group))
        if rows:
            what = f"{counted(len(rows))} of {len(groups):,} texts that occur with different labels"
            yield Finding(self.name, "warning", rows, what, "decide on one label for each of these texts", {"groups": groups})
