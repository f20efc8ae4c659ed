"""Encoder-decoders asked for scores. Letters: B batch, S source positions, T answer positions, N learned ones, V vocabulary, K choices.

labels_BT begins with IGNORE_INDEX, where the decoder has its start token: log p of labels_BT[:, 1:] is read as a decoder's is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from afina.score.base import Actor, real_tokens
from afina.types import IGNORE_INDEX, Batch, Kind


class EncoderDecoder(Actor):
    """A model that reads a text whole and writes another."""

    kind: ClassVar[Kind] = "encoder-decoder"

    @property
    def hidden_size(self) -> int:
        return int(self.bare.config.d_model)  # type: ignore[union-attr]

    @property
    def start(self) -> int:
        """The id that the decoder begins with."""
        return int(self.bare.config.decoder_start_token_id)  # type: ignore[union-attr]

    def logits_where(self, batch: Batch, learned_BT: Tensor) -> Tensor:
        assert batch.labels_BT is not None
        answers_BT = batch.labels_BT[:, 1:-1].clamp_min(0)  # IGNORE_INDEX stands at the start and after an answer's end
        start_B1 = torch.full_like(batch.labels_BT[:, :1], self.start)
        mask_BS = real_tokens(batch.input_ids_BT, batch.lengths_B)
        read: dict[str, Any] = {"input_ids": batch.input_ids_BT, "attention_mask": mask_BS}
        if batch.options_B is not None:  # a prompt is read once for all of its options
            state = self.bare.get_encoder()(**read)  # type: ignore[operator]
            state.last_hidden_state = state.last_hidden_state.repeat_interleave(batch.options_B, 0)
            read = {"encoder_outputs": state, "attention_mask": mask_BS.repeat_interleave(batch.options_B, 0)}
        out = self.bare(**read, decoder_input_ids=torch.cat([start_B1, answers_BT], -1), use_cache=False)
        return out.logits[learned_BT].float()

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> list[float]:
        """Return log p(choice | prompt), summed over its tokens. The prompt is read once."""
        bare: Any = self.bare
        source_1S = torch.tensor([list(prompt_ids)], device=self.device)
        read = bare.get_encoder()(input_ids=source_1S)
        read.last_hidden_state = read.last_hidden_state.expand(len(choices), -1, -1)
        width = max(len(choice) for choice in choices)
        ids_KT = torch.tensor([[*choice, *([IGNORE_INDEX] * (width - len(choice)))] for choice in choices], device=self.device)
        before_KT = torch.cat([torch.full_like(ids_KT[:, :1], self.start), ids_KT[:, :-1].clamp_min(0)], -1)
        logits_KTV = bare(encoder_outputs=read, decoder_input_ids=before_KT, use_cache=False).logits
        logps_KTV = F.log_softmax(logits_KTV.float(), -1)
        picked_KT = logps_KTV.gather(-1, ids_KT.clamp_min(0)[..., None])[..., 0]
        return (picked_KT * (ids_KT != IGNORE_INDEX)).sum(-1).tolist()
