"""Decoders asked for scores.

Letters: B batch, T positions, N labelled positions, D hidden, V vocabulary, C classes, K choices.

Their examples are padded on the right and they attend only backwards, so padding changes nothing and no mask is passed: attention takes
its fast causal path. Class scores are read at each row's last real token, found by length, never by comparing ids with a pad id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from afina.score.base import Actor
from afina.types import Batch, Kind


class Decoder(Actor):
    """A model that reads from left to right and writes on."""

    kind: ClassVar[Kind] = "decoder"

    def hidden(self, input_ids_BT: Tensor, positions_BT: Tensor | None = None) -> Tensor:
        """Return the body's last hidden states [B, T, D].

        positions_BT: of packed examples; without a cache and a mask, transformers keeps attention between two places where they start at 0.
        """
        body = self.bare.base_model  # transformers' name for the model without its head
        places = {} if positions_BT is None else {"position_ids": positions_BT}
        return body(input_ids=input_ids_BT, use_cache=False, **places).last_hidden_state  # type: ignore[operator]

    def logits_where(self, batch: Batch, learned_BT: Tensor) -> Tensor:
        """Only labelled positions pass the vocabulary matrix: on short answers that is most of the work saved."""
        return self.logits(self.hidden(batch.input_ids_BT, batch.positions_BT)[:, :-1][learned_BT])

    def logits(self, hidden_ND: Tensor) -> Tensor:
        """Return next-token scores in fp32 [N, V], the model's own scaling and soft-cap applied."""
        config = self.bare.config
        logits_NV = self.bare.get_output_embeddings()(hidden_ND).float()  # type: ignore[operator]
        cap = getattr(config, "final_logit_softcapping", None)
        return logits_NV if cap is None else torch.tanh(logits_NV / cap) * cap

    def last_hidden(self, batch: Batch) -> Tensor:
        """Return the hidden state of each example's last token [B, D]."""
        hidden_BTD = self.hidden(batch.input_ids_BT, batch.positions_BT)
        if batch.positions_BT is not None:
            return hidden_BTD[0, batch.lengths_B.cumsum(0) - 1]
        return hidden_BTD[torch.arange(len(hidden_BTD), device=hidden_BTD.device), batch.lengths_B - 1]

    def class_logits(self, batch: Batch) -> Tensor:
        """Return the class head's scores [B, C]."""
        return self.bare.score(self.last_hidden(batch))  # type: ignore[operator]

    def tag_logits(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        """Only marked tokens pass the head, and no dropout before it, as before a class head."""
        bare: Any = self.bare
        head = bare.classifier if hasattr(bare, "classifier") else bare.score
        return head(self.hidden_where(batch, marked_BT))

    def hidden_where(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        return self.hidden(batch.input_ids_BT, batch.positions_BT)[marked_BT]

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> list[float]:
        """Return log p(choice | prompt) for each choice, summed over its tokens. The prompt is read once.

        Shapes: the prompt is one row; its cache is repeated for the K choices.
        """
        prompt_1T = torch.tensor([list(prompt_ids)], device=self.device)
        out = self.bare(input_ids=prompt_1T, use_cache=True, logits_to_keep=1)
        first_V = F.log_softmax(out.logits[0, -1].float(), -1)
        width = max(len(choice) for choice in choices)
        ids_KT = torch.tensor([[*choice, *([0] * (width - len(choice)))] for choice in choices], device=self.device)
        lengths_K = torch.tensor([len(choice) for choice in choices], device=self.device)
        logps_K = first_V[ids_KT[:, 0]]
        if width > 1:
            cache = out.past_key_values
            cache.batch_repeat_interleave(len(choices))
            rest_KTV = F.log_softmax(self.bare(input_ids=ids_KT[:, :-1], past_key_values=cache, use_cache=True).logits.float(), -1)
            picked_KT = rest_KTV.gather(-1, ids_KT[:, 1:, None])[..., 0]
            real_KT = torch.arange(1, width, device=self.device)[None] < lengths_K[:, None]
            logps_K = logps_K + (picked_KT * real_KT).sum(-1)
        return logps_K.tolist()
