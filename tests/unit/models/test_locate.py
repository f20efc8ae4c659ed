"""Where models lie on this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from afina.models.locate import NANO, locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from tests.tiny import write_tiny_model


def test_a_folder_is_found_by_path(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = locate(ModelSpec(path=str(tiny_model)))
    assert (found.folder, found.kind, found.name, found.base, found.revision) == (tiny_model.resolve(), "folder", str(tiny_model), None, "")
    assert found.body == found.folder
    assert not found.is_adapter
    monkeypatch.chdir(tiny_model.parent)
    assert locate(ModelSpec(path=tiny_model.name)) == type(found)(**{**found.__dict__, "name": tiny_model.name})


def test_a_folder_wins_over_a_hub_id(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(tiny_model, tmp_path / "owner" / "name")
    monkeypatch.chdir(tmp_path)
    assert locate(ModelSpec(path="owner/name")).kind == "folder"


def test_nano_is_the_embedded_model(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afina.models.locate.NANO", tiny_model)
    (tmp_path / "nano").mkdir()
    monkeypatch.chdir(tmp_path)
    found = locate(ModelSpec(path="nano"))
    assert (found.folder, found.kind, found.name) == (tiny_model, "nano", "nano")
    assert NANO.parts[-2:] == ("afina", "nano")


def test_the_fingerprint_is_that_of_the_bytes(tiny_model: Path, tmp_path: Path) -> None:
    same = tmp_path / "same"
    shutil.copytree(tiny_model, same)
    first = locate(ModelSpec(path=str(tiny_model))).fingerprint
    assert len(first) == 64
    assert locate(ModelSpec(path=str(same))).fingerprint == first
    (same / "README.md").write_text("words")
    assert locate(ModelSpec(path=str(same))).fingerprint == first
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        before = (same / name).read_bytes()
        (same / name).write_bytes(before.replace(b"{", b"{ ", 1))
        assert locate(ModelSpec(path=str(same))).fingerprint != first, name
        (same / name).write_bytes(before)


def test_large_weights_count_by_name_and_size(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afina.models.locate.HASHED_BYTES_MAX", 1000)
    first = locate(ModelSpec(path=str(tiny_model))).fingerprint
    shutil.copytree(tiny_model, tmp_path / "same")
    weights = tmp_path / "same" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[::-1])
    assert locate(ModelSpec(path=str(tmp_path / "same"))).fingerprint == first
    weights.write_bytes(weights.read_bytes() + b" ")
    assert locate(ModelSpec(path=str(tmp_path / "same"))).fingerprint != first


def test_a_run_is_its_trained_result(tiny_model: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    shutil.copytree(tiny_model, run.path / "model")
    run.update(state="finished")
    found = locate(ModelSpec(path=str(run.path)))
    assert (found.folder, found.kind, found.base) == ((run.path / "model").resolve(), "run", None)


def test_an_adapter_stands_on_its_base(tiny_model: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    adapter = run.path / "adapter"
    adapter.mkdir(parents=True)
    run.update(state="finished")
    (adapter / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(tiny_model)}))
    (adapter / "adapter_model.safetensors").write_bytes(b"weights")
    found = locate(ModelSpec(path=str(run.path)))
    assert (found.folder, found.kind, found.is_adapter) == (adapter.resolve(), "run", True)
    assert found.base is not None
    assert found.body == found.base.folder == tiny_model.resolve()
    assert locate(ModelSpec(path=str(adapter))).fingerprint == found.fingerprint
    other = write_tiny_model(tmp_path / "other", seed=1)
    (adapter / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(other)}))
    assert locate(ModelSpec(path=str(run.path))).fingerprint != found.fingerprint


def test_sharded_weights_are_whole_weights(tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    folder = write_tiny_model(tmp_path / "model")
    AutoModelForCausalLM.from_pretrained(folder).save_pretrained(tmp_path / "sharded", max_shard_size="50KB")
    (tmp_path / "sharded" / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    assert len(list((tmp_path / "sharded").glob("*.safetensors"))) > 1
    assert locate(ModelSpec(path=str(tmp_path / "sharded"))).kind == "folder"


def test_looking_imports_neither_torch_nor_a_hub_client(tiny_model: Path) -> None:
    code = (
        "import sys; from afina.models.locate import locate; from afina.recipe.schema import ModelSpec\n"
        "from afina.models.facts import facts_from_config, read_config; from afina.plan.machine import look\n"
        f"facts_from_config(read_config(locate(ModelSpec(path={str(tiny_model)!r})).body)); look('runs', 'cpu')\n"
        "print([m for m in ('torch', 'transformers', 'peft', 'huggingface_hub', 'safetensors') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
