"""Runs with real weights: a tiny Llama, a method attached and its weights moved as a training would, saved as a training saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from afina.methods import METHODS, HeadFacts, Method
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, save_trained
from afina.models.locate import locate
from afina.models.quantize import Quantize
from afina.objectives import OBJECTIVES
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import Horizon, Standard
from tests.unit.export.synthetic import TEAMS, data_report, settled_recipe, write_run

TASKS = {
    "classes": ("classes", "classify"),
    "text": ("text", "sft"),
    "lm": ("lm", "lm"),
    "labels": ("classes", "multilabel"),
    "score": ("lm", "regress"),
    "tags": ("classes", "tag"),
    "choices": ("text", "choices"),
    "mlm": ("lm", "mlm"),
    "span": ("lm", "span"),
}
"""Task -> the synthetic run that it is most like, and its objective."""
SETTLED: dict[str, dict[str, Any]] = {"span": {"style": "sentinels", "noise_rate": 0.15}}
SEEDS = {"span": 8}
"""With others this one ends its answer at once."""
STANDARD = Standard(1000.0, 4.0)


def trained_run(folder: Path, model: Path, task: str, method: str | Method, quantize: Quantize = "none", **data: Any) -> Run:
    """Write a finished run whose trained weights differ from the base's. data: keys of data.* in the recipe (template)."""
    like, name = TASKS[task]
    chosen = METHODS[method](name=method) if isinstance(method, str) else method
    recipe = settled_recipe(like, chosen.name, str(model))
    changed = {
        "method": chosen,
        "data": recipe.data.model_copy(update=data),
        "objective": OBJECTIVES[name](name=name, **SETTLED.get(name, {})),
    }
    recipe = recipe.model_copy(update=changed)
    assert recipe.method != "auto"
    run = write_run(folder, like, recipe=recipe, report=data_report(like))
    labels = TEAMS if like == "classes" else ()
    located = locate(ModelSpec(path=str(model)))
    facts = facts_from_config(read_config(located.body))
    run.update(kind=facts.kind, standard=[STANDARD.mean, STANDARD.scale] if task == "score" else [0.0, 1.0])
    head = HeadFacts(OBJECTIVES[name].head, len(labels))
    network = build(located, facts, head, "fp32", "cpu", labels=labels, standard=STANDARD, quantize=quantize)
    network = recipe.method.attach(network, facts, head, Horizon(10))
    rng = torch.Generator().manual_seed(SEEDS.get(task, 5))
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=rng))
    save_trained(network, run, located, recipe.method.traits.adapter)
    run.update(sha256=run.sha256())
    return run
