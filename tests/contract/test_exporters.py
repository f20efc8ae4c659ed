"""One battery for every registered exporter: what it writes computes what was trained, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from afina.errors import UsageError
from afina.export import EXPORTERS, ExportError
from afina.models.classes import auto_class
from afina.models.load import load_trained
from afina.objectives import OBJECTIVES
from afina.run import Run
from tests.unit.export.weights import trained_run

KINDS = [("text", "lora"), ("text", "full"), ("classes", "lora"), ("classes", "full"), ("lm", "lora")]
KINDS += [("labels", "lora"), ("score", "lora"), ("score", "full"), ("tags", "lora"), ("choices", "lora")]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind))
def run(request: pytest.FixtureRequest, tiny_chat_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_run(tmp_path_factory.mktemp("runs") / "r", tiny_chat_model, *request.param)


@pytest.mark.parametrize("form", ["merged"])
def test_what_is_exported_computes_what_was_trained(form: str, run: Run, tmp_path: Path) -> None:
    import transformers

    out = EXPORTERS[form]().export(run, tmp_path / "deep" / "out")
    assert out == tmp_path / "deep" / "out"
    live = load_trained(run, "cpu")
    kind = getattr(transformers, auto_class(OBJECTIVES[run.facts()["objective"]].head, "decoder"))
    plain = kind.from_pretrained(out, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(out)
    for text in ("the cat and the dog", "an owl, a pig and 12 plums: soup!", "perquè?"):
        ids = torch.tensor([[0, *tokenizer(text, add_special_tokens=False).input_ids, 1]])
        with torch.inference_mode():
            wanted, got = live(input_ids=ids).logits, plain(input_ids=ids).logits
        assert torch.allclose(wanted, got, atol=1e-5)
        assert got.abs().max() > 0.01
    assert isinstance(EXPORTERS[form].what, str)


@pytest.mark.parametrize("form", [name for name in EXPORTERS if name != "merged"])
def test_an_adapter_in_a_type_of_pefts_computes_what_was_trained_or_is_refused(form: str, run: Run, tmp_path: Path) -> None:
    """Without afina's loader: peft puts it on the base. What is no such adapter is said to be none, and nothing is written."""
    if (form, run.facts()["method"]) != ("peft-lora", "lora"):
        with pytest.raises(ExportError, match="E104 ") as caught:
            EXPORTERS[form]().export(run, tmp_path / "out")
        assert caught.value.fix
        assert not list(tmp_path.iterdir())
        return
    out = EXPORTERS[form]().export(run, tmp_path / "out")
    config = json.loads((out / "adapter_config.json").read_text())
    saved = json.loads((run.trained / "adapter_config.json").read_text())
    assert (config["peft_type"], config["base_model_name_or_path"]) == ("LORA", saved["base_model_name_or_path"])
    assert (out / "adapter_model.safetensors").read_bytes() == (run.trained / "adapter_model.safetensors").read_bytes()
    assert isinstance(EXPORTERS[form].what, str)


@pytest.mark.parametrize("form", EXPORTERS.names())
def test_an_export_leaves_the_run_and_a_full_folder_alone(form: str, run: Run, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in run.path.rglob("*") if file.is_file()}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("dear reader")
    with pytest.raises(UsageError, match=r"U004 .*mine: the folder is not empty\n  Do: --out FOLDER"):
        EXPORTERS[form]().export(run, tmp_path / "mine")
    assert [file.name for file in tmp_path.rglob("*")] == ["mine", "thesis.tex"]
    assert {file: file.read_bytes() for file in run.path.rglob("*") if file.is_file()} == before
