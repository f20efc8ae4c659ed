import subprocess
import sys

import pytest

from afina.errors import AfinaError, UsageError
from afina.recipe import Recipe, every_leaf, load, lock_text, read_lock, unsettled
from afina.recipe.lock import FOUND_IN_FILE
from afina.types import Notice

SETTLED = [
    *(
        "model.precision=fp32",
        "data=d.csv",
        "encoding=utf-8",
        "separator=,",
        "header=true",
        "template=plain",
        "max_length=64",
        "validation=0.1",
    ),
    *(
        "data.test=0.2",
        "method=lora",
        "objective=sft",
        "lr=1e-5",
        "epochs=3",
        "batch_size=8",
        "micro_batch_size={tokens: 64}",
        "device=cpu",
    ),
    *("every_steps=5", "metric=loss", "max_new_tokens=9", "save_every_steps=5", "output.name=auto"),
]
HASHES = {"data_sha256": "a" * 64, "model_fingerprint": "b" * 64, "template_sha256": "c" * 64}


def test_lock_reads_back(tmp_path) -> None:
    loaded = load(None, SETTLED)
    notices = [Notice('learning_rate=1e-05: "why"', "the method's", "train.learning_rate"), Notice("x", level="warning")]
    text = lock_text(loaded.recipe, **HASHES, notices=notices, versions={"torch": "2.13"}, threads=2)
    path = tmp_path / "recipe.lock"
    path.write_text(text, encoding="utf-8")
    lock = read_lock(path)
    assert load(None, values=lock["recipe"]).recipe == loaded.recipe
    assert lock["sha256"] == {"data": "a" * 64, "model": "b" * 64, "template": "c" * 64}
    assert lock["versions"] == {"torch": "2.13"}
    assert lock["platform"]["threads"] == 2
    assert lock["reasons"][0] == {
        "what": 'learning_rate=1e-05: "why"',
        "why": "the method's",
        "key": "train.learning_rate",
        "level": "info",
    }
    assert lock["reasons"][1]["level"] == "warning"
    assert lock["recipe"]["seed"] == 0
    assert text == lock_text(loaded.recipe, **HASHES, notices=notices, versions={"torch": "2.13"}, threads=2)


def test_versions_come_without_imports() -> None:
    code = (
        "import sys; from afina.recipe import installed_versions as v; print(v()['torch'] > '2', v()['python'][:2], 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True 3. False\n"


def test_lock_needs_a_settled_recipe() -> None:
    assert unsettled(load(None, SETTLED).recipe) == []
    with pytest.raises(AfinaError, match=r"R013 recipe.lock: train.batch_size still auto") as caught:
        lock_text(load(None, [*SETTLED, "batch_size=auto"]).recipe, **HASHES, notices=[])
    assert caught.value.exit_code == 70
    left = set(unsettled(Recipe()))
    assert {"method.name", "objective.name", "data.max_length", "train.micro_batch_size", "eval.metric"} <= left
    assert not left & ({"output.name", "seed", "model.path"} | FOUND_IN_FILE)
    assert {leaf.dotted for leaf in every_leaf()} >= FOUND_IN_FILE


def test_other_files_are_refused(tmp_path) -> None:
    path = tmp_path / "recipe.lock"
    path.write_text("seed: 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"R009 .*recipe.lock: it is not a lock file; this version reads format 1"):
        read_lock(path)
    path.write_text("format: 2\nrecipe: {seed: 1}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"R009 .*: its format is 2"):
        read_lock(path)
    path.write_text("format: [\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"R006 .*recipe.lock:2:1"):
        read_lock(path)
