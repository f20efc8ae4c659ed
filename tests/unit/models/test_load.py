"""Models from disk to memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, load_trained, store_frozen, stored_precisions
from afina.models.locate import Located, locate
from afina.recipe.schema import ModelSpec
from afina.types import Horizon
from tests.tiny import write_tiny_model
from tests.unit.export.weights import trained_run

LM, LABELS = HeadFacts("lm"), ("animal", "food", "none of both")
CLASSES = HeadFacts("classes", 3)
IDS = torch.tensor([[0, 17, 30, 41, 5, 99]])


def made(folder: Path, head: HeadFacts = LM, precision: str = "fp32", **settings: Any) -> torch.nn.Module:
    located = locate(ModelSpec(path=str(folder)))
    labels = LABELS if head.head == "classes" else ()
    return build(located, facts_from_config(read_config(located.body)), head, precision, "cpu", **{"labels": labels, **settings})


def test_a_language_model_computes_what_transformers_computes(tiny_model: Path) -> None:
    model = made(tiny_model)
    theirs = AutoModelForCausalLM.from_pretrained(tiny_model)
    assert torch.equal(model(IDS).logits, theirs(IDS).logits)
    assert model.config._attn_implementation == "sdpa"
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_building_leaves_the_global_generator_alone_and_does_not_depend_on_it(tiny_model: Path) -> None:
    heads = []
    for stir in (1, 2):
        torch.manual_seed(stir)
        before = torch.get_rng_state()
        heads.append(made(tiny_model, CLASSES, seed=7).score.weight)
        assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(heads[0], heads[1])
    other = made(tiny_model, CLASSES, seed=8).score.weight
    assert not torch.equal(heads[0], other)
    assert other.shape == (3, 32)
    assert 0.01 < float(other.detach().std()) < 0.03


def test_a_class_head_names_its_labels(tiny_model: Path) -> None:
    config = made(tiny_model, CLASSES).config
    assert config.num_labels == 3
    assert config.id2label == dict(enumerate(LABELS))
    assert config.label2id == {label: i for i, label in enumerate(LABELS)}


def test_random_weights_come_from_the_seed_alone(tiny_model: Path) -> None:
    first, again, other = (made(tiny_model, LM, random_init=True, seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["model.embed_tokens.weight"], other["model.embed_tokens.weight"])
    stored = made(tiny_model).state_dict()
    assert not torch.equal(first["model.embed_tokens.weight"], stored["model.embed_tokens.weight"])


def test_random_weights_need_no_weight_file(tiny_model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((tiny_model / name).read_bytes())
    located = locate(ModelSpec(path=str(tmp_path), random_init=True))
    facts = facts_from_config(read_config(tmp_path))
    model = build(located, facts, CLASSES, "fp32", "cpu", random_init=True, seed=1, labels=LABELS)
    assert torch.equal(model.score.weight, made(tiny_model, CLASSES, seed=1).score.weight)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_trained_weights_are_fp32_and_frozen_ones_in_the_recipes_precision(tiny_model: Path, precision: str) -> None:
    model = made(tiny_model, CLASSES, precision)
    facts = facts_from_config(read_config(tiny_model))
    model = METHODS["lora"](name="lora", r=2).attach(model, facts, CLASSES, Horizon(1))
    store_frozen(model, precision)
    half = {"bf16": torch.bfloat16, "fp16": torch.float16}[precision]
    assert {p.dtype for p in model.parameters() if p.requires_grad} == {torch.float32}
    assert {p.dtype for p in model.parameters() if not p.requires_grad} == {half}
    assert model.get_base_model().model.rotary_emb.inv_freq.dtype == torch.float32


def test_weights_stored_in_the_wanted_precision_are_read_as_they_are(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "half")
    AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).save_pretrained(folder)
    assert stored_precisions(folder) == {"bf16"}
    assert {p.dtype for p in made(folder, LM, "bf16").parameters()} == {torch.bfloat16}
    full = made(folder, LM, "fp32")
    assert {p.dtype for p in full.parameters()} == {torch.float32}
    half = dict(made(folder, LM, "bf16").named_parameters())
    assert all(torch.equal(p, half[name].float()) for name, p in full.named_parameters())


def test_capped_attention_is_not_computed_by_a_kernel_that_drops_the_cap(tmp_path: Path) -> None:
    from transformers import Gemma2Config

    sizes: dict[str, Any] = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "head_dim": 8, "vocab_size": 320}
    config = Gemma2Config(**sizes, num_attention_heads=4, num_key_value_heads=2, bos_token_id=0, eos_token_id=1, pad_token_id=None)
    config.save_pretrained(tmp_path)
    located = Located(tmp_path, "gemma", "folder", "")
    model = build(located, facts_from_config(read_config(tmp_path)), LM, "fp32", "cpu", random_init=True)
    assert model.config._attn_implementation == "eager"


@pytest.mark.parametrize("family", ["gpt2", "qwen3", "phi3", "gemma3_text"])
@pytest.mark.parametrize("head", [LM, CLASSES], ids=lambda head: head.head)
def test_other_families_build_with_both_heads(family: str, head: HeadFacts, tmp_path: Path) -> None:
    from transformers import AutoConfig

    sizes: dict[str, Any] = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    sizes |= {"num_key_value_heads": 2, "head_dim": 8}
    if family == "gpt2":
        sizes = {"n_embd": 32, "n_layer": 2, "n_head": 4}
    AutoConfig.for_model(family, **sizes, vocab_size=320, bos_token_id=0, eos_token_id=1, pad_token_id=None).save_pretrained(tmp_path)
    facts = facts_from_config(read_config(tmp_path))
    model = build(
        Located(tmp_path, "x", "folder", ""), facts, head, "fp32", "cpu", random_init=True, labels=LABELS if head.n_classes else ()
    )
    model.save_pretrained(tmp_path)
    again = made(tmp_path, head)
    assert all(torch.equal(p, dict(again.named_parameters())[name]) for name, p in model.named_parameters())


def test_a_stored_class_head_is_kept_for_the_same_labels_only(tiny_model: Path, tmp_path: Path) -> None:
    model = made(tiny_model, CLASSES, seed=5)
    with torch.no_grad():
        model.score.weight.add_(1.0)
    model.save_pretrained(tmp_path)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / file).write_bytes((tiny_model / file).read_bytes())
    assert torch.equal(made(tmp_path, CLASSES, seed=9).score.weight, model.score.weight)
    fresh = made(tmp_path, CLASSES, seed=9, labels=("a", "b", "c")).score.weight
    assert torch.equal(fresh, made(tiny_model, CLASSES, seed=9).score.weight)
    assert made(tmp_path, HeadFacts("classes", 5), seed=9, labels=tuple("abcde")).score.weight.shape == (5, 32)
    assert torch.equal(made(tmp_path)(IDS).logits, made(tiny_model)(IDS).logits)  # tied: the vocabulary matrix is still there


def test_loading_says_nothing(tiny_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made(tiny_model, CLASSES)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""


def test_published_files_may_hold_old_buffers_and_no_prefix(tmp_path: Path) -> None:
    """As openai-community/gpt2 and the first Llamas were published."""
    from safetensors.torch import load_file, save_file
    from transformers import AutoConfig

    config = AutoConfig.for_model("gpt2", n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=320)
    config.save_pretrained(tmp_path)
    located = Located(tmp_path, "gpt2", "folder", "")
    model = build(located, facts_from_config(read_config(tmp_path)), LM, "fp32", "cpu", random_init=True)
    tensors = {
        name.removeprefix("transformer."): p.detach().clone() for name, p in model.named_parameters() if not name.startswith("lm_head")
    }
    save_file(tensors | {"h.0.attn.bias": torch.ones(1, 1, 64, 64)}, tmp_path / "model.safetensors", metadata={"format": "pt"})
    assert torch.equal(made(tmp_path)(IDS).logits, model(IDS).logits)
    assert made(tmp_path, CLASSES).score.weight.shape == (3, 32)

    llama = write_tiny_model(tmp_path / "llama")
    tensors = load_file(llama / "model.safetensors") | {"model.layers.0.self_attn.rotary_emb.inv_freq": torch.ones(4)}
    save_file(tensors, llama / "model.safetensors", metadata={"format": "pt"})
    assert made(llama)


MODELS = ("stories260K", "babyllama-char105", "babyllama-char361")


@pytest.mark.corpus
@pytest.mark.parametrize("name", MODELS)
def test_real_models_write_what_they_are_known_to_write(name: str, corpus: Path) -> None:
    folder = corpus / "models" / name
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    model = made(folder)
    for case in known["greedy"]:
        ids = torch.tensor([case["input_ids"]])
        n_new = len(case["output_ids"]) - len(case["input_ids"])
        out = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=n_new, do_sample=False, pad_token_id=0)
        assert out[0].tolist() == case["output_ids"]


@pytest.mark.corpus
@pytest.mark.parametrize("name", MODELS)
def test_real_models_have_their_known_loss(name: str, corpus: Path) -> None:
    folder = corpus / "models" / name
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["tinystories_sample_first20_loss_per_token"]
    stories = (corpus / "data" / "tinystories-sample" / "tinystories_sample.txt").read_text(encoding="utf-8").split("<|endoftext|>")[:20]
    tokenizer, model = AutoTokenizer.from_pretrained(folder), made(folder)
    total, n = 0.0, 0
    with torch.inference_mode():
        for story in stories:
            ids = tokenizer(story.strip(), return_tensors="pt", truncation=True, max_length=model.config.max_position_embeddings).input_ids
            total += float(torch.nn.functional.cross_entropy(model(ids).logits[0, :-1], ids[0, 1:], reduction="sum"))
            n += ids.shape[1] - 1
    assert total / n == pytest.approx(known, abs=2e-4)


def test_the_reference_classes_are_the_ones_used(tiny_model: Path) -> None:
    assert type(made(tiny_model)) is type(AutoModelForCausalLM.from_pretrained(tiny_model))
    theirs = AutoModelForSequenceClassification.from_config(made(tiny_model, CLASSES).config)
    assert type(made(tiny_model, CLASSES)) is type(theirs)


@pytest.mark.parametrize("task", ["classes", "text"])
def test_a_trained_adapter_lies_on_its_base_as_in_training(tiny_model: Path, tmp_path: Path, task: str) -> None:
    """The base in the precision of the run, which is what fitted in memory, and what was trained in fp32; a whole model was all trained."""
    adapter = load_trained(trained_run(tmp_path / "lora", tiny_model, task, "lora"), "cpu", "bf16")
    trained = {name: p.dtype for name, p in adapter.named_parameters() if "lora_" in name or "modules_to_save" in name}
    others = {p.dtype for name, p in adapter.named_parameters() if name not in trained}
    assert set(trained.values()) == {torch.float32}
    assert others == {torch.bfloat16}
    whole = load_trained(trained_run(tmp_path / "full", tiny_model, task, "full"), "cpu", "bf16")
    assert {p.dtype for p in whole.parameters()} == {torch.float32}
