"""Runs with real weights: a tiny Llama, a method attached and its weights moved as a training would, saved as a training saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from afina.methods import HeadFacts
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, save_trained
from afina.models.locate import locate
from afina.objectives import OBJECTIVES
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import Horizon
from tests.unit.export.synthetic import TEAMS, data_report, settled_recipe, write_run

TASK = {"lm": "lm", "classes": "classes", "text": "text"}


def trained_run(folder: Path, model: Path, task: str, method: str, **data: Any) -> Run:
    """Write a finished run whose trained weights differ from the base's. data: keys of data.* in the recipe (template)."""
    recipe = settled_recipe(task, method, str(model))
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update=data)})
    assert recipe.objective != "auto"
    assert recipe.method != "auto"
    run = write_run(folder, task, recipe=recipe, report=data_report(task))
    labels = TEAMS if task == "classes" else ()
    located = locate(ModelSpec(path=str(model)))
    facts = facts_from_config(read_config(located.body))
    head = HeadFacts(OBJECTIVES[recipe.objective.name].head, len(labels))
    network = build(located, facts, head, "fp32", "cpu", labels=labels)
    network = recipe.method.attach(network, facts, head, Horizon(10))
    rng = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=rng))
    save_trained(network, run, located, recipe.method.traits.adapter)
    run.update(sha256=run.sha256())
    return run
