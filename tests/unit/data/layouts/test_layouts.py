"""Every file is read right or asked about; none is read wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from afina.data.columns import recognise
from afina.data.sources import read_table
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from tests.unit.data.layouts.corpus import BESIDE, MAIN
from tests.unit.data.layouts.fixtures import FIXTURES
from tests.unit.data.layouts.layout import ASK, Answer, Fixture, Roles
from tests.unit.data.layouts.more import MORE

RIGHT, ASKED, WRONG = "right", "asked", "wrong"
QUESTIONS = ("D013", "D014")


def answer_of(path: Path) -> tuple[Answer, str]:
    """Return what the detector says about the file, and its words when it asks."""
    table = read_table(DataSpec(path=str(path)))
    try:
        found = recognise(table)
    except DataError as error:
        if error.code not in QUESTIONS:
            raise
        return ASK, str(error)
    roles = {role: columns for role, columns in found.roles.items() if columns}
    return (str(found.shape), roles), ""


def in_order(roles: Roles) -> Roles:
    """Where the earlier turns are named among the columns of a prompt is all the same."""
    return {role: tuple(sorted(columns, key=lambda column: column == "history")) for role, columns in roles.items()}


def same(expected: Answer, found: Answer) -> bool:
    if isinstance(expected, str) or isinstance(found, str):
        return expected == found
    return expected[0] == found[0] and in_order(expected[1]) == in_order(found[1])


def verdict(expected: tuple[Answer, ...], found: Answer) -> str:
    if any(same(answer, found) for answer in expected):
        return RIGHT
    return ASKED if found == ASK else WRONG


def judge(files: list[tuple[Path, tuple[Answer, ...]]]) -> tuple[Counter[str], str]:
    """Return how many files are right, asked about and wrong, and one line for every one that is not right."""
    counts: Counter[str] = Counter({RIGHT: 0, ASKED: 0, WRONG: 0, "unasked": 0})
    misses = []
    for path, expected in files:
        try:
            found, question = answer_of(path)
        except Exception as error:
            found, question = "no answer", f"{type(error).__name__}: {error}"
        result = verdict(expected, found)
        counts[result] += 1
        counts["unasked"] += result == RIGHT and found != ASK
        if result != RIGHT:
            misses.append(f"{result}: {path.name}: expected {expected[0]}, found {found} {question}")
    lines = "\n".join([f"{dict(counts)}", *misses])
    print(lines)
    return counts, lines


@pytest.mark.parametrize(
    ("fixtures", "n", "n_near_misses", "n_right", "n_unasked"),
    [pytest.param(FIXTURES, 40, 8, 34, 26, id="forty"), pytest.param(MORE, 24, 8, 24, 21, id="twenty-four more")],
)
def test_small_files(tmp_path: Path, fixtures: tuple[Fixture, ...], n: int, n_near_misses: int, n_right: int, n_unasked: int) -> None:
    assert len({fixture.name for fixture in fixtures}) == n and sum(fixture.near_miss for fixture in fixtures) >= n_near_misses
    counts, lines = judge([(fixture.write(tmp_path), fixture.answers) for fixture in fixtures])
    assert counts[WRONG] == 0, lines
    assert counts[RIGHT] >= n_right and counts["unasked"] >= n_unasked, lines


@pytest.mark.corpus
def test_thirty_one_real_data_sets(corpus: Path) -> None:
    assert len(MAIN) == 31
    counts, lines = judge([(corpus / "data" / name, answers) for name, answers in MAIN.items()])
    assert counts[WRONG] == 0, lines
    assert counts[RIGHT] >= 27, lines


@pytest.mark.corpus
def test_the_files_beside_them(corpus: Path) -> None:
    counts, lines = judge([(corpus / "data" / name, answers) for name, answers in BESIDE.items()])
    assert counts[WRONG] == 0, lines
    assert counts[RIGHT] >= len(BESIDE) - 2, lines


def test_every_shape_and_container_is_there() -> None:
    shapes = {answer[0] for fixture in FIXTURES for answer in fixture.answers if not isinstance(answer, str)}
    assert len(shapes) == 13
    containers = Counter(Path(fixture.name).suffix for fixture in FIXTURES)
    assert set(containers) == {".csv", ".tsv", ".jsonl", ".json", ".parquet"}
    assert min(containers.values()) >= 5
    assert all(12 <= len(fixture.rows) <= 40 for fixture in FIXTURES)
    added = {fixture.suffix for fixture in MORE}
    assert added == {".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xlsx", ""}
    assert sum(ASK in fixture.answers for fixture in MORE) == 2
