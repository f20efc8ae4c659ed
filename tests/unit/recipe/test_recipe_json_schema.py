"""The JSON schema for editors says of a file what afina says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from afina.errors import RecipeErrors
from afina.methods import METHODS
from afina.objectives import OBJECTIVES
from afina.optimizers import OPTIMIZERS
from afina.recipe import every_leaf, json_schema, load, yaml12
from afina.recipe.bundled import bundled, names

RIGHT: list[dict[str, Any]] = [
    {},
    {"method": "auto", "objective": "auto"},
    {"method": {"name": "lora", "r": 8, "target_modules": ["q_proj", "v_proj"]}},
    {"method": {"name": "lora", "target_modules": "all-linear"}},
    {"model": "nano", "data": "a.csv"},
    {"model": {"path": "a/b", "precision": "bf16"}, "data": {"path": "a.csv", "map": {"text": "a", "label": "b"}, "header": True}},
    {"data": {"na": ["NA", "-"], "validation": 0, "test": 0.1, "max_rows": None}},
    {"train": {"learning_rate": 1e-4, "micro_batch_size": {"tokens": 64}, "max_steps": 1000.0, "batch_size": "auto"}},
    {"train": {"optimizer": "adamw", "schedule": "constant", "warmup_ratio": 0}},
    {"train": {"optimizer": {"name": "muon", "momentum": 0.9}}},
    {"eval": None, "output": {"name": "x", "track": "wandb"}},
    {"output": {"track": ["wandb", "mlflow"]}},
    {"seed": 3},
    *({"method": name} for name in METHODS),
    *({"objective": name} for name in OBJECTIVES),
    *({"train": {"optimizer": name}} for name in OPTIMIZERS),
]
WRONG: list[dict[str, Any]] = [
    {"trian": {}},
    {"method": "lorra"},
    {"method": {"name": "lora", "rr": 8}},
    {"method": {"name": "full", "r": 8}},
    {"method": {"name": "lora", "r": 0}},
    {"method": {"name": "lora", "dropout": 1}},
    {"objective": 3},
    {"model": 3},
    {"model": {"path": "a", "precision": "int4"}},
    {"data": {"map": ["a"]}},
    {"data": {"map": {"text": 3}}},
    {"data": {"na": "NA"}},
    {"data": {"validation": 1}},
    {"data": {"drop_empty": 1}},
    {"data": {"max_length": 4}},
    {"train": {"learning_rate": "two"}},
    {"train": {"learning_rate": 0}},
    {"train": {"batch_size": 1.5}},
    {"train": {"batch_size": True}},
    {"train": {"schedule": "cosin"}},
    {"train": {"optimizer": "adamx"}},
    {"train": {"optimizer": {"name": "sgd", "ns_steps": 3}}},
    {"train": {"micro_batch_size": {"tokens": 4}}},
    {"train": {"micro_batch_size": {"token": 64}}},
    {"eval": {"bootstrap": 10}},
    {"output": {"keep": 0}},
    {"output": {"track": ["wandbb"]}},
    {"seed": -1},
    {"seed": "3"},
]


def says_the_schema(values: dict[str, Any]) -> bool:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid(values)


def says_afina(values: dict[str, Any], folder: Path) -> bool:
    path = folder / "recipe.yaml"
    path.write_text(json.dumps(values), encoding="utf-8")  # JSON is YAML
    try:
        load(path)
    except RecipeErrors:
        return False
    return True


@pytest.mark.parametrize("values", RIGHT, ids=json.dumps)
def test_both_take_what_is_right(values: dict[str, Any], tmp_path: Path) -> None:
    assert says_afina(values, tmp_path)
    assert says_the_schema(values)


@pytest.mark.parametrize("values", WRONG, ids=json.dumps)
def test_both_refuse_what_is_wrong(values: dict[str, Any], tmp_path: Path) -> None:
    assert not says_afina(values, tmp_path)
    assert not says_the_schema(values)


@pytest.mark.parametrize("name", names())
def test_bundled_recipes_fit_the_schema(name: str) -> None:
    assert says_the_schema(yaml12.read_file(bundled(name).path).values)


def test_extends_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("seed: 1\n")
    assert says_afina({"extends": "base.yaml", "seed": 2}, tmp_path)
    assert says_the_schema({"extends": "base.yaml", "seed": 2})


def test_every_key_is_described() -> None:
    """What an editor shows beside a key is what the reference says of it."""
    schema = json_schema()
    texts = json.dumps(schema)
    for section, value in schema["properties"].items():
        assert value.get("description"), section
    for leaf in every_leaf():
        if leaf.path[-1] != "name":
            assert leaf.description and json.dumps(leaf.description)[1:-1] in texts, leaf.dotted
