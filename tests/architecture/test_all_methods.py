"""The table of benchmarks/quality/all_methods.py has every registered method, and what it says of each is a recipe of that method."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.recipe.load import load
from afina.types import Horizon

SCRIPT = Path(__file__).parents[2] / "benchmarks/quality/all_methods.py"
STORIES = {"hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5, "num_attention_heads": 8, "num_key_value_heads": 4}
"""The sizes of the table's model, stories260K."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("all_methods", SCRIPT)
    assert spec is not None and spec.loader is not None
    sys.modules["all_methods"] = made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_every_method_has_a_row(script: ModuleType) -> None:
    assert sorted(name for name in script.WAYS if name != script.HEAD_ONLY) == sorted(METHODS)
    assert all(way.method == name for name, way in script.WAYS.items() if name != script.HEAD_ONLY)


@pytest.mark.parametrize("name", list(METHODS))
def test_its_settings_can_be_built(name: str, script: ModuleType) -> None:
    way = script.WAYS[name]
    method = load(None, [f"method={way.method}", *way.settings]).recipe.method
    assert method != "auto"
    facts = facts_from_config(
        {"model_type": "llama", "vocab_size": 512, "max_position_embeddings": 512, "tie_word_embeddings": True, **STORIES}
    )
    method = method.settled(("long", "short")) if way.tasks else method
    method.build(facts, HeadFacts("classes", 2), Horizon(300, 5000))
    assert 0 < method.n_trainable(facts, HeadFacts("classes", 2)) <= facts.n_params + 10**5
    assert (len(method.phases(Horizon(300, 5000))) > 1) == (way.phases != "one") or way.method in ("adalora", "adamix")


def test_the_rate_is_chosen_by_validation_and_cells_are_done_once(script: ModuleType) -> None:
    first, later = script.SEEDS[0], list(script.SEEDS[1:])
    done: dict[tuple[str, str, int, float], dict[str, float]] = {}
    assert [rate for _, rate in script.due("lora", "sst2", done)] == list(script.RATES)
    for rate, accuracy in zip(script.RATES, (0.5, 0.7, 0.6), strict=True):
        done["lora", "sst2", first, round(rate, 3)] = {"validation": accuracy, "accuracy": 1 - accuracy}
    assert script.chosen_rate("lora", "sst2", done) == script.RATES[1]
    assert list(script.due("lora", "sst2", done)) == [(seed, script.RATES[1]) for seed in later]
    for seed in later:
        done["lora", "sst2", seed, round(script.RATES[1], 3)] = {"validation": 0.7, "accuracy": 0.3}
    assert list(script.due("lora", "sst2", done)) == []


def test_the_table_says_where_a_method_does_not_beat_the_head_alone(script: ModuleType) -> None:
    done = {}
    of = {script.HEAD_ONLY: (0.6, 0.6, 0.6), "lora": (0.7, 0.8, 0.9), "ia3": (0.7, 0.6, 0.9)}
    rest = {"validation": 0.5, "n_trainable": 1, "learning_rate": 0.1, "memory_gib": 1.0, "training_seconds": 1.0}
    for name, accuracies in of.items():
        for rate in script.RATES:
            done[name, "sst2", script.SEEDS[0], round(rate, 3)] = {"seed": script.SEEDS[0], "accuracy": accuracies[0], **rest}
        for seed, accuracy in zip(script.SEEDS, accuracies, strict=True):
            done[name, "sst2", seed, round(script.chosen_rate(name, "sst2", done), 3)] = {"seed": seed, "accuracy": accuracy, **rest}
    lines = {line.split(" | ")[0].lstrip("| "): line for line in script.table("sst2", done).splitlines()}
    assert "+0.200 |" in lines["lora"]
    assert "+0.133, does not beat it on every seed" in lines["ia3"]
