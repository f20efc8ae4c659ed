"""A run is held by one process, whatever starts beside it, and its files are whole or the old ones."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pytest

from afina import run as runs
from afina.errors import DiskError
from afina.run import Run, create


def hold(path: Path, gate: Any, said: Any) -> None:
    gate.wait()
    try:
        with Run(path).locked():
            said.put("held")
            time.sleep(0.3)
    except DiskError as error:
        said.put(error.code)


@pytest.mark.parametrize("attempt", range(4))
def test_of_several_that_start_at_once_one_holds_the_run(tmp_path: Path, attempt: int) -> None:
    run = create(tmp_path, "x", "key")
    context = multiprocessing.get_context("fork")
    gate, said = context.Event(), context.Queue()
    processes = [context.Process(target=hold, args=(run.path, gate, said)) for _ in range(6)]
    for process in processes:
        process.start()
    time.sleep(0.1)
    gate.set()
    found = sorted(said.get(timeout=20) for _ in processes)
    for process in processes:
        process.join()
    assert found == ["I002"] * 5 + ["held"]
    assert not (run.path / ".lock").exists()


def test_a_file_is_the_old_one_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "recipe.yaml"
    runs.write_text(path, "old")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        runs.write_text(path, "new")
    assert path.read_text() == "old"


def test_the_sum_of_the_weights_is_that_of_their_files_in_order(tmp_path: Path) -> None:
    import hashlib

    folder = tmp_path / "model"
    folder.mkdir()
    parts = {"b.safetensors": os.urandom(3_000_000), "a.safetensors": b"first"}
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    assert Run(tmp_path).sha256() == hashlib.sha256(parts["a.safetensors"] + parts["b.safetensors"]).hexdigest()
