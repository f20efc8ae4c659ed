"""Prefix-tuning: learned keys and values before those of the tokens, in every layer (Li & Liang 2021, section 4).

    K_l <- [P^K_l; K_l]        V_l <- [P^V_l; V_l]        P = W_2 tanh(W_1 E + b_1) + b_2        (eq. 4; the network only with hidden > 0)

Shapes: P [n, L, 2, K], K the width of all keys together; E [n, D], W_1 [h, D], W_2 [2 L K, h]. Trained: 2 n L K, or with the network
n D + D h + h + 2 L K (h + 1). Without it the prefix of a decoder begins as the keys and values of common tokens, which the paper finds
best (section 7.4), else as N(0, 0.02). Our reading for encoder-decoders: the decoder's own attention has the prefix, the encoder and the
attention to it have none. Keys of a sliding window leave it as those of tokens do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.methods.prompt_tuning import check_room, reader_of
from afina.types import Horizon, LinearRole, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig

WITHOUT_CACHE = ("deberta-v2", "modernbert")
"""Encoders whose attention takes no keys from elsewhere."""


@METHODS.register("prefix_tuning")
class PrefixTuning(Method, frozen=True):
    """Learned keys and values in every layer, before those of the text."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2101.00190"
    category: ClassVar[Category] = "soft prompts"
    when: ClassVar[str] = "Writing tasks on a small budget of weights: it reaches every layer, where a prompt reaches the first."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True, packing=False, checkpointing=False, identity=False)
    default_learning_rate: ClassVar[float] = 5e-3

    name: Literal["prefix_tuning"] = "prefix_tuning"
    n: int = Field(20, ge=1, le=2000, description="Rows of the prefix; they take as many places of the model's context.")
    hidden: int = Field(0, ge=0, le=8192, description="Width of a network that makes the prefix (the paper's 512); 0 trains it as it is.")
    init: Literal["tokens", "random"] = Field("tokens", description="What the prefix begins as: those of common tokens, or noise.")

    @property
    def n_places(self) -> int:
        return self.n

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.prefix import PrefixConfig

        check_room(self.n, facts)
        if facts.family in WITHOUT_CACHE:
            what = f"attention of {facts.family} models takes no keys and values from elsewhere"
            raise MethodError("R003", what, where="method", fix="method=prompt_tuning")
        return PrefixConfig(
            n=self.n,
            n_layers=facts.n_layers,
            width=width_of_keys(facts),
            hidden=self.hidden,
            init=self.init,
            target_modules=[reader_of(facts) if facts.kind == "encoder-decoder" else facts.body],
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        wide, width, hidden = 2 * facts.n_layers * width_of_keys(facts), facts.hidden_size, self.hidden
        network = width * hidden + hidden + wide * (hidden + 1)
        return (self.n * width + network if hidden else self.n * wide) + head.n_params(facts)


def width_of_keys(facts: ModelFacts) -> int:
    """Return the width of all keys of a layer together, of the stack whose output the head reads."""

    def of(role: LinearRole) -> list[str]:
        return [path for path, place in facts.places.items() if place.role == role and place.blocks == facts.blocks and not place.cross]

    if keys := of("key"):
        return facts.linears[keys[0]].out_features
    queries = facts.linears[of("attention_output")[0]].in_features
    return (facts.linears[of("qkv")[0]].out_features - queries) // 2
