"""LeTS-E: an attention of its own on the frozen states of some layers, gathered over all of them (after Fu et al. 2021, "Learn-to-Share";
our reading, see afina's method of that name).

    o_l = Attention_l(Q0 + D_q x, K0 + D_k x, V0 + D_v x) W_o
    u_l = h_l + g_l o_l        hidden = W_out BiLSTM(u_1 .. u_L) + b_out

Shapes: x what layer l's attention reads, h_l what the layer gives, o_l, u_l, hidden, all [B, T, D]; Q0, K0, V0 what the base made of x; D_q
as the base's own matrix. g_l: while it searches a draw
of the Gumbel softmax over (0, alpha_l), otherwise 1 where alpha_l > 0, else 0. Nothing of the base but the x and h_l that are read is kept
for the backward pass; what its matrices made of x is used again, not computed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint
from transformers import Cache, EncoderDecoderCache

from afina.tuners.layer import sizes_of
from afina.tuners.registration import TargetedConfig, register
from afina.tuners.side import Pass, SideLayer, blocks_of

Stage = Literal["search", "dense", "sparse"]


@dataclass
class LetsConfig(TargetedConfig):
    """maps: paths, inside a layer, of what makes queries, keys and values; output: of what ends its attention.

    width: of the LSTM, each way. layers: those that may have an attention of their own; None: all. density: share of each D that is kept.
    """

    maps: list[str] = field(default_factory=list)
    output: str = field(default="")
    width: int = field(default=64)
    layers: list[int] | None = field(default=None)
    density: float = field(default=0.06)


class Lets(nn.Module):
    """The weights of one adapter. `stage`: where a training is; it searches only while it trains. `held`: the masks of a sparse step."""

    def __init__(self, hidden: int, blocks: Sequence[nn.Module], config: LetsConfig) -> None:
        super().__init__()
        self.layers = list(range(len(blocks))) if config.layers is None else list(config.layers)
        self.n_layers, self.density, self.maps, self.output = len(blocks), config.density, list(config.maps), config.output
        shapes = [sizes_of(blocks[self.layers[0]].get_submodule(path)) for path in self.maps]
        self.deltas = nn.ModuleList([nn.ParameterList([torch.zeros(shape) for shape in shapes]) for _ in self.layers])
        self.alpha = nn.Parameter(torch.zeros(len(self.layers)))
        self.aggregate = nn.LSTM(hidden, config.width, bidirectional=True)
        self.leave = nn.Linear(2 * config.width, hidden)
        self.stage: Stage = "sparse"
        self.held: list[Tensor] = []

    @property
    def searches(self) -> bool:
        return self.training and self.stage == "search"

    def shares(self) -> Tensor:
        """Return g, one for each layer searched."""
        if not self.searches:
            return (self.alpha > 0).to(self.alpha.dtype).detach()
        return F.gumbel_softmax(torch.stack([torch.zeros_like(self.alpha), self.alpha], -1))[:, 1]

    def cost(self) -> Tensor:
        """Return the expected share of layers with an attention of their own."""
        return torch.sigmoid(self.alpha).mean()

    @torch.no_grad()
    def prune(self) -> None:
        """Keep, of each D, the largest numbers: round(density * size) of them, the rest becomes 0."""
        for delta in self._matrices():
            n_kept = round(self.density * delta.numel())
            flat = delta.flatten()
            kept = torch.zeros_like(flat).index_fill_(0, flat.abs().topk(n_kept).indices, 1.0)
            delta.mul_(kept.view_as(delta))

    def hold(self) -> None:
        """Remember which numbers of the D are not 0; `release` sets the others to 0 again."""
        self.held = [(delta != 0).detach() for delta in self._matrices()]

    @torch.no_grad()
    def release(self) -> None:
        for delta, mask in zip(self._matrices(), self.held or [], strict=bool(self.held)):
            delta.mul_(mask)
        self.held = []

    def gathered(self, states: Sequence[Tensor]) -> Tensor:
        """Return the states of all layers [L][B, T, D] as one [B, T, D]. The backward pass runs the LSTM again: it keeps a lot."""
        if torch.is_grad_enabled():
            return checkpoint(self._gathered, *states, use_reentrant=False)
        return self._gathered(*states)

    def _gathered(self, *states: Tensor) -> Tensor:
        stacked_LBTD = torch.stack([state.to(self.leave.weight.dtype) for state in states])
        n_layers, n_rows, n_places, hidden = stacked_LBTD.shape
        with torch.autocast(stacked_LBTD.device.type, enabled=False):  # not every machine has an LSTM in half precision
            _, (last_2ND, _) = self.aggregate(stacked_LBTD.reshape(n_layers, n_rows * n_places, hidden))
        return self.leave(torch.cat([last_2ND[0], last_2ND[1]], -1)).reshape(n_rows, n_places, hidden)

    def _matrices(self) -> list[nn.Parameter]:
        return [delta for of_layer in self.deltas for delta in of_layer]  # type: ignore[union-attr,attr-defined]


@dataclass
class Call:
    """What an attention was called with, and what each map inside it gave."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    values: dict[str, Tensor] = field(default_factory=dict)


