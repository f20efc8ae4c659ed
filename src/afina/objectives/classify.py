"""Classification: a decoder with a linear head on the last token's hidden state (Radford et al. 2018, section 3.2), an encoder with the
head of its family on the first (Devlin et al. 2019, section 4.1).

loss = -sum_i log softmax(W h_i)[y_i] / (number of examples in the step)

With label smoothing s (Szegedy et al. 2016, section 7), log p(y) is (1 - s) log p(y) + s mean_c log p(c). Validation is not smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from afina.objectives.base import OBJECTIVES, PLAIN, Actors, ExampleForm, Objective, lengths_of, pad_right, segments_of
from afina.types import Batch, Context, Example, Head, Kind, Labelled, Loss, Pair, Row, Scores, Term, Unit


@OBJECTIVES.register("classify")
class Classify(Objective, frozen=True):
    """One label for each text, or for each pair of texts."""

    rows: ClassVar[tuple[type[Row], ...]] = (Labelled, Pair)
    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder", "encoder"})
    example: ClassVar[ExampleForm] = "label"
    head: ClassVar[Head] = "classes"
    unit: ClassVar[Unit] = "examples"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy", "macro_f1", "mcc", "loss")
    step_metrics: ClassVar[tuple[str, ...]] = ("accuracy",)
    variants: ClassVar[tuple[str, ...]] = ("multilabel",)
    name: Literal["classify"] = "classify"
    label_smoothing: float = Field(0.0, ge=0, lt=1, description="Share of the target given to all classes alike.")

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        import torch

        return Batch(
            input_ids_BT=pad_right([example.ids for example in examples], 0),
            lengths_B=lengths_of(examples),
            targets_B=torch.tensor([example.target for example in examples], dtype=torch.long),
            numbers=tuple(example.number for example in examples),
            segments_BT=segments_of(examples),
        )

    def counts(self, batch: Batch) -> dict[Unit, int]:
        assert batch.targets_B is not None
        return {"examples": int((batch.targets_B >= 0).sum())}

    def example_counts(self, example: Example) -> dict[Unit, int]:
        return {"examples": int(example.target >= 0)}

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        import torch.nn.functional as F

        assert batch.targets_B is not None
        logits_BC = actors["policy"].class_logits(batch).float()
        nll = F.cross_entropy(logits_BC, batch.targets_B, ignore_index=-1, reduction="sum", label_smoothing=self.label_smoothing)
        right = int((logits_BC.argmax(-1) == batch.targets_B).sum())
        return Loss({"nll": Term(nll, "examples")}, {"accuracy": (right, self.counts(batch)["examples"])}, Scores(logits_BC, "examples"))
