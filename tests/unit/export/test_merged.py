"""merged: the files of a plain transformers folder, checked, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.errors import DiskError
from afina.export import EXPORTERS, ExportError, merged
from afina.export.base import staged
from afina.export.probes import MOST_TOKENS, probe_ids
from afina.models.load import load_trained
from afina.recipe.schema import DataSpec
from afina.run import Run
from afina.score import actor_of
from afina.types import Batch, Labelled, Message
from tests.unit.export.synthetic import TEAMS
from tests.unit.export.weights import trained_run


@pytest.fixture(scope="module")
def chat_run(tiny_chat_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_run(tmp_path_factory.mktemp("runs") / "r", tiny_chat_model, "text", "lora", template="auto")


@pytest.fixture(scope="module")
def class_run(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_run(tmp_path_factory.mktemp("runs") / "r", tiny_model, "classes", "lora")


def export(run: Run, out: Path) -> Path:
    return EXPORTERS["merged"]().export(run, out)


def test_the_folder_holds_all_that_transformers_wants_and_nothing_of_peft(chat_run: Run, tmp_path: Path) -> None:
    from huggingface_hub import ModelCard

    out = export(chat_run, tmp_path / "out")
    names = {file.name for file in out.iterdir()}
    assert names >= {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "chat_template.jinja",
        "generation_config.json",
    }
    assert not [name for name in names if "adapter" in name]
    assert (out / "chat_template.jinja").read_bytes() == (chat_run.trained / "chat_template.jinja").read_bytes()
    assert json.loads((out / "generation_config.json").read_text())["eos_token_id"] == 1
    assert json.loads((out / "config.json").read_text())["dtype"] == "float32"
    card = ModelCard.load(out / "README.md")
    assert card.data.library_name == "transformers"
    assert "PeftModel" not in card.text


def test_a_template_that_training_chose_is_written(tiny_model: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    run = trained_run(tmp_path / "r", tiny_model, "text", "full", template="chatml")
    tokenizer = AutoTokenizer.from_pretrained(export(run, tmp_path / "out"))
    said = tokenizer.apply_chat_template([{"role": "user", "content": "hi"}], add_generation_prompt=True, tokenize=False)
    assert said == "<s><|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"


def test_a_classifier_keeps_its_labels_and_finds_its_last_token(class_run: Run, tmp_path: Path) -> None:
    config = json.loads((export(class_run, tmp_path / "out") / "config.json").read_text())
    assert config["architectures"] == ["LlamaForSequenceClassification"]
    assert config["id2label"] == {str(i): label for i, label in enumerate(TEAMS)}
    assert config["label2id"] == {label: i for i, label in enumerate(TEAMS)}
    assert config["pad_token_id"] == 2


def test_pad_is_not_named_where_it_is_the_end_token(class_run: Run, tiny_model: Path, tmp_path: Path) -> None:
    run = trained_run(tmp_path / "r", tiny_model, "classes", "full")
    settings = run.trained / "tokenizer_config.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "pad_token": "</s>"}))
    config = json.loads((export(run, tmp_path / "out") / "config.json").read_text())
    assert config.get("pad_token_id") is None


def test_a_model_that_is_not_the_trained_one_is_not_written(chat_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = merged._merge

    def nudged(model: torch.nn.Module, where: Path) -> torch.nn.Module:
        network = whole(model, where)
        with torch.no_grad():
            network.get_parameter("model.layers.1.mlp.down_proj.weight").add_(0.01)
        return network

    monkeypatch.setattr(merged, "_merge", nudged)
    with pytest.raises(
        ExportError, match=r"E101 export: the exported model is not the trained one: scores differ by up to \d\.\d+e[-+]\d+"
    ) as caught:
        export(chat_run, tmp_path / "out")
    assert caught.value.exit_code == 70
    assert "1e-04 is allowed. Not written" in caught.value.what
    assert list(tmp_path.iterdir()) == []


def test_values_that_are_no_numbers_do_not_pass_the_check(chat_run: Run, tmp_path: Path) -> None:
    out = export(chat_run, tmp_path / "out")
    with pytest.raises(ExportError, match="differ by up to inf"):
        merged.check(out, [[0, 5, 1]], [torch.full((2, 320), torch.nan)])
    with pytest.raises(ExportError, match="differ by up to inf"):
        merged.check(out, [[0, 5, 1]], [torch.zeros(3, 320)])


def test_an_adapter_that_cannot_be_merged_is_refused_in_words(chat_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise NotImplementedError("prompt tokens are not weights\nat line 3")

    monkeypatch.setattr("peft.tuners.lora.model.LoraModel.merge_and_unload", refuses)
    with pytest.raises(
        ExportError, match=r"E102 .*cannot be merged into its base: prompt tokens are not weights\n  Do: use the adapter folder"
    ):
        export(chat_run, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_transformers_does_not_read_is_refused(chat_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise OSError("no such tokenizer class")

    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", breaks)
    with pytest.raises(ExportError, match=r"E103 .*transformers does not read what was written: no such tokenizer class"):
        export(chat_run, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_check_uses_the_rows_of_the_run_and_random_ids(class_run: Run) -> None:
    from afina.data.tokenize import Tokenizer

    tokenizer = Tokenizer.load(class_run.trained)
    inputs = probe_ids(class_run, tokenizer, 320, 256)
    assert len(inputs) == 5
    assert all(ids[-1] == tokenizer.eos and tokenizer.pad not in ids and len(ids) <= MOST_TOKENS + 1 for ids in inputs)
    assert tokenizer.decode(inputs[1]) == "<s>The blender arrived with a cracked jar. Can I send it back?</s>"
    assert probe_ids(class_run, tokenizer, 320, 256) == inputs


def test_a_folder_is_whole_or_absent(tmp_path: Path) -> None:
    def half_done() -> None:
        with staged(tmp_path / "out") as folder:
            (folder / "half").write_text("x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").mkdir()
    with staged(tmp_path / "out") as folder:
        (folder / "all").write_text("x")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "all"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiskError, match=r"I003 .*cannot write there"):
        staged(tmp_path / "file" / "out").__enter__()


def test_a_pipeline_reads_a_text_as_it_was_learned(class_run: Run, tmp_path: Path) -> None:
    """Without the end token it would read the label at another token than the one that was trained."""
    from transformers import pipeline

    out = export(class_run, tmp_path / "out")
    encoder = Encoder(Tokenizer.load(class_run.trained), DataSpec(), 64)
    actor = actor_of(load_trained(class_run, "cpu"))
    classify = pipeline("text-classification", model=str(out), top_k=None)
    for text in ("the parcel never came", "soup", "an owl, a pig: été"):
        ids = encoder.prompt_ids(Labelled(1, text, ""))
        assert classify.tokenizer(text).input_ids == ids
        with torch.no_grad():
            wanted = actor.class_logits(Batch(torch.tensor([ids]), torch.tensor([len(ids)])))[0].softmax(-1)
        found = {entry["label"]: entry["score"] for entry in classify([text])[0]}
        assert [found[label] for label in TEAMS] == pytest.approx(wanted.tolist(), abs=1e-4)


@pytest.mark.parametrize("ending", ["<think>\n", '<|opened "thought"|>\n\n\U0001f914'])
def test_an_exported_template_asks_as_the_model_was_trained(tiny_chat_model: Path, tmp_path: Path, ending: str) -> None:
    """What a template opens its request with and no answer followed in training is not asked with after the export either."""
    import shutil

    from transformers import AutoTokenizer

    base = shutil.copytree(tiny_chat_model, tmp_path / "base")
    template = base / "chat_template.jinja"
    literal = ending.replace("\n", "\\n").replace('"', '\\"')
    template.write_text(template.read_text().replace("<|assistant|>{% endif %}", '<|assistant|>{{ "' + literal + '" }}{% endif %}\n'))
    run = trained_run(tmp_path / "r", base, "text", "full", template="auto")
    tokenizer = AutoTokenizer.from_pretrained(export(run, tmp_path / "out"))
    encoder = Encoder(Tokenizer.load(run.trained), DataSpec(), 64)
    assert encoder.template is not None and encoder.template.withheld == ending
    messages = [{"role": "user", "content": "hi\n"}, {"role": "assistant", "content": "ho"}, {"role": "user", "content": " ha"}]
    for end in (1, 3):
        asked = tokenizer.apply_chat_template(messages[:end], add_generation_prompt=True, tokenize=False)
        assert tokenizer(asked, add_special_tokens=False).input_ids == encoder.prompt_ids([Message(**turn) for turn in messages[:end]])
    assert tokenizer.apply_chat_template(messages, tokenize=False) == AutoTokenizer.from_pretrained(base).apply_chat_template(
        messages, tokenize=False
    )


@pytest.mark.parametrize(
    ("task", "method", "kind"), [("labels", "lora", "decoder"), ("labels", "full", "encoder"), ("score", "lora", "encoder")]
)
def test_the_pipeline_of_transformers_says_what_the_run_says(
    tiny_model: Path, tiny_encoder: Path, tmp_path: Path, task: str, method: str, kind: str
) -> None:
    """Each label by itself, and numbers in the units of the file: that is in the folder's config and weights."""
    from transformers import pipeline

    run = trained_run(tmp_path / "r", tiny_model if kind == "decoder" else tiny_encoder, task, method)
    out = export(run, tmp_path / "out")
    text = "the cat and the dog"
    encoder = Encoder(Tokenizer.load(run.trained), DataSpec(), 64, kind=kind)  # type: ignore[arg-type]
    ids = encoder.prompt_ids(Labelled(0, text, ""))
    with torch.no_grad():
        logits = actor_of(load_trained(run, "cpu")).class_logits(Batch(torch.tensor([ids]), torch.tensor([len(ids)])))[0]
    asked = pipeline("text-classification", model=str(out), tokenizer=str(out), device="cpu", dtype=torch.float32)
    found = {entry["label"]: entry["score"] for entry in asked(text, top_k=None)}
    if task == "score":
        assert list(found.values()) == [pytest.approx(float(logits), rel=1e-5)]
        assert 900 < float(logits) < 1100
    else:
        assert found == pytest.approx(dict(zip(TEAMS, logits.sigmoid().tolist(), strict=True)), abs=1e-5)
