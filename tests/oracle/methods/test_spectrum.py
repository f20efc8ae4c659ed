"""Spectrum: the ratio by hand, which maps are chosen, how many."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from afina.methods import METHODS, HeadFacts
from afina.methods.spectrum import kinds_of, signal_to_noise
from afina.models.facts import facts_from_config
from afina.types import Horizon
from tests.oracle.methods.hooked import PUBLISHED, base_of


def by_hand(weight: np.ndarray) -> float:
    """The authors' program in float64: quantiles, the edge of Marchenko and Pastur's law, sums above and below, over the largest."""
    values = np.linalg.svd(weight.astype(np.float64), compute_uv=False)
    sigma = (np.quantile(values, 0.75) - np.quantile(values, 0.25)) / 1.349
    beta = min(weight.shape) / max(weight.shape)
    edge = sigma * np.sqrt((1 + np.sqrt(beta)) ** 2)
    return values[values > edge].sum() / values[values <= edge].sum() / values[0]


def matrix(signal: float, seed: int, shape: tuple[int, int] = (24, 40)) -> torch.Tensor:
    """Noise, and `signal` times an outer product."""
    rng = torch.Generator().manual_seed(seed)
    long, short = torch.randn(shape[0], 1, generator=rng), torch.randn(1, shape[1], generator=rng)
    return torch.randn(shape, generator=rng) + signal * long @ short


@pytest.mark.parametrize("seed", range(5))
def test_the_ratio(seed: int) -> None:
    weight = torch.linspace(1, 3, 24)[:, None] * matrix(0.3, seed)
    assert signal_to_noise(weight) == pytest.approx(by_hand(weight.numpy()), rel=1e-4)


def test_without_noise_it_is_infinite() -> None:
    assert signal_to_noise(torch.eye(8)) == float("inf")


def test_the_maps_with_the_highest_ratio_train_of_each_kind() -> None:
    model, facts = base_of("llama")
    ratios = {path: by_hand(model.get_submodule(path).weight.detach().numpy()) for path in facts.linears}  # type: ignore[union-attr,operator]
    tuned = METHODS["spectrum"](name="spectrum", top_share=0.5).attach(model, facts, HeadFacts("lm"), Horizon(1))
    trained = {name.removesuffix(".weight") for name, p in tuned.named_parameters() if p.requires_grad}
    kinds = kinds_of(facts).values()
    assert len(kinds) == 7
    assert trained == {max(maps, key=ratios.__getitem__) for maps in kinds}


def test_how_many_is_known_before_the_weights_are() -> None:
    facts = facts_from_config(PUBLISHED["llama-3-8b"])
    linears = sum(shape.out_features * shape.in_features for shape in facts.linears.values())
    for share in (0.25, 0.5, 1.0):
        assert METHODS["spectrum"](name="spectrum", top_share=share).n_trainable(facts, HeadFacts("lm")) == linears * share
