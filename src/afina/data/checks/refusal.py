"""Answers that decline, in the voice of another assistant."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry

AI = "(?:ai|artificial intelligence|(?:large )?language model)"
SELF = rf"\bas an? {AI}\b|\bi(?:['\u2019]m| am) (?:just |only )?an? {AI}\b"
UNABLE = "(?:cannot|can['\u2019]t|am (?:not able|unable)|won['\u2019]t)"
SORRY = f"^(?:i['\u2019]m |i am )?(?:very |so |really )?sorry,? (?:but )?(?:as an|i {UNABLE})"
VERBS = "assist|help|provide|fulfil|comply|answer|complete|do that|generate|create|engage"
CANNOT = f"^i {UNABLE} (?:to )?(?:{VERBS})"
ROMANCE = (
    r"\bcomo (?:un |una )?(?:modelo de lenguaje|ia|inteligencia artificial)\b|\bcom a (?:model de llenguatge|ia|intel)"
    r"|\bin quanto (?:modello linguistico|ia|intelligenza artificiale)\b"
)
REFUSAL = re.compile("|".join((SELF, SORRY, CANNOT, ROMANCE)), re.IGNORECASE)
HEAD = 300
"""Characters in which an answer declines if it does."""


@check("refusal")
class Refusal(RowCheck):
    """Answers like "As an AI language model, I cannot ..."; a model tuned on them declines too."""

    fix = "remove these rows, or write the answers"

    def wrong(self, entry: Entry) -> str:
        answers = (text for role, text in entry.fields.items() if role in ("completion", "chosen"))
        spoken = (turn.text for turn in entry.turns if turn.speaker == "assistant")
        return "refusal" if any(REFUSAL.search(answer.strip()[:HEAD]) for answer in (*answers, *spoken)) else ""

    def sentence(self, n: str) -> str:
        return f'{n} whose answer declines ("As an AI language model, I cannot ...")'
