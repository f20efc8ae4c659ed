"""What a column's values look like, whatever its name: a label, a text, a conversation, a number, an id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from afina.data.cells import as_written, is_messages, is_turn, number, options, spans, speaker, structured
from afina.data.pieces import n_classes
from afina.data.sources.base import Record, Table
from afina.data.sources.header import NUMBER

Look = Literal["empty", "messages", "message", "list", "nested", "constant", "number", "id", "date", "label", "text", "short text"]
SAMPLE_ROWS = 5000
MAX_CLASSES = 300
MOST = 0.9
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?")
URL = re.compile(r"https?://\S+")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
TEMPLATE_TOKEN = re.compile(
    r"<\|(?:im_start|im_end|im_sep|start_header_id|end_header_id|eot_id|user|assistant|system|turn_end|start|message|header_start|"
    r"START_OF_TURN_TOKEN|END_OF_TURN_TOKEN)\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<｜(?:User|Assistant)｜>"
)
"""What only a rendered chat template holds."""
ANSWERERS = frozenset({"assistant", "gpt", "model", "bot", "chatgpt", "chatbot", "ai", "function_call"})
YES_NO = (
    frozenset({"true", "false"}),
    frozenset({"0", "1"}),
    frozenset({"yes", "no"}),
    frozenset({"-1", "1"}),
    frozenset({"0.0", "1.0"}),
    frozenset({"good", "bad"}),
    frozenset({"desirable", "undesirable"}),
)


@dataclass(frozen=True)
class Profile:
    """A column in numbers.

    could_label: its values could be classes even where they look like something else (0/1 numbers); dates and addresses never could.
    could_score: real numbers, or many whole ones. numeric: numbers of any kind. n_classes: how many classes its values are sets of
    ("a|b", ["a", "b"]); 0 when they are no sets. values: the different values in small letters, where there are at most eight. templated:
    the share of values that hold a chat template's tokens. answered: the share of conversations with an assistant turn. filled: the share
    of rows with a value.
    """

    name: str
    look: Look
    n: int
    n_distinct: int
    mean_words: float = 0
    mean_chars: float = 0
    could_label: bool = False
    could_score: bool = False
    numeric: bool = False
    n_classes: int = 0
    values: frozenset[str] = frozenset()
    templated: float = 0
    answered: float = 0
    filled: float = 1

    @property
    def yes_no(self) -> bool:
        """Whether the values are yes and no, true and false, 0 and 1."""
        return bool(self.values) and any(self.values <= words for words in YES_NO)

    def describe(self) -> str:
        """Return what a person would say of the column, in a few words."""
        if self.n_classes:
            return f"sets of {self.n_classes} values"
        if self.look == "label":
            return f"{self.n_distinct} values that repeat"
        if self.look in ("text", "short text"):
            marked = ", holds chat-template tokens" if self.templated >= 0.5 else ""
            return f"{self.look}, {self.mean_words:.0f} words{marked}"
        known = {
            "id": "ids",
            "number": "numbers",
            "date": "dates or links",
            "constant": "always the same",
            "messages": "conversations",
            "message": "one message each",
            "list": "lists",
        }
        return known.get(self.look, self.look)


def sample(table: Table) -> Sequence[Record]:
    """Return at most about 5,000 rows spread over the whole table: files are often sorted by label."""
    return table.records[:: -(-len(table.records) // SAMPLE_ROWS) or 1]


def profiles(table: Table, records: Sequence[Record] | None = None) -> dict[str, Profile]:
    """Return one profile a column, from the given rows or a sample."""
    records = sample(table) if records is None else records
    return {name: _profile(name, [record.values.get(name) for record in records]) for name in table.columns}


def _profile(name: str, values: Sequence[Any]) -> Profile:
    present = [value for value in values if value is not None and value != ""]
    filled = len(present) / len(values) if values else 0.0
    read = [structured(value) for value in present]
    answers = [spans(value) for value in read]
    if answers and all(found is not None for found in answers):
        return _profile(name, [*(found[0] if found else None for found in answers), *[None] * (len(values) - len(present))])
    # a text that happens to be written like a list stays a text; a column of them is lists
    n_structures = sum(isinstance(value, (list, dict)) for value in read)
    if any(isinstance(value, (list, dict)) for value in present) or n_structures > MOST * len(read):
        return _structures(name, read, filled)
    texts = [text for value in present if (text := as_written(value)).strip()]
    if not texts:
        return Profile(name, "empty", 0, 0, filled=0)
    counts = Counter(text.strip() for text in texts)
    n, distinct = len(texts), len(counts)
    mean_words = sum(len(text.split()) for text in texts) / n
    mean_chars = sum(map(len, texts)) / n
    numbers = [number(value) for value in counts]
    found = [value for value in numbers if value is not None]
    numeric = len(found) > MOST * distinct
    fractions = numeric and any(not value.is_integer() for value in found)
    could_label = _could_label(counts, n, mean_chars) and not (fractions and distinct > 3) and not _mostly(MAIL, counts)
    look = _look(counts, n, mean_words, could_label, fractions)
    return Profile(
        name,
        look,
        n,
        distinct,
        mean_words,
        mean_chars,
        could_label and look != "date",
        could_score=numeric and look != "date" and ((fractions and distinct > 3) or distinct > 20),
        numeric=numeric and look != "date",
        n_classes=0 if numeric else n_classes(counts),
        values=frozenset(value.lower() for value in counts) if distinct <= 8 else frozenset(),
        templated=sum(bool(TEMPLATE_TOKEN.search(text)) for text in texts) / n,
        filled=filled,
    )


def _structures(name: str, present: Sequence[Any], filled: float) -> Profile:
    n = len(present)
    if sum(is_messages(value) for value in present) > MOST * n:
        answered = sum(any(speaker(turn) in ANSWERERS for turn in value) for value in present if is_messages(value))
        return Profile(name, "messages", n, n, answered=answered / n, filled=filled)
    if sum(is_turn(value) for value in present) > MOST * n:
        return Profile(name, "message", n, n, filled=filled)
    lists = sum(isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value) for value in present)
    if lists == n or sum(options(value) is not None for value in present) > MOST * n:
        counts = Counter("|".join(as_written(item) for item in value) for value in present if isinstance(value, list))
        return Profile(name, "list", n, len(counts), n_classes=n_classes(counts, listed=True) if lists == n else 0, filled=filled)
    return Profile(name, "nested", n, n, filled=filled)


def _could_label(counts: Counter[str], n: int, mean_chars: float) -> bool:
    """Few distinct values, repeated, short. A handful of rows cannot repeat much, so small files are judged mildly."""
    distinct = len(counts)
    if distinct < 2 or distinct > MAX_CLASSES or mean_chars > 60 or max(map(len, counts)) > 120:
        return False
    return distinct <= max(2, n / 2) if n < 40 else distinct <= max(20, n / 10)


def _look(counts: Counter[str], n: int, mean_words: float, could_label: bool, fractions: bool) -> Look:
    values = list(counts)
    distinct = len(values)
    numbers = sum(bool(NUMBER.fullmatch(value)) for value in values)
    if distinct == 1 and n > 1:
        return "constant"
    if (_mostly(DATE, counts) or _mostly(URL, counts)) and not fractions:
        return "date"
    if _mostly(MAIL, counts):
        return "id"
    if could_label and not (numbers > MOST * distinct and distinct > 20):
        return "label"
    if numbers > MOST * distinct:
        return "id" if distinct > MOST * n and n > 3 and not fractions else "number"
    if mean_words < 1.2 and distinct > MOST * n and _codelike(values):
        return "id"
    return "text" if mean_words >= 3 and distinct > 0.2 * n else "short text"


def _mostly(pattern: re.Pattern[str], values: Collection[str]) -> bool:
    return sum(bool(pattern.fullmatch(value)) for value in values) > MOST * len(values)


def _codelike(values: Sequence[str]) -> bool:
    return sum(any(char.isdigit() or char in "_-/" for char in value) for value in values) > MOST * len(values)
