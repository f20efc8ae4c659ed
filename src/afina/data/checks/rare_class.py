"""Classes too small to be in train, validation and test."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Finding, LabelCheck, check, counted
from afina.data.rows import MISSING_WORDS, same_label
from afina.data.split import SMALL_CLASS


@check("rare_class")
class RareClass(LabelCheck):
    """A class (all its spellings together) with fewer than 3 rows."""

    def findings(self) -> Iterable[Finding]:
        classes: dict[str, list[int]] = {}
        for label, rows in self.classes().items():
            classes.setdefault(same_label(label), []).extend(rows)
        rare = {label: rows for label, rows in classes.items() if len(rows) < SMALL_CLASS and label not in MISSING_WORDS}
        rows = tuple(sorted({row for found in rare.values() for row in found}))
        if rows and len(rare) < len(classes):
            what = f"{counted(len(rare), 'label')} with fewer than {SMALL_CLASS} rows: {', '.join(list(rare)[:6])}"
            yield Finding(self.name, "warning", rows, what, "more rows of these labels, or merge them with others", {"labels": list(rare)})
