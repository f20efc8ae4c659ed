"""What happened to the data, as one value that pages, cards and `afina check` show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from afina.data.examples import Examples
from afina.data.lengths import LengthStats
from afina.data.sources.base import Dropped
from afina.data.tokenize import Tokenizer
from afina.types import IGNORE_INDEX, Example, Labelled, Notice, Pair, Row, Split

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
    """dropped: reason -> row numbers. balance: split -> label -> rows. shape: of the layout (data.columns)."""

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
    """Return the rows of each label in each split; empty for rows without labels."""
    return {
        name: dict(sorted(Counter(row.label for row in rows if isinstance(row, Labelled | Pair)).items()))
        for name, rows in splits.items()
        if any(isinstance(row, Labelled | Pair) for row in rows)
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
    return Sample(example.number, shown, len(example), labels[example.target] if 0 <= example.target < len(labels) else "")


def samples(examples: Examples, tokenizer: Tokenizer, labels: Sequence[str] = ()) -> tuple[Sample, ...]:
    """Return the first, the middle and the longest example."""
    if not examples:
        return ()
    lengths = examples.lengths
    longest = lengths.index(max(lengths))
    chosen = list(dict.fromkeys([0, len(examples) // 2, longest]))
    return tuple(sample(examples[index], tokenizer, labels) for index in chosen[:N_SAMPLES])
