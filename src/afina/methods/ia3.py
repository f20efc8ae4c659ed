"""IA3: learned factors on keys, values and the inner feed-forward activations (Liu et al. 2022, section 3.3).

    softmax(Q (l_k * K)^T / sqrt(d)) (l_v * V)        W_out (l_ff * f(W_in x))

Shapes: l_k, l_v [K], the width of all keys together, l_ff [F], the width inside the feed-forward layer. Trained: 2 K + F in each layer, 2 K
more in a decoder layer with attention to an encoder. All factors begin at one: the untrained adapter equals the base. Of a matrix that
holds queries, keys and values, the queries are left as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, places_of, task_type
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("ia3")
class IA3(Method, frozen=True):
    """Factors on keys, values and the inner activations of the feed-forward layer."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2205.05638"
    category: ClassVar[Category] = "other additive"
    when: ClassVar[str] = "A few dozen examples, with the losses of T-Few (afina recipes show t-few), or very many adapters on one base."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16", "fp16"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 3e-3

    name: Literal["ia3"] = "ia3"

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.rescaling import RescalingConfig

        inputs, outputs = _inputs(facts), _outputs(facts)
        return RescalingConfig(
            target_modules=[*outputs, *inputs],
            inputs=list(inputs),
            skipped={path: n for path, n in outputs.items() if n},
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        of_outputs = sum(facts.linears[path].out_features - n for path, n in _outputs(facts).items())
        return of_outputs + sum(facts.linears[path].in_features for path in _inputs(facts)) + head.n_params(facts)


def _inputs(facts: ModelFacts) -> tuple[str, ...]:
    return places_of(facts, "feed_forward_output")


def _outputs(facts: ModelFacts) -> dict[str, int]:
    """Return the maps whose outputs are scaled -> how many of their first channels are not: queries come first."""
    if not any(place.role == "qkv" for place in facts.places.values()):
        return dict.fromkeys(places_of(facts, "key", "value"), 0)
    together, after = places_of(facts, "qkv"), places_of(facts, "attention_output")
    return {path: facts.linears[end].in_features for path, end in zip(together, after, strict=True)}
