"""Spectrum: full training of the linear maps whose singular values stand out of the noise most (Hartford et al. 2024).

    SNR(W) = sum of singular values above e / sum of those below / the largest
    e = sigma (1 + sqrt(beta)),  sigma = (75 % quantile - 25 % quantile of the singular values) / 1.349,  beta = shorter / longer side

e is the edge of Marchenko and Pastur's law for a matrix of noise; sigma and the division by the largest value are as in the authors'
program. Trained: of the linear maps that stand at one place of each layer (all q_proj, say), the `top_share` with the highest ratio, bias
included, and the objective's new head. How many is known before the weights are read, which ones is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits
from afina.types import Horizon, LinearShape, ModelFacts

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@METHODS.register("spectrum")
class Spectrum(Method, frozen=True):
    """The linear maps with the most signal in their weights are trained whole."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2406.06623"
    category: ClassVar[Category] = "selective"
    when: ClassVar[str] = "Nearly full training where memory holds only a part of the optimizer's state."
    traits: ClassVar[Traits] = Traits(adapter=False)
    default_learning_rate: ClassVar[float] = 5e-4

    name: Literal["spectrum"] = "spectrum"
    top_share: float = Field(0.25, gt=0, le=1, description="How many of the linear maps of each kind train: 0.25 or 0.5 in the paper.")

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        trained = [f"{module}." for module in (*self._chosen(model, facts), *head.modules(facts))]
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(tuple(trained)))
        return model

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        kinds = kinds_of(facts).values()
        return sum(self._n_of(maps) * _n_params(next(iter(maps.values()))) for maps in kinds) + head.n_params(facts)

    def _chosen(self, model: Module, facts: ModelFacts) -> list[str]:
        chosen: list[str] = []
        for maps in kinds_of(facts).values():
            ratios = {path: signal_to_noise(model.get_submodule(path).weight) for path in maps}  # type: ignore[arg-type]
            chosen += sorted(maps, key=lambda path: -ratios[path])[: self._n_of(maps)]
        return chosen

    def _n_of(self, maps: Mapping[str, LinearShape]) -> int:
        return max(1, round(self.top_share * len(maps)))


def kinds_of(facts: ModelFacts) -> dict[tuple[str, str], dict[str, LinearShape]]:
    """Return, for each place in a layer, the linear maps that stand there; those of one kind have one shape."""
    kinds = defaultdict[tuple[str, str], dict[str, LinearShape]](dict)
    for path, shape in facts.linears.items():
        place = facts.places[path]
        inside = path.removeprefix(f"{place.blocks}.{place.layer}.")
        kinds[place.blocks, inside][path] = shape
    return dict(kinds)


def signal_to_noise(weight: Tensor) -> float:
    """Return the ratio of a matrix, infinite where no singular value is noise."""
    import torch

    values = cast("Tensor", torch.linalg.svdvals(weight.detach().float()))  # type: ignore[reportUnknownMemberType]
    upper, lower = torch.quantile(values, 0.75), torch.quantile(values, 0.25)
    edge = (upper - lower) / 1.349 * (1 + (min(weight.shape) / max(weight.shape)) ** 0.5)
    above, below = values[values > edge].sum(), values[values <= edge].sum()
    return float(above / below / values[0]) if below > 0 else float("inf")


def _n_params(shape: LinearShape) -> int:
    return shape.out_features * (shape.in_features + shape.bias)
