"""Ladder side-tuning: a narrow network of the same architecture reads the frozen layers and answers instead (Sung et al. 2022, sec. 3.2).

    z = W_in h_0 + b_in        for each layer l that is read: z <- Block_l(mu_l z + (1 - mu_l) (W_l h_l + b_l))
    hidden = W_out norm(z) + b_out

Shapes: h_l [B, T, D] the base's states, computed without a graph: nothing of the base is kept for the backward pass but the h_l that are
read. z [B, T, d] with d = D / reduction, as many heads as the base, feed-forward layers reduced alike; mu_l = sigmoid(alpha_l / 0.1),
a gate for each layer of the base. The head that reads `hidden` is the model's own, frozen, or the objective's, trained.

Trained: the narrow blocks and their norms, W_in (one a stack), W_l, W_out and the gates. d and the width of a head are rounded up to even
heads. All maps start as N(0, 1 / inputs): our choice where the paper prunes the base's own weights. So the untrained answer is not the
base's, unless merge_last adds the base's last states, with W_out = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.methods.side import Layers, bodies, layers_read
from afina.types import Horizon, LinearShape, ModelFacts, NormShape, Place

if TYPE_CHECKING:
    from peft import PeftConfig


class Sizes(NamedTuple):
    """Of a network and of the narrow one beside it: hidden states, a head, and what the feed-forward layers are divided by."""

    hidden: int
    head: int
    n_heads: int
    width: int
    head_width: int
    reduction: int

    def linear(self, place: Place, shape: LinearShape) -> LinearShape:
        """Return the shape that a linear map of the base has in the side network."""
        outputs, inputs, bias = shape
        if place.role in ("query", "key", "value", "qkv", "position"):
            return LinearShape(outputs // self.head * self.head_width, self.width, bias)
        if place.role == "attention_output":
            return LinearShape(self.width, inputs // self.head * self.head_width, bias)
        if place.role == "feed_forward_output":
            return LinearShape(self.width, self._inner(inputs), bias)
        n_maps = 2 if place.role == "gate_up" else 1
        return LinearShape(n_maps * self._inner(outputs // n_maps), self.width, bias)

    def norm(self, path: str, shape: NormShape) -> NormShape:
        """Return the shape of a norm: of a head's queries and keys, or of hidden states."""
        of_head = path.rsplit(".", 1)[-1] in ("q_norm", "k_norm", "q_layernorm", "k_layernorm")
        return NormShape(self.head_width if of_head else self.width, shape.bias)

    def _inner(self, size: int) -> int:
        return -(-size // self.reduction)


@METHODS.register("ladder_side")
class LadderSide(Method, frozen=True):
    """A narrow network beside the frozen one answers in its place; no gradient passes the base."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2206.06522"
    category: ClassVar[Category] = "other additive"
    when: ClassVar[str] = "Memory is short: the base is run without a graph, so training costs little more memory than using it."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True, identity=False)
    default_learning_rate: ClassVar[float] = 3e-3

    name: Literal["ladder_side"] = "ladder_side"
    reduction: int = Field(8, ge=1, le=64, description="How many times narrower the side network is than the base.")
    layers: Layers = Field((), description="Layers of the base that it reads, each with a block beside it, from 0; [] for all.")
    merge_last: bool = Field(False, description="Add the base's own last hidden states: the untrained model then is the base.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.ladder_side import LadderSideConfig

        sizes = self._sizes(facts)
        return LadderSideConfig(
            width=sizes.width,
            head_width=sizes.head_width,
            reduction=self.reduction,
            layers=list(layers_read(facts, self.layers)) if self.layers else None,
            merge_last=self.merge_last,
            target_modules=bodies(facts),
            task_type=task_type(facts, head),
            modules_to_save=modules_to_save(facts, head),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        sizes = self._sizes(facts)
        between = facts.hidden_size * sizes.width
        total = between + facts.hidden_size + head.n_params(facts)  # W_out
        for blocks, n_layers in facts.stacks.items():
            n_read = len(self.layers and layers_read(facts, self.layers)) or n_layers
            total += n_layers + (n_read + 1) * (between + sizes.width)  # gates; ladders and W_in
            total += sum(_in_block(facts, blocks, at, sizes) for at in range(n_read))
        return total + sum(shape.n_params for shape in _outer_norms(facts, sizes))

    def _sizes(self, facts: ModelFacts) -> Sizes:
        _refuse(facts)
        place = next(path for path, place in facts.places.items() if place.role == "attention_output")
        n_heads, hidden = facts.attention.n_heads, facts.hidden_size
        head = facts.linears[place].in_features // n_heads
        width, head_width = (2 * of * -(-size // (2 * of * self.reduction)) for size, of in ((hidden, n_heads), (head, 1)))
        if width >= hidden and self.reduction > 1:
            what = f"{n_heads} heads cannot be narrower than {width // n_heads} each, so the side network would be as wide as the base"
            raise MethodError("R005", what, where="method.reduction", fix="method=lora")
        return Sizes(hidden, head, n_heads, width, head_width, self.reduction)


def _in_block(facts: ModelFacts, blocks: str, at: int, sizes: Sizes) -> int:
    """Return the parameters of block `at` of a side stack. The first is as the base's first: a table of positions, a norm less."""
    inside = f"{blocks}.{at}."
    linears = (sizes.linear(facts.places[path], shape) for path, shape in facts.linears.items() if path.startswith(inside))
    norms = (sizes.norm(path, shape) for path, shape in facts.norms.items() if path.startswith(inside))
    table = 0 if at else _only_in_first(facts)
    return sum(shape.out_features * (shape.in_features + shape.bias) for shape in linears) + sum(shape.n_params for shape in norms) + table


def _only_in_first(facts: ModelFacts) -> int:
    """Return the parameters that the first layer has besides its linear maps and norms: T5's table of relative positions."""
    first, later = (sum(shape.n_params for path, shape in facts.norms.items() if path.startswith(f"{facts.blocks}.{at}.")) for at in (0, 1))
    fewer = later - first if facts.n_layers > 1 else 0
    return facts.n_params_in_first_layer + fewer


def _outer_norms(facts: ModelFacts, sizes: Sizes) -> Iterator[NormShape]:
    """Yield the side network's norms outside of its blocks. Those of embedding modules are not in it."""
    for path, shape in facts.norms.items():
        if ".embeddings." not in path and not path.startswith(tuple(f"{blocks}." for blocks in facts.stacks)):
            yield sizes.norm(path, shape)


def _refuse(facts: ModelFacts) -> None:
    """Raise MethodError R003 for a family whose narrow form is not made: experts, DeBERTa's shared table of distances."""
    inside = f"{facts.blocks}.{facts.n_layers - 1}."
    known = sum(s.out_features * (s.in_features + s.bias) for path, s in facts.linears.items() if path.startswith(inside))
    known += sum(shape.n_params for path, shape in facts.norms.items() if path.startswith(inside))
    if facts.n_params_per_layer != known or facts.family == "deberta-v2":
        what = f"a narrow network beside a {facts.family} model is not made here"
        raise MethodError("R003", what, where="method", fix="method=lora")
