"""Presets: settings under one name, resolved when a recipe is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from afina.errors import RecipeErrors
from afina.methods import METHODS
from afina.recipe.load import load
from afina.recipe.presets import PRESETS

MEANT = {
    "dora": {"use_dora": True},
    "eva": {"init": "eva"},
    "loftq": {"init": "loftq"},
    "lora_plus": {"learning_rate_ratio": 16.0},
    "olora": {"init": "olora"},
    "pissa": {"init": "pissa"},
    "qlora": {},
    "rslora": {"use_rslora": True},
}


def test_these_are_all_and_none_is_a_method() -> None:
    assert PRESETS.names() == sorted(MEANT)
    assert not set(MEANT) & set(METHODS.names())
    for preset in PRESETS.values():
        assert preset.what.endswith(".")
        assert preset.paper.startswith("https://arxiv.org/abs/")


@pytest.mark.parametrize("name", MEANT)
def test_a_preset_is_lora_with_its_settings(name: str) -> None:
    recipe = load(None, [f"method={name}"]).recipe
    assert recipe.method == METHODS["lora"](name="lora", **MEANT[name])
    assert recipe.model.quantize == ("nf4" if name in ("qlora", "loftq") else "none")


def test_what_it_means_is_said() -> None:
    said = load(None, ["method=qlora"]).notices
    assert [(notice.what, notice.why) for notice in said] == [
        ("method=qlora is method=lora method.target_modules=all-linear model.quantize=nf4", "a preset (method=qlora)")
    ]


def test_keys_beside_it_and_after_it_win(tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text("model: {quantize: int8}\nmethod: {name: qlora, r: 8, target_modules: [q_proj]}\n")
    recipe = load(file).recipe
    assert (recipe.model.quantize, recipe.method.r, recipe.method.target_modules) == ("int8", 8, ("q_proj",))
    assert load(file, ["quantize=none"]).recipe.model.quantize == "none"
    assert load(file, ["method=dora"]).recipe.method.use_dora
    assert load(None, ["method=dora", "r=4", "seed=3"]).recipe.method == METHODS["lora"](name="lora", r=4, use_dora=True)


def test_from_python_it_is_the_same() -> None:
    assert load(None, values={"method": "pissa", "method.r": 4}).recipe.method == METHODS["lora"](name="lora", r=4, init="pissa")


def test_the_keys_of_several_methods_alone_mean_lora() -> None:
    assert load(None, ["r=8", "alpha=16"]).recipe.method == METHODS["lora"](name="lora", r=8, alpha=16)


def test_a_mistake_in_a_key_of_it_is_found() -> None:
    with pytest.raises(RecipeErrors, match=r'lora has no key "block_size"'):
        load(None, ["method=dora", "method.block_size=4"])
