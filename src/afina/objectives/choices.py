"""Multiple choice by log-probability: the options are scored as answers to the prompt, end token included, and the likeliest is taken.

With p_kt the probability of token t of option k (T_k tokens, option y the right one), the sum of the three terms of T-Few
(Liu et al. 2022, section 3.2):

    language model       -sum_t log p_yt / (number of tokens of right options in the step)
    unlikelihood         -sum_{k != y} sum_t log(1 - p_kt) / (number of tokens of wrong options in the step)
    length-normalised    -log softmax_k(1/T_k sum_t log p_kt)[y] / (number of examples in the step)

T-Few's program adds 1e-2 inside the second logarithm, which keeps it finite where p rounds to 1 and bends its gradient everywhere. Here
both logarithms come from how far a token's score is from those of all others, z_t - log sum_{v != t} exp z_v: log p is its log-sigmoid and
log(1 - p) that of its negative. Nothing rounds to the logarithm of 0, no constant is added, and the gradient in z_t is p itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from afina.objectives.base import OBJECTIVES, PLAIN, Actor, Actors, ExampleForm, Objective, lengths_of, pad_right
from afina.types import IGNORE_INDEX, Batch, Context, Example, Kind, Loss, Row, Scores, Term, Unit
from afina.types import Choices as ChoicesRow

if TYPE_CHECKING:
    from torch import Tensor


NOWHERE = -1e9
"""The score of an option that an example does not have: of no weight in a softmax, and finite in what is made of it."""


class OptionScores(NamedTuple):
    """Of a batch's options: log p summed over tokens and their number [B, K], -inf and 1 where an example has fewer than K options.

    logps_N, unlikely_N: log p and log(1 - p) of each of their tokens. right_N: whether its option is the answer.
    """

    sums_BK: Tensor
    lengths_BK: Tensor
    logps_N: Tensor
    unlikely_N: Tensor
    right_N: Tensor

    @property
    def means_BK(self) -> Tensor:
        return self.sums_BK / self.lengths_BK


@OBJECTIVES.register("choices")
class Choices(Objective, frozen=True):
    """The right one of the options that each row brings with it."""

    rows: ClassVar[tuple[type[Row], ...]] = (ChoicesRow,)
    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder", "encoder-decoder"})
    example: ClassVar[ExampleForm] = "choices"
    unit: ClassVar[Unit] = "examples"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy", "loss")
    step_metrics: ClassVar[tuple[str, ...]] = ("accuracy",)
    paper: ClassVar[str] = "https://arxiv.org/abs/2205.05638"
    name: Literal["choices"] = "choices"
    language_model: float = Field(1.0, ge=0, description="Weight of the right option's negative log-likelihood; 0 leaves it out.")
    unlikelihood: float = Field(1.0, ge=0, description="Weight of making the wrong options' tokens unlikely; 0 leaves it out.")
    length_normalised: float = Field(
        1.0, ge=0, description="Weight of the cross entropy over the options' mean log-probabilities; 0 leaves it out."
    )
    rank_by: Literal["mean", "sum"] = Field(
        "mean", description="What the likeliest option has the most of: log-probability per token (mean) or as a whole (sum)."
    )

    @model_validator(mode="after")
    def _minimises_something(self) -> Choices:
        if not (self.language_model or self.unlikelihood or self.length_normalised):
            raise ValueError("language_model, unlikelihood and length_normalised are all 0: nothing is left to minimise")
        return self

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        """A row for each option; of an encoder-decoder a row for each prompt beside one for each option."""
        if context.kind != "encoder-decoder":
            options = [option for example in examples for option in options_of(example)]
            batch = Batch(
                input_ids_BT=pad_right([option.ids for option in options], 0),
                lengths_B=lengths_of(options),
                labels_BT=pad_right([option.labels for option in options], IGNORE_INDEX),
            )
            return _together(batch, examples)
        import torch

        answers = [(IGNORE_INDEX, *option.labels) for example in examples for option in options_of(example)]
        batch = Batch(
            input_ids_BT=pad_right([example.ids[: example.second] for example in examples], 0),
            lengths_B=torch.tensor([example.second for example in examples], dtype=torch.long),
            labels_BT=pad_right(answers, IGNORE_INDEX),
            answers_apart=True,
        )
        return _together(batch, examples)

    def pack(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        return _together(super().pack([option for example in examples for option in options_of(example)], context), examples)

    def counts(self, batch: Batch) -> dict[Unit, int]:
        assert batch.options_B is not None and batch.labels_BT is not None
        _, right_N = _places(batch)
        n_right = int(right_N.sum())
        return {"examples": len(batch.options_B), "tokens": n_right, "wrong_tokens": len(right_N) - n_right}

    def example_counts(self, example: Example) -> dict[Unit, int]:
        lengths = [sum(label != IGNORE_INDEX for label in option.labels) for option in options_of(example)]
        n_right = lengths[example.target]
        return {"examples": 1, "tokens": n_right, "wrong_tokens": sum(lengths) - n_right}

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        import torch.nn.functional as F

        assert batch.targets_B is not None
        scores = score_options(actors["policy"], batch)
        chosen_B = self.ranks(scores).argmax(-1)
        terms = {
            "language_model": Term(-scores.logps_N[scores.right_N].sum(), "tokens", self.language_model),
            "unlikelihood": Term(-scores.unlikely_N[~scores.right_N].sum(), "wrong_tokens", self.unlikelihood),
            "length_normalised": Term(
                F.cross_entropy(scores.means_BK, batch.targets_B, reduction="sum"), "examples", self.length_normalised
            ),
        }
        right = int((chosen_B == batch.targets_B).sum())
        kept = {name: term for name, term in terms.items() if term.weight}
        there_BK = scores.means_BK.isfinite()
        return Loss(kept, {"accuracy": (right, batch.n_examples)}, Scores(scores.means_BK.where(there_BK, NOWHERE), "examples"))

    def ranks(self, scores: OptionScores) -> Tensor:
        """Return what the options are ranked by [B, K]; -inf where there is none."""
        return scores.means_BK if self.rank_by == "mean" else scores.sums_BK


def options_of(example: Example) -> list[Example]:
    """Return the options of a row as examples: of a decoder each with the prompt before it, of an encoder-decoder alone."""
    borders = [*map(int, example.values), len(example)]
    return [Example(example.number, example.ids[start:end], example.labels[start:end]) for start, end in pairwise(borders)]


def score_options(actor: Actor, batch: Batch) -> OptionScores:
    """Ask a model for the log-probabilities of all options of a batch. Letters: S options of all examples, N tokens of them."""
    import torch
    import torch.nn.functional as F

    assert batch.labels_BT is not None and batch.options_B is not None
    labels_BT = batch.labels_BT[:, 1:]
    learned_BT = labels_BT != IGNORE_INDEX
    logits_NV = actor.logits_where(batch, learned_BT)
    option_N, right_N = _places(batch)
    tokens_N1 = labels_BT[learned_BT][:, None]
    others_N = logits_NV.scatter(-1, tokens_N1, -torch.inf).logsumexp(-1)
    margins_N = logits_NV.gather(-1, tokens_N1)[:, 0] - others_N
    logps_N, unlikely_N = F.logsigmoid(margins_N), F.logsigmoid(-margins_N)
    example_S, place_S = _examples_and_places(batch.options_B)
    sums_S = logps_N.new_zeros(len(example_S)).index_add(0, option_N, logps_N)
    lengths_S = torch.bincount(option_N, minlength=len(example_S)).to(logps_N.dtype)
    shape = (len(batch.options_B), int(batch.options_B.max()))
    sums_BK = logps_N.new_full(shape, -torch.inf).index_put((example_S, place_S), sums_S)
    lengths_BK = logps_N.new_ones(shape).index_put((example_S, place_S), lengths_S)
    return OptionScores(sums_BK, lengths_BK, logps_N, unlikely_N, right_N)


def _together(batch: Batch, examples: Sequence[Example]) -> Batch:
    """Say which sequences are the options of one example, and which is right."""
    import torch

    return replace(
        batch,
        targets_B=torch.tensor([example.target for example in examples]),
        numbers=tuple(example.number for example in examples),
        options_B=torch.tensor([len(example.values) for example in examples]),
    )


def _examples_and_places(options_B: Tensor) -> tuple[Tensor, Tensor]:
    """Return of which example each option is, and which of its options, both [S]."""
    import torch

    example_S = torch.arange(len(options_B), device=options_B.device).repeat_interleave(options_B)
    first_B = options_B.cumsum(0) - options_B
    return example_S, torch.arange(len(example_S), device=options_B.device) - first_B[example_S]


def _places(batch: Batch) -> tuple[Tensor, Tensor]:
    """Return for each learned token which option it is of, and whether that is the right one, both [N]."""
    assert batch.labels_BT is not None and batch.options_B is not None and batch.targets_B is not None
    learned_BT = batch.labels_BT[:, 1:] != IGNORE_INDEX
    if batch.positions_BT is None:
        option_N = learned_BT.nonzero()[:, 0]
    else:  # in one row, each option from position 0 on
        option_N = ((batch.positions_BT[0] == 0).cumsum(0)[1:] - 1)[learned_BT[0]]
    example_S, place_S = _examples_and_places(batch.options_B)
    return option_N, (place_S == batch.targets_B[example_S])[option_N]
