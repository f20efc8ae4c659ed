"""Denoising for encoder-decoders: a text with spans hidden is read, and what was hidden is written.

    loss = -sum_t log p(y_t | y_<t, noised text) / (number of written tokens in the step)

style "sentinels" (T5: Raffel et al. 2020, section 3.1.4): each hidden span is read as one sentinel; y is every sentinel with what it stands
for, one sentinel more, and the end token. "thank you <0> me to your party <1> week" -> "<0> for inviting <1> last <2>".

style "infilling" (BART: Lewis et al. 2020, 2.2): each hidden span, of Poisson(mean_length) tokens, is read as one mask token, also a
span of no token; y is the whole text.

Of the n tokens of a piece max(1, round(noise_rate * n)) are hidden, drawn anew at every update. Unlike T5's own code, which never hides the
first token and always the last, any token may be hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from afina.errors import UsageError
from afina.objectives.base import OBJECTIVES, PLAIN, ExampleForm, Objective, pad_right
from afina.objectives.lm import TokenObjective
from afina.objectives.noise import composition, generator_of, n_hidden, places_of, spans
from afina.types import IGNORE_INDEX, Batch, Context, Example, Kind, Row, Text, Unit, Vocabulary

if TYPE_CHECKING:
    import numpy as np

    from afina.objectives.noise import Array

Style = Literal["sentinels", "infilling"]
RATES: dict[Style, float] = {"sentinels": 0.15, "infilling": 0.3}
"""The shares of hidden tokens that the papers use."""


@OBJECTIVES.register("span")
class Span(TokenObjective, frozen=True):
    """Denoising on running text: hidden spans are written out; long texts are cut into pieces, never truncated."""

    rows: ClassVar[tuple[type[Row], ...]] = (Text,)
    kinds: ClassVar[frozenset[Kind]] = frozenset({"encoder-decoder"})
    example: ClassVar[ExampleForm] = "noised"
    metrics: ClassVar[tuple[str, ...]] = ("loss",)
    paper: ClassVar[str] = "https://arxiv.org/abs/1910.10683"
    name: Literal["span"] = "span"
    style: Literal["auto", "sentinels", "infilling"] = Field(
        "auto",
        description="sentinels: what is hidden is written (T5); infilling: the whole text is (BART); auto: by the tokenizer's tokens.",
    )
    noise_rate: Literal["auto"] | Annotated[float, Field(gt=0, le=0.5)] = Field(
        "auto", description="Share of the tokens that are hidden; auto: 0.15 with sentinels, 0.3 with infilling."
    )
    mean_length: float = Field(3.0, ge=1, description="Mean length of a hidden span in tokens.")

    def settled(self, vocabulary: Vocabulary, max_length: int) -> Objective:
        """Settle style and noise rate. Raises UsageError O002 where no token can hide others, O003 for more spans than sentinels."""
        style: Style = self.style if self.style != "auto" else "sentinels" if vocabulary.sentinels else "infilling"
        if not vocabulary.sentinels if style == "sentinels" else vocabulary.mask is None:
            lacking = "sentinels (<extra_id_0>, ...)" if style == "sentinels" else "mask token"
            neither = vocabulary.mask is None and not vocabulary.sentinels
            what = f"this tokenizer has no {lacking}{', and no mask token' if neither and style == 'sentinels' else ''} to hide spans with"
            other = "infilling" if style == "sentinels" else "sentinels"
            fix = "model.path=an encoder-decoder that was trained on noised text" if neither else f"objective.style={other}"
            raise UsageError("O002", what, where="objective", fix=fix)
        rate = RATES[style] if self.noise_rate == "auto" else self.noise_rate
        found = self.model_copy(update={"style": style, "noise_rate": rate})
        _, most = found._sizes(max_length)
        if style == "sentinels" and most + 1 > len(vocabulary.sentinels):
            what = f"a piece of {max_length:,} tokens has {most} hidden spans, and the tokenizer {len(vocabulary.sentinels)} sentinels"
            fits = max_length * (len(vocabulary.sentinels) - 1) // most
            raise UsageError("O003", what, where="objective.noise_rate", fix=f"data.max_length={fits}, or a larger objective.mean_length")
        return found

    def collate(self, examples: Sequence[Example], context: Context = PLAIN) -> Batch:
        import torch

        noised = [self._noised(example, context) for example in examples]
        return Batch(
            input_ids_BT=pad_right([read for read, _ in noised], 0),
            lengths_B=torch.tensor([len(read) for read, _ in noised], dtype=torch.long),
            labels_BT=pad_right([(IGNORE_INDEX, *written) for _, written in noised], IGNORE_INDEX),
            numbers=tuple(example.number for example in examples),
            answers_apart=True,
        )

    def example_counts(self, example: Example) -> dict[Unit, int]:
        if self.style == "infilling":
            return {"tokens": len(example)}
        places_N = places_of(example)
        n_noise, n_spans = self._sizes(len(places_N))
        return {"tokens": n_noise + n_spans + 1 + len(example) - 1 - int(places_N[-1])}

    def _sizes(self, n_tokens: int) -> tuple[int, int]:
        """Return how many of so many tokens are hidden, and in how many spans where their number is fixed."""
        assert self.noise_rate != "auto", "settled before the first batch"
        n_noise = n_hidden(n_tokens, self.noise_rate)
        return n_noise, min(max(1, round(n_noise / self.mean_length)), n_noise, n_tokens - n_noise + 1)

    def _noised(self, example: Example, context: Context) -> tuple[list[int], list[int]]:
        """Return what is read and what is written; what frames the text, and control tokens in it, stay in their places."""
        places_N = places_of(example)
        rng = generator_of(example, context.key)
        if self.style == "infilling":
            return self._infilled(example, places_N, context.vocabulary, rng)
        n_noise, n_spans = self._sizes(len(places_N))
        read, written = list(example.ids), list[int]()
        found = spans(len(places_N), composition(n_noise, n_spans, rng), rng)
        for sentinel, (start, end) in zip(context.vocabulary.sentinels, found, strict=False):
            hidden = places_N[start:end].tolist()
            written += [sentinel, *(example.ids[place] for place in hidden)]
            for place in hidden:
                read[place] = sentinel if place == hidden[0] else _GONE
        written += [context.vocabulary.sentinels[n_spans], *example.ids[int(places_N[-1]) + 1 :]]
        return [index for index in read if index != _GONE], written

    def _infilled(self, example: Example, places_N: Array, vocabulary: Vocabulary, rng: np.random.Generator) -> tuple[list[int], list[int]]:
        n_noise, _ = self._sizes(len(places_N))
        lengths, n_empty = self._span_lengths(n_noise, len(places_N) - n_noise + 1, rng)
        assert vocabulary.mask is not None
        read = [[index] for index in example.ids]
        for start, end in spans(len(places_N), lengths, rng):
            for place in places_N[start:end].tolist():
                read[place] = [vocabulary.mask] if place == places_N[start] else []
        for place in rng.choice(places_N, n_empty).tolist():
            read[place] = [vocabulary.mask, *read[place]]
        return [index for part in read for index in part], list(example.ids)

    def _span_lengths(self, n_noise: int, most: int, rng: np.random.Generator) -> tuple[Array, int]:
        """Return Poisson lengths that add up to `n_noise`, the last one cut, at most `most` of them, and how many of length 0 came between.

        Those are no more than the hidden tokens take away, so that what is read is never longer than the text.
        """
        import numpy as np

        lengths: list[int] = []
        n_empty = 0
        while sum(lengths) < n_noise:
            length = int(rng.poisson(self.mean_length))
            if length == 0:
                n_empty += 1
            elif len(lengths) == most - 1:
                lengths.append(n_noise - sum(lengths))
            else:
                lengths.append(min(length, n_noise - sum(lengths)))
        return np.array(lengths), min(n_empty, n_noise - len(lengths))


_GONE = -1
"""Stands where a hidden token was, until it is left out."""
