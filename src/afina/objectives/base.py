"""An objective says what is minimised. Its loss is a set of sums with units; the one division happens in the training loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from pydantic import BaseModel

from afina.registry import Registry
from afina.types import IGNORE_INDEX, Batch, Context, Example, Head, Kind, Loss, Row, Unit, Vocabulary

if TYPE_CHECKING:
    from torch import Tensor


class Actor(Protocol):
    """A model as an objective sees it (afina.score.Actor): the only ways a model is asked anything."""

    def logits_where(self, batch: Batch, learned_BT: Tensor) -> Tensor:
        """Return the scores over the vocabulary, fp32 [N, V], of the labels at the marked places of labels_BT[:, 1:]."""
        ...

    def token_logps(self, batch: Batch, label_smoothing: float = 0.0) -> Tensor:
        """Return log p(label_t | < t), shape [B, T-1]; 0 where the label is IGNORE_INDEX. Units: nats.

        Smoothed by s: (1 - s) log p(label_t) + s * mean over the vocabulary of log p.
        """
        ...

    def class_logits(self, batch: Batch) -> Tensor:
        """Return the head's scores of each text, shape [B, C]."""
        ...

    def tag_logits(self, batch: Batch, marked_BT: Tensor) -> Tensor:
        """Return the head's scores of the marked tokens, shape [N, C]."""
        ...


PLAIN = Context()

Actors = Mapping[str, Actor]

ExampleForm = Literal["answers", "choices", "label", "labels", "noised", "score", "tags", "text"]
"""How a row becomes examples (data/forms), what a model of them answers (evaluate/tasks) and what that is compared with (compare).

answers: its answers are learned. choices: the right one of its options is. label: its label is the target. labels: each class is a
target, yes or no. score: its number is the target. text: every token of it is
learned, in chunks. noised: tokens of it are hidden and learned, in chunks; its labels say which may be. tags:
the tag of each of its words is told.
"""

Use = Literal["predict", "generate", "chat"]


@dataclass(frozen=True)
class Role:
    """One model that an objective needs. source: "method" (the trained one), "adapters_off", "copy" or a path."""

    name: str
    head: Head
    trains: bool = True
    source: str = "method"


class Objective(BaseModel, frozen=True, extra="forbid"):
    """What is minimised. The field `name` is its tag in the recipe. use: the verb that a trained model is for.

    variants: objectives of other rows that this name also stands for in a recipe.
    follows_from_rows: whether rows alone can choose it; not where something else has to be named, as a teacher.
    """

    rows: ClassVar[tuple[type[Row], ...]]
    example: ClassVar[ExampleForm]
    head: ClassVar[Head] = "lm"
    unit: ClassVar[Unit]
    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder"})
    metrics: ClassVar[tuple[str, ...]] = ("loss",)
    step_metrics: ClassVar[tuple[str, ...]] = ()
    follows_from_rows: ClassVar[bool] = True
    variants: ClassVar[tuple[str, ...]] = ()
    use: ClassVar[Use] = "predict"
    paper: ClassVar[str] = ""
    name: str

    @property
    def metric(self) -> str:
        """What chooses the best checkpoint unless the recipe says otherwise: the first of `metrics`."""
        return self.metrics[0]

    def metrics_of(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Return those of `metrics` that these classes allow, the one that chooses the best checkpoint first."""
        return self.metrics

    def roles(self) -> tuple[Role, ...]:
        return (Role("policy", self.head),)

    def settled(self, vocabulary: Vocabulary, max_length: int) -> Objective:
        """Return the objective with its own `auto` settled by the tokenizer. Raises UsageError where that lacks what it needs."""
        return self

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        """Return the examples padded on the right to the longest. Shapes: see Batch."""
        raise NotImplementedError

    def pack(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        """Return the examples one after another in one row, each with positions from 0, which is what keeps attention inside it.

        An example's first token carries no label: what stands before it is another example.
        """
        import torch

        labels = [label for example in examples for label in (IGNORE_INDEX, *example.labels[1:])] if examples[0].labels else None
        targets = [example.target for example in examples] if labels is None else None
        return Batch(
            input_ids_BT=torch.tensor([[index for example in examples for index in example.ids]]),
            lengths_B=lengths_of(examples),
            labels_BT=None if labels is None else torch.tensor([labels]),
            targets_B=None if targets is None else torch.tensor(targets),
            numbers=tuple(example.number for example in examples),
            positions_BT=torch.cat([torch.arange(len(example)) for example in examples])[None],
        )

    def counts(self, batch: Batch) -> dict[Unit, int]:
        """Return how many of each unit the batch holds; additive over batches."""
        raise NotImplementedError

    def example_counts(self, example: Example) -> dict[Unit, int]:
        """Return the counts of one example without tensors; sums to `counts` of any batch that holds it."""
        raise NotImplementedError

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        """Return the batch's loss as sums."""
        raise NotImplementedError

    def prepare(self, actors: Actors, draw: list[Batch]) -> list[Batch]:
        """Without gradients: add what the loss needs (reference log-probs, rollouts). Default: the draw itself."""
        return draw

    def n_updates(self) -> int:
        """Return how many updates are made from one draw."""
        return 1

    def updates(self, prepared: list[Batch]) -> list[list[Batch]]:
        """Return the micro-batches of each update made from one draw. Offline objectives make one."""
        return [prepared]


OBJECTIVES: Registry[type[Objective]] = Registry("objective")


def learned_by(name: str) -> tuple[type[Row], ...]:
    """Return the rows that an objective named in a recipe can learn, those of its variants among them."""
    return tuple(row for one in (name, *OBJECTIVES[name].variants) for row in OBJECTIVES[one].rows)


def pad_right(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    """Return int64 [B, T], each row padded on the right with `value`."""
    import torch

    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *([value] * (longest - len(row)))] for row in rows], dtype=torch.long)


def segments_of(examples: Sequence[Example]) -> Tensor | None:
    """Return 0 for a text or the first of a pair and 1 for the second [B, T]; None where no example is a pair."""
    if not any(example.second for example in examples):
        return None
    starts = [example.second or len(example) for example in examples]
    return pad_right([[0] * start + [1] * (len(example) - start) for start, example in zip(starts, examples, strict=True)], 0)


def lengths_of(examples: Sequence[Example]) -> Tensor:
    """Return the number of real tokens of each example, int64 [B]."""
    import torch

    return torch.tensor([len(example) for example in examples], dtype=torch.long)
