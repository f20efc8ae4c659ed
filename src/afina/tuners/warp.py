"""Prompts around and inside a text with a hidden token, and a learned verbaliser that reads its state (WARP; Hambardzumyan et al. 2021).

    [CLS] P_1 text P_2 [MASK] P_3 [SEP] other text P_4 [SEP]        logits = V h + c,   h = the masked-language head's transform at [MASK]

Letters: B rows, T tokens, N rows of the prompt, S = N + 1 + T, D width, C classes. The transform (a dense map, the activation, a norm) is
the base's own, frozen, and lies in the adapter beside V [C, D] and c [C]. A decoder, our adaptation, has the prompt in front and its head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers.activations import ACT2FN

from afina.tuners.layer import AdapterLayer
from afina.tuners.placing import Placing
from afina.tuners.prompt import PromptConfig, PromptLayer, PromptTuner
from afina.tuners.registration import register


@dataclass
class WarpConfig(PromptConfig):
    """mask: id of the hidden token, None for a decoder. verbaliser: path of the head that is replaced. n_outputs: C."""

    mask: int | None = field(default=None)
    verbaliser: str | None = field(default=None)
    n_outputs: int = field(default=0)


@dataclass(frozen=True)
class Around(Placing):
    """Four parts of a prompt, the hidden token after the second: before the text, before its end, before the end of all.

    order_BS: places of the table that holds the prompt with the hidden token in it, then the tokens. n: rows of that prompt.
    """

    order_BS: Tensor
    n: int
    n_before_mask: int
    last_B: Tensor

    def embeds(self, prompts: Sequence[Tensor], embeds_BTD: Tensor) -> Tensor:
        table = torch.cat([prompts[0].expand(len(embeds_BTD), -1, -1), embeds_BTD], 1)
        return table.gather(1, self.order_BS[..., None].expand(-1, -1, table.shape[-1]))

    def arguments(self, given: dict[str, Any], base: Any) -> dict[str, Any]:
        made, rows = dict(given), len(self.order_BS)
        if (mask_BT := given.get("attention_mask")) is not None:
            made["attention_mask"] = torch.cat([mask_BT.new_ones(rows, self.n), mask_BT], 1).gather(1, self.order_BS)
        if (types_BT := given.get("token_type_ids")) is not None:
            inside = types_BT.new_zeros(rows, self.n)
            n_last = parts_of(self.n - 1)[3]
            if n_last:
                inside[:, -n_last:] = types_BT.gather(1, self.last_B[:, None])
            made["token_type_ids"] = torch.cat([inside, types_BT], 1).gather(1, self.order_BS)
        return made

    def cut(self, hidden_BSD: Tensor) -> Tensor:
        """Heads read the first place: there stands the state of the hidden token."""
        places_BS = self.order_BS.argsort(1)
        kept_BT = torch.cat([places_BS[:, self.n_before_mask : self.n_before_mask + 1], places_BS[:, self.n + 1 :]], 1)
        return hidden_BSD.gather(1, kept_BT[..., None].expand(-1, -1, hidden_BSD.shape[-1]))


def parts_of(n: int) -> list[int]:
    """Return how many rows of a prompt each of its four parts has."""
    return [n // 4 + (part < n % 4) for part in range(4)]


def around(ids_BT: Tensor, mask_BT: Tensor | None, n: int) -> Around:
    """Return the placing of n rows and a hidden token. A text ends with the id that all of it ends with."""
    n_rows, n_tokens = ids_BT.shape
    device = ids_BT.device
    last_B = torch.full((n_rows,), n_tokens - 1, device=device) if mask_BT is None else mask_BT.long().sum(1) - 1
    ends_BT = ids_BT == ids_BT.gather(1, last_B[:, None])
    first_B = (ends_BT & (torch.arange(n_tokens, device=device) > 0)).long().argmax(1)
    one, two, three, four = parts_of(n)
    before = [torch.full((n_rows, one), 1, device=device), (4 * first_B - 2)[:, None].expand(-1, two + 1 + three)]
    keys = [*before, (4 * last_B - 1)[:, None].expand(-1, four), (4 * torch.arange(n_tokens, device=device))[None].expand(n_rows, -1)]
    return Around(torch.cat(keys, 1).argsort(dim=1, stable=True), n + 1, one + two, last_B)


class WarpLayer(PromptLayer):
    """On the body: its prompt stands around the tokens, with a hidden one in it."""

    def __init__(self, base_layer: nn.Module, shared: nn.ModuleDict) -> None:
        super().__init__(base_layer, shared)
        self.hidden_id: int | None = None
        self._ids: Tensor | None = None

    def update_layer(self, adapter: str, config: Any) -> None:
        self.hidden_id = config.mask
        super().update_layer(adapter, config)

    def prompt_of(self, adapter: str) -> Tensor:
        prompt_ND = super().prompt_of(adapter)
        if self.hidden_id is None:
            return prompt_ND
        before = sum(parts_of(len(prompt_ND))[:2])
        table = self.body.get_input_embeddings()
        mask_1D = table(torch.tensor([self.hidden_id], device=table.weight.device)).detach().to(prompt_ND.dtype)
        return torch.cat([prompt_ND[:before], mask_1D, prompt_ND[before:]])

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        if self.rows and not self.disable_adapters:
            raise ValueError("rows of a batch cannot have verbalisers of their own: one adapter of this type answers a whole batch")
        self._ids = self.named(args, kwargs).get("input_ids")
        return super().forward(*args, **kwargs)

    def place(self, prompts: list[Tensor], embeds_BTD: Tensor, kwargs: dict[str, Any], n_cached: int) -> Placing:
        if self.hidden_id is None:
            return super().place(prompts, embeds_BTD, kwargs, n_cached)
        if self._ids is None:
            raise ValueError("prompts inside a text are placed by its ids, which inputs_embeds does not hold")
        return around(self._ids, kwargs.get("attention_mask"), len(prompts[0]) - 1)

    def cut(self, answer: Any, placing: Placing, base: Any) -> Any:
        if self.hidden_id is None or isinstance(answer, tuple):
            return super().cut(answer, placing, base)
        answer.last_hidden_state = placing.cut(answer.last_hidden_state)
        if getattr(answer, "pooler_output", None) is not None:
            answer.pooler_output = answer.last_hidden_state[:, 0]
        return answer


class Verbaliser(nn.Module):
    """V and c, and the masked-language head's transform before them, which is not trained."""

    def __init__(self, width: int, n_outputs: int, activation: str, eps: float) -> None:
        super().__init__()
        self.activation, self.eps, self.n = ACT2FN[activation], eps, 0
        self.verbaliser = nn.Linear(width, n_outputs)
        self.register_buffer("dense_weight", torch.eye(width))
        self.register_buffer("dense_bias", torch.zeros(width))
        self.register_buffer("norm_weight", torch.ones(width))
        self.register_buffer("norm_bias", torch.zeros(width))

    def forward(self, hidden: Tensor) -> Tensor:
        """Return logits [B, C] of hidden states [B, D], or of the first of [B, T, D]."""
        hidden_BD = hidden[:, 0] if hidden.ndim == 3 else hidden
        hidden_BD = self.activation(F.linear(hidden_BD.to(self.verbaliser.weight.dtype), self.dense_weight, self.dense_bias))  # type: ignore[arg-type]
        return self.verbaliser(F.layer_norm(hidden_BD, hidden_BD.shape[-1:], self.norm_weight, self.norm_bias, self.eps))  # type: ignore[arg-type]


