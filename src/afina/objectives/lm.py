"""Autoregressive language modelling: every token of the text is predicted from those before it.

loss = -sum_t log p(x_t | x_<t) / (number of predicted tokens in the step)

With label smoothing s (Szegedy et al. 2016, section 7), log p(x_t) is (1 - s) log p(x_t) + s mean_v log p(v). Validation is not smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from afina.objectives.base import OBJECTIVES, PLAIN, Actors, ExampleForm, Objective, Use, lengths_of, pad_right
from afina.types import IGNORE_INDEX, Batch, Context, Example, Loss, Row, Scores, Term, Text, Unit


class TokenObjective(Objective, frozen=True):
    """Negative log-likelihood of the labelled tokens; `lm` and `sft` differ only in which tokens carry labels."""

    unit: ClassVar[Unit] = "tokens"
    metrics: ClassVar[tuple[str, ...]] = ("loss", "perplexity")
    label_smoothing: float = Field(0.0, ge=0, lt=1, description="Share of the target given to all tokens alike.")

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        if context.kind == "encoder-decoder":
            return prompts_and_answers(examples)
        return Batch(
            input_ids_BT=pad_right([example.ids for example in examples], 0),
            lengths_B=lengths_of(examples),
            labels_BT=pad_right([example.labels for example in examples], IGNORE_INDEX),
            numbers=tuple(example.number for example in examples),
        )

    def counts(self, batch: Batch) -> dict[Unit, int]:
        assert batch.labels_BT is not None
        return {"tokens": int((batch.labels_BT[:, 1:] != IGNORE_INDEX).sum())}

    def example_counts(self, example: Example) -> dict[Unit, int]:
        return {"tokens": sum(label != IGNORE_INDEX for label in example.labels[1:])}

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        import torch.nn.functional as F

        assert batch.labels_BT is not None
        labels_BT = batch.labels_BT[:, 1:]
        learned_BT = labels_BT != IGNORE_INDEX
        logits_NV = actors["policy"].logits_where(batch, learned_BT)
        nll = F.cross_entropy(logits_NV, labels_BT[learned_BT], reduction="sum", label_smoothing=self.label_smoothing)
        return Loss({"nll": Term(nll, "tokens")}, scores=Scores(logits_NV, "tokens"))


def prompts_and_answers(examples: Sequence[Example]) -> Batch:
    """Return examples for an encoder-decoder: what it reads beside what it writes."""
    import torch

    return Batch(
        input_ids_BT=pad_right([example.ids[: example.second] for example in examples], 0),
        lengths_B=torch.tensor([example.second for example in examples], dtype=torch.long),
        labels_BT=pad_right([(IGNORE_INDEX, *example.labels[example.second :]) for example in examples], IGNORE_INDEX),
        numbers=tuple(example.number for example in examples),
        answers_apart=True,
    )


@OBJECTIVES.register("lm")
class Lm(TokenObjective, frozen=True):
    """Language modelling on running text; long texts are chunked, never truncated."""

    rows: ClassVar[tuple[type[Row], ...]] = (Text,)
    example: ClassVar[ExampleForm] = "text"
    use: ClassVar[Use] = "generate"
    name: Literal["lm"] = "lm"
