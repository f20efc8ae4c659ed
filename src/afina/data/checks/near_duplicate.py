"""Rows that are almost the same as another."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.checks.repeats import Repeats, repeated
from afina.data.neardup import near_duplicates
from afina.data.overlap import Template
from afina.data.textspool import TextSpool

THRESHOLD = 0.8
SHORTEST = 16
"""Characters: in less, one changed word is another text."""


@check("near_duplicate")
class NearDuplicate(Check):
    """Texts of Jaccard similarity 0.8 and more that are not equal; what a template repeats in row after row does not count."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.numbers = array("Q")
        self.texts = TextSpool()
        self.exact = Repeats()

    def see(self, entry: Entry) -> None:
        self.numbers.append(entry.number)
        self.texts.append(entry.whole if len(entry.whole) >= SHORTEST else "")
        self.exact.add(entry.number, " ".join(entry.whole.casefold().split()))

    def findings(self) -> Iterable[Finding]:
        template = Template(self.texts)
        texts = self.texts
        if template.grams:
            texts = TextSpool(_own(text, template) for text in self.texts)
        groups = [tuple(self.numbers[place] for place in group) for group in near_duplicates(texts, THRESHOLD)]
        equal = set(repeated(self.exact.groups()))
        rows = tuple(number for number in repeated(groups) if number not in equal)
        if rows:
            what = f"{counted(len(rows))} almost the same as another (Jaccard {THRESHOLD} and more)"
            near = [group for group in groups if any(number not in equal for number in group[1:])]
            yield Finding(self.name, "info", rows, what, "data.drop_duplicates=near", {"groups": near, "threshold": THRESHOLD})


def _own(text: str, template: Template) -> str:
    """Return what a text says beside the template; "" where that is too short to compare."""
    said = " ".join(word for stretch in template.content(text) for word in stretch)
    return said if len(said) >= SHORTEST else ""
