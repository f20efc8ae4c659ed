"""The trained result: written whole, read back exactly, and readable by plain transformers and peft."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

from afina.errors import DiskError, DivergedError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, load_trained, save_trained, store_frozen
from afina.models.locate import Located, locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import Horizon

LM, LABELS = HeadFacts("lm"), ("animal", "food", "none of both")
CLASSES = HeadFacts("classes", 3)
IDS = torch.tensor([[0, 17, 30, 41, 5, 99]])


def new_run(folder: Path, **facts: Any) -> Run:
    folder.mkdir()
    run = Run(folder)
    run.update(state="finished", **facts)
    return run


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.inference_mode():
        return model(IDS).logits


def trained(located: Located, method: str, head: HeadFacts, run: Run, precision: str = "fp32", **settings: Any) -> torch.nn.Module:
    """Attach a method, move its trained weights, and save the result into `run`."""
    facts = facts_from_config(read_config(located.body))
    chosen = METHODS[method](name=method, **settings)
    model = build(located, facts, head, precision, "cpu", labels=LABELS if head.n_classes else ())
    torch.manual_seed(0)
    model = chosen.attach(model, facts, head, Horizon(1))
    store_frozen(model, precision)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    save_trained(model, run, located, chosen.traits.adapter)
    return model.eval()


CASES = [("lora", {"r": 2}), ("full", {}), ("freeze", {"n_layers": 1})]


@pytest.mark.parametrize("head", [LM, CLASSES], ids=lambda head: head.head)
@pytest.mark.parametrize(("method", "settings"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_saved_run_gives_the_same_logits_again(
    method: str, settings: dict[str, Any], head: HeadFacts, tiny_model: Path, tmp_path: Path
) -> None:
    run = new_run(tmp_path / "run")
    model = trained(locate(ModelSpec(path=str(tiny_model))), method, head, run, **settings)
    again = load_trained(run, "cpu")
    assert torch.equal(logits(again), logits(model))
    assert not again.training
    assert not any(p.requires_grad for p in again.parameters())
    bare = again.get_base_model() if isinstance(again, PeftModel) else again
    if head.n_classes:
        assert tuple(bare.config.id2label.values()) == LABELS
    assert not list(run.path.glob(".staging-*"))
    tokenizer = AutoTokenizer.from_pretrained(run.trained)
    assert tokenizer("the cat").input_ids == AutoTokenizer.from_pretrained(tiny_model)("the cat").input_ids


@pytest.mark.parametrize("head", [LM, CLASSES], ids=lambda head: head.head)
def test_an_adapter_loads_with_plain_peft(head: HeadFacts, tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    model = trained(locate(ModelSpec(path=str(tiny_model))), "lora", head, run, r=2)
    config = json.loads((run.trained / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == str(tiny_model.resolve())
    if head.head == "lm":
        base = AutoModelForCausalLM.from_pretrained(config["base_model_name_or_path"])
    else:
        base = AutoModelForSequenceClassification.from_pretrained(config["base_model_name_or_path"], num_labels=3)
    assert torch.equal(logits(PeftModel.from_pretrained(base, run.trained).eval()), logits(model))


def test_an_adapter_loads_in_a_process_that_never_heard_of_afina(tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    model = trained(locate(ModelSpec(path=str(tiny_model))), "lora", LM, run, r=2)
    code = (
        "import sys, torch; from peft import AutoPeftModelForCausalLM as M\n"
        f"m = M.from_pretrained({str(run.trained)!r}).eval(); x = m(torch.tensor({IDS.tolist()})).logits\n"
        f"torch.save(x.detach(), {str(tmp_path / 'x.pt')!r}); print([n for n in sys.modules if n.startswith('afina')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr
    assert torch.allclose(torch.load(tmp_path / "x.pt", weights_only=True), logits(model), atol=1e-6)


def test_a_whole_model_loads_with_plain_transformers(tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    model = trained(locate(ModelSpec(path=str(tiny_model))), "full", CLASSES, run)
    theirs = AutoModelForSequenceClassification.from_pretrained(run.trained)
    assert torch.equal(logits(theirs), logits(model))
    assert theirs.config.label2id == {label: i for i, label in enumerate(LABELS)}


def test_half_precision_never_rounds_what_was_trained(tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    model = trained(locate(ModelSpec(path=str(tiny_model))), "freeze", LM, run, "bf16", n_layers=1)
    theirs = AutoModelForCausalLM.from_pretrained(run.trained, dtype="auto")
    assert theirs.config.dtype == torch.float32
    saved = dict(theirs.named_parameters())
    assert all(torch.equal(saved[name], p.float()) for name, p in model.named_parameters())
    assert theirs.lm_head.weight is theirs.model.embed_tokens.weight


def test_saving_the_same_adapter_twice_gives_the_same_bytes(tiny_model: Path, tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        run = new_run(tmp_path / name)
        trained(locate(ModelSpec(path=str(tiny_model))), "lora", CLASSES, run, r=2)
        files.append({file.name: file.read_bytes() for file in run.trained.iterdir()})
    assert files[0] == files[1]
    assert set(files[0]) == {
        "adapter_model.safetensors",
        "adapter_config.json",
        "labels.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
    }


def test_a_result_is_replaced_whole(tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    (run.path / "adapter").mkdir()
    (run.path / "adapter" / "half-written").write_text("x")
    trained(locate(ModelSpec(path=str(tiny_model))), "lora", LM, run, r=2)
    assert not (run.trained / "half-written").exists()
    assert sorted(path.name for path in run.path.iterdir()) == ["adapter", "run.json"]


def test_chat_templates_travel_with_the_result(tiny_chat_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    trained(locate(ModelSpec(path=str(tiny_chat_model))), "lora", LM, run, r=2)
    assert (run.trained / "chat_template.jinja").read_bytes() == (tiny_chat_model / "chat_template.jinja").read_bytes()


@pytest.mark.parametrize("method", ["lora", "full"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_never_saved(method: str, value: float, tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path / "run")
    located = locate(ModelSpec(path=str(tiny_model)))
    facts = facts_from_config(read_config(located.body))
    chosen = METHODS[method](name=method)
    model = chosen.attach(build(located, facts, LM, "fp32", "cpu"), facts, LM, Horizon(1))
    with torch.no_grad():
        next(p for p in model.parameters() if p.requires_grad).view(-1)[3] = value
    with pytest.raises(
        DivergedError, match=r"N002 .*run: not saved: 1 trained values in 1 tensors are not finite \(1 in .*\)\n  Do: train.learning_rate"
    ):
        save_trained(model, run, located, chosen.traits.adapter)
    assert [path.name for path in run.path.iterdir()] == ["run.json"]


def test_a_full_disk_leaves_no_half_result(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = new_run(tmp_path / "run")
    located = locate(ModelSpec(path=str(tiny_model)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskError, match=r"I001 .*disk full: the trained model needs \d+\.\d MiB") as caught:
        trained(located, "lora", LM, run, r=2)
    assert caught.value.exit_code == 74
    assert [path.name for path in run.path.iterdir()] == ["run.json"]


class TestTrainingFurther:
    """A finished run as the base of another."""

    def run_on(self, folder: Path, tmp_path: Path, name: str, method: str, head: HeadFacts, **settings: Any) -> tuple[Run, torch.nn.Module]:
        run = new_run(tmp_path / name)
        return run, trained(locate(ModelSpec(path=str(folder))), method, head, run, **settings)

    @pytest.mark.parametrize("head", [LM, CLASSES], ids=lambda head: head.head)
    @pytest.mark.parametrize("method", ["lora", "full"])
    def test_the_new_model_starts_where_the_run_ended(self, method: str, head: HeadFacts, tiny_model: Path, tmp_path: Path) -> None:
        run, model = self.run_on(tiny_model, tmp_path, "first", method, head)
        located = locate(ModelSpec(path=str(run.path)))
        facts = facts_from_config(read_config(located.body))
        further = build(located, facts, head, "fp32", "cpu", seed=4, labels=LABELS if head.n_classes else ())
        assert torch.allclose(logits(further), logits(model), atol=1e-6)
        assert not hasattr(further, "peft_config")
        assert all(p.requires_grad for p in further.parameters())

    def test_the_body_is_carried_to_another_head(self, tiny_model: Path, tmp_path: Path) -> None:
        run, model = self.run_on(tiny_model, tmp_path, "first", "lora", LM, r=2)
        located = locate(ModelSpec(path=str(run.path)))
        facts = facts_from_config(read_config(located.body))
        classifier = build(located, facts, CLASSES, "fp32", "cpu", seed=4, labels=LABELS)
        with torch.inference_mode():
            theirs = model.get_base_model().model(IDS).last_hidden_state
            assert torch.allclose(classifier.model(IDS).last_hidden_state, theirs, atol=1e-5)
        fresh = build(locate(ModelSpec(path=str(tiny_model))), facts, CLASSES, "fp32", "cpu", seed=4, labels=LABELS)
        assert torch.equal(classifier.score.weight, fresh.score.weight)

    def test_a_run_on_a_run_is_used_again(self, tiny_model: Path, tmp_path: Path) -> None:
        first, _ = self.run_on(tiny_model, tmp_path, "first", "lora", LM, r=2)
        second, model = self.run_on(first.path, tmp_path, "second", "lora", CLASSES, r=2)
        located = locate(ModelSpec(path=str(second.path)))
        assert located.base is not None
        assert located.base.is_adapter
        assert located.body == tiny_model.resolve()
        assert torch.allclose(logits(load_trained(second, "cpu")), logits(model), atol=1e-6)

    def test_the_embedded_model_of_another_installation_is_the_one_here(
        self, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("afina.models.locate.NANO", tiny_model)
        run = new_run(tmp_path / "run")
        model = trained(locate(ModelSpec(path="nano")), "lora", LM, run, r=2)
        file = run.trained / "adapter_config.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "base_model_name_or_path": "/elsewhere/site-packages/afina/nano"}))
        assert torch.equal(logits(load_trained(run, "cpu")), logits(model))
