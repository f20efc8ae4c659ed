"""Classification with any number of classes a text, none included: every class is a question of its own, answered by yes or no.

loss = sum_i mean_c -(y_ic log p_ic + (1 - y_ic) log(1 - p_ic)) / (number of examples in the step),  p_ic = sigmoid(W h_i)_c

The mean over classes is that of transformers' `problem_type="multi_label_classification"`: learning rates of one label carry over, however
many classes there are. With label smoothing s (Szegedy et al. 2016, section 7) y is y (1 - s) + s / 2. Validation is not smoothed.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from afina.objectives.base import OBJECTIVES, Actors, ExampleForm
from afina.objectives.valued import Valued
from afina.types import Batch, Head, Loss, MultiLabelled, Row, Term


@OBJECTIVES.register("multilabel")
class MultiLabel(Valued, frozen=True):
    """Any number of labels for each text."""

    rows: ClassVar[tuple[type[Row], ...]] = (MultiLabelled,)
    example: ClassVar[ExampleForm] = "labels"
    head: ClassVar[Head] = "labels"
    metrics: ClassVar[tuple[str, ...]] = ("micro_f1", "macro_f1", "exact_set", "loss")
    step_metrics: ClassVar[tuple[str, ...]] = ("exact_set",)
    name: Literal["multilabel"] = "multilabel"
    label_smoothing: float = Field(0.0, ge=0, lt=1, description="Share of each yes or no that is given to both alike.")
    threshold: float = Field(0.5, gt=0, lt=1, description="A text has the classes whose probability is at least this.")

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        import torch.nn.functional as F

        assert batch.values_BN is not None
        logits_BC = actors["policy"].class_logits(batch).float()
        truth_BC = batch.values_BN
        asked_BC = truth_BC * (1 - self.label_smoothing) + self.label_smoothing / 2
        nll = F.binary_cross_entropy_with_logits(logits_BC, asked_BC, reduction="none").mean(-1).sum()
        right = int(((logits_BC.sigmoid() >= self.threshold) == (truth_BC > 0.5)).all(-1).sum())
        return Loss({"nll": Term(nll, "examples")}, {"exact_set": (right, batch.n_examples)})
