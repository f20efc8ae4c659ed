"""LLaMA-Adapter: prompts beside the tokens in the attention of the upper layers, behind gates that begin closed (Zhang et al. 2023, 3.2).

    out = W_o (softmax(Q K^T / sqrt(H)) V + tanh(g) * softmax(Q K_P^T / sqrt(H)) V_P)

Shapes: P [n, D] in each of the upper L' layers; K_P, V_P its keys and values by the layer's own matrices, not rotated; g [G], a gate for
each head of keys (the authors' program: for each head; heads that share keys share their gate here). Trained: L' (n D + G). The gates
begin at zero: the untrained adapter equals the base. It takes no places of the context.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.methods.prefix_tuning import width_of_keys
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("llama_adapter")
class LlamaAdapter(Method, frozen=True):
    """Gated prompts in the attention of a decoder's upper layers."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2303.16199"
    category: ClassVar[Category] = "soft prompts"
    when: ClassVar[str] = "Instructions on a frozen chat model: it begins as the base, where a plain prompt disturbs it at first."
    traits: ClassVar[Traits] = Traits(kinds=frozenset({"decoder"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 9e-3

    name: Literal["llama_adapter"] = "llama_adapter"
    n: int = Field(10, ge=1, le=1000, description="Rows of the prompt in each layer.")
    n_layers: int = Field(0, ge=0, description="How many of the upper layers have one; 0 for 15 of 16, the paper's share.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.gated_prompt import GatedPromptConfig

        first = facts.n_layers - self._n_upper(facts)
        outputs = {place.layer: path for path, place in facts.places.items() if place.role == "attention_output"}
        return GatedPromptConfig(
            n=self.n,
            hidden=facts.hidden_size,
            n_heads=heads_of_keys(facts),
            target_modules=[outputs[layer].rsplit(".", 1)[0] for layer in range(first, facts.n_layers)],
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        at_each = self.n * facts.hidden_size + heads_of_keys(facts)
        return self._n_upper(facts) * at_each + head.n_params(facts)

    def _n_upper(self, facts: ModelFacts) -> int:
        if self.n_layers > facts.n_layers:
            what = f"n_layers={self.n_layers} but the model has {facts.n_layers} layers"
            raise MethodError("R005", what, where="method.n_layers", fix=f"n_layers={facts.n_layers}")
        return self.n_layers or max(1, round(facts.n_layers * 15 / 16))


def heads_of_keys(facts: ModelFacts) -> int:
    """Return how many heads of keys a layer has."""
    queries = next(facts.linears[path].in_features for path, place in facts.places.items() if place.role == "attention_output")
    return width_of_keys(facts) * facts.attention.n_heads // queries
