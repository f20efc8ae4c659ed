"""Soft prompts: learned rows beside the embeddings of the tokens (Lester et al. 2021, section 2).

    hidden = body([P; E(x)])

Shapes: P [N, D] prompts, E(x) [B, T, D]; the body sees S = N + T places. The layer wraps the module that reads token ids, and cuts the
places of the prompt out of its answer, so that all around it counts the T places of the tokens. The decoder of an encoder-decoder does
attend to the prompt, as in the paper: its mask is made longer instead (`Reader`).

With a cache the prompt is put in front once, while the cache is empty. Rows of a batch may pass different adapters, with prompts of
different lengths: shorter ones are padded in front and masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from afina.tuners.body import BodyLayer
from afina.tuners.layer import BASE
from afina.tuners.placing import Placing, in_front, packed
from afina.tuners.registration import TargetedConfig, register
from afina.tuners.tuner import Tuner

MOST_COMMON = 5000
"""Tokenizers number their pieces by how common they are; prompts begin as some of the first (Lester et al. 2021, section 3.2)."""


@dataclass
class PromptConfig(TargetedConfig):
    """n: rows of the prompt. init: "vocabulary" or "random". start: ids of tokens whose mean a row begins as, for the first rows.

    reader: path of the decoder of an encoder-decoder, which attends to the prompt too.
    """

    n: int = field(default=20)
    init: str = field(default="vocabulary")
    start: list[list[int]] | None = field(default=None)
    reader: str | None = field(default=None)


class Prompt(nn.Module):
    """The rows themselves."""

    def __init__(self, rows_ND: Tensor) -> None:
        super().__init__()
        self.n = len(rows_ND)
        self.prompt = nn.Parameter(rows_ND)

    def forward(self) -> Tensor:
        """Return the prompt [N, D]."""
        return self.prompt


class Silent(nn.Module):
    """Holds, on the decoder, how long the encoder's prompt is."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n


def first_rows(embeddings: nn.Module, n: int, init: str, start: Sequence[Sequence[int]] | None) -> Tensor:
    """Return the N rows that a prompt begins with [N, D], fp32, drawn from torch's generator where they are drawn.

    "vocabulary": embeddings of common tokens; "random": as wide as the table's numbers are spread. Rows of `start` come first.
    """
    table: Tensor = embeddings.weight  # type: ignore[assignment]
    size, width = table.shape
    if init == "random":
        rows_ND = torch.randn(n, width) * table.detach().float().std().cpu()
    else:
        common = min(MOST_COMMON, size)
        drawn = torch.randperm(common)[:n] if n <= common else torch.randint(common, (n,))
        rows_ND = _embedded(embeddings, drawn)
    for row, ids in enumerate((start or ())[:n]):
        rows_ND[row] = _embedded(embeddings, torch.tensor(list(ids))).mean(0)
    return rows_ND


@torch.no_grad()
def _embedded(embeddings: nn.Module, ids: Tensor) -> Tensor:
    """Return what the body would read for these ids: some families scale what stands in the table."""
    table: Tensor = embeddings.weight  # type: ignore[assignment]
    embedded: Tensor = embeddings(ids.to(table.device)).detach().float()
    return embedded if table.is_meta else embedded.cpu()


