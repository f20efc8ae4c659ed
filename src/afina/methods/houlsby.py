"""Houlsby adapters: a bottleneck after attention and after the feed-forward layer (Houlsby et al. 2019, figure 2).

    h <- h + W_up f(W_down h + b_down) + b_up        on the output of each sublayer, before the residual is added

Shapes: W_down [m, D], W_up [D, m]. Trained: 2 D m + D + m at each place, two places a layer. W_up starts at zero: the untrained adapter
equals the base model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, HeadFacts, Method, Traits, modules_to_save, places_of, task_type
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("houlsby")
class Houlsby(Method, frozen=True):
    """Bottleneck adapters after both sublayers."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1902.00751"
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["houlsby"] = "houlsby"
    width: int = Field(64, ge=1, le=8192, description="Width of the bottleneck.")
    activation: Literal["relu", "gelu", "silu", "tanh"] = Field("relu", description="Non-linearity in the bottleneck.")
    scaling: float = Field(1.0, gt=0, description="Factor on the adapter's output.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.bottleneck import BottleneckConfig

        return BottleneckConfig(
            width=self.width,
            activation=self.activation,
            scaling=self.scaling,
            target_modules=list(self._targets(facts)),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        at_each = 2 * facts.hidden_size * self.width + facts.hidden_size + self.width
        return len(self._targets(facts)) * at_each + head.n_params(facts)

    def _targets(self, facts: ModelFacts) -> tuple[str, ...]:
        return places_of(facts, "attention_output", "feed_forward_output")
