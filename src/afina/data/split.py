"""Train, validation and test rows: a row's own hash decides its side, so that new rows move no old ones, and like rows share a side.

Every group of rows has a place between 0 and 1 (groups.py). The test is the groups below the test's share, validation those above one
minus its own: which side a row is on depends on the row alone, and a changing share never trades rows between test and validation. The
price: a side of q rows has about q of them, give or take sqrt(q). Two things bend the borders, and only they let an old row move when rows
are appended:

- a side of fewer than EXACT rows in the whole file gets its exact number, by rank;
- in larger files a class has at least one row on a side that it has a claim to, and no side is further than four standard deviations off.

The `auto` shares fall where the sides stop growing (test: 200 rows from 1,000 to 2,000, and 2,000 from 20,000 on; validation: 1,000 from
10,000 on): there appended rows send old ones back to train, as many as the share has shrunk, and none the other way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from afina.data.beside import NOTHING, Beside, sides_of, times_of
from afina.data.dedup import duplicates
from afina.data.groups import Groups, together
from afina.data.sources.base import listed, percent
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice, Row, Split

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MAX_TEST = 2000
MAX_VALIDATION = 1000
SMALL_CLASS = 3
"""A class with fewer rows cannot be in all of train, validation and test."""
EXACT = 50
"""A side of fewer rows is drawn to the exact number: chance would make it a seventh too large or too small."""
NAMES: tuple[Split, ...] = ("train", "validation", "test")
TRAIN, VALIDATION, TEST = range(3)


@dataclass(frozen=True)
class Splits:
    """The rows of each split, in file order."""

    rows: dict[Split, list[Row]]
    notices: list[Notice]


def shares(n: int, spec: DataSpec) -> tuple[float, float]:
    """Return the (validation, test) shares. auto: test max(10 %, min(200 rows, 20 %)) up to 2,000; validation 10 % up to 1,000."""
    test = min(MAX_TEST / n, max(0.1, min(200 / n, 0.2))) if spec.test == "auto" else spec.test
    validation = min(MAX_VALIDATION / n, 0.1) if spec.validation == "auto" else spec.validation
    return validation, test


def sizes(n: int, spec: DataSpec) -> tuple[int, int]:
    """Return the (validation, test) row counts that are aimed at."""
    validation, test = shares(n, spec)
    return _count(n, validation, spec.validation == "auto"), _count(n, test, spec.test == "auto")


def _count(n: int, share: float, auto: bool) -> int:
    whole = int(n * share + 1e-9) if auto else round(n * share)
    return max(1, whole) if share > 0 else 0


def split(rows: Sequence[Row], spec: DataSpec, seed: int, beside: Beside = NOTHING) -> Splits:
    """Divide the rows.

    beside: the columns that decide (data.group, data.time, data.split), by row number. Raises DataError D015 when a split would be empty,
    D041 for a time that is none, D042 for a value of data.split that names no side.
    """
    notices = _duplicate_notices(rows)
    if beside.split is not None:
        sides, said = _by_column(rows, spec, seed, beside)
    else:
        sides, said = _drawn(rows, spec, seed, beside)
    divided: dict[Split, list[Row]] = {name: [] for name in NAMES}
    for row, side in zip(rows, sides.tolist(), strict=True):
        divided[NAMES[side]].append(row)
    return Splits(divided, [*notices, *said, _size_notice(divided, spec, beside)])


def _drawn(rows: Sequence[Row], spec: DataSpec, seed: int, beside: Beside) -> tuple[Array, list[Notice]]:
    """Return each row's side, by time or by hash."""
    groups, notices = together(rows, spec, seed, beside.group)
    n_validation, n_test = sizes(len(rows), spec)
    if len(groups.place) < 1 + bool(n_validation) + bool(n_test) or n_validation + n_test >= len(rows):
        raise _too_few(len(rows), len(groups.place))
    if beside.time is not None:
        times, said = times_of(rows, beside.time, spec.time)
        notices += said
        side = _by_time(groups, times, n_validation, n_test)
    else:
        side = _by_hash(rows, groups, spec, notices)
    sides = side[groups.of]
    for wanted, name in ((True, TRAIN), (n_validation, VALIDATION), (n_test, TEST)):
        if wanted and not (sides == name).any():
            raise _too_few(len(rows), len(groups.place))
    if beside.group is not None:
        notices += _crossings(rows, sides, spec, seed, "data.group")
    return sides, notices


def _too_few(n_rows: int, n_groups: int) -> DataError:
    different = f", {n_groups} different" if n_groups < n_rows else ""
    return DataError(
        "D015",
        f"too few rows: {n_rows}{different}; train, validation and test need at least one each",
        where="data",
        fix="give more rows, or data.test=0 data.validation=0 to train without measuring",
    )


