"""Compacter and Compacter++: bottleneck adapters with hardly any weights of their own (Karimi Mahabadi et al. 2021).

    W = sum_{i=1..n} A_i (x) (s_i t_i)        h <- h + s (f(h W_down + b_down) W_up + b_up)

compacter    after self-attention and after the feed-forward layer
compacter++  after the feed-forward layer only

Shapes: A [n, n, n], one rule for both maps of all adapters (`shared_rule`), else one for each adapter; of a map from I to O, s_i [I/n, k]
and t_i [k, O/n]. Trained: n^3, at each place 2 n k (D/n + m/n) + m + D, and all norms of the body (`train_norms`, as in the authors'
program).
`init: zero` begins with t = 0 in W_up: the untrained adapter equals the base model; the authors' own start changes it by about 1e-4.
Theirs: n = 4, k = 1, m = D / 32, GELU by tanh, learning rate 3e-3. A plain adapter is the case n = 1 with a full rank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, places_of, task_type
from afina.methods.bottleneck import Activation, n_in_norms, trained_norms
from afina.types import Horizon, LinearRole, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


class KroneckerAdapters(Method, frozen=True):
    """Bottlenecks made of Kronecker products, after some sublayers."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2106.04647"
    category: ClassVar[Category] = "adapters"
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 3e-3
    after: ClassVar[tuple[LinearRole, ...]]

    n: int = Field(4, ge=1, le=64, description="Order of the sums; divides the model's width.")
    factor_rank: int = Field(1, ge=1, le=1024, description="Rank of each term's second factor (k).")
    reduction: int = Field(
        32, ge=1, le=8192, description="How much narrower than the model the bottleneck is; rounded up to a multiple of n."
    )
    activation: Activation = Field("gelu_tanh", description="Non-linearity in the bottleneck.")
    scaling: float = Field(1.0, gt=0, description="Factor on the adapter's output.")
    shared_rule: bool = Field(True, description="One rule A for all layers; else one for each adapter.")
    init: Literal["zero", "published"] = Field(
        "zero", description="zero: the untrained adapter changes nothing; published: it changes 1e-4."
    )
    train_norms: bool = Field(True, description="Train all norms of the body too, as the paper's experiments do.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.compacter import CompacterConfig

        norms = trained_norms(facts, self.train_norms)
        return CompacterConfig(
            n=self.n,
            rank=self.factor_rank,
            width=self._width(facts),
            activation=self.activation,
            scaling=self.scaling,
            shared_rule=self.shared_rule,
            init=self.init,
            norms=list(norms),
            target_modules=[*self._targets(facts), *norms],
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        hidden, width, places = facts.hidden_size, self._width(facts), len(self._targets(facts))
        at_each = 2 * self.n * self.factor_rank * (hidden // self.n + width // self.n) + width + hidden
        rules = self.n**3 * (1 if self.shared_rule else places)
        return places * at_each + rules + n_in_norms(facts, self.train_norms) + head.n_params(facts)

    def _targets(self, facts: ModelFacts) -> tuple[str, ...]:
        return places_of(facts, *self.after, cross=False)

    def _width(self, facts: ModelFacts) -> int:
        """Return m. Raises MethodError R005 where n does not divide the width of the model."""
        hidden = facts.hidden_size
        if hidden % self.n:
            near = max(n for n in range(1, self.n) if hidden % n == 0)
            what = f"n={self.n} does not divide the model's width ({hidden})"
            raise MethodError("R005", what, where="method.n", fix=f"method.n={near}")
        return -(-hidden // (self.reduction * self.n)) * self.n


@METHODS.register("compacter")
class Compacter(KroneckerAdapters, frozen=True):
    """Kronecker-product adapters after both sublayers."""

    when: ClassVar[str] = "Very many tasks on one base: a twentieth of an adapter's weights at about its quality, but slower."
    after: ClassVar[tuple[LinearRole, ...]] = ("attention_output", "feed_forward_output")

    name: Literal["compacter"] = "compacter"


@METHODS.register("compacter++")
class CompacterPlusPlus(KroneckerAdapters, frozen=True):
    """Kronecker-product adapters after the feed-forward sublayer only."""

    when: ClassVar[str] = "As compacter with half the places; the authors found it as good."
    after: ClassVar[tuple[LinearRole, ...]] = ("feed_forward_output",)

    name: Literal["compacter++"] = "compacter++"
