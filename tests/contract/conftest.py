"""Fixtures of the batteries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.attached import write_folders


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One tiny model of each family."""
    return write_folders(tmp_path_factory.mktemp("models"))
