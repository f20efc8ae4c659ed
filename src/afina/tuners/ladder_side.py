"""Ladder side-tuning: a narrow copy of the architecture beside the body, fed from its layers (Sung et al. 2022, section 3.2).

    z = W_in h_0 + b_in        for each layer l that is read: z <- Block_l(mu_l z + (1 - mu_l) (W_l h_l + b_l))
    hidden = W_out norm(z) + b_out        mu_l = sigmoid(alpha_l / 0.1)

Shapes: h_0 [B, T, D] what the base's first layer reads, h_l what its layer l gives; z [B, T, d]; W_in, W_l [d, D]; W_out [D, d]. Of an
encoder-decoder both stacks have a side stack, and the side decoder attends to the side encoder, whose states travel beside the base's:
[B, S, D + d]. With a cache the side network's keys and values lie in the layers after the base's, in the same cache.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import Cache, DynamicCache, EncoderDecoderCache
from transformers.pytorch_utils import Conv1D

from afina.tuners.layer import sizes_of
from afina.tuners.registration import TargetedConfig, register
from afina.tuners.side import Pass, SideLayer, blocks_of

TEMPERATURE = 0.1
"""Of the gates (the published code's): with it they are half open at the start and move fast."""
TINY_VOCABULARY = {"vocab_size": 1, "pad_token_id": None, "type_vocab_size": 1}
"""Of the tables of tokens that a narrow body is made with, and loses."""
INNER = ("intermediate_size", "d_ff", "encoder_ffn_dim", "decoder_ffn_dim")
N_LAYERS = ("num_hidden_layers", "num_layers", "num_decoder_layers", "n_layer", "encoder_layers", "decoder_layers")


@dataclass
class LadderSideConfig(TargetedConfig):
    """width, head_width, inner: of the side network. layers: of the base's that it reads, each with a block of its own; None: all.

    merge_last: whether the base's own last hidden states are added to the answer.
    """

    width: int = field(default=96)
    head_width: int = field(default=8)
    reduction: int = field(default=8)
    layers: list[int] | None = field(default=None)
    merge_last: bool = field(default=False)


class Rung(nn.Module):
    """A block of the side network that reads a layer of the base. `reads`: the gate's mu and h_l, set for a pass."""

    def __init__(self, block: nn.Module, hidden: int, width: int) -> None:
        super().__init__()
        self.block, self.ladder = block, _map(hidden, width)
        self.reads: tuple[Tensor, Tensor] | None = None

    def forward(self, hidden_BTd: Tensor, *args: Any, **kwargs: Any) -> Any:
        assert self.reads is not None, "a side network reads a body"
        share, above_BTD = self.reads
        above_BTd = self.ladder(above_BTD.to(self.ladder.weight.dtype))
        return self.block(share * hidden_BTd + (1 - share) * above_BTd, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """What the body asks of a block: its attention type."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name == "block":
                raise
            return getattr(super().__getattr__("block"), name)


class Absent(nn.Module):
    """In place of a table: the side network reads no tokens."""

    def forward(self, *args: Any, inputs_embeds: Tensor | None = None, **kwargs: Any) -> Tensor:
        """Return the embeddings given, or a zero to add to them."""
        return (
            torch.zeros((), device=args[0].device if args and isinstance(args[0], Tensor) else None)
            if inputs_embeds is None
            else inputs_embeds
        )


class LadderSide(nn.Module):
    """The side network of one adapter beside one body."""

    def __init__(self, body: Any, config: LadderSideConfig) -> None:
        super().__init__()
        hidden, n_layers = int(body.config.hidden_size), len(blocks_of(body))
        self.layers = list(range(n_layers)) if config.layers is None else list(config.layers)
        self.width, self.merges_last = config.width, config.merge_last
        self.gates = nn.Parameter(torch.zeros(n_layers))
        self.enter = _map(hidden, config.width)
        self.net: Any = _body(body, narrow(body.config, config, self.layers, n_layers))
        self.input = "inputs_embeds" if "inputs_embeds" in inspect.signature(body.forward).parameters else "hidden_states"
        rungs = blocks_of(self.net)
        for at, block in enumerate(rungs):
            rungs[at] = Rung(block, hidden, config.width)
        feeds_a_decoder = len(config.target_modules or ()) > 1 and not _attends_to_another(body)
        self.leave = None if feeds_a_decoder else _map(config.width, hidden)
        if self.leave is not None and config.merge_last:
            nn.init.zeros_(self.leave.weight)

    def forward(self, states: dict[int, Tensor], **given: Any) -> Tensor:
        """Return the side network's last states [B, T, d]. given: what a body is called with, besides its input."""
        rungs, shares = blocks_of(self.net), torch.sigmoid(self.gates / TEMPERATURE)
        try:
            for rung, layer in zip(rungs, self.layers, strict=True):
                rung.reads = (shares[layer], states[layer + 1])  # type: ignore[assignment]
            entered = self.enter(states[0].to(self.enter.weight.dtype))
            return self.net(**{self.input: entered}, **given).last_hidden_state
        finally:
            for rung in rungs:
                rung.reads = None  # type: ignore[assignment]


class LadderSideLayer(SideLayer):
    """On a body: a narrow network of the same architecture answers instead of it."""

    def make(self, config: Any) -> LadderSide:
        return LadderSide(self.get_base_layer(), config)

    def reads(self, adapter: str) -> Sequence[int]:
        return [0, *(layer + 1 for layer in self.weights[adapter].layers)]  # type: ignore[union-attr]

    def run(self, given: dict[str, Any], places: Sequence[int]) -> Pass:
        """The base of a decoder attends to its own encoder's states, the first D of them."""
        known = given.get("encoder_hidden_states")
        hidden = int(self.base_layer.config.hidden_size)  # type: ignore[union-attr]
        own = given if known is None else given | {"encoder_hidden_states": known[..., :hidden]}
        done = super().run(own, places)
        return Pass(done.states, given, done.answer)

    def beside(self, adapter: str, done: Pass, others: Sequence[str]) -> Tensor:
        side: LadderSide = self.weights[adapter]  # type: ignore[assignment]
        given = {name: value for name, value in done.arguments.items() if name not in NOT_PASSED_ON}
        before: list[LadderSide] = [self.weights[name] for name in others]  # type: ignore[misc]
        if (read := given.get("encoder_hidden_states")) is not None:
            start = int(self.base_layer.config.hidden_size) + sum(other.width for other in before)  # type: ignore[union-attr]
            given["encoder_hidden_states"] = read[..., start : start + side.width]
        cache = getattr(done.answer, "past_key_values", None)
        if isinstance(cache, Cache | EncoderDecoderCache):
            start = len(blocks_of(self.base_layer)) + sum(len(other.layers) for other in before)
            given["past_key_values"] = cache_of(cache, side.net.config, start, len(side.layers))
        hidden_BTd = side(done.states, **given)
        if side.leave is None:
            return hidden_BTd
        hidden_BTD = side.leave(hidden_BTd)
        return hidden_BTD + done.last_BTD if side.merges_last else hidden_BTD

    def answered(self, done: Pass, answers: dict[str, Tensor]) -> Any:
        if any(self.weights[name].leave is None for name in answers):  # an encoder's, for the side decoder
            own_BSD = done.last_BTD
            done.answer.last_hidden_state = torch.cat([own_BSD, *(hidden.to(own_BSD.dtype) for hidden in answers.values())], -1)
            return done.answer
        return super().answered(done, answers)


NOT_PASSED_ON = {"input_ids", "inputs_embeds", "hidden_states", "token_type_ids", "past_key_values", "return_dict"}
NOT_PASSED_ON |= {"output_hidden_states", "output_attentions"}
"""What a body is called with and its side network is not."""


def cache_of(cache: Any, config: Any, start: int, n: int) -> Any:
    """Return a view of n layers of a cache from `start` on, put there where they are not: the same rows, beams and length as the base's."""
    if isinstance(cache, EncoderDecoderCache):
        return EncoderDecoderCache(*(cache_of(c, config, start, n) for c in (cache.self_attention_cache, cache.cross_attention_cache)))
    if len(cache.layers) < start + n:
        cache.layers.extend(DynamicCache(config=config).layers)
    return Cache(layers=cache.layers[start : start + n])


def _attends_to_another(body: nn.Module) -> bool:
    """Whether a body is a decoder with attention to an encoder."""
    return any(name.endswith((".encoder_attn", ".EncDecAttention")) for name, _ in body.named_modules())


def narrow(config: Any, sizes: LadderSideConfig, layers: Sequence[int], n_layers: int) -> Any:
    """Return a body's config with fewer layers and narrower ones: as many heads, rotary positions as they were before any stretching."""
    made = copy.deepcopy(config)
    inner = config.n_inner or 4 * config.hidden_size if hasattr(config, "n_inner") else None
    for name in N_LAYERS:
        if hasattr(config, name):
            setattr(made, name, len(layers))
    for name in INNER:
        if hasattr(config, name):
            setattr(made, name, -(-int(getattr(config, name)) // sizes.reduction))
    for name, value in vars(config).items():
        if isinstance(value, list) and len(value) == n_layers:  # attention types, layers without positions
            setattr(made, name, [value[layer] for layer in layers])
    changes: dict[str, Any] = {"hidden_size": sizes.width, "head_dim": sizes.head_width, **TINY_VOCABULARY}
    changes |= {"n_inner": -(-inner // sizes.reduction)} if inner else {}
    changes |= {"query_pre_attn_scalar": sizes.head_width} if hasattr(config, "query_pre_attn_scalar") else {}
    changes |= {"rope_parameters": _plain(config.rope_parameters)} if getattr(config, "rope_parameters", None) else {}
    for name, value in changes.items():
        setattr(made, name, value)
    made.quantization_config, made.return_dict = None, True
    return made


def _plain(rope: dict[str, Any]) -> dict[str, Any]:
    """Return rotary positions of the same base without what depends on a head's width."""
    if "rope_theta" not in rope:
        return {kind: _plain(of_kind) if isinstance(of_kind, dict) else of_kind for kind, of_kind in rope.items()}
    return {"rope_type": "default", "rope_theta": rope["rope_theta"], "partial_rotary_factor": 1.0}


def _body(like: nn.Module, config: Any) -> nn.Module:
    """Return a new body of the same class, without tables of tokens and positions."""
    kind: Any = type(like)
    made = kind(config)
    blocks = blocks_of(made)
    for name, child in list(made.named_children()):
        inside = list(child.modules())
        if any(isinstance(module, nn.Embedding) for module in inside) and not any(module is blocks for module in inside):
            setattr(made, name, Absent())
    _draw(made)
    return made


def _map(inputs: int, outputs: int) -> nn.Linear:
    made = nn.Linear(inputs, outputs)
    _draw(made)
    return made


def _draw(module: nn.Module) -> None:
    """Draw linear maps as N(0, 1 / inputs), biases zero: N(0, 0.02) suits a width of thousands, and a narrow network would be silent."""
    for linear in module.modules():
        if isinstance(linear, nn.Linear | Conv1D):
            nn.init.normal_(linear.weight, std=sizes_of(linear)[1] ** -0.5)
            if linear.bias is not None:
                nn.init.zeros_(linear.bias)


register("ladder_side", LadderSideConfig, LadderSideLayer)