# --- by hash ---


def _by_hash(rows: Sequence[Row], groups: Groups, spec: DataSpec, notices: list[Notice]) -> Array:
    """Return each group's side: stratified where there are labels, else as one."""
    import numpy as np

    n_validation, n_test = sizes(len(rows), spec)
    strata = _strata(rows, groups, spec, notices)
    side = _take(groups, strata, len(rows), spec)
    if (n_test and not (side == TEST).any()) or (n_validation and not (side == VALIDATION).any()):
        if len(strata) != 1 or len(strata[0]) != len(groups.place):
            notices.append(
                Notice("the split does not keep label shares: too few rows for each class", key="data.stratify", level="warning")
            )
        side = _take(groups, [np.arange(len(groups.place))], len(rows), spec)
        _fill(side, groups, n_validation, n_test)
    return side


def _fill(side: Array, groups: Groups, n_validation: int, n_test: int) -> None:
    """Where no group fits a side's size, the smallest goes there: a side too large measures, an empty one does not."""
    import numpy as np

    for name, wanted in ((TEST, n_test), (VALIDATION, n_validation)):
        left = np.flatnonzero(side == TRAIN)
        if wanted and not (side == name).any() and len(left) > 1:
            side[left[np.lexsort((groups.place[left], groups.sizes[left]))[0]]] = name


def _strata(rows: Sequence[Row], groups: Groups, spec: DataSpec, notices: list[Notice]) -> list[Array]:
    """Return the groups that may leave train, by label: a group's label is its commonest. Classes of one or two rows stay (D011)."""
    import numpy as np

    everything = [np.arange(len(groups.place))]
    labels = [getattr(row, "label", None) for row in rows] if spec.stratify else []
    if not labels or not all(isinstance(label, str) for label in labels):
        return everything
    names = sorted(set(labels))  # type: ignore[arg-type]
    codes = {name: code for code, name in enumerate(names)}
    pairs, counts = np.unique(groups.of * len(names) + np.array([codes[label] for label in labels]), return_counts=True)  # type: ignore[index]
    group, code = np.divmod(pairs, len(names))
    best = np.lexsort((code, -counts, group))
    stratum = code[best][np.unique(group[best], return_index=True)[1]]
    rows_of = np.bincount(stratum, weights=groups.sizes, minlength=len(names)).astype(int)
    small = {names[index]: int(n) for index, n in enumerate(rows_of) if 0 < n < SMALL_CLASS}
    if small:
        notices.append(_small_class_notice(small))
    order = np.argsort(stratum, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(stratum, minlength=len(names)))[:-1])
    return [part for part, n in zip(parts, rows_of.tolist(), strict=True) if n >= SMALL_CLASS]


def _small_class_notice(small: dict[str, int]) -> Notice:
    label, n = next(iter(sorted(small.items())))
    more = "" if len(small) == 1 else f" (and {len(small) - 1:,} more such classes)"
    what = f'D011 class "{label}" has {n} row{"s" if n > 1 else ""}{more}; cannot be in train and test, so it stays in train'
    return Notice(what, "it will not be measured: merge it or drop it", "data.stratify=false", "warning")


def _take(groups: Groups, strata: list[Array], n_rows: int, spec: DataSpec) -> Array:
    """Return each group's side: of each stratum the lowest places are the test, the highest are validation."""
    import numpy as np

    side = np.full(len(groups.place), TRAIN, dtype=np.int8)
    validation, test = shares(n_rows, spec)
    n_validation, n_test = sizes(n_rows, spec)
    for name, share, wanted, distance in ((TEST, test, n_test, groups.place), (VALIDATION, validation, n_validation, 1 - groups.place)):
        if not wanted:
            continue
        left = [stratum[side[stratum] == TRAIN] for stratum in strata]
        available = [int(groups.sizes[members].sum()) for members in left]
        quotas = _quotas(available, wanted)
        for members, stratum, quota in zip(left, strata, quotas, strict=True):
            low = high = quota
            if wanted >= EXACT:
                low, high = _band(groups.sizes[stratum], share)
            chosen = _nearest(members[np.argsort(distance[members])], distance, groups.sizes, share, low, high)
            side[chosen] = name
    return side


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


def _band(sizes: Array, share: float) -> tuple[int, int]:
    """Return how few and how many rows of a stratum a side may have: four standard deviations about its share, at most twice as many."""
    rows = int(sizes.sum())
    quota = share * rows
    fits = sizes[sizes <= max(1.0, quota)]
    deviation = 4 * math.sqrt(share * (1 - share) * float((fits.astype(float) ** 2).sum()))
    return max(math.floor(quota - deviation), int(quota >= 1)), math.ceil(quota + min(deviation, max(1.0, quota)))