class PromptLayer(BodyLayer):
    """On the body: puts a prompt among the tokens and takes its places out of the answer."""

    def make(self, config: Any) -> nn.Module:
        return Prompt(first_rows(self.body.get_input_embeddings(), config.n, config.init, config.start))

    def prompt_of(self, adapter: str) -> Tensor:
        """Return an adapter's prompt [N, D]: what a plain prompt would hold to do the same."""
        return self.weights[adapter]()

    @property
    def n_places(self) -> int:
        """How many places of the context the active prompts take."""
        named = self.rows or tuple(self.active_adapters)
        return 0 if self.disable_adapters else max((self.weights[name].n for name in named if name in self.weights), default=0)  # type: ignore[type-var]

    @property
    def cuts(self) -> bool:
        """Whether the prompt's places are taken out again: not where a decoder attends to them."""
        return not getattr(self.body.config, "is_encoder_decoder", False)

    def prompts(self, n_rows: int) -> list[Tensor]:
        """Return a prompt [N, D] for each row, or one for all."""
        if not self.rows:
            active = [self.prompt_of(adapter) for adapter in self.active_adapters if adapter in self.weights]
            return [torch.cat(active)] if active else []
        found = {name: self.prompt_of(name) for name in set(self.rows) if name != BASE}
        empty = next(iter(found.values()))[:0] if found else torch.empty(0, 1)
        return [found.get(name, empty) for name in self.rows for _ in range(max(1, n_rows // len(self.rows)))]

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        base = self.body
        if self.disable_adapters:
            return base(*args, **kwargs)
        kwargs = self.named(args, kwargs)
        ids, embeds = kwargs.pop("input_ids", None), kwargs.pop("inputs_embeds", None)
        embeds_BTD = base.get_input_embeddings()(ids) if embeds is None else embeds
        prompts = [prompt.to(embeds_BTD) for prompt in self.prompts(len(embeds_BTD))]
        if not any(len(prompt) for prompt in prompts):
            return base(inputs_embeds=embeds_BTD, **kwargs)
        cache = kwargs.get("past_key_values")
        n_cached = int(cache.get_seq_length()) if cache is not None else 0
        placing = self.place(prompts, embeds_BTD, kwargs, n_cached)
        answer = base(inputs_embeds=placing.embeds(prompts, embeds_BTD), **placing.arguments(kwargs, base))
        return self.cut(answer, placing, base) if self.cuts else answer

    def place(self, prompts: list[Tensor], embeds_BTD: Tensor, kwargs: dict[str, Any], n_cached: int) -> Placing:
        """Return where prompts and tokens stand."""
        positions = kwargs.get("position_ids")
        apart = positions is not None and kwargs.get("attention_mask") is None and len(embeds_BTD) == 1 and not n_cached
        if apart and int((positions == 0).sum()) > 1:
            return packed(prompts, positions)  # type: ignore[arg-type]
        return in_front(prompts, len(embeds_BTD), embeds_BTD.shape[1], n_cached, embeds_BTD.device)

    def cut(self, answer: Any, placing: Placing, base: Any) -> Any:
        """Return the body's answer without the places of the prompt. A pooler reads the first token, not the first row of a prompt."""
        if isinstance(answer, tuple):
            return (placing.cut(answer[0]), *answer[1:])
        answer.last_hidden_state = placing.cut(answer.last_hidden_state)
        if getattr(answer, "hidden_states", None) is not None:
            answer.hidden_states = tuple(placing.cut(hidden_BSD) for hidden_BSD in answer.hidden_states)
        if getattr(answer, "pooler_output", None) is not None:
            answer.pooler_output = base.pooler(answer.last_hidden_state)
        return answer


class Reader(PromptLayer):
    """On the decoder of an encoder-decoder: what the encoder answers is as much longer as the prompt, and so is its mask here."""

    def make(self, config: Any) -> nn.Module:
        return Silent(config.n)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        base, kwargs = self.body, self.named(args, kwargs)
        states, mask_BT = kwargs.get("encoder_hidden_states"), kwargs.get("encoder_attention_mask")
        if states is None or self.disable_adapters:
            return base(**kwargs)
        if mask_BT is None and self.rows:
            mask_BT = torch.ones(len(states), states.shape[1] - self.n_places, dtype=torch.long, device=states.device)
        if mask_BT is not None and states.shape[1] > mask_BT.shape[1]:
            n_more = states.shape[1] - mask_BT.shape[1]
            lengths_B = torch.tensor(self._lengths(len(states), n_more), device=states.device)
            front_BN = torch.arange(n_more, 0, -1, device=states.device)[None] <= lengths_B[:, None]
            kwargs["encoder_attention_mask"] = torch.cat([front_BN.to(mask_BT), mask_BT], -1)
        return base(**kwargs)

    def _lengths(self, n_rows: int, n_all: int) -> list[int]:
        """Return how long the prompt of each row is."""
        if not self.rows:
            return [n_all] * n_rows
        of = {name: self.weights[name].n for name in set(self.rows) if name != BASE} | {BASE: 0}
        return [int(of[name]) for name in self.rows for _ in range(n_rows // len(self.rows))]  # type: ignore[arg-type]


class PromptTuner(Tuner):
    """Wraps the body, and the decoder that reads what an encoder makes of a prompt."""

    def _create_and_replace(
        self, peft_config: Any, adapter_name: str, target: nn.Module, target_name: str, parent: nn.Module, current_key: str, **kwargs: Any
    ) -> None:
        if current_key != peft_config.reader or isinstance(target, self.tuner_layer_cls):
            super()._create_and_replace(peft_config, adapter_name, target, target_name, parent, current_key, **kwargs)
            return
        kind = type("Reader", (Reader, self.tuner_layer_cls), {})
        made = kind(target, getattr(self, f"{self.prefix}shared"))
        made.update_layer(adapter_name, peft_config)
        setattr(parent, target_name, made)


register("prompt", PromptConfig, PromptLayer, PromptTuner)
