"""A head for numbers: standardised while it trains, in the units of the file when it is saved, and again when it trains on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from afina.methods import METHODS, HeadFacts
from afina.models import numbers
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, head_of, load_trained, save_trained
from afina.models.locate import Located, locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.score import actor_of
from afina.types import Batch, Horizon, Standard

SCALAR = HeadFacts("scalar")
STANDARD = Standard(1000.0, 4.0)
IDS = [[0, 7, 9, 11, 1], [0, 30, 8, 1]]


def base_of(folder: Path) -> Located:
    return locate(ModelSpec(path=str(folder)))


def new_run(folder: Path) -> Run:
    (folder / "r").mkdir()
    run = Run(folder / "r")
    run.update(state="finished")
    return run


def attached(folder: Path, method: str, standard: Standard = STANDARD) -> nn.Module:
    located = base_of(folder)
    facts = facts_from_config(read_config(located.body))
    model = build(located, facts, SCALAR, "fp32", "cpu", standard=standard)
    settings = {"r": 4} if method == "lora" else {}
    return METHODS[method](name=method, **settings).attach(model, facts, SCALAR, Horizon(10)).eval()


def said(model: nn.Module) -> list[float]:
    """The numbers of two texts in the units of the file."""
    actor, found = actor_of(model.eval()), []
    with torch.no_grad():
        for ids in IDS:
            output = actor.class_logits(Batch(torch.tensor([ids]), torch.tensor([len(ids)])))
            found.append(output.double().item() * actor.standard.scale + actor.standard.mean)
    return found


def moved(model: nn.Module) -> nn.Module:
    rng = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=rng))
    return model


@pytest.fixture(params=["decoder", "encoder"])
def folder(request: pytest.FixtureRequest, tiny_model: Path, tiny_encoder: Path) -> Path:
    return tiny_model if request.param == "decoder" else tiny_encoder


@pytest.mark.parametrize("method", ["full", "lora"])
def test_what_is_saved_says_the_same_numbers_in_the_units_of_the_file(folder: Path, method: str, tmp_path: Path) -> None:
    model = moved(attached(folder, method))
    before = said(model)
    assert numbers.standard_of(model) == STANDARD
    assert all(900 < number < 1100 for number in before)
    run = new_run(tmp_path)
    save_trained(model, run, base_of(folder), method == "lora")
    assert head_of(locate(ModelSpec(path=str(run.path))))[0] == SCALAR
    again = load_trained(run, "cpu")
    is_decoder = actor_of(again).kind == "decoder"
    assert numbers.standard_of(again) == (Standard(1000.0, 1.0) if is_decoder else Standard())
    assert said(again) == pytest.approx(before, rel=1e-5)
    stored = json.loads((run.trained / ("head.json" if method == "lora" else "config.json")).read_text())
    assert stored["problem_type"] == "regression"
    assert stored.get("regression_mean", 0.0) == (1000.0 if is_decoder else 0.0)
    assert "regression_scale" not in stored


def test_saving_twice_folds_once(folder: Path) -> None:
    model = moved(attached(folder, "full"))
    before = said(model)
    numbers.fold(model)
    once = said(model)
    numbers.fold(model)
    assert said(model) == once == pytest.approx(before, rel=1e-5)


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_training_that_goes_on_begins_at_the_numbers_that_were_saved(folder: Path, method: str, tmp_path: Path) -> None:
    """With other data, and so another mean and scale: an encoder says the same numbers, a decoder the same up to the change of the mean."""
    run = new_run(tmp_path)
    model = moved(attached(folder, method))
    save_trained(model, run, base_of(folder), method == "lora")
    saved = said(load_trained(run, "cpu"))
    later = attached(run.path, "full", Standard(1001.0, 2.0))
    assert numbers.standard_of(later) == Standard(1001.0, 2.0)
    shift = 1.0 if actor_of(later).kind == "decoder" else 0.0
    assert said(later) == pytest.approx([number + shift for number in saved], rel=1e-5)


def test_other_heads_of_the_same_model_know_nothing_of_it(tiny_model: Path, tmp_path: Path) -> None:
    run = new_run(tmp_path)
    save_trained(moved(attached(tiny_model, "full")), run, base_of(tiny_model), False)
    located = locate(ModelSpec(path=str(run.path)))
    facts = facts_from_config(read_config(located.body))
    model = build(located, facts, HeadFacts("labels", 2), "fp32", "cpu", labels=("a", "b"))
    assert not hasattr(model.config, "regression_mean")
    assert model.config.problem_type == "multi_label_classification"  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_head_for_sets_of_labels_is_read_back_as_one(folder: Path, method: str, tmp_path: Path) -> None:
    located = base_of(folder)
    facts, head = facts_from_config(read_config(located.body)), HeadFacts("labels", 2)
    model = build(located, facts, head, "fp32", "cpu", labels=("a", "b"))
    run = new_run(tmp_path)
    model = METHODS[method](name=method).attach(model, facts, head, Horizon(10))
    save_trained(model, run, located, method == "lora")
    assert head_of(locate(ModelSpec(path=str(run.path)))) == (head, ("a", "b"))
    assert load_trained(run, "cpu").eval() is not None
