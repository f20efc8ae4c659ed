"""What is said when a model cannot be had or used: code, place, reason, remedy, exit code."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from afina.errors import AfinaError, MachineError, UsageError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import FAMILIES, facts_from_config, read_config
from afina.models.load import build, load_trained, save_trained
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import Horizon
from tests.tiny import write_tiny_model
from tests.unit.models.hub_server import COMMIT, HubServer

LM = HeadFacts("lm")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tiny_model(tmp_path / "model")


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Run:
    """A finished LoRA run on `folder`."""
    made = Run(tmp_path / "run")
    made.path.mkdir()
    made.update(state="finished")
    located = locate(ModelSpec(path=str(folder)))
    facts = facts_from_config(read_config(folder))
    model = METHODS["lora"](name="lora", r=2).attach(build(located, facts, LM, "fp32", "cpu"), facts, LM, Horizon(1))
    save_trained(model, made, located, True)
    return made


def refused(path: str | Path, revision: str = "") -> AfinaError:
    with pytest.raises(AfinaError) as caught:
        locate(ModelSpec(path=str(path), revision=revision))
    assert len(caught.value.text().splitlines()) <= 8
    assert caught.value.fix
    return caught.value


def change(file: Path, **values: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


# --- facts ---


def test_an_unsupported_family_names_the_supported_ones() -> None:
    with pytest.raises(MachineError) as caught:
        facts_from_config({"model_type": "mamba"})
    assert caught.value.exit_code == 69
    assert caught.value.text().startswith(
        f'H005 model.path: models of type "mamba" are not supported. Supported: {", ".join(FAMILIES)}\n  Do: '
    )


def test_a_model_that_reads_images_says_so() -> None:
    with pytest.raises(MachineError, match=r"H005 .*\n  Do: this one reads images too; use a text-only gemma3_text model"):
        facts_from_config({"model_type": "gemma3", "text_config": {"model_type": "gemma3_text"}})


def test_a_quantised_model_is_refused(folder: Path) -> None:
    with pytest.raises(MachineError, match=r"H005 .*already quantised\n  Do: use the original model"):
        facts_from_config({**read_config(folder), "quantization_config": {"quant_method": "gptq"}})


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{", "cannot be read"), (b"[]", "not a JSON object"), (b"\xff\xfe", "cannot be read"), (b"[" * 100_000, "cannot be read")],
    ids=["cut", "list", "not text", "deep"],
)
def test_a_broken_config_is_refused(content: bytes, said: str, folder: Path) -> None:
    (folder / "config.json").write_bytes(content)
    error = refused(folder)
    assert (error.code, error.exit_code) == ("H002", 69)
    assert said in error.what


# --- folders ---


def test_a_mistyped_folder_is_told_the_nearest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    error = refused("./modle")
    assert error.text() == (
        'H002 model.path: "./modle" is neither a folder here nor a hub id (owner/name). Did you mean ./model?\n  Do: model.path=./model'
    )
    assert error.exit_code == 69
    assert "Did you mean" in refused(str(folder.parent / "mode1")).what
    assert "Did you mean" not in refused("./something-else").what


def test_a_single_word_is_not_a_hub_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused("gpt2").text() == (
        'H002 model.path: "gpt2" is neither a folder here nor a hub id (owner/name)\n  Do: model.path=nano, a folder, or owner/name'
    )


def test_a_file_is_not_a_model(folder: Path) -> None:
    assert "is a file, not a model folder" in refused(folder / "model.safetensors").what


def test_an_empty_folder_is_not_a_model(tmp_path: Path) -> None:
    assert refused(tmp_path).text().startswith(f"H002 {tmp_path}: not a model folder: it has no config.json\n  Do: ")


def test_a_folder_has_no_revision(folder: Path) -> None:
    error = refused(folder, "main")
    assert (error.code, error.where, error.fix) == ("H003", "model.revision", "model.revision=")


def test_missing_weights_are_missed(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    assert refused(folder).text().startswith(f"H002 {folder}: no weights: the folder has no .safetensors file\n")


def test_a_missing_shard_is_named(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "1 of 2 weight files are missing: model-00002-of-00002.safetensors" in refused(folder).what


def test_program_code_is_never_run(folder: Path) -> None:
    change(folder / "config.json", auto_map={"AutoModelForCausalLM": "modeling_evil.Evil"})
    canary = folder / "canary"
    (folder / "modeling_evil.py").write_text(f"open({str(canary)!r}, 'w')")
    error = refused(folder)
    assert (error.code, error.exit_code, error.where) == ("S001", 69, str(folder))
    assert error.what == "this model ships its own program code (1 file: modeling_evil.py). Not run"
    assert 'delete "auto_map"' in error.fix
    assert not canary.exists()


def test_pickled_weights_are_not_opened_and_the_remedy_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    error = refused(folder)
    assert (error.code, error.exit_code) == ("S002", 69)
    assert "only in pickle form (pytorch_model.bin), which can run programs when it is opened. Not opened" in error.what
    command = shlex.split(error.fix[error.fix.index("python -c") : error.fix.index(", then model.path=safe")])
    subprocess.run([sys.executable, *command[1:]], cwd=folder.parent, check=True, capture_output=True)
    monkeypatch.chdir(folder.parent)
    assert locate(ModelSpec(path="safe")).kind == "folder"
    assert (folder.parent / "safe" / "tokenizer.json").is_file()


def test_a_missing_embedded_model_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afina.models.locate.NANO", tmp_path)
    (tmp_path / "config.json").write_text("{}")
    error = refused("nano")
    assert error.code == "H002"
    assert "the embedded model is not in this installation: tokenizer.json, model.safetensors missing" in error.what


# --- runs and adapters ---


def test_an_unfinished_run_has_no_model(tmp_path: Path) -> None:
    Run(tmp_path).update(state="running")
    error = refused(tmp_path)
    assert isinstance(error, UsageError)
    assert error.code == "U003"


def test_an_adapter_whose_base_is_gone_names_it(run: Run, folder: Path) -> None:
    shutil.rmtree(folder)
    error = refused(run.path)
    assert error.code == "H002"
    assert f'the base model of this adapter, "{folder}", is not there any more' in error.what


def test_adapters_in_a_circle_end(run: Run) -> None:
    change(run.trained / "adapter_config.json", base_model_name_or_path=str(run.trained))
    assert "in a circle" in refused(run.path).what


def edit(run: Run, tensors: dict[str, torch.Tensor]) -> AfinaError:
    save_file(tensors, run.trained / "adapter_model.safetensors", metadata={"format": "pt"})
    with pytest.raises(AfinaError) as caught:
        load_trained(run, "cpu")
    assert (caught.value.code, caught.value.exit_code, caught.value.where) == ("A001", 69, str(run.trained.resolve()))
    return caught.value


def test_an_adapter_file_may_hold_nothing_but_the_adapter(run: Run) -> None:
    tensors = load_file(run.trained / "adapter_model.safetensors")
    base = {"base_model.model.model.layers.0.mlp.down_proj.weight": torch.zeros(32, 64)}
    assert "1 tensors are too many" in edit(run, tensors | base).what
    first = next(iter(tensors))
    assert f"1 tensors are missing: {first}" in edit(run, {name: tensor for name, tensor in tensors.items() if name != first}).what
    assert "are not numbers" in edit(run, tensors | {first: tensors[first] * float("nan")}).what
    assert "does not fit its base model" in edit(run, tensors | {first: tensors[first][:1].clone()}).what


def test_a_damaged_adapter_file_is_refused(run: Run) -> None:
    file = run.trained / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(MachineError, match=r"A001 .*adapter_model.safetensors cannot be read"):
        load_trained(run, "cpu")


@pytest.mark.parametrize(
    ("key", "value"),
    [("target_modules", "(.+)+#"), ("rank_pattern", {"(a|a)*b": 4}), ("r", 100_000_000), ("r", 0), ("target_modules", ".*.*.*.*.*q")],
)
def test_a_hostile_adapter_config_is_refused_at_once(key: str, value: Any, run: Run) -> None:
    change(run.trained / "adapter_config.json", **{key: value})
    with pytest.raises(MachineError, match=r"S003 .*adapter_config.json"):
        load_trained(run, "cpu")


# --- weights ---


def built(folder: Path, head: HeadFacts = LM) -> torch.nn.Module:
    located = locate(ModelSpec(path=str(folder)))
    return build(located, facts_from_config(read_config(folder)), head, "fp32", "cpu")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("num_hidden_layers", 3, "lacks"),
        ("num_hidden_layers", 1, "holds unknown"),
        ("intermediate_size", 48, "lacks or has in another size"),
    ],
)
def test_weights_that_are_not_the_configs_are_refused(key: str, value: int, said: str, folder: Path) -> None:
    change(folder / "config.json", **{key: value})
    with pytest.raises(MachineError, match=r"H006 .*not those that config.json describes") as caught:
        built(folder)
    assert said in caught.value.what


def test_cut_weights_are_refused(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(MachineError, match=r"H006 .*\n  Do: download or copy the model again"):
        built(folder)
    file.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(MachineError, match=r"H006 .*model.safetensors is not a whole safetensors file"):
        built(folder)


def test_a_classifier_cannot_be_made_to_speak(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "model", tie_word_embeddings=False)
    classes = HeadFacts("classes", 2)
    built(folder, classes).save_pretrained(folder)
    with pytest.raises(MachineError, match=r"H006 .*no language-model head: it was trained to classify\n  Do: model.path=the model"):
        built(folder)
    assert built(folder, classes)


# --- the hub, with the real client against a local server ---


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubServer]:
    with HubServer(write_tiny_model(tmp_path_factory.mktemp("hub") / "model")) as server:
        yield server


DRIVER = """
import json, sys, time
time.sleep = lambda seconds: None  # the client's pauses between attempts
from afina.errors import AfinaError
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
try:
    found = locate(ModelSpec(path=sys.argv[1], revision=sys.argv[2]))
    said = {**found.__dict__, "folder": str(found.folder)}