def _nearest(order: Array, distance: Array, sizes: Array, share: float, low: int, high: int) -> list[int]:
    """Return the groups closer than `share`, at least `low` rows and at most `high`; one row of the stratum always stays in train.

    A group that does not fit stays in train: repeated rows are worth nothing as a measurement.
    """
    taken: list[int] = []
    total, available = 0, int(sizes[order].sum())
    largest = max(1.0, share * available) if low < high else high
    for group in order.tolist():
        if total >= low and (distance[group] >= share or total >= high):
            break
        size = int(sizes[group])
        if size <= largest and total + size <= high and available - total - size >= 1:
            taken.append(group)
            total += size
    return taken


# --- by time, by column ---


def _by_time(groups: Groups, times: Array, n_validation: int, n_test: int) -> Array:
    """Return each group's side: the newest are the test, those before them validation. A group is as new as its newest row."""
    import numpy as np

    newest = np.full(len(groups.place), -np.inf)
    np.maximum.at(newest, groups.of, times)
    order = np.lexsort((groups.place, newest))[::-1]
    reached = np.cumsum(groups.sizes[order]) - groups.sizes[order]
    side = np.full(len(order), TRAIN, dtype=np.int8)
    side[order[reached < n_test + n_validation]] = VALIDATION
    side[order[reached < n_test]] = TEST
    return side


def _by_column(rows: Sequence[Row], spec: DataSpec, seed: int, beside: Beside) -> tuple[Array, list[Notice]]:
    """Return each row's side as data.split says; a side that it leaves out is drawn from the training rows."""
    import numpy as np

    assert beside.split is not None
    sides = np.array([NAMES.index(name) for name in sides_of(rows, beside.split, spec.split)], dtype=np.int8)
    notices = _crossings(rows, sides, spec, seed, "data.split")
    train = np.flatnonzero(sides == TRAIN)
    present = {name for index, name in enumerate(NAMES) if (sides == index).any()}
    rest = spec.model_copy(update={name: 0.0 for name in present - {"train"}})
    missing = [name for name, n in zip(("validation", "test"), sizes(max(1, len(train)), rest), strict=True) if n]
    if not len(train):
        raise DataError("D015", f'no row of "{spec.split}" says train', where="data.split", fix="data.split= (empty), to draw the sides")
    if missing:
        sides[train], said = _drawn([rows[index] for index in train.tolist()], rest, seed, beside)
        notices += said
        what = f'no row of "{spec.split}" says {" or ".join(missing)}: drawn from its training rows'
        notices.append(Notice(what, key=" ".join(f"data.{name}=0" for name in missing)))
    return sides, notices


def _crossings(rows: Sequence[Row], sides: Array, spec: DataSpec, seed: int, key: str) -> list[Notice]:
    """Say which measured rows ask what a training row asks: a column that a person named is obeyed."""
    import numpy as np

    groups, _ = together(rows, spec, seed)
    trained = np.zeros(len(groups.place), dtype=bool)
    trained[groups.of[sides == TRAIN]] = True
    crossing = np.flatnonzero((sides != TRAIN) & trained[groups.of])
    if not len(crossing):
        return []
    share = percent(len(crossing), int((sides != TRAIN).sum()))
    numbers = listed([rows[index].number for index in crossing.tolist()])
    what = f"D012 {len(crossing):,} test and validation rows ({share}) ask what a training row asks (rows {numbers}); kept as {key} says"
    return [Notice(what, "scores will be too high", "data.drop_duplicates", "warning")]


# --- what is said ---


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


def _size_notice(divided: dict[Split, list[Row]], spec: DataSpec, beside: Beside) -> Notice:
    shown = ", ".join(f"{name} {len(rows):,}" for name, rows in divided.items())
    if beside.split is not None:
        return Notice(f"rows: {shown}", f'as "{spec.split}" says', "data.split")
    if beside.time is not None:
        return Notice(f"rows: {shown}", f'by "{spec.time}", the newest are the test', "data.time")
    n = sum(map(len, divided.values()))
    drawn = [(name, size) for name, size in zip(("validation", "test"), sizes(n, spec), strict=True) if size >= EXACT]
    why = ["chosen from the number of rows"] if "auto" in (spec.test, spec.validation) else []
    if drawn:
        aimed = ", ".join(f"{name} {size:,} ± {round(math.sqrt(size * (1 - size / n))):,}" for name, size in drawn)
        why.append(f"aimed at {aimed}: each row's own hash decides, so that new rows move no old ones")
    return Notice(f"rows: {shown}", "; ".join(why), "data.validation, data.test")
