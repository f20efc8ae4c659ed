"""Conversations in which the speakers do not take turns."""

from __future__ import annotations

from itertools import pairwise

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry, Turn


@check("turn_order")
class TurnOrder(RowCheck):
    """Two turns of one speaker in a row, no assistant turn, or an empty turn."""

    fix = "data.merge_turns=true joins turns of one speaker; mend the others"

    def wrong(self, entry: Entry) -> str:
        turns = entry.turns
        if not turns or self.subject.shape == "preference":
            return ""
        if any(not turn.text.strip() and not turn.calls and turn.speaker != "system" for turn in turns):
            return "an empty turn"
        if any(_same(one, other) for one, other in pairwise(turns)):
            return "two turns of one speaker"
        if self.subject.shape != "prompt" and not any(turn.speaker == "assistant" for turn in turns):
            return "no assistant turn"
        return ""

    def sentence(self, n: str) -> str:
        return f"{n} with turns out of order: {', '.join(f'{kind} ({count:,})' for kind, count in self.kinds.items())}"


def _same(one: Turn, other: Turn) -> bool:
    return one.speaker == other.speaker and one.speaker in ("user", "assistant", "system") and not one.calls and not other.calls