except AfinaError as error:
    said = {"code": error.code, "exit_code": error.exit_code, "text": error.text()}
print(json.dumps(said))
"""


def ask(endpoint: str, home: Path, repo: str, revision: str = "", driver: str = DRIVER, **environment: str) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    settings = {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_PROGRESS_BARS": "1", "NO_PROXY": "*", **environment}
    command = [sys.executable, "-c", driver, repo, revision]
    home.mkdir(exist_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, env={**kept, **settings}, cwd=home, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_hub_model_is_downloaded_once_and_used_offline(hub: HubServer, tmp_path: Path) -> None:
    found = ask(hub.url, tmp_path / "hf", "owner/model")
    assert (found["kind"], found["name"], found["revision"], found["fingerprint"]) == (
        "hub",
        "owner/model",
        COMMIT,
        f"owner/model@{COMMIT}",
    )
    names = sorted(path.name for path in Path(found["folder"]).iterdir())
    assert names == sorted(name for name in hub.files if name not in ("README.md", "onnx/model.safetensors"))
    hub.log.clear()
    assert ask(hub.url, tmp_path / "hf", "owner/model", HF_HUB_OFFLINE="1") == found
    assert ask(hub.url, tmp_path / "hf", f"owner/model@{COMMIT}") == found
    assert ask(hub.url, tmp_path / "hf", "owner/model", COMMIT) == found
    assert hub.log == []
    assert ask("http://127.0.0.1:9", tmp_path / "hf", "owner/model") == found


def test_nothing_is_asked_but_the_model(hub: HubServer, tmp_path: Path) -> None:
    hub.log.clear()
    ask(hub.url, tmp_path / "hf", "owner/model")
    assert hub.log
    assert not [line for line in hub.log if "/owner/model" not in line]


TRAIN = """
import sys
from pathlib import Path
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, load_trained, save_trained
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import Horizon
located, head, run = locate(ModelSpec(path=sys.argv[1], revision=sys.argv[2])), HeadFacts("lm"), Run(Path("run"))
facts = facts_from_config(read_config(located.body))
run.path.mkdir()
run.update(state="finished")
model = METHODS["lora"](name="lora", r=2).attach(build(located, facts, head, "fp32", "cpu"), facts, head, Horizon(1))
save_trained(model, run, located, True)
load_trained(run, "cpu")
print((run.trained / "adapter_config.json").read_text().replace("\\n", " "))
"""


def test_an_adapter_on_a_hub_model_records_its_commit_and_asks_nothing_more(hub: HubServer, tmp_path: Path) -> None:
    found = ask(hub.url, tmp_path / "hf", "owner/model")
    hub.log.clear()
    config = ask(hub.url, tmp_path / "hf", "owner/model", found["revision"], driver=TRAIN)
    assert (config["base_model_name_or_path"], config["revision"]) == ("owner/model", COMMIT)
    assert hub.log == []


def test_a_revision_is_asked_for(hub: HubServer, tmp_path: Path) -> None:
    assert ask(hub.url, tmp_path / "hf", "owner/model@v1")["revision"] == COMMIT
    assert any("/revision/v1" in line for line in hub.log)
    said = ask(hub.url, tmp_path / "hf", "owner/model", "v9")
    assert (said["code"], said["exit_code"]) == ("H003", 69)
    assert said["text"] == (
        f'H003 model.revision: owner/model has no revision "v9"\n  Do: see {hub.url}/owner/model/commits, or model.path=owner/model'
    )


@pytest.mark.parametrize("repo", ["meta/gated-401-8b", "meta/gated-403-8b"])
def test_a_gated_model_names_the_way_in_and_open_models_of_its_size(repo: str, hub: HubServer, tmp_path: Path) -> None:
    said = ask(hub.url, tmp_path / "hf", repo)
    assert (said["code"], said["exit_code"]) == ("H001", 69)
    assert said["text"].startswith(f"H001 model.path: {repo} is gated: ")
    assert f"1) accept the licence on {hub.url}/{repo} 2) hf auth login" in said["text"]
    assert "Qwen/Qwen3-8B" in said["text"]


def test_a_private_or_absent_model_asks_for_a_login(hub: HubServer, tmp_path: Path) -> None:
    said = ask(hub.url, tmp_path / "hf", "owner/private")
    assert (said["code"], said["exit_code"]) == ("H001", 69)
    assert "does not show owner/private to you (401)" in said["text"]
    said = ask(hub.url, tmp_path / "hf", "owner/forbidden")
    assert said["code"] == "H001"
    assert "(403)" in said["text"]


def test_an_unknown_model_is_told_the_nearest_folder(hub: HubServer, tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "hf" / "modell")
    said = ask(hub.url, tmp_path / "hf", "owner/absent-modell")
    assert (said["code"], said["exit_code"]) == ("H002", 69)
    assert said["text"].startswith(
        'H002 model.path: "owner/absent-modell" is neither a folder here nor a model of the hub. Did you mean ./modell?'
    )


def test_offline_and_not_in_the_cache(hub: HubServer, tmp_path: Path) -> None:
    hub.log.clear()
    said = ask(hub.url, tmp_path / "hf", "owner/model", HF_HUB_OFFLINE="1")
    assert (said["code"], said["exit_code"]) == ("H002", 69)
    assert '"owner/model" is neither a folder here nor in the cache, and the machine is offline (HF_HUB_OFFLINE)' in said["text"]
    assert hub.log == []


def test_no_network_and_not_in_the_cache(tmp_path: Path) -> None:
    said = ask("http://127.0.0.1:9", tmp_path / "hf", "owner/model")
    assert (said["code"], said["exit_code"]) == ("H004", 75)
    assert "http://127.0.0.1:9 does not answer, and owner/model is neither a folder here nor in the cache" in said["text"]


def test_a_download_cut_once_goes_on(hub: HubServer, tmp_path: Path) -> None:
    found = ask(hub.url, tmp_path / "hf", "owner/cut-once")
    assert (Path(found["folder"]) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    assert sum(line.startswith("GET") and line.endswith("model.safetensors") for line in hub.log if "cut-once" in line) == 2


def test_a_download_cut_for_good_is_an_error_and_goes_on_next_time(hub: HubServer, tmp_path: Path) -> None:
    said = ask(hub.url, tmp_path / "hf", "owner/cut-always")
    assert (said["code"], said["exit_code"]) == ("H004", 75)
    assert said["text"].startswith("H004 model.path: the download of owner/cut-always broke off: ")
    assert "\n  Do: run the same command again: it continues" in said["text"]
    said = ask(hub.url, tmp_path / "hf", "owner/cut-always", HF_HUB_OFFLINE="1")
    assert said["code"] == "H002"


def test_a_failing_hub_is_an_error(hub: HubServer, tmp_path: Path) -> None:
    said = ask(hub.url, tmp_path / "hf", "owner/broken")
    assert (said["code"], said["exit_code"]) == ("H004", 75)
    assert "the download of owner/broken broke off: the hub answered 500" in said["text"]


@pytest.mark.parametrize(("repo", "code", "said"), [("owner/code", "S001", "modeling_x.py"), ("owner/pickle", "S002", "pytorch_model.bin")])
def test_code_and_pickles_are_refused_before_they_are_downloaded(repo: str, code: str, said: str, hub: HubServer, tmp_path: Path) -> None:
    hub.log.clear()
    error = ask(hub.url, tmp_path / "hf", repo)
    assert (error["code"], error["exit_code"]) == (code, 69)
    assert said in error["text"]
    assert not any("safetensors" in line or ".bin" in line or ".py" in line for line in hub.log)
