"""Regression: one number for each text or pair of texts, from a decoder's linear head on the last token or an encoder's head of its family
on the first.

loss = sum_i (w h_i - (y_i - m) / s)^2 / (number of examples in the step)

m and s are the mean and standard deviation of the training rows' numbers (Standard): a head that begins near 0 then begins at the mean, and
learning rates do not depend on the units of the file. The weights are saved in those units (models/numbers.py); metrics are in them too.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from afina.objectives.base import OBJECTIVES, Actors, ExampleForm
from afina.objectives.valued import Valued
from afina.types import Batch, Head, Loss, Row, Scored, ScoredPair, Term


@OBJECTIVES.register("regress")
class Regress(Valued, frozen=True):
    """A number for each text or pair of texts."""

    rows: ClassVar[tuple[type[Row], ...]] = (Scored, ScoredPair)
    example: ClassVar[ExampleForm] = "score"
    head: ClassVar[Head] = "scalar"
    metrics: ClassVar[tuple[str, ...]] = ("rmse", "mae", "mse", "r2", "pearson", "spearman", "loss")
    name: Literal["regress"] = "regress"

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        assert batch.values_BN is not None
        missed_B1 = actors["policy"].class_logits(batch).float() - batch.values_BN
        return Loss({"squares": Term((missed_B1**2).sum(), "examples")})
