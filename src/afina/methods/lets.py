"""LeTS-E: attentions of a task's own on frozen states, in the layers that a search chooses, gathered over all layers
(after Fu et al. 2021, "Learn-to-Share").

    o_l = Attention_l(Q0 + D_q x, K0 + D_k x, V0 + D_v x) W_o        u_l = h_l + g_l o_l        hidden = W_out BiLSTM(u_1 .. u_L) + b_out

Shapes: x [B, T, D] what layer l's attention reads, Q0, K0, V0 what its maps make of it, h_l what the layer gives: all of the frozen pass,
computed without a graph; D_q, D_k, D_v as the base's own matrices, 0 at the start; the LSTM runs over the layers, for each token.

Three stages. Search: all D and one alpha a layer train, g_l is drawn (Gumbel softmax), and cost * mean(sigmoid(alpha)), the expected
share of layers computed anew, is added to the loss. Dense: the layers with alpha > 0 stay, their D train on. Sparse: of each D the largest
numbers stay, density * size of them, the others are 0 from then on (zeros in the file too). Which they are follows from D itself, and the
choice of layers from alpha: a resumed run goes on with the same.

Our reading: the paper's text was not at hand, so its published numbers are not claimed. Simplified: a layer has an attention of its own or
none (the paper also chooses among Q, K, V), numbers are kept by size (there by |D grad|), and all tokens are computed (there the pooled
one). Trained: D, alpha, the LSTM, W_out and the head. The untrained model is not the base. For heads of classes, numbers and tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, Category, HeadFacts, Method, Phase, Traits, modules_to_save, places_of, task_type
from afina.methods.side import Layers, bodies, layers_read
from afina.types import Horizon, LinearRole, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module

    from afina.types import Batch

STAGES: tuple[Literal["search", "dense", "sparse"], ...] = ("search", "dense", "sparse")
SEARCH, DENSE = 0.3, 0.2
"""Shares of the training's steps; the rest is sparse."""


@METHODS.register("lets")
class Lets(Method, frozen=True):
    """A task's own attentions on a frozen model's states, where a search finds them worth their cost."""

    paper: ClassVar[str] = "https://proceedings.mlr.press/v139/fu21a.html"
    category: ClassVar[Category] = "other additive"
    when: ClassVar[str] = "Several tasks read the same texts: one pass of the base serves all, each adds a few attentions of its own."
    traits: ClassVar[Traits] = Traits(
        kinds=frozenset({"decoder", "encoder"}),
        heads=frozenset({"classes", "labels", "scalar", "tags"}),
        quantized_base=True,
        mixed_batch=True,
        identity=False,
    )
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["lets"] = "lets"
    width: int = Field(64, ge=1, le=2048, description="Width of the LSTM over the layers, in each direction.")
    layers: Layers = Field((), description="Layers among which is searched for those with an attention of their own, from 0; [] for all.")
    density: float = Field(0.06, gt=0, le=1, description="Share of each change of a matrix that is kept in the last stage.")
    cost: float = Field(0.01, ge=0, description="Price, in units of the loss, of an attention of its own in every layer.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.lets import LetsConfig

        first = f"{facts.blocks}.0."
        inside = [path.removeprefix(first) for path in self._maps(facts) if path.startswith(first)]
        output = places_of(facts, "attention_output")[0]
        return LetsConfig(
            maps=inside,
            output=output.removeprefix(first),
            width=self.width,
            layers=list(layers_read(facts, self.layers)) if self.layers else None,
            density=self.density,
            target_modules=bodies(facts),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        layers, hidden = layers_read(facts, self.layers), facts.hidden_size
        shapes = {path: facts.linears[path] for path in self._maps(facts) if facts.places[path].layer in layers}
        deltas = sum(shape.out_features * shape.in_features for shape in shapes.values())
        lstm = 2 * 4 * self.width * (hidden + self.width + 2)
        return deltas + len(layers) + lstm + (2 * self.width + 1) * hidden + head.n_params(facts)

    def phases(self, horizon: Horizon) -> tuple[Phase, ...]:
        search = max(1, round(SEARCH * horizon.steps))
        dense = min(max(1, round(DENSE * horizon.steps)), horizon.steps - search)
        found = Phase(search), Phase(dense, resting=("*.alpha",)), Phase(horizon.steps - search - dense, resting=("*.alpha",))
        return tuple(phase for phase in found if phase.steps)

    def during(self, model: Module, batch: Batch, step: int, phase: int) -> AbstractContextManager[None]:
        from afina.tuners.lets import searched_in

        for side in searched_in(model):
            side.stage = STAGES[phase]
            if side.stage == "sparse":
                side.prune()
                side.hold()
        return nullcontext()

    def penalty(self, model: Module, step: int) -> Tensor | None:
        from afina.tuners.lets import searched_in

        costs = [side.cost() for side in searched_in(model) if side.stage == "search"]
        return self.cost * sum(costs[1:], costs[0]) if costs and self.cost else None

    def after_step(self, model: Module, step: int) -> None:
        from afina.tuners.lets import searched_in

        for side in searched_in(model):
            side.release()

    def _maps(self, facts: ModelFacts) -> Sequence[str]:
        """Return what makes queries, keys and values of the text itself: three matrices, or one."""
        roles: tuple[LinearRole, ...] = ("query", "key", "value")
        fused = any(place.role == "qkv" for place in facts.places.values())
        return places_of(facts, *(("qkv",) if fused else roles), cross=False)
