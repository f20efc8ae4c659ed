"""One answer for many different prompts."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, clipped, counted
from afina.data.checks.entries import Entry
from afina.data.checks.repeats import Repeats

SHARE = 0.2
FEW = 50
FREE = 0.3
"""Among the other rows, at least this share of answers is different: else the answers are classes, where repeating is right."""


@check("constant_answer")
class ConstantAnswer(Check):
    """One identical free-text answer in over 20 % of 50 rows or more."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.answers, self.n = Repeats(), 0

    def see(self, entry: Entry) -> None:
        if entry.answers and "rejected" not in entry.fields and (answer := entry.answers[-1].strip()):
            self.n += 1
            self.answers.add(entry.number, answer)

    def findings(self) -> Iterable[Finding]:
        if self.n < FEW:
            return
        groups = self.answers.groups()
        largest = max(groups, key=len) if groups else tuple[int, ...]()
        others = self.n - len(largest)
        distinct = self.n - sum(len(group) - 1 for group in groups) - 1
        if len(largest) > SHARE * self.n and distinct >= max(1, FREE * others):
            answer = next(entry.answers[-1] for entry in self.subject.entries() if entry.number == largest[0])
            what = f'{counted(len(largest))} of {self.n:,} have the same answer: "{clipped(answer)}"'
            yield Finding(self.name, "warning", tuple(sorted(largest)), what, "remove most of these rows", {"answer": clipped(answer, 200)})
