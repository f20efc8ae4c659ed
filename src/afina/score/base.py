"""What every kind of model can be asked. Precision is the caller's autocast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.models.numbers import standard_of
from afina.types import IGNORE_INDEX, Batch, Kind, Standard


class Actor:
    """A model (bare, or wrapped by peft) that can be asked for scores."""

    kind: ClassVar[Kind]

    def __init__(self, model: nn.Module) -> None:
        self.model = model

    @property
    def bare(self) -> nn.Module:
        """The transformers model, adapters in place."""
        return self.model.get_base_model() if hasattr(self.model, "get_base_model") else self.model  # type: ignore[operator,return-value]

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def standard(self) -> Standard:
        """How the numbers of its head are standardised."""
        return standard_of(self.model)

    @property
    def context(self) -> int | None:
        """How many tokens the model can read and write, None for no limit: what a prompt before them takes is not theirs."""
        positions = getattr(self.bare.config, "max_position_embeddings", None)
        taken = getattr(self.bare.base_model, "n_places", 0)
        return positions - int(taken) if isinstance(positions, int) and positions > 0 else None  # type: ignore[arg-type]

    @property
    def hidden_size(self) -> int:
        return int(self.bare.config.hidden_size)  # type: ignore[union-attr]

    def token_logps(self, batch: Batch, label_smoothing: float = 0.0) -> Tensor:
        """Return log p(label_t | what the model sees before it), fp32 [B, T-1]; 0 where the label is IGNORE_INDEX.

        Smoothed by s: (1 - s) log p(label_t) + s * mean over the vocabulary of log p.
        """
        assert batch.labels_BT is not None
        labels_BT = batch.labels_BT[:, 1:]
        learned_BT = labels_BT != IGNORE_INDEX
        logits_NV = self.logits_where(batch, learned_BT)
        logps_N = -F.cross_entropy(logits_NV, labels_BT[learned_BT], reduction="none", label_smoothing=label_smoothing)
        return torch.zeros_like(labels_BT, dtype=torch.float32).masked_scatter(learned_BT, logps_N)

    def logits_where(self, batch: Batch, learned_BT: Tensor) -> Tensor:
        """Return the scores over the vocabulary, fp32 [N, V], of the labels at the marked places of labels_BT[:, 1:]."""
        raise NotImplementedError

    def last_hidden(self, batch: Batch) -> Tensor:
        """Return the hidden state that a class head reads [B, D]."""
        raise NotImplementedError

    def class_logits(self, batch: Batch) -> Tensor:
        """Return the class head's scores [B, C]."""
        raise NotImplementedError

    def tag_logits(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        """Return the tag head's scores of the marked tokens [N, C]."""
        raise NotImplementedError

    def hidden_where(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        """Return the hidden states of the marked tokens [N, D], which a tag head reads."""
        raise NotImplementedError

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> list[float]:
        """Return log p(choice | prompt) for each choice, summed over its tokens."""
        raise NotImplementedError


def real_tokens(ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
    """Return 1 for each real token of a batch padded on the right, 0 for padding [B, T]."""
    return (torch.arange(ids_BT.shape[1], device=ids_BT.device)[None] < lengths_B[:, None]).long()
