"""Houlsby adapters: a bottleneck after attention and after the feed-forward layer (Houlsby et al. 2019, figure 2).

    h <- h + s (W_up f(W_down h + b_down) + b_up)        on the output of each sublayer, before the residual is added

Shapes: W_down [m, D], W_up [D, m]. Trained: 2 D m + D + m at each place, two places a layer; a decoder's attention to its encoder has one
with `cross_attention`. The paper trains the norms too (section 3.1) and begins near zero; here W_up starts at zero, so that the untrained
adapter equals the base model, and the norms rest, unless asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Traits, places_of
from afina.methods.bottleneck import BottleneckMethod, n_in_norms, trained_norms
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("houlsby")
class Houlsby(BottleneckMethod, frozen=True):
    """Bottleneck adapters after both sublayers."""

    paper: ClassVar[str] = "https://arxiv.org/abs/1902.00751"
    category: ClassVar[Category] = "adapters"
    when: ClassVar[str] = "Several tasks on one base, each in a small network of its own; it cannot be folded in."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["houlsby"] = "houlsby"
    train_norms: bool = Field(False, description="Train all norms of the body too, as the paper does.")
    cross_attention: bool = Field(False, description="One more adapter after a decoder's attention to its encoder.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.bottleneck import BottleneckConfig

        return BottleneckConfig(**self.settings(facts, head, self._targets(facts), trained_norms(facts, self.train_norms)))

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        in_adapters = len(self._targets(facts)) * self.n_at_each(facts)
        return in_adapters + n_in_norms(facts, self.train_norms) + head.n_params(facts)

    def _targets(self, facts: ModelFacts) -> tuple[str, ...]:
        return places_of(facts, "attention_output", "feed_forward_output", cross=self.cross_attention)
