"""What happened to the data, as one value that pages, cards and `afina check` show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from afina.data.examples import Examples
from afina.data.lengths import LengthStats
from afina.data.rows import CLASSED, classes_of
from afina.data.sources.base import Dropped
from afina.data.tokenize import Tokenizer
from afina.objectives.choices import options_of
from afina.types import IGNORE_INDEX, Example, MultiLabelled, Notice, Row, Scored, ScoredPair, Split, Tagged

N_SAMPLES = 3


@dataclass(frozen=True)
class Sample:
    """One row as the model sees it: (text piece, whether it is learned). Special tokens are shown."""

    number: int
    pieces: tuple[tuple[str, bool], ...]
    n_tokens: int
    label: str = ""


@dataclass(frozen=True)
class DataReport:
    """dropped: reason -> row numbers. balance: split -> label -> rows. shape: of the layout (data.columns).

    hides: noise hides a part of what the samples mark, another at each update; n_trained_tokens is 0 then.
    """

    path: str
    sha256: str
    format: str
    encoding: str
    columns: Mapping[str, str]
    unused_columns: tuple[str, ...]
    n_read: int
    n_kept: int
    splits: Mapping[Split, int]
    dropped: Mapping[str, list[int]]
    n_repeats: int
    conflicts: tuple[tuple[int, ...], ...]
    balance: Mapping[Split, Mapping[str, int]]
    lengths: Mapping[Split, LengthStats]
    n_trained_tokens: int
    notices: tuple[Notice, ...]
    samples: tuple[Sample, ...] = field(default=())
    shape: str = ""
    hides: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def by_reason(dropped: Sequence[Dropped]) -> dict[str, list[int]]:
    """Return reason -> row numbers, the commonest reason first."""
    found: dict[str, list[int]] = {}
    for drop in dropped:
        found.setdefault(drop.reason, []).append(drop.number)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def balance(splits: Mapping[Split, Sequence[Row]]) -> dict[Split, dict[str, int]]:
    """Return the rows that have each label in each split; empty for rows without labels."""
    return {
        name: dict(sorted(Counter(label for row in rows for label in dict.fromkeys(classes_of(row))).items()))
        for name, rows in splits.items()
        if any(isinstance(row, CLASSED) for row in rows)
    }


def sample(example: Example, tokenizer: Tokenizer, labels: Sequence[str] = ()) -> Sample:
    """Return an example as text with its mask: neighbouring tokens of the same kind are one piece."""
    runs: list[tuple[list[int], bool]] = []
    for position, index in enumerate(example.ids):
        trained = bool(example.labels) and example.labels[position] != IGNORE_INDEX
        if not runs or runs[-1][1] != trained:
            runs.append(([], trained))
        runs[-1][0].append(index)
    shown = tuple((tokenizer.decode(ids), trained) for ids, trained in runs)
    label = labels[example.target] if 0 <= example.target < len(labels) else ""
    if example.labels and example.values and example.target >= 0:  # of several options the right one
        right = options_of(example)[example.target]
        label = tokenizer.decode([index for index in right.labels if index != IGNORE_INDEX], skip_special=True).strip()
    return Sample(example.number, shown, len(example), label)


def samples(examples: Examples, tokenizer: Tokenizer, labels: Sequence[str] = (), rows: Sequence[Row] = ()) -> tuple[Sample, ...]:
    """Return the first, the middle and the longest example. rows: what they were made of, for answers that an example holds as numbers."""
    if not examples:
        return ()
    lengths = examples.lengths
    longest = lengths.index(max(lengths))
    chosen = [examples[index] for index in dict.fromkeys([0, len(examples) // 2, longest])][:N_SAMPLES]
    numbers = {example.number for example in chosen}
    answers = {row.number: _answer(row) for row in rows if row.number in numbers}
    found = [sample(example, tokenizer, labels) for example in chosen]
    return tuple(replace(one, label=answers.get(one.number) or one.label) for one in found)


def _answer(row: Row) -> str:
    """Return the labels of a text that can have several, the tags of its words, or its number; "" for other rows."""
    if isinstance(row, Tagged):
        return " ".join(row.tags)
    if isinstance(row, MultiLabelled):
        return ", ".join(row.labels) or "none"
    return f"{row.score:g}" if isinstance(row, Scored | ScoredPair) else ""
