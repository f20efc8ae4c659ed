"""Networks beside the body: the base runs without a graph, a small network reads what its layers made of the text, and answers instead.

    h_0 .. h_L = body(x), no gradient        hidden = side(h_0, .., h_L)

No activation of the base is kept for the backward pass but the h_l that are read. Letters: B rows of a batch, T positions, D width.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from afina.tuners.layer import BASE, AdapterLayer


@dataclass
class Pass:
    """A pass through the body. states: h_0, what its first layer reads [B, T, D], and h_l, what layer l - 1 gives, of the layers read.

    arguments: what the body was called with, by name. answer: its own.
    """

    states: dict[int, Tensor]
    arguments: dict[str, Any]
    answer: Any

    @property
    def last_BTD(self) -> Tensor:
        """The body's own last hidden states."""
        return self.answer.last_hidden_state


class SideLayer(AdapterLayer):
    """On the module that holds the layers: a decoder's body, an encoder without its embeddings and its pooler.

    A type says which states it reads (`reads`) and what stands in place of the last (`beside`).
    """

    def reads(self, adapter: str) -> Sequence[int]:
        """Return which h_l an adapter reads."""
        raise NotImplementedError

    def beside(self, adapter: str, done: Pass, others: Sequence[str]) -> Tensor:
        """Return what the head reads instead of the body's last hidden states. others: the adapters that answered before this one."""
        raise NotImplementedError

    def named(self) -> list[str]:
        """Return the adapters that answer, each once. Raises ValueError for several that would all answer the same row."""
        names = [name for name in dict.fromkeys(self.rows or self.active_adapters) if name in self.weights]
        if not self.rows and len(names) > 1:
            raise ValueError(f"networks beside the body answer one at a time, not {', '.join(names)} together")
        return names

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        names = [] if self.disable_adapters else self.named()
        if not names:
            return self.base_layer(*args, **kwargs)
        given = inspect.signature(self.base_layer.forward).bind_partial(*args).arguments | kwargs
        as_tuple = given.get("return_dict") is False
        given |= {"return_dict": True} if "return_dict" in given else {}
        done = self.run(given, sorted({place for name in names for place in self.reads(name)}))
        answers = {name: self.beside(name, done, names[:at]) for at, name in enumerate(names)}
        answer = self.answered(done, answers)
        return answer.to_tuple() if as_tuple else answer

    def run(self, given: dict[str, Any], places: Sequence[int]) -> Pass:
        """Pass the body without a graph and keep the states that are read."""
        with torch.no_grad(), kept_states(self.base_layer, places) as states:
            answer = self.base_layer(**given)
        return Pass(states, given, answer)

    def answered(self, done: Pass, answers: dict[str, Tensor]) -> Any:
        """Return the body's answer with other last hidden states."""
        done.answer.last_hidden_state = self._of_rows(done.last_BTD, answers)
        return done.answer

    def _of_rows(self, own_BTD: Tensor, answers: dict[str, Tensor]) -> Tensor:
        """Each row by its own adapter: all read the whole batch, so that what they remember of it keeps its rows."""
        answers = {name: hidden_BTD.to(own_BTD.dtype) for name, hidden_BTD in answers.items()}
        if not self.rows:
            return next(iter(answers.values()))
        n_each = len(own_BTD) // len(self.rows)
        sources = {BASE: own_BTD} | answers
        return torch.cat([sources[name][row * n_each : (row + 1) * n_each] for row, name in enumerate(self.rows)])


def blocks_of(body: nn.Module) -> nn.ModuleList:
    """Return the layers of a body: its first list of modules."""
    return next(module for module in body.modules() if isinstance(module, nn.ModuleList))


@contextmanager
def kept_states(body: nn.Module, places: Sequence[int]) -> Iterator[dict[int, Tensor]]:
    """Fill a mapping, while the body runs inside, with h_l for the places l: 0 is what the first layer reads, l what layer l - 1 gives."""
    states: dict[int, Tensor] = {}
    blocks = blocks_of(body)

    def before(_module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        states[0] = (args[0] if args else kwargs["hidden_states"]).detach()

    def after(place: int) -> Any:
        def keep(_module: nn.Module, _args: Any, output: Any) -> None:
            states[place] = (output[0] if isinstance(output, tuple) else output).detach()

        return keep

    hooks = [blocks[place - 1].register_forward_hook(after(place)) for place in places if place]
    hooks += [blocks[0].register_forward_pre_hook(before, with_kwargs=True)] if 0 in places else []
    try:
        yield states
    finally:
        for hook in hooks:
            hook.remove()
