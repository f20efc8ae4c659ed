"""Batches, and losses kept as sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from afina.types.names import IGNORE_INDEX, Unit

if TYPE_CHECKING:
    from torch import Tensor


class Term(NamedTuple):
    """One sum of a loss: `weight * sum / (number of `unit`s in the step)` is what is minimised."""

    total: Tensor
    unit: Unit
    weight: float = 1.0


class Scores(NamedTuple):
    """What probabilities a loss is of: logits [N, C], of whose softmax each row is a distribution, one row for each `unit`."""

    logits_NC: Tensor
    unit: Unit


@dataclass(frozen=True)
class Loss:
    """A loss kept as sums, so that micro-batches, ranks and packs add up exactly.

    metrics: name -> (sum, n), reduced over the step as sum / n. scores: what the model said, None where it does not tell one of several.
    """

    terms: Mapping[str, Term]
    metrics: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {})
    scores: Scores | None = None


@dataclass(frozen=True)
class Batch:
    """Examples on one device, padded to rows of their own, or packed into one row. Masks come from lengths and positions, never from
    comparing ids with a pad id.

    Shapes: input_ids_BT [B, T]; lengths_B [B]; labels_BT [B, T] or None; segments_BT [B, T], 1 from the second text of a pair on, or None;
    targets_B [B] or None; values_BN [B, N], the examples' values, or None. Packed: ids, labels and positions_BT, each token's place in its
    own example, are [1, T]; lengths and targets stay [B], one for each example. Of an encoder-decoder the ids are the prompts, and
    labels_BT [B, 1 + T'] the answers, after an IGNORE_INDEX where the decoder has its start token.

    options_B [B]: how many sequences belong to each example where they are several (the options of a choice), else None. Ids, lengths and
    labels then have a row for each sequence, example after example; of an encoder-decoder only the labels, for the prompt is read once.

    tasks: the task of each example, where the data names one, else ().
    """

    input_ids_BT: Tensor
    lengths_B: Tensor
    labels_BT: Tensor | None = None
    targets_B: Tensor | None = None
    numbers: tuple[int, ...] = ()
    positions_BT: Tensor | None = None
    segments_BT: Tensor | None = None
    answers_apart: bool = False
    values_BN: Tensor | None = None
    options_B: Tensor | None = None
    tasks: tuple[str, ...] = ()

    @property
    def n_examples(self) -> int:
        return len(self.lengths_B if self.options_B is None else self.options_B)

    @property
    def n_tokens(self) -> int:
        """Tokens that pass through the model."""
        answers = int((self.labels_BT != IGNORE_INDEX).sum()) if self.answers_apart and self.labels_BT is not None else 0
        return int(self.lengths_B.sum()) + answers

    def halves(self) -> tuple[Batch, ...]:
        """Return the batch as two, the padding that neither needs cut off; as it is when it holds one example."""
        n = self.n_examples
        return (self,) if n < 2 else (self._between(0, n // 2), self._between(n // 2, n))

    def _between(self, first: int, last: int) -> Batch:
        answers = self._sequences(first, last)
        read = slice(first, last) if self.answers_apart else answers
        lengths_B = self.lengths_B[read]
        packed = self.positions_BT is not None
        start = int(self.lengths_B[: read.start].sum()) if packed else 0
        rows = slice(None) if packed else read
        columns = slice(start, start + int(lengths_B.sum() if packed else lengths_B.max()))

        def cut(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor[rows, columns]

        return Batch(
            self.input_ids_BT[rows, columns],
            lengths_B,
            self.labels_BT[answers] if self.answers_apart and self.labels_BT is not None else cut(self.labels_BT),
            None if self.targets_B is None else self.targets_B[first:last],
            self.numbers[first:last],
            cut(self.positions_BT),
            cut(self.segments_BT),
            self.answers_apart,
            None if self.values_BN is None else self.values_BN[first:last],
            None if self.options_B is None else self.options_B[first:last],
            self.tasks[first:last],
        )

    def _sequences(self, first: int, last: int) -> slice:
        """Return which sequences are those of the examples [first, last)."""
        if self.options_B is None:
            return slice(first, last)
        return slice(int(self.options_B[:first].sum()), int(self.options_B[:last].sum()))

    def to(self, device: object) -> Batch:
        moved = {
            name: value.to(device)  # type: ignore[union-attr]
            for name, value in vars(self).items()
            if name.endswith(("_BT", "_B", "_BN")) and value is not None
        }
        return replace(self, **moved)