class VerbaliserLayer(PromptLayer):
    """On the head of classes: the verbaliser answers instead."""

    def make(self, config: Any) -> Verbaliser:
        settings = self.model_config
        return Verbaliser(settings.hidden_size, config.n_outputs, settings.hidden_act, settings.layer_norm_eps)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        if self.disable_adapters:
            return self.body(*args, **kwargs)
        return self.weights[self.active_adapters[0]](*args)


class WarpTuner(PromptTuner):
    """Wraps the body and the head."""

    def _create_and_replace(
        self, peft_config: Any, adapter_name: str, target: nn.Module, target_name: str, parent: nn.Module, current_key: str, **kwargs: Any
    ) -> None:
        if current_key != peft_config.verbaliser or isinstance(target, AdapterLayer):
            super()._create_and_replace(peft_config, adapter_name, target, target_name, parent, current_key, **kwargs)
            return
        made = type("VerbaliserLayer", (VerbaliserLayer, self.tuner_layer_cls), {})(target, getattr(self, f"{self.prefix}shared"))
        made.model_config = parent.config
        AdapterLayer.update_layer(made, adapter_name, peft_config)
        setattr(parent, target_name, made)


TRANSFORMS = ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm"), ("lm_head.dense", "lm_head.layer_norm")
"""Where a masked-language head keeps its dense map and its norm: BERT, RoBERTa."""


def read_transform(model: nn.Module, tensors: dict[str, Tensor]) -> bool:
    """Put the transform of the base's masked-language head into its verbalisers; return whether it was among the tensors."""
    found = next((names for names in TRANSFORMS if f"{names[0]}.weight" in tensors), None)
    if found is None:
        return False
    for verbaliser in (module for module in model.modules() if isinstance(module, Verbaliser)):
        for part, name in zip(("dense", "norm"), found, strict=True):
            for kind in ("weight", "bias"):
                old_names = {"weight": "gamma", "bias": "beta"}  # BERT's first checkpoints
                tensor = tensors.get(f"{name}.{kind}", tensors.get(f"{name}.{old_names[kind]}"))
                if tensor is None:
                    return False
                getattr(verbaliser, f"{part}_{kind}").copy_(tensor)
    return True


register("warp", WarpConfig, WarpLayer, WarpTuner)
