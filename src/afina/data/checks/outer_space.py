"""Blanks around a label or a text."""

from __future__ import annotations

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry


@check("outer_space")
class OuterSpace(RowCheck):
    """A label with blanks around it is another class; a text with blanks around it is tokenised otherwise."""

    level = "info"
    fix = "data.strip_space=true"

    def wrong(self, entry: Entry) -> str:
        if any(label != label.strip() for label in entry.labels):
            return "label"
        return "text" if any(text != text.strip() and text.strip() for text in entry.texts.values()) else ""

    def sentence(self, n: str) -> str:
        return f"{n} with blanks around: {', '.join(f'{kind} ({count:,})' for kind, count in self.kinds.items())}"
