"""train.optimizer: a name, or a mapping with a name and that optimizer's own keys, from every place a recipe comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from afina.errors import RecipeErrors
from afina.optimizers import OPTIMIZERS, Optimizer
from afina.optimizers.adamw import Adamw
from afina.optimizers.galore import Galore
from afina.optimizers.lion import Lion
from afina.optimizers.muon import Muon
from afina.recipe import Recipe, TrainSpec, diff, installed_versions, json_schema, load, lock_text, run_key, to_yaml

WRITTEN: list[tuple[list[str], Optimizer]] = [
    (["train.optimizer=muon"], Muon()),
    (["optimizer=muon"], Muon()),
    (["optim=muon"], Muon()),
    (["train.optimizer.name=muon"], Muon()),
    (["train.optimizer={name: muon, momentum: 0.9}"], Muon(momentum=0.9)),
    (["optimizer={name: muon, momentum: 0.9}"], Muon(momentum=0.9)),
    (["train.optimizer=muon", "train.optimizer.momentum=0.9"], Muon(momentum=0.9)),
    (["train.optimizer.momentum=0.9", "train.optimizer=muon"], Muon(momentum=0.9)),
    (["train={optimizer: {name: muon, ns_steps: 6.0}}"], Muon(ns_steps=6)),
    (['train.optimizer="muon"'], Muon()),
    ([], Adamw()),
]


@pytest.mark.parametrize(("words", "wanted"), WRITTEN, ids=str)
def test_words(words: list[str], wanted: Optimizer) -> None:
    assert load(None, words).recipe.train.optimizer == wanted


@pytest.mark.parametrize("value", ["muon", {"name": "muon"}, Muon()], ids=str)
def test_python(value: Any) -> None:
    for values in (
        {"train": {"optimizer": value}},
        {"train.optimizer": value},
        {"optimizer": value},
        {"train": TrainSpec(optimizer=value)},
    ):
        assert load(None, values=values).recipe.train.optimizer == Muon()
    assert TrainSpec.model_validate({"optimizer": value}).optimizer == Muon()


def test_a_later_layer_wins_key_by_key_and_another_name_takes_the_keys_away(tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text("train:\n  optimizer:\n    name: galore\n    rank: 8\n    scale: 0.5\n", encoding="utf-8")
    assert load(file).recipe.train.optimizer == Galore(rank=8, scale=0.5)
    assert load(file, ["train.optimizer.rank=4"]).recipe.train.optimizer == Galore(rank=4, scale=0.5)
    assert load(file, ["train.optimizer=galore"]).recipe.train.optimizer == Galore(rank=8, scale=0.5)
    loaded = load(file, ["train.optimizer=lion"])
    assert loaded.recipe.train.optimizer == Lion()
    assert [str(notice) for notice in loaded.notices] == [
        f"rank=8 of {file}:4 is not used (train.optimizer=lion chooses optimizer lion) [train.optimizer.rank]",
        f"scale=0.5 of {file}:5 is not used (train.optimizer=lion chooses optimizer lion) [train.optimizer.scale]",
    ]


NAMES = ", ".join(OPTIMIZERS.names())
WRONG: dict[str, str] = {
    "train.optimizer=muno": f'R001 train.optimizer=muno: "muno" is not one of {NAMES}\n  Do: train.optimizer=muon',
    "train.optimizer=3": f"R001 train.optimizer=3: 3 is not one of {NAMES}\n  Do: train.optimizer=adamw",
    "train.optimizer={name: muon, momentun: 0.9}": (
        'R002 train.optimizer={name: muon, momentun: 0.9}: unknown key "momentun". Did you mean momentum?\n'
        "  Do: write momentum instead of momentun"
    ),
    "train.optimizer.momentum=0.9": (
        'R002 train.optimizer.momentum=0.9: optimizer adamw has no key "momentum"; muon, sgd have\n  Do: train.optimizer.name=muon'
    ),
    "train.optimizer={name: sgd, zzzz: 1}": (
        'R002 train.optimizer={name: sgd, zzzz: 1}: optimizer sgd has no key "zzzz"\n  Do: remove it; its keys are momentum, nesterov'
    ),
    "train.optimizer={name: muon, momentum: 2}": (
        "R001 train.optimizer={name: muon, momentum: 2}: 2 is too large (allowed: a number from 0 to below 1)\n"
        "  Do: train.optimizer.momentum=0.02"
    ),
    "train.optimizer={name: muon, ns_steps: many}": (
        'R001 train.optimizer={name: muon, ns_steps: many}: "many" is not a whole number (allowed: a whole number from 1 to below 100)\n'
        "  Do: train.optimizer.ns_steps=5"
    ),
}


@pytest.mark.parametrize("word", WRONG)
def test_mistakes(word: str) -> None:
    with pytest.raises(RecipeErrors) as caught:
        load(None, [word])
    assert str(caught.value) == WRONG[word]


def test_a_mistake_in_a_file_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text("train:\n  optimizer:\n    name: muon\n    momentum: a lot\n", encoding="utf-8")
    with pytest.raises(RecipeErrors, match=r"recipe\.yaml:4 train\.optimizer\.momentum: \"a lot\" is not a number"):
        load(file)


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_written_and_read_back(name: str, tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    for defaults in (False, True):
        recipe = Recipe(train=TrainSpec(optimizer=OPTIMIZERS[name](name=name)))
        file.write_text(to_yaml(recipe, defaults), encoding="utf-8")
        assert load(file).recipe == recipe


def test_only_what_differs_is_written() -> None:
    assert to_yaml(Recipe(train=TrainSpec(optimizer=Muon()))).splitlines()[1:] == ["train:", "  optimizer: muon"]
    written = to_yaml(Recipe(train=TrainSpec(optimizer=Muon(momentum=0.9)))).splitlines()[1:]
    assert written == ["train:", "  optimizer:", "    name: muon", "    momentum: 0.9"]


def test_its_keys_are_part_of_the_runs_key() -> None:
    plain, other = load(None, ["optimizer=muon"]).recipe, load(None, ["optimizer={name: muon, momentum: 0.9}"]).recipe
    assert run_key(plain, "d", "m") == run_key(load(None, ["optimizer={name: muon, momentum: 0.95}"]).recipe, "d", "m")
    assert len({run_key(recipe, "d", "m") for recipe in (Recipe(), plain, other)}) == 3
    assert diff(plain, other) == ["train.optimizer"]


def test_the_lock_has_the_version_of_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "schedulefree" not in installed_versions()
    monkeypatch.setattr("afina.recipe.lock.unsettled", lambda recipe: [])
    text = lock_text(
        Recipe(train=TrainSpec(optimizer="schedule_free")),  # type: ignore[arg-type]
        data_sha256="d",
        model_fingerprint="m",
        template_sha256="t",
        notices=[],
    )
    assert f"schedulefree: {installed_versions('schedulefree')['schedulefree']}" in text


def test_the_json_schema_allows_both_spellings() -> None:
    schema = json_schema()["$defs"]["TrainSpec"]["properties"]["optimizer"]
    assert schema["anyOf"][0]["enum"] == OPTIMIZERS.names()
    assert {"$ref": "#/$defs/Muon"} in schema["anyOf"]
    assert "oneOf" not in schema
