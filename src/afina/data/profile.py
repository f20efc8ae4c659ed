"""What a column's values look like, whatever its name: a label, a text, a conversation, a number, an id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from afina.data.sources.base import Table
from afina.data.sources.header import NUMBER

Look = Literal["empty", "messages", "nested", "constant", "number", "id", "date", "label", "text", "short text"]
SAMPLE_ROWS = 5000
MAX_CLASSES = 300
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?")
URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Profile:
    """A column in numbers. could_label: its values could be classes even where they look like something else (0/1 numbers)."""

    name: str
    look: Look
    n: int
    n_distinct: int
    mean_words: float
    mean_chars: float
    could_label: bool

    def describe(self) -> str:
        """Return what a person would say of the column, in a few words."""
        if self.look == "label":
            return f"{self.n_distinct} values that repeat"
        if self.look in ("text", "short text"):
            return f"{self.look}, {self.mean_words:.0f} words"
        return {"id": "ids", "number": "numbers", "date": "dates or links", "constant": "always the same", "messages": "conversations"}.get(
            self.look, self.look
        )


def is_messages(value: Any) -> bool:
    """Whether a value is a conversation: OpenAI's role/content or ShareGPT's from/value."""
    if not isinstance(value, list) or not value or not all(isinstance(turn, dict) for turn in value):
        return False
    return all("role" in turn or "from" in turn for turn in value)


def profiles(table: Table) -> dict[str, Profile]:
    """Return one profile a column, from rows spread over the whole table: files are often sorted by label."""
    records = table.records[:: -(-len(table.records) // SAMPLE_ROWS) or 1]
    return {name: _profile(name, [record.values.get(name) for record in records]) for name in table.columns}


def _profile(name: str, values: Sequence[Any]) -> Profile:
    present = [value for value in values if value is not None and value != ""]
    if present and sum(is_messages(value) for value in present) > 0.9 * len(present):
        return Profile(name, "messages", len(present), len(present), 0, 0, False)
    if any(isinstance(value, (list, dict)) for value in present):
        return Profile(name, "nested", len(present), len(present), 0, 0, False)
    texts = [text for value in present if (text := as_written(value)).strip()]
    if not texts:
        return Profile(name, "empty", 0, 0, 0, 0, False)
    counts = Counter(text.strip() for text in texts)
    n, distinct = len(texts), len(counts)
    mean_words = sum(len(text.split()) for text in texts) / n
    mean_chars = sum(map(len, texts)) / n
    could_label = _could_label(counts, n, mean_chars)
    return Profile(name, _look(counts, n, mean_words, could_label), n, distinct, mean_words, mean_chars, could_label)


def _could_label(counts: Counter[str], n: int, mean_chars: float) -> bool:
    """Few distinct values, repeated, short. A handful of rows cannot repeat much, so small files are judged mildly."""
    distinct = len(counts)
    if distinct < 2 or distinct > MAX_CLASSES or mean_chars > 60 or max(map(len, counts)) > 120:
        return False
    return distinct <= max(2, n / 2) if n < 40 else distinct <= max(20, n / 10)


def _look(counts: Counter[str], n: int, mean_words: float, could_label: bool) -> Look:
    values = list(counts)
    distinct = len(values)
    numbers = sum(bool(NUMBER.fullmatch(value)) for value in values)
    if distinct == 1 and n > 1:
        return "constant"
    if sum(bool(DATE.fullmatch(value) or URL.fullmatch(value)) for value in values) > 0.9 * distinct:
        return "date"
    if could_label and not (numbers > 0.9 * distinct and distinct > 20):
        return "label"
    if numbers > 0.9 * distinct:
        return "id" if distinct > 0.9 * n and n > 3 else "number"
    if mean_words < 1.2 and distinct > 0.9 * n and _codelike(values):
        return "id"
    return "text" if mean_words >= 3 and distinct > 0.2 * n else "short text"


def _codelike(values: Sequence[str]) -> bool:
    return sum(any(char.isdigit() or char in "_-/" for char in value) for value in values) > 0.9 * len(values)


def as_written(value: Any) -> str:
    """Return a value as text, spelled as JSON spells it: true, 7, 0.10."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
