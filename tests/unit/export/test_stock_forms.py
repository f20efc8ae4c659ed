"""An adapter of ours in a type of peft's own: computed the same by peft alone, or refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from afina.export import EXPORTERS, ExportError, peft_lora
from afina.methods import METHODS
from afina.models.load import load_trained
from afina.run import Run
from afina.types import Notice
from tests.unit.export.weights import trained_run

SMALL: dict[str, dict[str, Any]] = {
    "houlsby": {"width": 4},
    "krona": {"layout": "balanced"},
    "prompt_tuning": {"n": 4},
    "p_tuning": {"n": 4},
    "pfeiffer": {"width": 4},
    "prefix_tuning": {"n": 4},
}


def run_of(folder: Path, model: Path, name: str, task: str = "lm", **settings: Any) -> Run:
    return trained_run(folder / "run", model, task, METHODS[name](name=name, **{**SMALL.get(name, {}), **settings}))


def export(run: Run, form: str, out: Path) -> tuple[Path, list[Notice]]:
    said: list[Notice] = []
    return EXPORTERS[form]().export(run, out, said.append), said


def by_peft(out: Path, base: Path, ids: torch.Tensor) -> torch.Tensor:
    """The scores that transformers and peft alone give."""
    import transformers
    from peft import PeftModel

    model = PeftModel.from_pretrained(transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), str(out)).eval()
    with torch.inference_mode():
        return model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[:, -ids.shape[1] :]


IDS = torch.tensor([[0, 17, 99, 23, 54, 7]])


@pytest.mark.parametrize(
    ("name", "settings", "form", "kind"),
    [
        ("lora", {"r": 4}, "peft-lora", "LORA"),
        ("lora", {"r": 4, "use_dora": True}, "peft-lora", "LORA"),
        ("krona", {}, "peft-lora", "LORA"),
        ("krona", {"layout": "lokr"}, "peft-lokr", "LOKR"),
        ("krona", {"layout": "lokr", "scaling": 3.0}, "peft-lokr", "LOKR"),
        ("prompt_tuning", {}, "peft-prompt", "PROMPT_TUNING"),
        ("p_tuning", {}, "peft-prompt", "PROMPT_TUNING"),
    ],
)
def test_peft_alone_computes_what_was_trained(
    name: str, settings: dict[str, Any], form: str, kind: str, tiny_model: Path, tmp_path: Path
) -> None:
    run = run_of(tmp_path, tiny_model, name, **settings)
    out, _ = export(run, form, tmp_path / "out")
    assert json.loads((out / "adapter_config.json").read_text())["peft_type"] == kind
    assert (out / "tokenizer.json").is_file()
    assert "PeftModel" in (out / "README.md").read_text()
    with torch.inference_mode():
        wanted = load_trained(run, "cpu")(input_ids=IDS).logits
    got = by_peft(out, tiny_model, IDS)
    assert torch.allclose(got, wanted, atol=1e-4 * float(wanted.abs().max()))
    assert not torch.allclose(got, run_free(tiny_model), atol=1e-2), "an adapter that changes nothing proves nothing"


def run_free(base: Path) -> torch.Tensor:
    import transformers

    with torch.inference_mode():
        return transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()(input_ids=IDS).logits


def test_krona_as_a_lora_says_its_rank(tiny_model: Path, tmp_path: Path) -> None:
    """32 = 4 x 8 on both sides: A [4, 8] and B [8, 4], each of rank 4, a product of rank 16."""
    out, said = export(run_of(tmp_path, tiny_model, "krona"), "peft-lora", tmp_path / "out")
    assert any("exact as a LoRA of rank" in notice.what for notice in said)
    config = json.loads((out / "adapter_config.json").read_text())
    assert config["rank_pattern"].get("^model.layers.0.self_attn.q_proj$", config["r"]) == 16


def test_an_adapter_on_gpt2_whose_maps_are_stored_transposed(tmp_path: Path) -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    from tests.tiny import write_tokenizer

    base = tmp_path / "gpt2"
    torch.manual_seed(0)
    still = {"embd_pdrop": 0.0, "attn_pdrop": 0.0, "resid_pdrop": 0.0, "initializer_range": 0.2}
    config = GPT2Config(vocab_size=320, n_positions=64, n_embd=32, n_layer=2, n_head=4, **still)
    GPT2LMHeadModel(config).save_pretrained(base)
    write_tokenizer(base)
    run = run_of(tmp_path, base, "krona")
    out, _ = export(run, "peft-lora", tmp_path / "out")
    with torch.inference_mode():
        wanted = load_trained(run, "cpu")(input_ids=IDS).logits
    assert torch.allclose(by_peft(out, base, IDS), wanted, atol=1e-4 * float(wanted.abs().max()))


def test_the_heads_go_along(tiny_model: Path, tmp_path: Path) -> None:
    out, _ = export(run_of(tmp_path, tiny_model, "krona", task="classes"), "peft-lora", tmp_path / "out")
    from safetensors.torch import load_file

    assert [name for name in load_file(out / "adapter_model.safetensors") if "score" in name]
    assert (out / "labels.json").is_file()


def test_the_prompt_of_an_encoder_decoder(tiny_encoder_decoder: Path, tmp_path: Path) -> None:
    out, _ = export(run_of(tmp_path, tiny_encoder_decoder, "prompt_tuning", task="text"), "peft-prompt", tmp_path / "out")
    assert json.loads((out / "adapter_config.json").read_text())["num_transformer_submodules"] == 1


REFUSED = [
    ("houlsby", "lm", "peft-lora", "it is a network of its own, not a change of a weight"),
    ("pfeiffer", "lm", "peft-lora", "it is a network of its own"),
    ("prompt_tuning", "lm", "peft-lora", "it is a network of its own"),
    ("lora", "lm", "peft-prompt", "it holds no rows before the text"),
    ("houlsby", "lm", "peft-prompt", "it holds no rows before the text"),
    ("prefix_tuning", "lm", "peft-prompt", "it holds no rows before the text"),
    ("prompt_tuning", "classes", "peft-prompt", "a head reads one place of the answer"),
    ("krona", "lm", "peft-lokr", "its factors have other shapes than LoKr's"),
    ("lora", "lm", "peft-lokr", "it is no Kronecker product"),
    ("full", "lm", "peft-lora", "this run trained the weights of a whole model"),
]


@pytest.mark.parametrize(("name", "task", "form", "why"), REFUSED)
def test_what_has_no_such_form_is_refused_with_the_reason(
    name: str, task: str, form: str, why: str, tiny_model: Path, tmp_path: Path
) -> None:
    run = run_of(tmp_path, tiny_model, name, task)
    with pytest.raises(ExportError, match="E104 ") as caught:
        export(run, form, tmp_path / "out")
    assert why in caught.value.what
    assert caught.value.fix
    assert not (tmp_path / "out").exists()


def test_what_is_not_equal_is_not_written(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = peft_lora._factors
    monkeypatch.setattr(peft_lora, "_factors", lambda delta: tuple(factor * 1.05 for factor in exact(delta)))
    with pytest.raises(ExportError, match=r"E101 .*what was written is not the trained model"):
        export(run_of(tmp_path, tiny_model, "krona"), "peft-lora", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_peft_does_not_read_is_refused(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(live: Any, tell: Any) -> Any:
        made = as_lora(live, tell)
        return type(made)({**made.config, "peft_type": "NOTHING"}, made.tensors)

    as_lora = peft_lora.as_lora
    monkeypatch.setattr(peft_lora, "as_lora", lost)
    with pytest.raises(ExportError, match=r"E103 .*peft does not read what was written"):
        export(run_of(tmp_path, tiny_model, "krona"), "peft-lora", tmp_path / "out")


def test_merging_after_a_packed_base_says_so(tiny_model: Path, tmp_path: Path) -> None:
    import transformers

    run = trained_run(tmp_path / "run", tiny_model, "lm", METHODS["lora"](name="lora", r=4), "nf4")
    out, said = export(run, "merged", tmp_path / "out")
    assert [notice.what for notice in said] == ["the base was taken in full precision"]
    assert "nf4" in said[0].why
    with torch.inference_mode():
        merged = transformers.AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()(input_ids=IDS).logits
        whole, packed = (load_trained(run, "cpu", whole=whole)(input_ids=IDS).logits for whole in (True, False))
    assert torch.allclose(merged, whole, atol=1e-4)
    assert not torch.allclose(packed, whole, atol=1e-4)
