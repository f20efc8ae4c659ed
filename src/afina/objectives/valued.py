"""What objectives have in common whose examples are texts with numbers beside them: one, or one for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from afina.objectives.base import PLAIN, Objective, lengths_of, pad_right, segments_of
from afina.types import Batch, Context, Example, Kind, Unit


class Valued(Objective, frozen=True):
    """A text is read whole by a decoder or an encoder; `values` is what its head shall say, or comes near."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder", "encoder"})
    unit: ClassVar[Unit] = "examples"

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        batch = Batch(
            input_ids_BT=pad_right([example.ids for example in examples], 0),
            lengths_B=lengths_of(examples),
            numbers=tuple(example.number for example in examples),
            segments_BT=segments_of(examples),
        )
        return self._with_values(batch, examples)

    def pack(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        return self._with_values(replace(super().pack(examples, context), targets_B=None), examples)

    def _with_values(self, batch: Batch, examples: Sequence[Example]) -> Batch:
        import torch

        return replace(batch, values_BN=torch.tensor([example.values for example in examples], dtype=torch.float32))

    def counts(self, batch: Batch) -> dict[Unit, int]:
        return {"examples": batch.n_examples}

    def example_counts(self, example: Example) -> dict[Unit, int]:
        return {"examples": 1}
