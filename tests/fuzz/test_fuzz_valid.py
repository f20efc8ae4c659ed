"""Files that are right, however they are written, are read, and every string in them is what was written, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afina.data.sources import read_table
from afina.errors import AfinaError
from afina.recipe.schema import DataSpec
from tests.fuzz.written import File, delimited, json_file

KINDS = {"delimited": delimited, "json": json_file}
SIZES = [300, pytest.param(10_000, marks=pytest.mark.full)]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_valid_files_are_read_and_no_string_is_changed(kind: str, n: int, tmp_path: Path) -> None:
    """At least 99 % are accepted. A refusal must be one in so many words; a changed string is never right."""
    refused: list[str] = []
    made = 0
    files: Callable[[], st.SearchStrategy[File]] = KINDS[kind]

    @settings(max_examples=n, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(file=files())
    def check(file: File) -> None:
        nonlocal made
        made += 1
        path = tmp_path / file.name
        path.write_bytes(file.raw)
        try:
            table = read_table(DataSpec(path=str(path), **file.spec))
        except AfinaError as error:
            refused.append(f"{error.text()} {file.raw!r}")
            return
        assert [record.values for record in table.records] == file.rows, (file.raw, [notice.what for notice in table.notices])

    check()
    print(f"{kind}: {made - len(refused):,} of {made:,} accepted")
    assert made >= n / 2
    assert len(refused) <= 0.01 * made, refused[:5]
