"""Rows longer than the model reads."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, check, counted
from afina.data.sources.base import percent


@check("too_long")
class TooLong(Check):
    """Tokens of each row as training would read it against the model's longest sequence."""

    def findings(self) -> Iterable[Finding]:
        limit, (numbers, lengths) = self.subject.max_length, self.subject.token_lengths
        if limit is None or not lengths:
            return
        rows = tuple(sorted(number for number, length in zip(numbers, lengths, strict=True) if length > limit))
        if rows:
            longest, n = max(lengths), len(lengths)
            what = f"{counted(len(rows))} ({percent(len(rows), n)}) longer than the model's {limit:,} tokens; the longest has {longest:,}"
            ranked = sorted(lengths)
            details = {"max_length": limit, "longest": longest, "median": ranked[n // 2], "p95": ranked[int(0.95 * (n - 1))]}
            yield Finding(self.name, "warning", rows, what, "data.truncation=keep_start, or a model with a longer context", details)
