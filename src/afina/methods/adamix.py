"""AdaMix: a mixture of adapters that are drawn at random in training and averaged into one in the end (Wang et al. 2022).

adapter   h <- h + s (W_up^(j) f(W_down^(i) h + b_down^(i)) + b_up^(j))      on what the feed-forward layer gives, before the residual sum
lora      y = W x + (alpha / r) B^(j) A^(i) x                                beside queries and values

In training i and j are drawn uniformly from M experts, each on its own, once for a whole micro-batch at each place. In use weights are the
means over experts, and as such they are saved: an ordinary bottleneck adapter or LoRA. With p1, p2 what two passes of different draws
predict, the loss is that of the first plus

    consistency * 1/2 (KL(p2 || p1) + KL(p1 || p2))        the mean over the loss's units; what is compared with is held fixed

which doubles the time and the memory of a step. A number, or several labels, are no choice of one of several: there it has to be 0.

Shapes: W_down [M, m, D], W_up [1, D, m] for all experts (`share_up`, as in the paper) or [M, D, m]; A [M, r, I], B as W_up. Trained at each
place: M (D m + m) + (D m + D), stored 2 D m + m + D; with LoRA r (M I + O), stored r (I + O). W_up and B start at zero: the untrained
adapter equals the base model (theirs starts as N(0, 0.02)). Theirs for LoRA: consistency 100.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, places_of, select_linears, task_type
from afina.methods.bottleneck import Activation
from afina.types import Horizon, LinearShape, Loss, ModelFacts, Term

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module


@METHODS.register("adamix")
class Adamix(Method, frozen=True):
    """A mixture of adapters or LoRAs, drawn in training and averaged in use."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2205.12410"
    category: ClassVar[Category] = "adapters"
    when: ClassVar[str] = "Little data and time to spare: a step costs twice as much, what is saved is as small as one adapter."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 4e-4

    name: Literal["adamix"] = "adamix"
    flavour: Literal["adapter", "lora"] = Field("adapter", description="What each expert is: a bottleneck adapter, or a LoRA.")
    n_experts: int = Field(4, ge=1, le=64, description="Experts at each place (M); theirs: 4 to understand, 8 to generate.")
    width: int = Field(16, ge=1, le=8192, description="Width of the bottleneck, or rank of the LoRA.")
    share_down: bool = Field(False, description="One map down (A) for all experts.")
    share_up: bool = Field(True, description="One map up (B) for all experts.")
    activation: Activation = Field("gelu", description="Non-linearity in the bottleneck.")
    scaling: float = Field(1.0, gt=0, description="Factor on a bottleneck's output.")
    alpha: float = Field(32, gt=0, description="A LoRA's update is scaled by alpha / width.")
    target_modules: str | tuple[str, ...] = Field(
        "query-value", description="Where LoRAs stand: module names, path patterns, all-linear, or query-value as the paper."
    )
    consistency: float = Field(1.0, ge=0, description="Weight of the divergence between two draws; 0 leaves out the second pass.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.adamix import AdamixConfig, AdamixLoraConfig

        if self.consistency and head.head in ("scalar", "labels"):
            said = "a number" if head.head == "scalar" else "several labels"
            what = f"a head for {said} gives no distribution that two draws could agree on"
            raise MethodError("R005", what, where="method.consistency", fix="method.consistency=0")
        shared: dict[str, Any] = {"n_experts": self.n_experts, "share_down": self.share_down, "share_up": self.share_up}
        saved: dict[str, Any] = {"task_type": task_type(facts, head), "modules_to_save": modules_to_save(facts, head)}
        if self.flavour == "adapter":
            targets = list(places_of(facts, "feed_forward_output"))
            bottleneck = {"width": self.width, "activation": self.activation, "scaling": self.scaling}
            return AdamixConfig(target_modules=targets, **bottleneck, **shared, **saved)
        is_turned = facts.family == "gpt2"
        return AdamixLoraConfig(
            target_modules=list(self._lora_targets(facts)), r=self.width, alpha=self.alpha, fan_in_fan_out=is_turned, **shared, **saved
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        n_down, n_up = (1 if shared else self.n_experts for shared in (self.share_down, self.share_up))
        hidden, width = facts.hidden_size, self.width
        if self.flavour == "adapter":
            at_each = n_down * (hidden * width + width) + n_up * (hidden * width + hidden)
            return len(places_of(facts, "feed_forward_output")) * at_each + head.n_params(facts)
        targets = self._lora_targets(facts).values()
        return sum(width * (n_down * shape.in_features + n_up * shape.out_features) for shape in targets) + head.n_params(facts)

    def loss(self, model: Module, compute: Callable[[], Loss]) -> Loss:
        first = compute()
        if not self.consistency or first.scores is None:
            return first
        second = compute()
        assert second.scores is not None
        divergence = symmetric_divergence(first.scores.logits_NC, second.scores.logits_NC)
        terms = {**first.terms, "consistency": Term(divergence, first.scores.unit, self.consistency)}
        return Loss(terms, first.metrics, first.scores)

    def _lora_targets(self, facts: ModelFacts) -> dict[str, LinearShape]:
        if self.target_modules != "query-value":
            return dict(select_linears(facts, self.target_modules))
        fused = any(place.role == "qkv" for place in facts.places.values())
        roles = ("qkv",) if fused else ("query", "value")
        return {path: facts.linears[path] for path in places_of(facts, *roles)}


def symmetric_divergence(first_NC: Tensor, second_NC: Tensor) -> Tensor:
    """Return the sum over rows of 1/2 (KL(p2 || p1) + KL(p1 || p2)) of two softmaxes, no gradient through what is compared with."""
    import torch.nn.functional as F

    one_NC, other_NC = F.log_softmax(first_NC, -1), F.log_softmax(second_NC, -1)
    to_other = F.kl_div(one_NC, other_NC.detach(), reduction="sum", log_target=True)
    to_one = F.kl_div(other_NC, one_NC.detach(), reduction="sum", log_target=True)
    return (to_other + to_one) / 2
