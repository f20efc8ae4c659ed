"""Rows to examples. One encoder serves training, evaluation and generation, so a prompt is always the prefix of what was learned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple, cast

from afina.data.columns import shape_of
from afina.data.examples import Chunk, Examples, chunk_of
from afina.data.format import format_notices, template_in_use
from afina.data.forms import FORMS
from afina.data.sources.base import listed
from afina.data.template import Answer
from afina.data.tokenize import Tokenizer
from afina.data.truncate import Segment, Tally, cut_text, flatten
from afina.data.workers import parts
from afina.errors import DataError, UsageError
from afina.objectives import OBJECTIVES, ExampleForm
from afina.recipe.schema import DataSpec
from afina.types import (
    Chat,
    Completion,
    Kind,
    Labelled,
    Message,
    MultiLabelled,
    Notice,
    Pair,
    Row,
    Scored,
    ScoredPair,
    Standard,
    Tagged,
    Text,
)

AS_THEY_ARE = Standard()
READ_WHOLE = Labelled | Pair | MultiLabelled | Scored | ScoredPair | Tagged
"""Rows that are read and not answered in words."""


@dataclass(frozen=True)
class Encodings:
    """examples in the order of the rows; counts: how many each row gave (several for a chunked text, none with nothing to learn)."""

    examples: Examples
    counts: list[int]
    notices: list[Notice]


class Prompt(NamedTuple):
    """What a model is given to answer. n_cut: ids that were left off at its start to make room for the answer."""

    ids: list[int]
    n_cut: int


class Encoder:
    """Encodes rows with one tokenizer, one template and one length limit.

    labels: the classes, sorted; a label's index is its target. standard: how numbers are learned.
    template: the chat template in use, None for the plain format.
    kind: of the model; an encoder-decoder reads the prompt, end token included, and writes the answer as a sequence of its own.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        spec: DataSpec,
        max_length: int,
        labels: Sequence[str] = (),
        kind: Kind = "decoder",
        standard: Standard = AS_THEY_ARE,
    ) -> None:
        self.tokenizer, self.spec, self.max_length, self.labels = tokenizer, spec, max_length, tuple(labels)
        self.kind: Kind = kind
        self.template = template_in_use(tokenizer, spec, kind)
        self.standard = standard
        self.class_index = {label: index for index, label in enumerate(self.labels)}

    @cached_property
    def stop_ids(self) -> tuple[int, ...]:
        """The ids that end an answer: the end token and the template's end of turn, found by rendering an answer."""
        found = self.eos
        for index in reversed(self._last_of(Completion(0, "a", "b"))):
            if index in self.tokenizer.special_ids:
                found.append(index)
            elif self.tokenizer.decode([index]).strip():
                break
        # a call of a tool may end otherwise than an answer in words
        found += [index for index in self._last_of(_CALLING)[-1:] if index in self.tokenizer.special_ids]
        return tuple(dict.fromkeys(found))

    def _last_of(self, row: Completion | Chat) -> list[int]:
        """The ids of a row's last answer; none where the template refuses it, or there is none."""
        try:
            return self.segments(row)[-1][-1].ids if self.template is not None else []
        except DataError:
            return []

    @property
    def bos(self) -> list[int]:
        return [self.tokenizer.bos] if self.tokenizer.adds_bos and self.tokenizer.bos is not None else []

    def encode(
        self, rows: Sequence[Row], objective: str, strict: bool = True, store: Callable[[Iterable[Chunk]], Examples] = Examples
    ) -> Encodings:
        """Return the examples of the rows.

        store: where they are kept; in memory unless it says otherwise.
        strict: refuse too many long rows as data.truncation says; a later file (prediction, evaluation) is only cut and counted.
        Raises DataError T001 (conversations without a template), T002 and T003 (templates), T004 (too long), T005 (nothing to learn);
        UsageError O001 when the rows are not of the objective's kind.
        """
        wanted = OBJECTIVES[objective]
        wrong = next((row for row in rows if not isinstance(row, wanted.rows)), None)
        if wrong is not None:
            raise _wrong_rows(wrong, objective)
        tally = self._tally(len(rows))
        counts: list[int] = []

        def chunks() -> Iterator[Chunk]:
            for part, found, said in parts(rows, partial(self.part, wanted.example)):
                counts.extend(found)
                tally.join(said)
                yield part

        examples = store(chunks())
        if strict:
            tally.check()
        barren = [row.number for row, n in zip(rows, counts, strict=True) if not n and row.number not in tally.unfit]
        if rows and not any(counts):
            what = "no row has trainable tokens left: prompts alone fill max_length."
            raise DataError("T005", what, where=self.spec.path, fix=f"max_length={max(4 * self.max_length, 64)}")
        said = format_notices(self.tokenizer, self.spec, self.template, self.kind) if wanted.example in ("answers", "choices") else []
        notices = [*said, *tally.notices()]
        if barren:
            notices.append(Notice(f"{len(barren):,} rows have nothing to learn and are not used: rows {listed(barren)}", level="warning"))
        return Encodings(examples, counts, notices)

    def _tally(self, n_rows: int) -> Tally:
        return Tally(self.max_length, n_rows, self.spec, self.tokenizer.context)

    def part(self, form: ExampleForm, rows: Sequence[Row]) -> tuple[Chunk, list[int], Tally]:
        """Return the examples of some rows of the right kind, how many each row gave, and what was cut."""
        tally = self._tally(len(rows))
        per_row = [FORMS[form](self, row, tally) for row in rows]
        return chunk_of([example for examples in per_row for example in examples]), [len(examples) for examples in per_row], tally

    def segments(self, row: Row, tally: Tally | None = None) -> list[list[Segment]]:
        """Return the examples of a row as stretches that are learned and that are not. What follows the last answer is left off.

        A conversation is one example where the template writes earlier turns as it wrote them when they were asked for; else every answer
        that does not go on from the one before begins an example of its own, so that each is learned after the ids that ask for it.
        """
        tally = tally or self._tally(1)
        where = f"{self.spec.path}:{row.number}"
        if self.template is not None and isinstance(row, (Completion, Chat)):
            messages = self.tokenizer.shield.messages(_messages(row), where)
            answers = self.template.answers(messages, where, self.tokenizer.shield.values(self._tools(row), where))
            chained = self._chained(answers, _learned(messages))
            found = [segments for segments in chained if any(segment.trained for segment in segments)]
            shown = answers[-1].prompt if answers else ""
            unasked = any(message.content.strip() not in shown for message in messages[:-1] if message.role in ("system", "user"))
            tally.note(row.number, apart=len(found) > 1, unsaid=not all(answer.whole for answer in answers), unasked=unasked)
            return found
        if isinstance(row, Completion):
            prompt = self.bos + self.tokenizer.encode(_asked(row.prompt))
            answer = self.tokenizer.encode(row.completion, follows=True)
            return [[Segment(prompt, False), Segment(answer + self.eos, True)]]
        if isinstance(row, Text):
            return [[Segment(self._text(row.text), True)]]
        if isinstance(row, READ_WHOLE):
            return [[Segment(self.text_ids(row)[0], False)]]
        raise _no_template(where)

    def _tools(self, row: Completion | Chat) -> Sequence[Mapping[str, Any]]:
        return row.tools if isinstance(row, Chat) else ()

    def prompt_ids(self, asked: Row | Sequence[Message] | str, room: int = 0, tools: Sequence[Mapping[str, Any]] = ()) -> list[int]:
        """Return what the model is given to answer; see `prompt`."""
        return self.prompt(asked, room, tools).ids

    def prompt(self, asked: Row | Sequence[Message] | str, room: int = 0, tools: Sequence[Mapping[str, Any]] = ()) -> Prompt:
        """Return what the model is given to answer: exactly the ids that come before the (last) answer of the row in training.

        asked: a row (its last answer is left off), messages, or a bare prompt. room: tokens to leave free below max_length, at most half
        of it; the prompt is cut on the left for them, its begin token kept. tools: what messages may call; a row brings its own.
        """
        ids = self._asked_ids(asked, tools)
        if self.kind == "encoder-decoder":  # the answer has a sequence of its own
            over = max(0, len(ids) - self.max_length)
            return Prompt(cut_text(ids, self.max_length, self._tally(1).keep(), len(self.bos), len(self.eos)), over)
        over = max(0, len(ids) - (self.max_length - min(room, self.max_length // 2)))
        n_bos = len(self.bos) if ids[: len(self.bos)] == self.bos else 0
        return Prompt(ids[:n_bos] + ids[n_bos + over :], over)

    def _asked_ids(self, asked: Row | Sequence[Message] | str, tools: Sequence[Mapping[str, Any]]) -> list[int]:
        if isinstance(asked, str):
            asked = Completion(0, asked, "")
        if isinstance(asked, READ_WHOLE):
            return self.text_ids(asked)[0]
        if isinstance(asked, Text):
            return self.running(asked)
        if isinstance(asked, Completion) and self.template is None:
            written = self.kind == "encoder-decoder"
            return self._text(asked.prompt) if written else self.bos + self.tokenizer.encode(_asked(asked.prompt))
        if isinstance(asked, (Completion, Chat)):
            return self._prompt(_unanswered(_messages(asked)), self._tools(asked))
        return self._prompt(cast("Sequence[Message]", asked), tools)

    def _chained(self, answers: Sequence[Answer], learned: Sequence[bool]) -> list[list[Segment]]:
        """Return the answers as examples. learned: whether each is; what is only read stands before later ones all the same.

        Each stretch is encoded on its own: a token never lies across the border of an answer, in training as in generation.
        """
        examples: list[list[Segment]] = []
        text, closed = "", False
        for (prompt, answer, _), is_learned in zip(answers, learned, strict=True):
            if not (closed and prompt.startswith(text)):
                examples.append([])
                text = ""
            examples[-1].append(Segment(self._rendered(prompt[len(text) :], not text), False))
            ids = self._rendered(answer, False)
            # an end token that the template does not write ends the example too: no later turn would be asked for after it
            closed = bool(ids) and ids[-1] in self.tokenizer.special_ids
            examples[-1].append(Segment(ids if closed else ids + self.eos, is_learned))
            text = prompt + answer
        return examples

    def _rendered(self, text: str, first: bool) -> list[int]:
        ids = self.tokenizer.encode_rendered(text, follows=not first)
        bos = self.tokenizer.bos
        if first and self.bos and ids[:1] != self.bos:
            ids = self.bos + ids
        # a template that writes the begin token twice is a known mistake of some models
        while first and self.bos and ids[:2] == [bos, bos]:
            ids = ids[1:]
        return ids

    def _prompt(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] = ()) -> list[int]:
        if self.template is None:
            if len(messages) == 1 and messages[0].role == "user":
                return self._asked_ids(Completion(0, messages[0].content, ""), ())
            raise _no_template("the conversation")
        shielded, tools = self.tokenizer.shield.messages(messages), self.tokenizer.shield.values(tools)
        if self.kind == "encoder-decoder":
            return self._sequence(self.template.render(shielded, True, tools=tools))
        asked = Answer(self.template.render(shielded, True, tools=tools), "")
        answered = max((index + 1 for index, message in enumerate(shielded) if message.role == "assistant"), default=0)
        answers = [*self.template.answers(shielded[:answered], tools=tools), asked]
        *before, _ = self._chained(answers, [False] * len(answers))[-1]
        return flatten(before)[0]

    @property
    def eos(self) -> list[int]:
        return [self.tokenizer.eos] if self.tokenizer.eos is not None else []

    def _text(self, text: str) -> list[int]:
        return self.bos + self.tokenizer.encode(text) + self.eos

    def sequences(self, row: Completion | Chat) -> Iterator[tuple[list[int], list[int]]]:
        """What an encoder-decoder reads, and what it writes, for each answer of a row that is learned."""
        if isinstance(row, Completion) and self.template is None:
            yield self._text(row.prompt), self._text(row.completion)
            return
        where = f"{self.spec.path}:{row.number}"
        if self.template is None:
            raise _no_template(where)
        messages = self.tokenizer.shield.messages(_messages(row), where)
        answers = self.template.answers(messages, where, self.tokenizer.shield.values(self._tools(row), where))
        for (prompt, answer, _), is_learned in zip(answers, _learned(messages), strict=True):
            if is_learned:
                yield self._sequence(prompt), self._sequence(answer)

    def _sequence(self, rendered: str) -> list[int]:
        ids = self._rendered(rendered, True)
        return ids if ids[-1:] == self.eos else ids + self.eos

    def n_header(self, prompt: list[int]) -> int:
        """Ids at the prompt's end that ask for the answer: all of them in common with the prompt of any other question."""
        if self.template is None:
            return 1
        other = self._any_prompt
        n = 0
        while n < min(len(other), len(prompt)) and other[-1 - n] == prompt[-1 - n]:
            n += 1
        return n

    @cached_property
    def _any_prompt(self) -> list[int]:
        return self._prompt((Message("user", "Q?"),))

    def text_ids(self, row: Row) -> tuple[list[int], int]:
        """Return the ids of a text or of a pair, and where the second text begins (0: there is none)."""
        if not isinstance(row, Pair | ScoredPair):
            return self._text(row.asked), 0  # type: ignore[union-attr]
        first = self.bos + self.tokenizer.encode(row.text) + list(self.tokenizer.between)
        return first + self.tokenizer.encode(row.other, follows=True) + self.eos, len(first)

    def running(self, row: Text) -> list[int]:
        """The ids of running text without its end token; text after control tokens is not prefixed with a space, other text may be."""
        control = self.spec.control_tokens or row.templated
        ids = self.bos + self.tokenizer.encode(row.text, control, follows=control and bool(self.bos))
        return ids[len(self.bos) :] if row.templated and self.bos and ids[1:2] == self.bos else ids


_CALLING = Chat(
    0,
    (
        Message("user", "a"),
        Message("assistant", "", ({"type": "function", "id": "call00001", "function": {"name": "b", "arguments": {}}},)),
    ),
    ({"type": "function", "function": {"name": "b", "description": "c", "parameters": {"type": "object", "properties": {}}}},),
)
"""A call of a tool, to find out how a template ends one."""


def _messages(row: Completion | Chat) -> tuple[Message, ...]:
    if isinstance(row, Chat):
        return row.messages
    return (Message("user", row.prompt), Message("assistant", row.completion))


def _learned(messages: Sequence[Message]) -> list[bool]:
    """Whether each assistant turn is learned."""
    return [message.learned for message in messages if message.role == "assistant"]


def _unanswered(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Leave off the last answer, if the conversation ends with one."""
    return messages[:-1] if messages[-1].role == "assistant" else messages


def _asked(prompt: str) -> str:
    """The plain format puts the answer on a line of its own."""
    return prompt if prompt.endswith("\n") else f"{prompt}\n"


def _no_template(where: str) -> DataError:
    return DataError(
        "T001",
        "conversations need a chat template, and this is a base model without one",
        where=where,
        fix="data.template=chatml, or an instruct model",
    )


def _wrong_rows(row: Row, objective: str) -> UsageError:
    shape = shape_of(row)
    fix = f"objective={shape.objective}" if shape.objective else "--map role=COLUMN to read them another way"
    what = f"the rows are {shape.meaning}, which {objective} does not learn"
    return UsageError("O001", what, where="objective", fix=fix)
