"""Train, validation and test rows: by hash, so that new rows do not shuffle old ones, and never the same content on two sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from afina.data.dedup import content, digest, duplicates, question
from afina.data.sources.base import listed, percent
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Labelled, Notice, Row, Split

MAX_TEST = 2000
MAX_VALIDATION = 1000
SMALL_CLASS = 3
"""A class with fewer rows cannot be in all of train, validation and test."""


@dataclass(frozen=True)
class Splits:
    """The rows of each split, in file order."""

    rows: dict[Split, list[Row]]
    notices: list[Notice]


Group = list[Row]


def sizes(n: int, spec: DataSpec) -> tuple[int, int]:
    """Return (validation, test) row counts. auto: test max(10 %, min(200 rows, 20 %)) up to 2,000; validation 10 % up to 1,000."""
    if spec.test == "auto":
        test = max(1, min(MAX_TEST, max(n // 10, min(200, n // 5))))
    else:
        test = _share(n, spec.test)
    if spec.validation == "auto":
        validation = max(1, min(MAX_VALIDATION, n // 10))
    else:
        validation = _share(n, spec.validation)
    return validation, test


def _share(n: int, share: float) -> int:
    return max(1, round(n * share)) if share > 0 else 0


def split(rows: Sequence[Row], spec: DataSpec, seed: int) -> Splits:
    """Divide the rows.

    Rows that ask the same are one group and stay on one side. Raises DataError D015 when a split would be empty.
    """
    n_validation, n_test = sizes(len(rows), spec)
    notices = _duplicate_notices(rows)
    groups = _groups(rows, seed)
    _check_size(rows, groups, n_validation, n_test)
    strata = _strata(groups, spec, notices)
    test = _take(strata, n_test, len(rows))
    validation = _take(strata, n_validation, len(rows))
    if (n_test and not test) or (n_validation and not validation):
        notices.append(Notice("the split does not keep label shares: too few rows for each class", key="data.stratify", level="warning"))
        strata = [list(groups)]
        test, validation = _take(strata, n_test, len(rows)), _take(strata, n_validation, len(rows))
    side: dict[int, Split] = {id(row): "test" for row in test}
    side.update({id(row): "validation" for row in validation})
    divided: dict[Split, list[Row]] = {"train": [], "validation": [], "test": []}
    for row in rows:
        divided[side.get(id(row), "train")].append(row)
    if not divided["train"] or (n_test and not divided["test"]) or (n_validation and not divided["validation"]):
        raise _too_few(len(rows), len(groups))
    notices.append(_size_notice(divided, spec))
    return Splits(divided, notices)


def _check_size(rows: Sequence[Row], groups: list[Group], n_validation: int, n_test: int) -> None:
    if len(groups) < 1 + bool(n_validation) + bool(n_test) or n_validation + n_test >= len(rows):
        raise _too_few(len(rows), len(groups))


def _too_few(n_rows: int, n_groups: int) -> DataError:
    different = f", {n_groups} different" if n_groups < n_rows else ""
    return DataError(
        "D015",
        f"too few rows: {n_rows}{different}; train, validation and test need at least one each",
        where="data",
        fix="give more rows, or data.test=0 data.validation=0 to train without measuring",
    )


def _groups(rows: Sequence[Row], seed: int) -> list[Group]:
    """Rows of equal question are one group; groups come in the order of their hash.

    When one question makes up over 5 % of the rows (a fixed instruction), only rows that are equal as a whole are grouped.
    """
    asked = [question(row) for row in rows]
    most = Counter(asked).most_common(1)
    fixed = bool(most) and most[0][1] > max(2, len(rows) // 20)
    keys = [content(row) for row in rows] if fixed else asked
    grouped: dict[str, Group] = {}
    for row, key in zip(rows, keys, strict=True):
        grouped.setdefault(key, []).append(row)
    return [grouped[key] for key in sorted(grouped, key=lambda key: digest(key, str(seed)))]


def _strata(groups: list[Group], spec: DataSpec, notices: list[Notice]) -> list[list[Group]]:
    """Return the groups that may leave train, by label. Classes of one or two rows stay in train (D011)."""
    if not spec.stratify or not isinstance(groups[0][0], Labelled):
        return [list(groups)]
    by_label: dict[str, list[Group]] = {}
    for group in groups:
        first = group[0]
        assert isinstance(first, Labelled)
        by_label.setdefault(first.label, []).append(group)
    small = {label: sum(map(len, members)) for label, members in by_label.items() if sum(map(len, members)) < SMALL_CLASS}
    if small:
        notices.append(_small_class_notice(small))
    return [by_label[label] for label in sorted(by_label) if label not in small]


def _small_class_notice(small: dict[str, int]) -> Notice:
    label, n = next(iter(sorted(small.items())))
    more = "" if len(small) == 1 else f" (and {len(small) - 1:,} more such classes)"
    what = f'D011 class "{label}" has {n} row{"s" if n > 1 else ""}{more}; cannot be in train and test, so it stays in train'
    return Notice(what, "it will not be measured: merge it or drop it", "data.stratify=false", "warning")


def _take(strata: list[list[Group]], wanted: int, n_rows: int) -> list[Row]:
    """Take about `wanted` rows in hash order, each stratum its share, and remove the groups taken."""
    if wanted <= 0 or not strata:
        return []
    available = [sum(map(len, groups)) for groups in strata]
    quotas = _quotas(available, wanted)
    taken: list[Row] = []
    for index, (groups, quota) in enumerate(zip(strata, quotas, strict=True)):
        left: list[Group] = []
        mine: list[Row] = []
        for group in groups:
            # a group that does not fit stays in train: repeated rows are worth nothing as a measurement
            if len(mine) + len(group) <= quota and available[index] - len(mine) - len(group) >= 1:
                mine += group
            else:
                left.append(group)
        strata[index] = left
        taken += mine
    return taken


def _quotas(available: list[int], wanted: int) -> list[int]:
    """Divide `wanted` in proportion (largest remainders first; ties by position)."""
    total = sum(available)
    exact = [wanted * n / total if total else 0.0 for n in available]
    quotas = [min(int(share), n) for share, n in zip(exact, available, strict=True)]
    order = sorted(range(len(available)), key=lambda index: (quotas[index] - exact[index], index))
    for index in order:
        if sum(quotas) >= wanted:
            break
        if quotas[index] < available[index] - 1:
            quotas[index] += 1
    return quotas


def _duplicate_notices(rows: Sequence[Row]) -> list[Notice]:
    notices: list[Notice] = []
    found = duplicates(rows)
    if found.groups:
        examples = listed(sorted(number for group in found.groups for number in group[1:]))
        share = percent(found.n_repeats, len(rows))
        what = f"D012 {found.n_repeats:,} rows ({share}) repeat another row (rows {examples}); copies stay on one side of the split"
        notices.append(Notice(what, "scores would have been too high"))
    if found.conflicts:
        n = sum(map(len, found.conflicts))
        what = (
            f"{n:,} rows are the same text with different labels ({len(found.conflicts):,} texts; rows {listed(found.conflicts[0])}); kept"
        )
        notices.append(Notice(what, "no model can get all of them right", level="warning"))
    return notices


def _size_notice(divided: dict[Split, list[Row]], spec: DataSpec) -> Notice:
    shown = ", ".join(f"{name} {len(rows):,}" for name, rows in divided.items())
    why: Literal["", "chosen from the number of rows"] = "chosen from the number of rows" if "auto" in (spec.test, spec.validation) else ""
    return Notice(f"rows: {shown}", why, "data.validation, data.test")
