"""Small values that cross module borders. Nothing here imports torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

IGNORE_INDEX = -100
"""A label with this value carries no loss (the convention of torch.nn.functional.cross_entropy)."""

Unit = Literal["tokens", "examples", "pairs", "sequences"]
Kind = Literal["decoder", "encoder", "encoder-decoder"]
Head = Literal["lm", "classes", "scalar", "tags"]
Split = Literal["train", "validation", "test"]
Level = Literal["info", "warning"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One choice or change made for the person: what, why, and the key that changes it."""

    what: str
    why: str = ""
    key: str = ""
    level: Level = "info"

    def __str__(self) -> str:
        why = f" ({self.why})" if self.why else ""
        key = f" [{self.key}]" if self.key else ""
        return f"{self.what}{why}{key}"


# --- rows: typed records of the data file; `number` is the 1-based line (CSV, JSONL) or element (JSON) in the file ---


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. role: system, user, assistant or tool.

    tool_calls: what an assistant turn calls, in OpenAI's form: {"type": "function", "function": {"name": str, "arguments": object}},
    with "id" where the data has one. tool_call_id, name: which call and which tool a tool turn answers.
    reasoning_content: what was thought before the answer, where the data keeps it apart.
    """

    role: str
    content: str
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    tool_call_id: str = ""
    name: str = ""
    reasoning_content: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation; every assistant turn is learned. tools: the definitions of the tools it may call, in OpenAI's form."""

    number: int
    messages: tuple[Message, ...]
    tools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A prompt and the answer to learn."""

    number: int
    prompt: str
    completion: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its class."""

    number: int
    text: str
    label: str

    @property
    def asked(self) -> str:
        """All that the label is about."""
        return self.text


@dataclass(frozen=True, slots=True)
class MultiLabelled:
    """A text and its classes, in the order of the file; none is allowed."""

    number: int
    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A text and a finite number."""

    number: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and what holds between them: a class, or a number as written."""

    number: int
    text: str
    other: str
    label: str

    @property
    def asked(self) -> str:
        """All that the label is about."""
        return f"{self.text}\n{self.other}"


@dataclass(frozen=True, slots=True)
class Choices:
    """A question, its options, and the index of the right one."""

    number: int
    prompt: str
    choices: tuple[str, ...]
    answer: int


