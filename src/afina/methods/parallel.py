"""Parallel adapters: a bottleneck beside the feed-forward block (He et al. 2022, section 3.3 and table 3).

    y = FFN(x) + s (W_up f(W_down x' + b_down) + b_up)

x is what the block reads, normed in a pre-norm model; x' = x (`normed`, as in the paper), or the residual sum before that norm (`residual`,
as the `adapters` library has it on Llama). In a post-norm model both are the same. Shapes: W_down [m, D], W_up [D, m]. Trained:
2 D m + D + m a layer. W_up starts at zero: the untrained adapter equals the base model. The paper: m = 512, s = 4, ReLU.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Traits, feed_forward_blocks
from afina.methods.bottleneck import BottleneckMethod
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig

_NORMS = ("pre_feedforward_layernorm", "post_attention_layernorm", "mlp_norm", "ln_2", "layer_norm", "input_layernorm")
"""What families call the norm before the feed-forward block: the first of these that a layer has. Of a T5 layer's norms it is the last; of
Phi's layer, whose two blocks read the same, the only one."""


@METHODS.register("parallel")
class Parallel(BottleneckMethod, frozen=True):
    """Bottleneck adapters beside the feed-forward block."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2110.04366"
    category: ClassVar[Category] = "adapters"
    when: ClassVar[str] = "The strongest bottleneck where many parameters may be trained; quicker in use than adapters in a row."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 3e-4

    name: Literal["parallel"] = "parallel"
    width: int = Field(512, ge=1, le=8192, description="Width of the bottleneck.")
    scaling: float = Field(4.0, gt=0, description="Factor on the adapter's output.")
    source: Literal["normed", "residual"] = Field("normed", description="What it reads: what the block reads, or the sum before its norm.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.bottleneck import ParallelConfig

        sources = feed_forward_blocks(facts)
        if self.source == "residual" and not facts.output_norms:
            sources = {end: norm_before(facts, begin) for end, begin in sources.items()}
        return ParallelConfig(sources=sources, **self.settings(facts, head, list(sources)))

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return len(feed_forward_blocks(facts)) * self.n_at_each(facts) + head.n_params(facts)


def norm_before(facts: ModelFacts, path: str) -> str:
    """Return the path of the norm whose output the feed-forward block reads. path: of the block's first linear map, in a pre-norm model."""
    place = facts.places[path]
    own = [norm for norm in facts.norms if norm.startswith(f"{place.blocks}.{place.layer}.")]
    named = next(name for name in _NORMS if any(norm.endswith(f".{name}") for norm in own))
    return [norm for norm in own if norm.endswith(f".{named}")][-1]
