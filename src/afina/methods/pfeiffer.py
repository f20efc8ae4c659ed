"""Pfeiffer adapters: one bottleneck a layer, after the feed-forward sublayer (Pfeiffer et al. 2021, section 3.2.1).

    u + s A(h), h = u                in a pre-norm model, where a layer gives the residual sum u (Llama, GPT-2, T5)
    N(u + s A(h)), h = N(u)          in a post-norm model, whose layers end with a norm N (BERT, BART): N is passed twice

    A(h) = W_up f(W_down h + b_down) + b_up

Shapes: u, h [B, T, D]; W_down [m, D], W_up [D, m]. Trained: 2 D m + D + m a layer. W_up starts at zero: the untrained adapter equals the
base model. Both forms are those of the authors' library (tests/oracle/methods/test_adapters_library.py). What `output_hidden_states` of a
pre-norm model records is a layer's sum before its adapter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Traits
from afina.methods.bottleneck import Activation, BottleneckMethod
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


class AtLayerEnd(BottleneckMethod, frozen=True):
    """Bottlenecks where layers end."""

    width: int = Field(48, ge=1, le=8192, description="Width of the bottleneck.")
    activation: Activation = Field("relu", description="Non-linearity in the bottleneck.")

    def at_ends(self, facts: ModelFacts, head: HeadFacts) -> dict[str, Any]:
        """Return what the peft config of each of them holds."""
        return self.settings(facts, head, layer_ends(facts)) | {"hidden": facts.hidden_size, "normed": bool(facts.output_norms)}


def layer_ends(facts: ModelFacts) -> tuple[str, ...]:
    """Return where the layers end: their last norms in a post-norm model, else the paths of the layers themselves."""
    return facts.output_norms or tuple(f"{blocks}.{i}" for blocks, n_layers in facts.stacks.items() for i in range(n_layers))


@METHODS.register("pfeiffer")
class Pfeiffer(AtLayerEnd, frozen=True):
    """One bottleneck adapter where each layer ends."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2005.00247"
    category: ClassVar[Category] = "adapters"
    when: ClassVar[str] = "As houlsby with half the places: nearly as good, and faster in use."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["pfeiffer"] = "pfeiffer"

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.bottleneck import PfeifferConfig

        return PfeifferConfig(**self.at_ends(facts, head))

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return len(layer_ends(facts)) * self.n_at_each(facts) + head.n_params(facts)
