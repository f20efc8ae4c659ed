"""Supervised fine-tuning: the loss is on the answers only (Ouyang et al. 2022, section 3.5).

    loss = -sum_{t in answers} log p(x_t | x_<t) / (number of answer tokens in the step)

The answer's end token is one of its tokens: a model that never learned to stop is the commonest failure of home-made tuning.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from afina.objectives.base import OBJECTIVES, ExampleForm, Use
from afina.objectives.lm import TokenObjective
from afina.types import Chat, Completion, Kind, Row


@OBJECTIVES.register("sft")
class Sft(TokenObjective, frozen=True):
    """Answers to prompts, or assistant turns of conversations."""

    rows: ClassVar[tuple[type[Row], ...]] = (Completion, Chat)
    example: ClassVar[ExampleForm] = "answers"
    use: ClassVar[Use] = "chat"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder", "encoder-decoder"})
    paper: ClassVar[str] = "https://arxiv.org/abs/2203.02155"
    metrics: ClassVar[tuple[str, ...]] = ("loss", "perplexity", "exact_match", "rouge_l", "chrf", "bleu")
    name: Literal["sft"] = "sft"
