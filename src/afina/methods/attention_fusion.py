"""Attention fusion: a learned query chooses, for each token, among the states of all layers of the frozen model
(Cao, Satya Prakash and Hamza 2022).

    v_l = LN(h_l)        a = softmax_l(q . v_l)        hidden = gelu(dropout(sum_l a_l v_l)), which the objective's head reads

Shapes: h_l [B, T, D], l = 0 .. L, computed without a graph; q [D]; a [B, T, L + 1]. Trained: q, D numbers, and the head.

Our reading: of the paper we know the abstract, and the two equations above from code that cites it, so its numbers are not claimed.
LN without gain and bias, q = 0 at the start (the mean of all layers), one query for each task. The untrained model therefore is not the
base. It fuses states, it writes no text: heads of classes, numbers and tags only. Not AdapterFusion, which is `adapter_fusion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.methods.side import Layers, bodies, layers_read
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("attention_fusion")
class AttentionFusion(Method, frozen=True):
    """A query that weighs the layers of a frozen model, and a head on what it chooses."""

    paper: ClassVar[str] = "https://aclanthology.org/2022.findings-naacl.64/"
    category: ClassVar[Category] = "other additive"
    when: ClassVar[str] = (
        "Many tasks on one frozen model, each of a few hundred numbers and a head; what helps is known to some layer already."
    )
    traits: ClassVar[Traits] = Traits(
        heads=frozenset({"classes", "labels", "scalar", "tags"}), quantized_base=True, mixed_batch=True, identity=False
    )
    default_learning_rate: ClassVar[float] = 1e-2

    name: Literal["attention_fusion"] = "attention_fusion"
    layers: Layers = Field((), description="Layers whose states are fused, from 0, besides what the first one reads; [] for all.")
    dropout: float = Field(0.0, ge=0, lt=1, description="Dropout on the fused states while training.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.attention_fusion import AttentionFusionConfig

        return AttentionFusionConfig(
            layers=list(layers_read(facts, self.layers)) if self.layers else None,
            dropout=self.dropout,
            target_modules=bodies(facts),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return facts.hidden_size + head.n_params(facts)
