"""Files that are not UTF-8, and characters that an earlier conversion lost."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from afina.data.checks.base import Finding, RowCheck, Subject, check, counted
from afina.data.checks.entries import Entry

LOST = "\ufffd"


@check("encoding")
class Encoding(RowCheck):
    """Rows with characters beyond ASCII in a file that is not (all) UTF-8, or with the mark of a lost character."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.said = next((notice for notice in subject.table.notices if notice.what.startswith("D005")), None)
        self.foreign = self.said is not None or subject.table.encoding.lower().replace("_", "-") not in ("utf-8", "ascii", "utf-8-sig", "")

        self.lost = array("Q")

    def wrong(self, entry: Entry) -> str:
        if entry.whole.isascii():
            return ""
        if LOST in entry.whole:
            self.lost.append(entry.number)
        return "converted" if self.foreign else ""

    def findings(self) -> Iterable[Finding]:
        encoding = self.subject.table.encoding
        if self.lost:
            what = f"{counted(len(self.lost))} with {LOST}, where an earlier conversion lost a character"
            fix = "export the file again as UTF-8, or data.encoding=NAME"
            yield Finding(self.name, "warning", tuple(sorted(self.lost)), what, fix, {"encoding": encoding})
        if self.foreign:
            what = f"the file is not UTF-8; it was read as {encoding}. {counted(len(self.rows))} with letters that depend on it"
            yield Finding(self.name, "info", tuple(sorted(self.rows)), what, f"data.encoding={encoding}", {"encoding": encoding})
