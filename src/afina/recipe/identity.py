"""Which keys decide the trained weights, and the key by which a run is found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from afina.recipe.dump import as_values
from afina.recipe.keys import leaves
from afina.recipe.schema import DataSpec, Recipe

IDENTITY_FIELDS: frozenset[str] = frozenset(
    {
        *("model.path", "model.revision", "model.precision", "model.quantize", "model.random_init"),
        *(f"data.{key}" for key in DataSpec.model_fields),
        *("method", "objective"),
        *("train.learning_rate", "train.num_epochs", "train.max_steps", "train.batch_size", "train.optimizer", "train.schedule"),
        *("train.warmup_ratio", "train.weight_decay", "train.adam_beta1", "train.adam_beta2", "train.adam_epsilon"),
        *("train.max_grad_norm", "train.bad_step_patience", "train.decay_ratio", "train.layer_decay"),
        *("train.neftune_alpha", "train.ema", "train.average_checkpoints"),
        *("eval.every_steps", "eval.metric", "eval.patience", "seed"),
    }
)
"""Keys that change the trained weights or choose the checkpoint; "method" and "objective" stand for all their keys."""

EXECUTION_FIELDS: frozenset[str] = frozenset(
    {
        *("train.micro_batch_size", "train.packing", "train.processes", "train.device", "train.gradient_checkpointing"),
        *("eval.n_samples", "eval.max_new_tokens", "eval.compare", "eval.shots", "eval.max_generated", "eval.bootstrap"),
        *("eval.metrics", "eval.general_text"),
        *("output.dir", "output.name", "output.save_every_steps", "output.keep", "output.track"),
    }
)
"""Keys that may change between two starts of one run."""

BY_CONTENT: frozenset[str] = frozenset({"model.path", "model.revision", "data.path", "objective.teacher"})
"""Identity keys that count by what they point to, not by how it is spelled."""


def run_key(recipe: Recipe, data_sha256: str, model_fingerprint: str, beside: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return 16 hex digits: equal for two recipes that train the same weights from the same data and the same base.

    beside: role -> fingerprint of the frozen models that the objective asks too.
    """
    identity = {key: value for key, value in flat(recipe).items() if is_identity(key) and key not in BY_CONTENT}
    whole = {"recipe": identity, "data": data_sha256, "model": model_fingerprint, **({"beside": dict(beside)} if beside else {})}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]


def diff(old: Recipe, new: Recipe) -> list[str]:
    """Return the identity keys that differ, in schema order; paths as spelled. Of another method or objective only the name."""
    left, right = flat(old), flat(new)
    changed = [key for key in dict.fromkeys([*left, *right]) if is_identity(key) and left.get(key) != right.get(key)]
    renamed = {key.partition(".")[0] for key in changed if key in ("method.name", "objective.name")}
    return [key for key in changed if key.partition(".")[0] not in renamed or key.endswith(".name")]


def is_identity(key: str) -> bool:
    """Whether a dotted key decides the weights. A key in neither set counts as if it did; a test keeps the sets whole."""
    return key not in EXECUTION_FIELDS


def flat(recipe: Recipe) -> dict[str, Any]:
    """Return dotted key -> plain value; whole numbers are ints whether or not the key allows others, `auto` methods have only a name."""
    values: dict[str, Any] = {}
    for section, value in as_values(recipe).items():
        if isinstance(value, Mapping):
            entries = cast("Mapping[str, Any]", value)
            values |= {f"{section}.{name}": _canonical(item) for name, item in entries.items()}
        else:
            values[section if section in leaves("") else f"{section}.name"] = _canonical(value)
    return values


def _canonical(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in cast("Mapping[str, Any]", value).items()}
    return [_canonical(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value
