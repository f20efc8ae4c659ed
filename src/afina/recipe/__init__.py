"""The recipe: schema, reading, checking, writing, identity and lock. Imports neither torch nor transformers nor peft."""

from afina.recipe.dump import json_schema, to_yaml
from afina.recipe.identity import EXECUTION_FIELDS, IDENTITY_FIELDS, diff, run_key
from afina.recipe.keys import Leaf, every_leaf
from afina.recipe.load import Loaded, load
from afina.recipe.lock import installed_versions, lock_text, read_lock, unsettled
from afina.recipe.schema import DataSpec, EvalSpec, ModelSpec, OutputSpec, Recipe, TokenBudget, TrainSpec

__all__ = [
    "EXECUTION_FIELDS",
    "IDENTITY_FIELDS",
    "DataSpec",
    "EvalSpec",
    "Leaf",
    "Loaded",
    "ModelSpec",
    "OutputSpec",
    "Recipe",
    "TokenBudget",
    "TrainSpec",
    "diff",
    "every_leaf",
    "installed_versions",
    "json_schema",
    "load",
    "lock_text",
    "read_lock",
    "run_key",
    "to_yaml",
    "unsettled",
]
