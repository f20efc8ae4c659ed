"""Rows where a field that is needed holds nothing."""

from __future__ import annotations

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry


@check("empty_field")
class EmptyField(RowCheck):
    """A prompt, text, answer or label that is empty or blank."""

    level = "error"
    fix = "data.drop_empty=true"

    def wrong(self, entry: Entry) -> str:
        if not self.subject.shape:
            return "" if entry.whole.strip() else "all fields"
        needed = (role for role in self.subject.fields.needed if role != "labels" and not entry.fields.get(role, "").strip())
        return next((role for role in needed if not (role == "messages" and entry.turns)), "")

    def sentence(self, n: str) -> str:
        return f"{n} with an empty field: {', '.join(f'{role} ({count:,})' for role, count in self.kinds.items())}"
