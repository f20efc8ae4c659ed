"""Encoders asked for scores. Letters: B batch, T positions, N labelled positions, D hidden, V vocabulary, C classes.

Every token sees every other, so padding is masked, by length. Class scores are those of the family's own head.
"""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from afina.score.base import Actor, real_tokens
from afina.types import Batch, Kind


class Encoder(Actor):
    """A model that reads a text whole."""

    kind: ClassVar[Kind] = "encoder"

    def hidden(self, batch: Batch) -> Tensor:
        """Return the body's last hidden states [B, T, D]."""
        return self.bare.base_model(**self._inputs(batch)).last_hidden_state  # type: ignore[operator]

    def logits_where(self, batch: Batch, learned_BT: Tensor) -> Tensor:
        """A masked token is predicted at its own place."""
        return self._vocab_head(self.hidden(batch)[:, 1:][learned_BT]).float()

    def last_hidden(self, batch: Batch) -> Tensor:
        """The first token's state: it is what the heads of this kind pool."""
        return self.hidden(batch)[:, 0]

    def class_logits(self, batch: Batch) -> Tensor:
        return self.bare(**self._inputs(batch)).logits

    def tag_logits(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        return self.bare(**self._inputs(batch)).logits[marked_BT]

    def hidden_where(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        return self.hidden(batch)[marked_BT]

    def _inputs(self, batch: Batch) -> dict[str, Tensor]:
        mask_BT = real_tokens(batch.input_ids_BT, batch.lengths_B)
        inputs = {"input_ids": batch.input_ids_BT * mask_BT + self._padding * (1 - mask_BT), "attention_mask": mask_BT}
        if batch.segments_BT is not None and int(getattr(self.bare.config, "type_vocab_size", 0) or 0) > 1:
            inputs["token_type_ids"] = batch.segments_BT
        return inputs

    @property
    def _padding(self) -> int:
        """RoBERTa counts positions over the ids that are not its pad id, so that is what padding must be."""
        pad = self.bare.config.pad_token_id  # type: ignore[union-attr]
        return int(pad) if isinstance(pad, int) else 0

    def _vocab_head(self, hidden_ND: Tensor) -> Tensor:
        bare: Any = self.bare
        if hasattr(bare, "cls"):
            return bare.cls(hidden_ND)
        return bare.lm_head(hidden_ND) if hasattr(bare, "lm_head") else bare.decoder(bare.head(hidden_ND))
