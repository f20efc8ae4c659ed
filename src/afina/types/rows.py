"""Typed rows of a data file; `number` is the 1-based line (CSV, JSONL) or element (JSON) in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. role: system, user, assistant or tool.

    tool_calls: what an assistant turn calls, in OpenAI's form: {"type": "function", "function": {"name": str, "arguments": object}},
    with "id" where the data has one. tool_call_id, name: which call and which tool a tool turn answers.
    reasoning_content: what was thought before the answer, where the data keeps it apart. learned: False for an assistant turn that is only
    read, as what stands before a later one.
    """

    role: str
    content: str
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    tool_call_id: str = ""
    name: str = ""
    reasoning_content: str = ""
    learned: bool = True


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation; of its assistant turns the last is learned in any case. tools: what it may call, defined in OpenAI's form."""

    number: int
    messages: tuple[Message, ...]
    tools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A prompt and the answer to learn."""

    number: int
    prompt: str
    completion: str


class OneText:
    """A row about one text."""

    __slots__ = ()
    text: str

    @property
    def asked(self) -> str:
        """All that the label, the labels or the number are about."""
        return self.text


@dataclass(frozen=True, slots=True)
class Labelled(OneText):
    """A text and its class."""

    number: int
    text: str
    label: str

    @property
    def classes(self) -> tuple[str, ...]:
        return (self.label,)


@dataclass(frozen=True, slots=True)
class MultiLabelled(OneText):
    """A text and its classes, in the order of the file; none is allowed."""

    number: int
    text: str
    labels: tuple[str, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        return self.labels


@dataclass(frozen=True, slots=True)
class Scored(OneText):
    """A text and a finite number."""

    number: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and the class of what holds between them."""

    number: int
    text: str
    other: str
    label: str

    @property
    def classes(self) -> tuple[str, ...]:
        return (self.label,)

    @property
    def asked(self) -> str:
        """All that the label is about."""
        return f"{self.text}\n{self.other}"


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two texts and a finite number that says how they stand to each other."""

    number: int
    text: str
    other: str
    score: float

    @property
    def asked(self) -> str:
        """All that the number is about."""
        return f"{self.text}\n{self.other}"


@dataclass(frozen=True, slots=True)
class Tagged:
    """Words and the tag of each; no tags where they are to be told.

    text, starts: the text that the words were cut from and the place of each one's first character; empty where the file gave words.
    """

    number: int
    words: tuple[str, ...]
    tags: tuple[str, ...] = ()
    text: str = ""
    starts: tuple[int, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        return self.tags

    @property
    def asked(self) -> str:
        """All that the tags are about."""
        return self.text or " ".join(self.words)


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


Row = Chat | Completion | Labelled | MultiLabelled | Scored | Pair | ScoredPair | Tagged | Choices | Preference | Feedback | Prompt | Text
