"""P-tuning: a prompt made by a small network, which ties its rows together while they are learned (Liu et al. 2021, section 3.2).

    P = head(BiLSTM(E))        or        P = W_3 relu(W_2 relu(W_1 E))

Shapes: E, P [n, D], h the network's width. Trained: n D + 2 D h + h^2 + 2 h + D (mlp), or with an LSTM of l layers n D + its
8 h (D + h + 2) + (l - 1) 8 h (3 h + 2) and its head's 2 h (2 h + 1) + (2 h + 1) D. The prompt stands before the text (the paper's template
with prompts inside is `warp`), the base stays frozen. The adapter keeps the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.methods.base import METHODS, HeadFacts
from afina.methods.prompt_tuning import SoftPrompt
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


@METHODS.register("p_tuning")
class PTuning(SoftPrompt, frozen=True):
    """A prompt before the text that a small network makes."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2103.10385"
    when: ClassVar[str] = "Where a plain prompt trains badly: the network makes its rows depend on each other."
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["p_tuning"] = "p_tuning"
    encoder: Literal["mlp", "lstm"] = Field("mlp", description="The network: a perceptron on each row, or an LSTM along the rows.")
    hidden: int = Field(128, ge=1, le=8192, description="Width of the network.")
    n_layers: int = Field(2, ge=1, le=8, description="Layers of the LSTM.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.encoded_prompt import EncodedPromptConfig

        return EncodedPromptConfig(**self.placed(facts, head), encoder=self.encoder, hidden=self.hidden, n_layers=self.n_layers)

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        width, hidden = facts.hidden_size, self.hidden
        if self.encoder == "mlp":
            network = 2 * width * hidden + hidden * hidden + 2 * hidden + width
        else:
            network = 8 * hidden * (width + hidden + 2) + (self.n_layers - 1) * 8 * hidden * (3 * hidden + 2)
            network += 2 * hidden * (2 * hidden + 1) + (2 * hidden + 1) * width
        return self.n * width + network + head.n_params(facts)
