"""Files that are not UTF-8, and characters that an earlier conversion lost."""

from __future__ import annotations

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

    def wrong(self, entry: Entry) -> str:
        if entry.whole.isascii():
            return ""
        return "lost characters" if LOST in entry.whole else "converted" if self.foreign else ""

    def findings(self) -> Iterable[Finding]:
        rows, encoding = tuple(sorted(self.rows)), self.subject.table.encoding
        if "lost characters" in self.kinds:
            what = f"{counted(self.kinds['lost characters'])} with {LOST}, where an earlier conversion lost a character"
            fix = "export the file again as UTF-8, or data.encoding=NAME"
            yield Finding(self.name, "warning", rows, what, fix, {"encoding": encoding, "kinds": dict(self.kinds)})
        elif self.foreign:
            what = f"the file is not UTF-8; it was read as {encoding}. {counted(len(rows))} with letters that depend on it"
            yield Finding(self.name, "info", rows, what, f"data.encoding={encoding}", {"encoding": encoding})
