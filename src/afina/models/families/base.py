"""What a family of models says about its sizes. One kind of architecture is one file; a family is one registration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from afina.errors import MachineError
from afina.types import Attention, Head, HeadShape, Kind, LinearShape


@dataclass(frozen=True)
class Stack:
    """Layers that repeat: layer i is "<blocks>.<i>". linears: of one layer, by path inside it. n_other: its other parameters.

    n_in_first: what the first layer has more than the others (less, if negative).
    """

    blocks: str
    n_layers: int
    linears: Mapping[str, LinearShape]
    n_other: int
    n_in_first: int = 0

    @property
    def n_params(self) -> int:
        return self.n_layers * self.n_params_per_layer + self.n_in_first

    @property
    def n_params_per_layer(self) -> int:
        return sum(n_params(shape) for shape in self.linears.values()) + self.n_other


@dataclass(frozen=True)
class Sizes:
    """A model as its family reads it from the config.

    stacks: the one that writes the hidden states for the head comes last. final_norm: path of the norm after it, "" for none.
    n_embedding_params: of all embedding tables outside the stacks, positions among them. n_other: of the body beside embeddings,
    stacks and the final norm. n_lm_head_params: of the language-model head alone; a matrix shared with the embeddings counts there.
    """

    hidden_size: int
    vocab_size: int
    max_length: int
    tied: bool
    stacks: tuple[Stack, ...]
    n_embedding_params: int
    n_lm_head_params: int
    final_norm: str = ""
    final_norm_params: int = 0
    n_other: int = 0
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


def n_params(shape: LinearShape) -> int:
    """Return the parameters of a linear map."""
    return shape.out_features * (shape.in_features + shape.bias)
