"""Answers that teach nothing: the prompt itself, or the same answer as chosen and as rejected."""

from __future__ import annotations

from itertools import pairwise

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry


@check("copied_answer")
class CopiedAnswer(RowCheck):
    """The completion equals the prompt, an assistant turn the turn before it, or chosen equals rejected."""

    fix = "remove these rows, or write the answers"

    def wrong(self, entry: Entry) -> str:
        fields = {role: " ".join(text.casefold().split()) for role, text in entry.fields.items()}
        if fields.get("completion") and fields.get("completion") == fields.get("prompt"):
            return "the prompt"
        if fields.get("chosen") and fields.get("chosen") == fields.get("rejected"):
            return "chosen and rejected"
        for one, other in pairwise(entry.turns):
            if other.speaker == "assistant" != one.speaker and other.text.strip() and _same(one.text, other.text):
                return "the turn before"
        return ""

    def sentence(self, n: str) -> str:
        return f"{n} whose answer only repeats: {', '.join(f'{kind} ({count:,})' for kind, count in self.kinds.items())}"


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
