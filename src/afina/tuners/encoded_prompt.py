"""Prompts that a small network makes of a table: nearby rows depend on each other while they are learned (Liu et al. 2021, section 3.2).

    P = head(BiLSTM(E))   or   P = MLP(E)

Shapes: E [N, D], P [N, D]. The network is kept in the adapter, so that it can be trained further; what it makes is the prompt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from afina.tuners.prompt import PromptConfig, PromptLayer, PromptTuner, first_rows
from afina.tuners.registration import register


@dataclass
class EncodedPromptConfig(PromptConfig):
    """encoder: "mlp" or "lstm". hidden: its width. n_layers: of the LSTM."""

    encoder: str = field(default="mlp")
    hidden: int = field(default=128)
    n_layers: int = field(default=2)


class EncodedPrompt(nn.Module):
    """The table and its network."""

    def __init__(self, rows_ND: Tensor, config: EncodedPromptConfig) -> None:
        super().__init__()
        self.n, width, hidden = len(rows_ND), rows_ND.shape[1], config.hidden
        self.table = nn.Parameter(rows_ND)
        self.lstm = nn.LSTM(width, hidden, config.n_layers, bidirectional=True, batch_first=True) if config.encoder == "lstm" else None
        if self.lstm is None:
            parts = [nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, width)]
        else:
            parts = [nn.Linear(2 * hidden, 2 * hidden), nn.ReLU(), nn.Linear(2 * hidden, width)]
        self.head = nn.Sequential(*parts)

    def forward(self) -> Tensor:
        """Return the prompt [N, D]."""
        return self.head(self.table if self.lstm is None else self.lstm(self.table[None])[0][0])


class EncodedPromptLayer(PromptLayer):
    """On the body: its prompt is what a network makes of a table."""

    def make(self, config: Any) -> EncodedPrompt:
        return EncodedPrompt(first_rows(self.body.get_input_embeddings(), config.n, config.init, config.start), config)


register("encoded_prompt", EncodedPromptConfig, EncodedPromptLayer, PromptTuner)
