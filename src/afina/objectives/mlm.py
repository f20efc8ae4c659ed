"""Masked language modelling: hidden tokens are told from those on both sides (Devlin et al. 2019, section 3.1).

    loss = -sum_{t hidden} log p(x_t | the text with its hidden tokens replaced) / (number of hidden tokens in the step)

Of each piece max(1, round(mask_rate * n)) of its n tokens are hidden, drawn anew at every update: by the mask token, or, so that a model
without masks in use is not taken by surprise, by a random token or by the token itself. With whole_word the tokens of a word are hidden
together (Cui et al. 2019): words in a random order, each that fits into what is left of that number; where none does, the first that was
passed over is hidden in part, so that the number stays known without drawing. exp(loss) is no perplexity: the tokens are not
predicted one after another, and those hidden together do not see each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from afina.errors import UsageError
from afina.objectives.base import OBJECTIVES, PLAIN, ExampleForm, Objective, lengths_of, pad_right
from afina.objectives.lm import TokenObjective
from afina.objectives.noise import generator_of, n_hidden, ordinary_ids, places_of, whole_words, words_at
from afina.types import IGNORE_INDEX, Batch, Context, Example, Kind, Row, Text, Unit, Vocabulary


@OBJECTIVES.register("mlm")
class Mlm(TokenObjective, frozen=True):
    """Masked language modelling on running text; long texts are cut into pieces, never truncated."""

    rows: ClassVar[tuple[type[Row], ...]] = (Text,)
    kinds: ClassVar[frozenset[Kind]] = frozenset({"encoder"})
    example: ClassVar[ExampleForm] = "noised"
    metrics: ClassVar[tuple[str, ...]] = ("loss",)
    paper: ClassVar[str] = "https://arxiv.org/abs/1810.04805"
    name: Literal["mlm"] = "mlm"
    mask_rate: float = Field(0.15, gt=0, lt=1, description="Share of the tokens that are hidden and predicted.")
    masked: float = Field(0.8, ge=0, le=1, description="Share of the hidden tokens that the mask token stands for.")
    randomised: float = Field(0.1, ge=0, le=1, description="Share of the hidden tokens that a random token stands for; the rest stay.")
    whole_word: bool = Field(False, description="Hide the tokens of a word together; as many tokens are hidden as without it.")

    def settled(self, vocabulary: Vocabulary, max_length: int) -> Objective:
        """Raises UsageError O002 where no token of the tokenizer can hide another, or none says where a word begins that is to be hidden
        whole; R001 for shares of more than all hidden tokens."""
        if self.masked + self.randomised > 1 + 1e-9:
            what = f"masked + randomised = {self.masked + self.randomised:g}; together they are at most 1"
            raise UsageError("R001", what, where="objective.randomised", fix=f"objective.randomised={max(0.0, 1 - self.masked):.3g}")
        if vocabulary.mask is None:
            what = "this tokenizer has no mask token ([MASK] or <mask>), so nothing can be hidden"
            raise UsageError("O002", what, where="objective", fix="model.path=an encoder that was trained on masked tokens")
        if self.whole_word and vocabulary.words is None:
            what = "this tokenizer cuts no text into words, or its tokens do not show where one begins: no word can be hidden as a whole"
            raise UsageError("O002", what, where="objective.whole_word", fix="objective.whole_word=false")
        return self

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        noised = [self._noised(example, context) for example in examples]
        return Batch(
            input_ids_BT=pad_right([ids for ids, _ in noised], 0),
            lengths_B=lengths_of(examples),
            labels_BT=pad_right([labels for _, labels in noised], IGNORE_INDEX),
            numbers=tuple(example.number for example in examples),
        )

    def example_counts(self, example: Example) -> dict[Unit, int]:
        return {"tokens": n_hidden(len(places_of(example)), self.mask_rate)}

    def _noised(self, example: Example, context: Context) -> tuple[list[int], list[int]]:
        """Return what is read, and the hidden tokens at their places."""
        import numpy as np

        places_N = places_of(example)
        rng = generator_of(example, context.key)
        ids_T = np.array(example.ids)
        labels_T = np.full_like(ids_T, IGNORE_INDEX)
        n_all = n_hidden(len(places_N), self.mask_rate)
        if self.whole_word:
            assert context.vocabulary.words is not None
            hidden_M = whole_words(places_N, words_at(example.ids, context.vocabulary.words)[places_N], n_all, rng)
        else:
            hidden_M = rng.permutation(places_N)[:n_all]
        labels_T[hidden_M] = ids_T[hidden_M]
        share_M = rng.random(len(hidden_M))
        random_K = hidden_M[(share_M >= self.masked) & (share_M < self.masked + self.randomised)]
        assert context.vocabulary.mask is not None
        ids_T[hidden_M[share_M < self.masked]] = context.vocabulary.mask
        ids_T[random_K] = rng.choice(ordinary_ids(context.vocabulary), len(random_K))
        return ids_T.tolist(), labels_T.tolist()
