"""Labels that are one class in several spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from afina.data.checks.base import Finding, LabelCheck, check, counted
from afina.data.rows import same_label


@check("label_spelling")
class LabelSpelling(LabelCheck):
    """Labels that differ only in case, space, hyphen or underscore; the rows are those of the rarer spellings."""

    def findings(self) -> Iterable[Finding]:
        alike: dict[str, list[str]] = {}
        for label in self.classes():
            alike.setdefault(re.sub(r"[\s_-]+", " ", same_label(label)) or label, []).append(label)
        groups = [sorted(group, key=lambda label: (-len(self.rows_of[label]), label)) for group in alike.values() if len(group) > 1]
        rows = tuple(sorted(row for group in groups for label in group[1:] for row in self.rows_of[label]))
        if rows:
            shown = "; ".join(", ".join(f'"{label}"' for label in group[:4]) for group in groups[:3])
            what = f"{counted(len(rows))} with another spelling of a label: {shown}"
            merged = all(len({same_label(label) for label in group}) == 1 for group in groups)
            fix = "data.normalize_labels=true" + ("" if merged else " merges case and space; write those with - or _ in one way")
            yield Finding(self.name, "warning", rows, what, fix, {"groups": groups})
