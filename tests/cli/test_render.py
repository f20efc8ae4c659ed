"""The numbers of the comparison's table, as a terminal shows them."""

from __future__ import annotations

import pytest
from rich.console import Console

from afina.cli import render


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0.000"),
        (0.8421, "0.842"),
        (0.0005, "0.001"),
        (0.00049, "0.00049"),
        (0.000123456, "0.000123"),
        (-3.21e-7, "-3.21e-07"),
        (1234.5, "1,234"),
        (2e7, "2.00e+07"),
    ],
)
def test_a_number_that_is_not_0_is_not_shown_as_0(value: float, shown: str) -> None:
    assert render.number(value) == shown


def test_a_small_error_is_seen_in_the_table() -> None:
    interval = {"mean": 3.21e-4, "low": 3.1e-4, "high": 3.3456e-4}
    console = Console(record=True, width=120, force_terminal=False)
    entry = {"name": "tuned", "n_rows": 40, "metrics": {"rmse": interval}}
    render.comparison(console, {"main_metric": "rmse", "entries": [entry], "verdict": ""})
    assert "0.000321 [0.00031, 0.000335]" in console.export_text()
