"""Where the rows of prompts stand among the tokens: masks, positions and types for a body that sees both.

Letters: B rows of a batch, T tokens, N places of the longest prompt, S = N + T, D width, K examples packed into one row.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


class Placing:
    """How a body is called with prompts among its tokens."""

    def embeds(self, prompts: Sequence[Tensor], embeds_BTD: Tensor) -> Tensor:
        """Return what the body reads [B, S, D]. prompts: one for all rows, or one for each."""
        raise NotImplementedError

    def arguments(self, given: dict[str, Any], base: Any) -> dict[str, Any]:
        """Return the other arguments of the body, made for the tokens alone, as they are with the prompts."""
        raise NotImplementedError

    def cut(self, hidden_BSD: Tensor) -> Tensor:
        """Return the states of the tokens [B, T, D]."""
        raise NotImplementedError


@dataclass(frozen=True)
class InFront(Placing):
    """Prompts before the tokens. With a cache that is not empty they stand there already, and only tokens pass the body.

    lengths_B: of the rows' prompts; a shorter one is padded in front. n_cached: what the cache holds, prompts included.
    """

    lengths_B: Tensor
    n: int
    n_tokens: int
    n_cached: int
    uneven: bool

    def embeds(self, prompts: Sequence[Tensor], embeds_BTD: Tensor) -> Tensor:
        if self.n_cached:
            return embeds_BTD
        if len(prompts) == 1:
            front_BND = prompts[0].expand(len(embeds_BTD), -1, -1)
        else:
            width = embeds_BTD.shape[-1]
            padded = [torch.cat([prompt.new_zeros(self.n - len(prompt), width), prompt.reshape(-1, width)]) for prompt in prompts]
            front_BND = torch.stack(padded)
        return torch.cat([front_BND, embeds_BTD], 1)

    def arguments(self, given: dict[str, Any], base: Any) -> dict[str, Any]:
        made = dict(given)
        front_BN = torch.arange(self.n, device=self.lengths_B.device)[None] >= self.n - self.lengths_B[:, None]
        mask = given.get("attention_mask")
        if mask is not None and mask.ndim != 2:
            raise ValueError("a prompt needs a mask of two dimensions: a row of tokens for each row of the batch")
        if mask is None and self.uneven:
            seen = max(0, self.n_cached - self.n) + self.n_tokens
            mask = torch.ones(len(front_BN), seen, dtype=torch.long, device=front_BN.device)
        if mask is not None:
            made["attention_mask"] = torch.cat([front_BN.to(mask), mask], -1)
        made |= self._positions(given, made.get("attention_mask"), front_BN, base)
        types = given.get("token_type_ids")
        if types is not None and not self.n_cached:
            made["token_type_ids"] = torch.cat([types.new_zeros(len(types), self.n), types], -1)
        return made

    def _positions(self, given: dict[str, Any], mask_BS: Tensor | None, front_BN: Tensor, base: Any) -> dict[str, Tensor]:
        """Tokens come after their row's prompt. Without positions given, the body counts them itself where all prompts are as long."""
        positions = given.get("position_ids")
        if positions is None and not self.uneven:
            return {}
        if positions is not None:
            shifted = positions + self.lengths_B[:, None]
            counted = (front_BN.long().cumsum(-1) - 1).clamp_min(0) + first_position(base)
            return {"position_ids": shifted if self.n_cached else torch.cat([counted, shifted], -1)}
        if "position_ids" not in inspect.signature(base.forward).parameters:
            if hasattr(base.config, "relative_attention_num_buckets"):
                return {}
            raise ValueError(f"{type(base).__name__} counts positions itself: prompts of different lengths cannot share a batch")
        assert mask_BS is not None
        counted = (mask_BS.long().cumsum(-1) - 1).clamp_min(0) + first_position(base)
        return {"position_ids": counted[:, -self.n_tokens :] if self.n_cached else counted}

    def cut(self, hidden_BSD: Tensor) -> Tensor:
        return hidden_BSD if self.n_cached else hidden_BSD[:, self.n :]


def in_front(prompts: Sequence[Tensor], n_rows: int, n_tokens: int, n_cached: int, device: torch.device) -> InFront:
    """Return the placing of prompts before the tokens of each row."""
    lengths = [len(prompt) for prompt in prompts] * (n_rows if len(prompts) == 1 else 1)
    uneven = len(set(lengths)) > 1
    return InFront(torch.tensor(lengths, device=device), max(lengths), n_tokens, n_cached, uneven)


def first_position(base: Any) -> int:
    """Return the position of a row's first token: RoBERTa's tables begin after the padding id."""
    embeddings = getattr(base, "embeddings", None)
    padding = getattr(embeddings, "padding_idx", None)
    return 0 if padding is None else int(padding) + 1


@dataclass(frozen=True)
class Packed(Placing):
    """Examples that share one row, told apart by positions that begin anew: each has a prompt of its own.

    order_S: places of the table that holds all prompts, then all tokens. places_T: where the tokens stand then.
    """

    n_examples: int
    order_S: Tensor
    positions_S: Tensor
    places_T: Tensor

    def embeds(self, prompts: Sequence[Tensor], embeds_BTD: Tensor) -> Tensor:
        all_of_them = list(prompts) * (self.n_examples if len(prompts) == 1 else 1)
        return torch.cat([*all_of_them, embeds_BTD[0]])[self.order_S][None]

    def arguments(self, given: dict[str, Any], base: Any) -> dict[str, Any]:
        return given | {"position_ids": self.positions_S[None]}

    def cut(self, hidden_BSD: Tensor) -> Tensor:
        return hidden_BSD[:, self.places_T]


def packed(prompts: Sequence[Tensor], positions_1T: Tensor) -> Packed:
    """Return the placing of a prompt before each example of a packed row. Raises ValueError for a number of prompts that is not theirs."""
    starts = (positions_1T[0] == 0).nonzero()[:, 0].tolist()
    if len(prompts) not in (1, len(starts)):
        raise ValueError(f"{len(prompts)} prompts for {len(starts)} examples in one row")
    each = list(prompts) * (len(starts) if len(prompts) == 1 else 1)
    ends = [*starts[1:], positions_1T.shape[1]]
    n_all, before = sum(len(prompt) for prompt in each), 0
    order, positions = list[int](), list[int]()
    for prompt, start, end in zip(each, starts, ends, strict=True):
        order += [*range(before, before + len(prompt)), *range(n_all + start, n_all + end)]
        positions += range(len(prompt) + end - start)
        before += len(prompt)
    device = positions_1T.device
    order_S = torch.tensor(order, device=device)
    return Packed(len(starts), order_S, torch.tensor(positions, device=device), (order_S >= n_all).nonzero()[:, 0])
