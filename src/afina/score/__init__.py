"""The only place where a model's forward pass is called for scoring. `actor_of(model)` knows the kind of the model."""

from __future__ import annotations

from torch import nn

from afina.models.families import FAMILIES
from afina.score.base import Actor as Actor
from afina.score.decoder import Decoder as Decoder
from afina.score.encoder import Encoder as Encoder
from afina.score.encoder_decoder import EncoderDecoder as EncoderDecoder
from afina.score.memory import in_parts as in_parts
from afina.score.memory import one_example_too_large as one_example_too_large

KINDS = {made.kind: made for made in (Decoder, Encoder, EncoderDecoder)}


def actor_of(model: nn.Module) -> Actor:
    """Return a model, bare or wrapped by peft, as what can be asked for scores."""
    kind = FAMILIES[Actor(model).bare.config.model_type].kind  # type: ignore[union-attr,index]
    return KINDS[kind](model)