@dataclass(frozen=True, slots=True)
class Preference:
    """One conversation and two ways to go on, the better one chosen. A plain prompt is one user turn, a plain answer one assistant turn."""

    number: int
    prompt: tuple[Message, ...]
    chosen: tuple[Message, ...]
    rejected: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One conversation, one way to go on, and whether that was good."""

    number: int
    prompt: tuple[Message, ...]
    completion: tuple[Message, ...]
    good: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation that waits for an answer."""

    number: int
    prompt: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Running text for language modelling. templated: it already holds the control tokens of a chat template, to be read as such."""

    number: int
    text: str
    templated: bool = False


Row = Chat | Completion | Labelled | MultiLabelled | Scored | Pair | Choices | Preference | Feedback | Prompt | Text


@dataclass(frozen=True, slots=True)
class Example:
    """A tokenised row.

    Shapes: ids [T]; labels [T], unshifted (labels[t] is ids[t] or IGNORE_INDEX), empty for classification.
    target: the class index of a classification example, else -1. second: where the second part of the ids begins, the second text of a pair
    (where the tokenizer marks it by a type) or, for an encoder-decoder, the answer that its decoder writes; 0 where there is one part.
    """

    number: int
    ids: tuple[int, ...]
    labels: tuple[int, ...] = ()
    target: int = -1
    second: int = 0

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Context:
    """What putting examples together needs beside them.

    kind: of the model.
    """

    kind: Kind = "decoder"


# --- what is known about a model before its weights are read ---


class LinearShape(NamedTuple):
    """y = W x (+ b) with W [out_features, in_features], however the weight is stored."""

    out_features: int
    in_features: int
    bias: bool = False


class Attention(NamedTuple):
    """keeps_scores: no fused kernel fits this architecture, so the T x T scores of each head are kept for the backward pass."""

    n_heads: int
    dropout: float = 0.0
    keeps_scores: bool = False


class HeadShape(NamedTuple):
    """What stands on the body for a task: its modules, all trained, with n_fixed parameters and n_per_output more for each output."""

    modules: tuple[str, ...]
    n_fixed: int
    n_per_output: int

    def n_params(self, n_outputs: int) -> int:
        return self.n_fixed + n_outputs * self.n_per_output


@dataclass(frozen=True)
class ModelFacts:
    """A model as its config.json describes it.

    linears: module path -> shape, for every linear map of the body's layers (never of a head).
    blocks: path prefix of the layers whose output the head reads, "model.layers" or "decoder.block"; layer i is "<blocks>.<i>"; n_layers
    and n_params_per_layer are of those, n_params_in_first_layer is what layer 0 has more. n_params: with the language-model head,
    n_lm_head_params of them its own (a matrix shared with the
    embeddings is theirs). heads: what the other heads are. relative: max_length is what the model was trained on, not a limit.
    """

    family: str
    kind: Kind
    n_layers: int
    hidden_size: int
    vocab_size: int
    max_length: int
    n_params: int
    n_embedding_params: int
    n_params_per_layer: int
    tied: bool
    blocks: str
    linears: Mapping[str, LinearShape]
    attention: Attention
    n_params_in_first_layer: int = 0
    final_norm: str = ""
    final_norm_params: int = 0
    n_lm_head_params: int = 0
    heads: Mapping[Head, HeadShape] = field(default_factory=lambda: {})
    relative: bool = False


@dataclass(frozen=True)
class Horizon:
    """How long a training will be: what schedules and step-dependent methods need to know."""

    steps: int
    n_examples: int = 0


# --- losses ---


class Term(NamedTuple):
    """One sum of a loss: `weight * sum / (number of `unit`s in the step)` is what is minimised."""

    total: Tensor
    unit: Unit
    weight: float = 1.0


@dataclass(frozen=True)
class Loss:
    """A loss kept as sums, so that micro-batches, ranks and packs add up exactly.

    metrics: name -> (sum, n), reduced over the step as sum / n.
    """

    terms: Mapping[str, Term]
    metrics: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {})


@dataclass(frozen=True)
class Batch:
    """Examples on one device, padded to rows of their own, or packed into one row. Masks come from lengths and positions, never from
    comparing ids with a pad id.

    Shapes: input_ids_BT [B, T]; lengths_B [B]; labels_BT [B, T] or None; segments_BT [B, T], 1 from the second text of a pair on, or None;
    targets_B [B] or None. Packed: ids, labels and positions_BT, each token's place in its own example, are [1, T]; lengths and targets stay
    [B], one for each example. Of an encoder-decoder the ids are the prompts, and labels_BT [B, 1 + T'] the answers, after an IGNORE_INDEX
    where the decoder has its start token.
    """

    input_ids_BT: Tensor
    lengths_B: Tensor
    labels_BT: Tensor | None = None
    targets_B: Tensor | None = None
    numbers: tuple[int, ...] = ()
    positions_BT: Tensor | None = None
    segments_BT: Tensor | None = None
    answers_apart: bool = False

    @property
    def n_tokens(self) -> int:
        """Tokens that pass through the model."""
        answers = int((self.labels_BT != IGNORE_INDEX).sum()) if self.answers_apart and self.labels_BT is not None else 0
        return int(self.lengths_B.sum()) + answers

    def halves(self) -> tuple[Batch, ...]:
        """Return the batch as two, the padding that neither needs cut off; as it is when it holds one example."""
        n = len(self.lengths_B)
        return (self,) if n < 2 else (self._between(0, n // 2), self._between(n // 2, n))

    def _between(self, first: int, last: int) -> Batch:
        lengths_B = self.lengths_B[first:last]
        packed = self.positions_BT is not None
        start = int(self.lengths_B[:first].sum()) if packed else 0
        rows = slice(None) if packed else slice(first, last)
        columns = slice(start, start + int(lengths_B.sum() if packed else lengths_B.max()))

        def cut(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor[rows, columns]

        return Batch(
            self.input_ids_BT[rows, columns],
            lengths_B,
            self.labels_BT[rows] if self.answers_apart and self.labels_BT is not None else cut(self.labels_BT),
            None if self.targets_B is None else self.targets_B[first:last],
            self.numbers[first:last],
            cut(self.positions_BT),
            cut(self.segments_BT),
            self.answers_apart,
        )

    def to(self, device: object) -> Batch:
        moved = {
            name: value.to(device)  # type: ignore[union-attr]
            for name, value in vars(self).items()
            if name.endswith(("_BT", "_B")) and value is not None
        }
        return replace(self, **moved)
