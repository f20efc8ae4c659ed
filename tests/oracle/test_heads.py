"""Losses of sets of labels and of numbers, against transformers' own and float64 formulas."""

from __future__ import annotations

import math

import pytest
import torch

from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.types import Example, Kind
from tests.training import class_model, encoder_model

N_CLASSES = 3
KINDS: list[Kind] = ["decoder", "encoder"]


def examples(n_values: int, n: int = 7) -> list[Example]:
    rng = torch.Generator().manual_seed(3)
    found: list[Example] = []
    for i in range(n):
        ids = tuple(torch.randint(5, 40, (3 + i,), generator=rng).tolist())
        values = torch.randn(n_values, generator=rng)
        found.append(Example(i, ids, values=tuple((values > 0).double().tolist() if n_values > 1 else values.double().tolist())))
    return found


def network(kind: Kind, n_classes: int) -> torch.nn.Module:
    return (class_model(n_classes=n_classes) if kind == "decoder" else encoder_model(n_classes=n_classes)).eval()


def hf_loss(model: torch.nn.Module, found: list[Example], problem_type: str) -> float:
    """transformers' own loss, each text alone so that no padding is involved, its mean over the texts."""
    model.config.problem_type, model.config.pad_token_id = problem_type, None  # type: ignore[union-attr]
    with torch.no_grad():
        each = [
            model(input_ids=torch.tensor([example.ids]), labels=torch.tensor([example.values], dtype=torch.float32)).loss.item()
            for example in found
        ]
    return sum(each) / len(each)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "problem_type"), [("multilabel", "multi_label_classification"), ("regress", "regression")])
def test_the_loss_is_transformers_own(kind: Kind, name: str, problem_type: str) -> None:
    n_values = N_CLASSES if name == "multilabel" else 1
    model, objective, found = network(kind, n_values), OBJECTIVES[name](name=name), examples(n_values)
    batch = objective.collate(found)
    with torch.no_grad():
        (term,) = objective.loss({"policy": actor_of(model)}, batch).terms.values()
    assert objective.counts(batch)["examples"] == len(found)
    assert term.total.item() / len(found) == pytest.approx(hf_loss(model, found, problem_type), rel=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_smoothed_labels_by_the_float64_formula(smoothing: float) -> None:
    model, found = network("encoder", N_CLASSES), examples(N_CLASSES)
    objective = OBJECTIVES["multilabel"](name="multilabel", label_smoothing=smoothing)  # type: ignore[call-arg]
    batch = objective.collate(found)
    with torch.no_grad():
        logits_BC = actor_of(model).class_logits(batch).double()
        (term,) = objective.loss({"policy": actor_of(model)}, batch).terms.values()
    wanted = 0.0
    for row, example in zip(logits_BC.tolist(), found, strict=True):
        for logit, value in zip(row, example.values, strict=True):
            y, p = value * (1 - smoothing) + smoothing / 2, 1 / (1 + math.exp(-logit))
            wanted -= (y * math.log(p) + (1 - y) * math.log(1 - p)) / N_CLASSES
    assert term.total.item() == pytest.approx(wanted, rel=1e-5)


def test_packed_texts_have_the_same_loss() -> None:
    for name, n_values in (("multilabel", N_CLASSES), ("regress", 1)):
        model, objective, found = network("decoder", n_values), OBJECTIVES[name](name=name), examples(n_values)
        with torch.no_grad():
            padded, packed = (objective.loss({"policy": actor_of(model)}, lay(found)) for lay in (objective.collate, objective.pack))
        for term, other in zip(padded.terms.values(), packed.terms.values(), strict=True):
            assert term.total.item() == pytest.approx(other.total.item(), rel=1e-4)
