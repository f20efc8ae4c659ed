"""Calls the command line in this process, as a person would type it: words in, exit code and both outputs back."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

QUICK = (
    *("train.max_steps=2", "eval.max_generated=2", "eval.max_new_tokens=6", "eval.bootstrap=100", "eval.n_samples=1", "data.max_rows=150"),
    *("train.num_epochs=1", "eval.shots=2"),
)
"""Makes any documented training short; the keys that a page is about stay as they are."""
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def both(self) -> str:
        return self.out + self.err


class Typed(io.StringIO):
    """Standard input of a person at a terminal."""

    def isatty(self) -> bool:
        return True


def call(*words: str | Path, cwd: Path, stdin: str | io.StringIO = "", env: Mapping[str, str] | None = None) -> Result:
    """Run `afina WORDS` in a folder. The environment, the folder, the streams and the warning filters are put back."""
    from afina.cli import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code = 0
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "AFINA_DEBUG")}
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, {**plain, **(env or {})}, clear=True),
        mock.patch.object(sys, "argv", ["afina", *map(str, words)]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin) if isinstance(stdin, str) else stdin),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main.run()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return Result(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


@contextlib.contextmanager
def quickly() -> Iterator[None]:
    """Every training in the block, from the command line or from Python, takes two steps."""
    from afina import api

    original = api.load_recipe

    def load(path, overrides=(), values=None):
        return original(path, [*overrides, *QUICK], values)

    with mock.patch.object(api, "load_recipe", load):
        yield


def assert_clear(result: Result, code: int, *parts: str) -> None:
    """One clear message: the exit code, the parts, at most eight lines, no traceback and no bug of ours."""
    text = result.err
    assert result.code == code, result.both
    assert "Traceback" not in result.both and "X001" not in result.both, result.both
    assert len(text.strip().splitlines()) <= 8, text
    assert not result.out.strip(), result.out
    for part in parts:
        assert part in text, text
