"""The end of a run: base, baselines and the saved result on the test rows, which nothing has touched before."""

from __future__ import annotations

import gc
from dataclasses import replace

from afina.compare import choices as choices
from afina.compare import classes as classes
from afina.compare import numbers as numbers
from afina.compare import running_text as running_text
from afina.compare import sets as sets
from afina.compare import tagging as tagging
from afina.compare import words as words
from afina.compare.base import COMPARISONS
from afina.compare.comparison import Comparison
from afina.compare.forgetting import measure_forgetting
from afina.evaluate.ask import ask_of
from afina.job import Job
from afina.methods import HeadFacts
from afina.run import Run
from afina.score import actor_of
from afina.strategy import Single


def compare_run(job: Job, run: Run) -> Comparison:
    """Return the comparison of the run's saved model with the base and the baselines.

    What is measured is what was saved: the model is read back from the run's folder. The base keeps its language-model head, so that it
    can be prompted, whatever head the objective trained. Models that the objective asked beside the trained one (a teacher) are asked too.
    """
    from afina.models.load import build, load_located, load_trained

    recipe = job.recipe
    strategy = Single(recipe.model.precision, recipe.train.device)
    device = str(strategy.device)
    head = HeadFacts("lm") if job.facts.kind != "encoder" else job.head  # an encoder is asked for hidden states alone
    of_base = recipe.model.precision, device, recipe.model.random_init, recipe.seed
    base = build(job.located, job.facts, head, *of_base, quantize=recipe.model.quantize)
    tuned = load_trained(run, device, recipe.model.precision)
    beside = {role: load_located(found.located, device, recipe.model.precision) for role, found in job.beside.items()}
    try:
        asked = [ask_of(job, actor_of(model.to(device)), strategy) for model in (base, tuned)]
        asked_too = {role: ask_of(job, actor_of(model), strategy) for role, model in beside.items()}
        comparison = COMPARISONS[job.objective.example](job, *asked, **asked_too)
        forgetting, notes = measure_forgetting(job, *asked)
        return replace(comparison, forgetting=forgetting, notes=[*comparison.notes, *notes])
    finally:
        del base, tuned, beside
        gc.collect()
