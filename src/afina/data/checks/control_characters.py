"""Control characters that no editor shows: NUL, stray carriage returns and the like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from afina.data.checks.base import Finding, RowCheck, check, counted
from afina.data.checks.entries import Entry

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
RAW = re.compile(rb"\x00|\r(?!\n)(?=.)|\r\r\n", re.DOTALL)
REMOVED = ("NUL characters", "carriage return")


@check("control_characters")
class ControlCharacters(RowCheck):
    """C0 and C1 controls except tab and newline, also those that the reader has already taken out."""

    fix = "data.strip_control=true"

    def wrong(self, entry: Entry) -> str:
        return "control" if CONTROL.search(entry.whole) or any(CONTROL.search(label) for label in entry.labels) else ""

    def findings(self) -> Iterable[Finding]:
        removed = any(words in notice.what for notice in self.subject.table.notices for words in REMOVED)
        rows = tuple(sorted({*self.rows, *(self._raw_rows() if removed else ())}))
        if rows or removed:
            what = f"{counted(len(rows))} with control characters (NUL, stray carriage returns, ...)"
            what += "; those that no tokenizer can use were removed on reading" if removed else ""
            yield Finding(self.name, "warning", rows, what, self.fix)

    def _raw_rows(self) -> set[int]:
        """Return the rows on whose lines the file itself has NULs or stray carriage returns."""
        table = self.subject.table
        if table.format not in ("CSV", "TSV", "JSONL") or table.encoding.startswith(("utf-16", "utf-32")) or not table.path.is_file():
            return set()
        numbers = sorted(record.number for record in table.records)
        found: set[int] = set()
        with table.path.open("rb") as file:
            for line_number, line in enumerate(file, start=1):
                if RAW.search(line) and (place := bisect_right(numbers, line_number)):
                    found.add(numbers[place - 1])
        return found
