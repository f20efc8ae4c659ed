"""Rows longer than the model reads."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.sources.base import percent


@check("too_long")
class TooLong(Check):
    """Tokens of each row with the model's own tokenizer against its longest sequence. What a template adds is not counted."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.numbers, self.lengths = array("Q"), array("Q")

    def see(self, entry: Entry) -> None:
        if self.subject.tokenizer is not None:
            self.numbers.append(entry.number)
            self.lengths.append(sum(len(self.subject.tokenizer.encode(text)) for text in entry.texts.values()))

    def findings(self) -> Iterable[Finding]:
        limit = self.subject.max_length
        if limit is None or not self.lengths:
            return
        rows = tuple(sorted(number for number, length in zip(self.numbers, self.lengths, strict=True) if length > limit))
        if rows:
            longest, n = max(self.lengths), len(self.lengths)
            what = f"{counted(len(rows))} ({percent(len(rows), n)}) longer than the model's {limit:,} tokens; the longest has {longest:,}"
            ranked = sorted(self.lengths)
            details = {"max_length": limit, "longest": longest, "median": ranked[n // 2], "p95": ranked[int(0.95 * (n - 1))]}
            yield Finding(self.name, "warning", rows, what, "data.truncation=keep_start, or a model with a longer context", details)
