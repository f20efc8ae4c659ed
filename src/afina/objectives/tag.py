"""Tags of words: a linear head on the hidden state of each word's first token (Devlin et al. 2019, section 5.3).

loss = -sum_w log softmax(W h_w + b)[y_w] / (number of tagged words in the step)

With label smoothing s (Szegedy et al. 2016, section 7), log p(y) is (1 - s) log p(y) + s mean_c log p(c). Validation is not smoothed.
An encoder sees the whole sentence; in a decoder a word is told from itself and what is left of it, its later tokens not included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from afina.objectives.base import OBJECTIVES, PLAIN, Actors, ExampleForm, Objective, lengths_of, pad_right
from afina.types import IGNORE_INDEX, Batch, Context, Example, Head, Kind, Loss, Row, Scores, Tagged, Term, Unit
from afina.types.tags import marks_entities


@OBJECTIVES.register("tag")
class Tag(Objective, frozen=True):
    """One tag for each word: named entities, parts of speech."""

    rows: ClassVar[tuple[type[Row], ...]] = (Tagged,)
    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder", "encoder"})
    example: ClassVar[ExampleForm] = "tags"
    head: ClassVar[Head] = "tags"
    unit: ClassVar[Unit] = "tokens"
    metrics: ClassVar[tuple[str, ...]] = ("entity_f1", "token_accuracy", "loss")
    step_metrics: ClassVar[tuple[str, ...]] = ("token_accuracy",)
    name: Literal["tag"] = "tag"
    label_smoothing: float = Field(0.0, ge=0, lt=1, description="Share of the target given to all tags alike.")

    def metrics_of(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Parts of speech mark no entities."""
        return self.metrics if marks_entities(labels) else self.metrics[1:]

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        """labels_BT are the indices of the tags at the words' first tokens."""
        return Batch(
            input_ids_BT=pad_right([example.ids for example in examples], 0),
            lengths_B=lengths_of(examples),
            labels_BT=pad_right([_targets(example) for example in examples], IGNORE_INDEX),
            numbers=tuple(example.number for example in examples),
        )

    def pack(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        import torch

        packed = super().pack(examples, context)
        return replace(packed, labels_BT=torch.tensor([[i for example in examples for i in _targets(example)]]), targets_B=None)

    def counts(self, batch: Batch) -> dict[Unit, int]:
        assert batch.labels_BT is not None
        return {"tokens": int((batch.labels_BT >= 0).sum())}

    def example_counts(self, example: Example) -> dict[Unit, int]:
        return {"tokens": sum(value >= 0 for value in example.values)}

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        import torch.nn.functional as F

        assert batch.labels_BT is not None
        learned_BT = batch.labels_BT >= 0
        targets_N = batch.labels_BT[learned_BT]
        logits_NC = actors["policy"].tag_logits(batch, learned_BT).float()
        nll = F.cross_entropy(logits_NC, targets_N, reduction="sum", label_smoothing=self.label_smoothing)
        right = int((logits_NC.argmax(-1) == targets_N).sum())
        return Loss({"nll": Term(nll, "tokens")}, {"token_accuracy": (right, len(targets_N))}, Scores(logits_NC, "tokens"))


def _targets(example: Example) -> list[int]:
    return [int(value) for value in example.values]
