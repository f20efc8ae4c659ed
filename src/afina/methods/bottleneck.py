"""What the methods with bottleneck adapters have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from afina.methods.base import HeadFacts, Method, modules_to_save, task_type
from afina.types import ModelFacts

Activation = Literal["relu", "gelu", "gelu_tanh", "silu", "tanh"]


class BottleneckMethod(Method, frozen=True):
    """A(h) = W_up f(W_down h + b_down) + b_up, times s, at one kind of place."""

    width: int = Field(64, ge=1, le=8192, description="Width of the bottleneck.")
    activation: Activation = Field("relu", description="Non-linearity in the bottleneck.")
    scaling: float = Field(1.0, gt=0, description="Factor on the adapter's output.")
    init: Literal["zero", "near_identity"] = Field(
        "zero", description="zero: the untrained adapter changes nothing; near_identity: both matrices N(0, 0.01), as Houlsby et al."
    )

    def n_at_each(self, facts: ModelFacts) -> int:
        """Return the parameters of one adapter: 2 D m + D + m."""
        return 2 * facts.hidden_size * self.width + facts.hidden_size + self.width

    def settings(self, facts: ModelFacts, head: HeadFacts, targets: Sequence[str], norms: Sequence[str] = ()) -> dict[str, Any]:
        """Return what the peft config of each of them holds. norms: paths of those that are trained too."""
        return {
            "width": self.width,
            "activation": self.activation,
            "scaling": self.scaling,
            "init": self.init,
            "norms": list(norms),
            "target_modules": [*targets, *norms],
            "task_type": task_type(facts, head),
            "modules_to_save": modules_to_save(facts, head),
        }


def trained_norms(facts: ModelFacts, train_norms: bool) -> tuple[str, ...]:
    """Return the paths of all norms where they are trained."""
    return tuple(facts.norms) if train_norms else ()


def n_in_norms(facts: ModelFacts, train_norms: bool) -> int:
    """Return the parameters of the norms that are trained."""
    return sum(facts.norms[path].n_params for path in trained_norms(facts, train_norms))