class LetsLayer(SideLayer):
    """On the module that holds the layers: attentions of an adapter's own on their frozen states, gathered over the layers."""

    def make(self, config: Any) -> Lets:
        body: Any = self.get_base_layer()
        return Lets(int(body.config.hidden_size), list(blocks_of(body)), config)

    def reads(self, adapter: str) -> Sequence[int]:
        return range(1, self.weights[adapter].n_layers + 1)  # type: ignore[arg-type,operator]

    def run(self, given: dict[str, Any], places: Sequence[int]) -> Pass:
        sides: list[Lets] = [self.weights[name] for name in self.named()]  # type: ignore[misc]
        searched = sorted({layer for side in sides for layer in side.layers})
        blocks = blocks_of(self.base_layer)
        with seen_calls({layer: blocks[layer] for layer in searched}, sides[0].maps, sides[0].output) as calls:
            done = super().run(given, places)
        return Attended(done.states, done.arguments, done.answer, calls)

    def beside(self, adapter: str, done: Pass, others: Sequence[str]) -> Tensor:
        assert isinstance(done, Attended)
        side: Lets = self.weights[adapter]  # type: ignore[assignment]
        blocks, shares = blocks_of(self.base_layer), side.shares()
        states = [done.states[place] for place in range(1, side.n_layers + 1)]
        for share, layer, deltas in zip(shares, side.layers, side.deltas, strict=True):
            if side.searches or bool(share):
                own_BTD = attended(blocks[layer], side, done.calls[layer], list(deltas))  # type: ignore[arg-type]
                states[layer] = states[layer] + share * own_BTD
        return side.gathered(states)


@dataclass
class Attended(Pass):
    """calls: of the attentions of the layers searched."""

    calls: dict[int, Call]


@contextmanager
def seen_calls(blocks: dict[int, nn.Module], maps: Sequence[str], output: str) -> Iterator[dict[int, Call]]:
    """Fill a mapping, while the body runs inside, with the call of each layer's attention."""
    calls: dict[int, Call] = {}

    def called(layer: int) -> Any:
        def keep(_module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            calls[layer] = Call(tuple(map(_uncached, args)), {name: _uncached(value) for name, value in kwargs.items()})

        return keep

    def gave(layer: int, path: str) -> Any:
        def keep(_module: nn.Module, _args: Any, value: Tensor) -> None:
            calls[layer].values[path] = value.detach()

        return keep

    hooks = []
    for layer, block in blocks.items():
        attention = block.get_submodule(_around(maps[0], output))
        hooks.append(attention.register_forward_pre_hook(called(layer), with_kwargs=True))
        hooks += [block.get_submodule(path).register_forward_hook(gave(layer, path)) for path in maps]
    try:
        yield calls
    finally:
        for hook in hooks:
            hook.remove()


def attended(block: nn.Module, side: Lets, call: Call, deltas: Sequence[Tensor]) -> Tensor:
    """Return o_l [B, T, D]: the layer's attention once more, with D x added to what its maps gave."""
    found: list[Tensor] = []

    def keep(_module: nn.Module, _args: Any, output: Any) -> None:
        found.append(output)

    ending = block.get_submodule(side.output).register_forward_hook(keep)
    maps = [block.get_submodule(path) for path in side.maps]
    try:
        for path, linear, delta in zip(side.maps, maps, deltas, strict=True):
            linear.forward = _adding(call.values[path], delta)
        block.get_submodule(_around(side.maps[0], side.output))(*call.args, **call.kwargs)
    finally:
        ending.remove()
        for linear in maps:
            vars(linear).pop("forward", None)
    return found[0]


def _adding(value: Tensor, delta: Tensor) -> Any:
    return lambda x: value + F.linear(x.to(delta.dtype), delta).to(value.dtype)


def _around(*paths: str) -> str:
    """Return the path of the smallest module that holds all of these."""
    shared = []
    for names in zip(*(path.split(".") for path in paths), strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return ".".join(shared)


def _uncached(value: Any) -> Any:
    """What an attention is called with, without the cache: it would be written to twice. Whole texts are read here, never their ends."""
    return None if isinstance(value, Cache | EncoderDecoderCache) else value.detach() if isinstance(value, Tensor) else value


def searched_in(model: nn.Module) -> list[Lets]:
    """Return the weights of this type in a model that are trained."""
    return [module for module in model.modules() if isinstance(module, Lets) and module.alpha.requires_grad]


register("lets", LetsConfig, LetsLayer)
