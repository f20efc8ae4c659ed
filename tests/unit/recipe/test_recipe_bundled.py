"""The recipes that come with afina: short, said what for, valid, and (the long test) trained on real data."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import typer.main

from afina.errors import RecipeErrors
from afina.recipe import Recipe, load, to_yaml
from afina.recipe.bundled import bundled, names, resolve
from tests.conftest import ROOT


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(names()) >= 15
    texts = {to_yaml(load(name).recipe) for name in names()}
    assert len(texts) == len(names()), "two recipes say the same"


@pytest.mark.parametrize("name", names())
def test_a_recipe_is_short_and_says_what_for(name: str) -> None:
    recipe = bundled(name)
    lines = recipe.text.splitlines()
    assert len(lines) <= 25
    assert all(len(line) <= 140 for line in lines)
    assert recipe.what.endswith(".") and recipe.hardware.endswith(".")
    for claim in (recipe.time, recipe.expected):
        assert "not measured here" in claim or any(character.isdigit() for character in claim), claim


@pytest.mark.parametrize("name", names())
def test_a_recipe_is_valid_and_in_its_plainest_spelling(name: str) -> None:
    loaded = load(name)
    assert loaded.recipe != Recipe()
    assert loaded.notices == ()
    assert load(bundled(name).path).recipe == loaded.recipe


@pytest.mark.parametrize("name", names())
def test_the_command_in_a_recipe_can_be_typed(name: str) -> None:
    from afina.cli.main import app

    words = shlex.split(bundled(name).command)
    assert words[:2] == ["afina", "train"]
    command = typer.main.get_command(app).commands["train"]  # type: ignore[attr-defined]
    context = command.make_context("train", words[2:])
    assert context.params["recipe"] == name
    load(name, context.params["overrides"] or [])


def test_the_command_line_wins_over_a_recipe() -> None:
    assert load("sentiment").recipe.train.num_epochs == 4
    loaded = load("sentiment", ["num_epochs=1", "method=full"], {"model": "nano"})
    assert (loaded.recipe.train.num_epochs, loaded.recipe.method.name, loaded.recipe.eval.metric) == (1, "full", "macro_f1")


def test_a_name_is_not_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve(Path("sentiment")) == bundled("sentiment").path
    assert resolve(Path("sentiment.yaml")) == Path("sentiment.yaml")
    assert resolve(Path("folder/sentiment")) == Path("folder/sentiment")
    Path("sentiment").write_text("seed: 3\n")
    assert load("sentiment").recipe.seed == 3


def test_a_misspelt_name_says_the_nearest() -> None:
    with pytest.raises(RecipeErrors) as caught:
        load("sentimnet")
    assert str(caught.value) == 'R004: no recipe is called "sentimnet"\n  Do: sentiment, or the path of a YAML file'
    with pytest.raises(RecipeErrors, match="afina recipes list"):
        load("zzzzzz")


# --- on real data ---

SHORT = (
    *("max_steps=3", "batch_size=8", "micro_batch_size=auto", "eval.bootstrap=100", "eval.max_generated=4", "eval.max_new_tokens=8"),
    *("eval.n_samples=1", "eval.shots=1", "data.max_rows=200", "processes=1", "device=cpu", "precision=fp32", "data.max_length=128"),
    *("data.truncation=keep_start", "model.random_init=false"),
)
PAIRS = ("map.text=#1 String+#2 String", "map.label=Quality")
LONG = ("data.max_length=4096", "data.max_rows=60")
CORPUS_RUNS = {
    "sentiment": ("umsab-sentiment-en/train.csv",),
    "topics": ("banking77/train.csv", "max_rows=1500"),
    "medical-abstracts": ("medical-abstracts/medical_tc_test.csv",),
    "support-teams": ("messy-airline-tweets/Tweets.csv", "map.text=text", "map.label=airline_sentiment"),
    "sentence-pairs": ("mrpc/msr_paraphrase_train.txt", *PAIRS),
    "legal-short-answers": ("legalbench-train/legalbench_train.csv", "map.prompt=instruction+input", "map.completion=answer"),
    "support-replies": ("dolly-hhrlhf-1k/dolly_hhrlhf_train_small.jsonl",),
    "summaries": ("dialogsum/dialogsum.dev.jsonl", "map.prompt=dialogue", "map.completion=summary"),
    "instructions": ("alpaca-5000/alpaca_5000.json",),
    "chat": ("llamafactory-demos/glaive_toolcall_en_demo.json", *LONG),
    "tool-calls": ("llamafactory-demos/glaive_toolcall_en_demo.json", *LONG),
    "translation": ("en-ca-translation/tatoeba.en-ca.csv", "map.prompt=en", "map.completion=ca"),
    "questions-on-text": ("squad-it/squad_it_2000.csv", "data.prompt={context}\\n{question}", "map.completion=answer"),
    "word-problems": ("gsm8k/train.jsonl",),
    "few-examples": ("llamafactory-demos/identity.json",),
    "continued-pretraining": ("wikisql-1k/train.jsonl",),
    "pretraining-small": ("tinystories-sample/tinystories_sample.txt",),
    "laptop": ("messy-sms-spam/spam.csv",),
    "masked-language": ("tinystories-sample/tinystories_sample.txt",),
    "denoising": ("tinystories-sample/tinystories_sample.txt",),
    "multiple-choice": ("boolq/boolq_val.jsonl",),
    "t-few": ("boolq/boolq_val.jsonl",),
    "entities": (str(ROOT / "examples" / "entities.jsonl"),),
    "distil": ("dolly-hhrlhf-1k/dolly_hhrlhf_train_small.jsonl",),
}
OTHER_KINDS = {
    "masked-language": "tiny_encoder",
    "entities": "tiny_encoder",
    "denoising": "tiny_encoder_decoder",
    "t-few": "tiny_encoder_decoder",
}
"""Recipes for encoders and encoder-decoders, and the model that stands in for theirs."""
NEED_MORE = {"text-to-sql", "full-one-gpu", "two-gpus"}
"""Data in two columns that the corpus does not hold, one large GPU, two GPUs."""


def test_every_recipe_is_trained_or_said_why_not() -> None:
    assert set(CORPUS_RUNS) | NEED_MORE == set(names())


@pytest.fixture(scope="module")
def small_model(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that is wide enough for the recipes' ranks, with a chat template that knows tools."""
    from tests.tiny import write_tiny_model

    sizes = {"hidden_size": 64, "num_key_value_heads": 4, "max_position_embeddings": 4096}
    folder = write_tiny_model(tmp_path_factory.mktemp("small") / "small", **sizes)
    template = (corpus / "templates" / "Qwen-Qwen2.5-7B-Instruct.jinja").read_text(encoding="utf-8")
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    return folder


@pytest.mark.full
@pytest.mark.corpus
@pytest.mark.parametrize("name", CORPUS_RUNS)
def test_a_recipe_trains_on_the_corpus(
    name: str, corpus: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Its own keys but for size: a tiny model, three steps."""
    from afina import api

    monkeypatch.chdir(tmp_path)
    file, *words = CORPUS_RUNS[name]
    words += [f"objective.teacher={small_model}"] if name == "distil" else []
    model = request.getfixturevalue(OTHER_KINDS[name]) if name in OTHER_KINDS else small_model
    run = api.train(corpus / "data" / file, model, recipe=name, overrides=[*SHORT, *words])
    assert run.run.state() == "finished"
    assert sum(row["event"] == "step" for row in run.run.metrics()) == 3
    settled, asked = load(run.run.recipe_yaml).recipe, load(name).recipe
    assert settled.train.learning_rate == asked.train.learning_rate or asked.train.learning_rate == "auto"
    assert run.metrics
