"""What is known about a model before its weights are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from afina.types.names import Head, Kind


class LinearShape(NamedTuple):
    """y = W x (+ b) with W [out_features, in_features], however the weight is stored."""

    out_features: int
    in_features: int
    bias: bool = False


class NormShape(NamedTuple):
    """y = normalised(x) * gain [size] (+ bias [size])."""

    size: int
    bias: bool = False

    @property
    def n_params(self) -> int:
        return self.size * (1 + self.bias)


Role = Literal["query", "key", "value", "qkv", "attention_output", "gate", "up", "gate_up", "feed_forward_output", "position"]
"""What a linear map does in its layer. qkv, gate_up: matrices that hold several. position: queries and keys of DeBERTa's distances."""


class Place(NamedTuple):
    """Where a linear map stands: layer `layer` of the stack `blocks`. cross: in the attention of a decoder to its encoder."""

    role: Role
    blocks: str
    layer: int
    cross: bool = False


class Attention(NamedTuple):
    """keeps_scores: no fused kernel fits this architecture, so the T x T scores of each head are kept for the backward pass."""

    n_heads: int
    dropout: float = 0.0
    keeps_scores: bool = False


class HeadShape(NamedTuple):
    """What stands on the body for a task: its modules, all trained, with n_fixed parameters and n_per_output more for each output."""

    modules: tuple[str, ...]
    n_fixed: int
    n_per_output: int

    def n_params(self, n_outputs: int) -> int:
        return self.n_fixed + n_outputs * self.n_per_output


@dataclass(frozen=True)
class ModelFacts:
    """A model as its config.json describes it.

    linears: module path -> shape, for every linear map of the body's layers (never of a head); places: the same paths -> where they stand.
    norms: module path -> shape, for every norm of the body; output_norms: those of them that a layer's output has passed, the residual
    included (none in a pre-norm model, whose layers end with a sum).
    stacks: path prefix -> number of layers, an encoder before its decoder. embeddings: path of the table of tokens. body: path of the
    module that reads token ids first: the whole body, of an encoder-decoder its encoder.
    blocks: path prefix of the layers whose output the head reads, "model.layers" or "decoder.block"; layer i is "<blocks>.<i>"; n_layers
    and n_params_per_layer are of those, n_params_in_first_layer is what layer 0 has more. n_params: with the language-model head,
    n_lm_head_params of them its own (a matrix shared with the
    embeddings is theirs). heads: what the other heads are. relative: max_length is what the model was trained on, not a limit.
    """

    family: str
    kind: Kind
    n_layers: int
    hidden_size: int
    vocab_size: int
    max_length: int
    n_params: int
    n_embedding_params: int
    n_params_per_layer: int
    tied: bool
    blocks: str
    linears: Mapping[str, LinearShape]
    places: Mapping[str, Place]
    norms: Mapping[str, NormShape]
    stacks: Mapping[str, int]
    embeddings: str
    body: str
    attention: Attention
    n_params_in_first_layer: int = 0
    output_norms: tuple[str, ...] = ()
    final_norm: str = ""
    final_norm_params: int = 0
    n_lm_head_params: int = 0
    heads: Mapping[Head, HeadShape] = field(default_factory=lambda: {})
    relative: bool = False
