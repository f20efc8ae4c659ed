"""What a family of models says about its sizes. One kind of architecture is one file; a family is one registration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from afina.errors import MachineError
from afina.types import Attention, Head, HeadShape, Kind, LinearRole, LinearShape, NormShape


@dataclass(frozen=True)
class Stack:
    """Layers that repeat: layer i is "<blocks>.<i>". linears, norms: of one layer, by path inside it. n_other: its other parameters.

    n_more_in_first: what the first layer has more than the others; not_in_first: norms that it lacks. output_norm: the norm that a layer's
    output has passed, after the residual is added; "" where the sum itself is the output.
    """

    blocks: str
    n_layers: int
    linears: Mapping[str, LinearShape]
    norms: Mapping[str, NormShape]
    n_other: int = 0
    n_more_in_first: int = 0
    not_in_first: tuple[str, ...] = ()
    output_norm: str = ""

    @property
    def n_in_first(self) -> int:
        """What the first layer has more than the others (less, if negative)."""
        return self.n_more_in_first - sum(self.norms[path].n_params for path in self.not_in_first)

    def all_norms(self) -> dict[str, NormShape]:
        """Return the norms of all layers by their whole path."""
        return {
            f"{self.blocks}.{i}.{path}": shape
            for i in range(self.n_layers)
            for path, shape in self.norms.items()
            if i or path not in self.not_in_first
        }

    @property
    def n_params(self) -> int:
        return self.n_layers * self.n_params_per_layer + self.n_in_first

    @property
    def n_params_per_layer(self) -> int:
        in_norms = sum(shape.n_params for shape in self.norms.values())
        return sum(n_params(shape) for shape in self.linears.values()) + in_norms + self.n_other


@dataclass(frozen=True)
class Sizes:
    """A model as its family reads it from the config.

    stacks: the one that writes the hidden states for the head comes last. final_norm: path of the norm after it, "" for none.
    embeddings: path of the table of tokens. other_norms: by path, those outside the stacks that are not the final one.
    n_embedding_params: of all embedding tables outside the stacks, positions among them. n_lm_head_params: of the language-model head
    alone; a matrix shared with the embeddings counts there.
    """

    hidden_size: int
    vocab_size: int
    max_length: int
    tied: bool
    stacks: tuple[Stack, ...]
    n_embedding_params: int
    n_lm_head_params: int
    embeddings: str
    final_norm: str = ""
    final_norm_shape: NormShape | None = None
    other_norms: Mapping[str, NormShape] = field(default_factory=lambda: {})
    heads: Mapping[Head, HeadShape] = field(default_factory=lambda: {})
    relative: bool = False


@dataclass(frozen=True)
class Family:
    """One architecture. defaults: what transformers assumes for keys that published configs leave out (those equal to it when saved).

    keeps_scores: see Attention.
    """

    read: Callable[[Config], Sizes]
    kind: Kind
    defaults: Mapping[str, Any]
    keeps_scores: bool = False


FAMILIES: dict[str, Family] = {}
"""model_type of a config.json -> its family."""


def family(name: str, kind: Kind, read: Callable[[Config], Sizes], keeps_scores: bool = False, **defaults: Any) -> None:
    """Register a family under its model_type."""
    FAMILIES[name] = Family(read, kind, defaults, keeps_scores)


class Config:
    """A config whose missing keys have the defaults of their transformers class."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self.family = name
        self.settings = {**FAMILIES[name].defaults, **given}

    def __getitem__(self, key: str) -> Any:
        """Return a setting, None when it is nowhere set."""
        return self.settings.get(key)

    def size(self, *keys: str) -> int:
        """Return the first of `keys` that is set, a positive whole number. Raises MachineError H005."""
        value = next((self[key] for key in keys if self[key] is not None), None)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
            raise self.refused(f"has no usable {keys[0]} (it says {value!r})")
        return value

    def attention(self) -> Attention:
        """Return what the memory of attention depends on. Raises MachineError H005 for a model without heads."""
        heads = self.size("num_attention_heads", "num_heads", "n_head", "decoder_attention_heads")
        rates = (self[key] for key in ("attention_probs_dropout_prob", "attention_dropout", "attn_pdrop", "dropout_rate"))
        rate = next((rate for rate in rates if isinstance(rate, int | float)), 0.0)
        return Attention(heads, float(rate), FAMILIES[self.family].keeps_scores)

    def refused(self, why: str) -> MachineError:
        """Return the H005 of a config that cannot be used."""
        return MachineError(
            "H005", f"config.json of this {self.family} model {why}", where="config.json", fix="use the model's own config.json"
        )


_ROLES: Mapping[LinearRole, tuple[str, ...]] = {
    "query": ("q_proj", "query", "query_proj", "q"),
    "key": ("k_proj", "key", "key_proj", "k"),
    "value": ("v_proj", "value", "value_proj", "v"),
    "qkv": ("qkv_proj", "c_attn", "Wqkv"),
    "attention_output": ("o_proj", "out_proj", "o", "attention.output.dense", "self_attn.dense", "attn.c_proj", "attn.Wo"),
    "gate": ("gate_proj", "wi_0"),
    "up": ("up_proj", "wi_1", "wi", "fc1", "intermediate.dense", "c_fc"),
    "gate_up": ("gate_up_proj", "Wi"),
    "feed_forward_output": ("down_proj", "wo", "fc2", "output.dense", "mlp.c_proj", "mlp.Wo"),
    "position": ("pos_key_proj", "pos_query_proj"),
}
_ROLE_OF: Mapping[str, LinearRole] = {name: role for role, names in _ROLES.items() for name in names}


def role_of(path: str) -> LinearRole:
    """Return what the linear map at a path inside a layer does, found by the longest end of the path that is known."""
    parts = path.split(".")
    return next(_ROLE_OF[end] for start in range(len(parts)) if (end := ".".join(parts[start:])) in _ROLE_OF)


def is_cross(path: str) -> bool:
    """Whether a path inside a layer is in the attention of a decoder to its encoder."""
    return path.split(".")[0] == "encoder_attn" or "EncDecAttention" in path


def n_params(shape: LinearShape) -> int:
    """Return the parameters of a linear map."""
    return shape.out_features * (shape.in_features + shape.bias)
