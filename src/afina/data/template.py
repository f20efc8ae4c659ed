"""Chat templates: a conversation to text, and which stretches of that text are the answers.

An answer is found by exact reconstruction: the text up to it is what the template renders to ask for it; the text that the answer adds
must be a frame, the answer's own words, and the rest of the frame, where the frame is what the same conversation renders with a mark in
the answer's place. Whatever differs by one character is refused. sandbox.py is where templates run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import jinja2

from afina.data.sandbox import FAILURES, LimitError, compiled, rendered
from afina.data.shield import ANSWER, CLOSE, END_ANSWER, OPEN, bare
from afina.errors import DataError
from afina.types import Message

ROLE_HEADER = re.compile(r"assistant|model|response|answer|\bbot\b|\bai\b", re.IGNORECASE)
TAG = re.compile(r"<[^<>\s]+>|\[[^\[\]\s]+\]")
END_THOUGHT = "</think>"
MARK = "\U0010ff0a"
"""Stands for an answer or a question where frames are found; no row can hold it (see shield.RESERVED)."""
SWITCH = "data.template=chatml"

Tools = Sequence[Mapping[str, Any]]


class Answer(NamedTuple):
    """One assistant turn.

    prompt: the text that asks for it, from the beginning. text: what is learned, with the stop token where the template writes one.
    whole: False when the template leaves out its thoughts, or its words beside a tool call.
    """

    prompt: str
    text: str
    whole: bool = True


class _Frame(NamedTuple):
    """What the template writes around the words of an answer."""

    lead: str
    tail: str


class _Manner(NamedTuple):
    """How one template wants to be asked.

    no_tools: what stands for "no tools". withheld: the end of what it renders to ask for an answer that no rendered answer begins with
    (the opening of a thought, mostly). opening: what it renders between a question and its answer. lead, tail: what is around a plain
    answer; stop: the part of the tail that is learned. flaw: why no answer of it can be told. limit: the limit that it broke when
    it was asked this.
    """

    no_tools: Any = None
    withheld: str = ""
    opening: str = ""
    lead: str = ""
    tail: str = ""
    stop: str = ""
    flaw: str = ""
    limit: str = ""


@dataclass(frozen=True)
class ChatTemplate:
    """A Jinja chat template with the begin and end tokens it may write. controls: the special tokens of the tokenizer it is for."""

    source: str
    bos: str = ""
    eos: str = ""
    controls: tuple[str, ...] = ()
    _frames: dict[_Frame, None] = field(default_factory=lambda: {}, repr=False, compare=False)

    @property
    def writes_date(self) -> bool:
        return "strftime_now" in self.source

    @property
    def withheld(self) -> str:
        """The end of the template's own request for an answer that is left off in prompts, since no answer it renders follows it."""
        return self._manner.withheld

    def render(self, messages: Sequence[Message], add_generation_prompt: bool = False, where: str = "", tools: Tools = ()) -> str:
        """Return the conversation as text.

        add_generation_prompt: up to where an answer begins; exactly what comes before an answer in training.
        Raises DataError T003 when the template refuses it, T002 when the template is broken, T006 when it takes too long or makes too much.
        """
        text = _unmarked(self._drawn(messages, add_generation_prompt, where, tools))
        return text.removesuffix(self.withheld) if add_generation_prompt else text

    def answers(self, messages: Sequence[Message], where: str = "", tools: Tools = ()) -> list[Answer]:
        """Return what asks for each assistant message, and its text as it is learned; it is rendered as the last of its conversation.

        Raises DataError T002 when the answers cannot be told exactly, T003 when the template refuses the conversation, T006 as render does.
        """
        if self._manner.flaw:
            _refuse(self._manner.flaw, where)
        indices = [index for index, message in enumerate(messages) if message.role == "assistant"]
        return [self._answer(messages[: index + 1], order, where, tools) for order, index in enumerate(indices, start=1)]

    def _answer(self, messages: Sequence[Message], order: int, where: str, tools: Tools) -> Answer:
        prompt = self.render(messages[:-1], True, where, tools)
        added, closed = self._added(messages, prompt, order, where, tools)
        message = messages[-1]
        if message.tool_calls:
            return self._calling(messages, prompt, added, order, where, tools)
        if not closed and not message.reasoning_content and END_THOUGHT not in message.content:
            for frame in self._frames:
                if _fits(frame, message.content, added):
                    return Answer(prompt, added[: len(added) - len(frame.tail)] + self._stop(frame.tail))
        rest = message.content.rpartition(END_THOUGHT)[2]
        marked = message.content[: len(message.content) - len(rest)] + MARK
        other = self._added([*messages[:-1], _with(message, marked)], prompt, order, where, tools)[0]
        if other.count(MARK) != 1:
            _refuse("it changes the text of an answer", where)
        frame = _Frame(*other.split(MARK))
        if not _fits(frame, rest, added):
            _refuse("it changes the text of an answer", where)
        thought = message.reasoning_content.strip() or message.content[: len(message.content) - len(rest)].removesuffix(END_THOUGHT)
        thought = thought.strip().removeprefix("<think>").strip()
        if not closed and not thought:
            self._frames[frame] = None
        stop = frame.tail if closed else self._stop(frame.tail)
        return Answer(prompt, added[: len(added) - len(frame.tail)] + stop, thought in frame.lead)

    def _calling(self, messages: Sequence[Message], prompt: str, added: str, order: int, where: str, tools: Tools) -> Answer:
        """An answer that calls tools: all that it adds is learned, when every name and value of the calls stands in it."""
        message = messages[-1]
        missing = next((leaf for leaf in _leaves(message.tool_calls) if not _written(leaf, added)), None)
        if missing is not None:
            what = "the chat template cannot show exactly which tokens are the answer: it leaves out a tool call, or writes it differently"
            raise DataError("T002", what, where=where, fix="a model whose template knows tools, or remove the rows with tool calls")
        said = (message.content.rpartition(END_THOUGHT)[2].strip(), message.reasoning_content.strip())
        whole = all(words in added for words in said)
        if added.endswith(self._manner.tail):
            return Answer(prompt, added[: len(added) - len(self._manner.tail)] + self._manner.stop, whole)
        return Answer(prompt, added.rstrip(), whole)

    def _added(self, messages: Sequence[Message], prompt: str, order: int, where: str, tools: Tools) -> tuple[str, bool]:
        """Return what the last message adds to the prompt, and whether a {% generation %} block says where that ends."""
        marked = self._drawn(messages, False, where, tools)
        text, blocks = _unmarked(marked), _ends(marked)
        start = len(prompt) if text.startswith(prompt) else self._start(text, messages, prompt, where, tools)
        if len(blocks) != order:
            return text[start:], False
        end = blocks[-1]
        if end <= start:
            _refuse("the text before an answer is not what it renders to ask for one", where)
        # some templates close a turn outside their {% generation %} block; the stop token must be learned
        if self.eos and text.startswith(self.eos, end) and not text[:end].rstrip().endswith(self.eos):
            end += len(self.eos)
        return text[start:end], True

    def _start(self, text: str, messages: Sequence[Message], prompt: str, where: str, tools: Tools) -> int:
        """Return where the last answer starts in a text that does not begin with the prompt.

        Some templates write an earlier turn differently once it is answered (a system message only in the last question). The model is
        asked with the prompt all the same, so the answer is learned after it, when both texts open it in the template's usual way.
        """
        manner = self._manner
        shown = _unmarked(self._drawn([*messages[:-1], _with(messages[-1], MARK)], False, where, tools))
        before = shown.rpartition(MARK)[0]
        usual = manner.opening and prompt.endswith(manner.opening) and before.endswith(manner.opening + manner.lead)
        if not usual or not text.startswith(before):
            _refuse("the text before an answer is not what it renders to ask for one", where)
        return len(before) - len(manner.lead)

    def _stop(self, tail: str) -> str:
        """Return the part of a frame's tail that ends the answer: its first run of control tokens, else its first line."""
        found = self._controls.match(tail) or re.match(r"\s*[^\n]*", tail)
        return found[0].rstrip() if found and found[0].strip() else ""

    @cached_property
    def _controls(self) -> re.Pattern[str]:
        known = sorted({token for token in (*self.controls, self.eos) if token}, key=len, reverse=True)
        return re.compile(rf"\s*(?:{'|'.join(map(re.escape, known))})+" if known else "(?!)")

    @cached_property
    def _manner(self) -> _Manner:
        question = Message("user", f"{MARK}?")
        for no_tools in (None, []):
            try:
                unasked, ask = (_unmarked(self._run([question], flag, no_tools)) for flag in (False, True))
                shown = _unmarked(self._run([question, Message("assistant", MARK)], False, no_tools))
            except LimitError as error:
                return _Manner(limit=str(error))
            except FAILURES:
                continue
            cut = next((index for index, letter in enumerate(shown) if ask[index : index + 1] != letter), len(shown))
            asked = ask.find(MARK) + len(question.content)
            if shown.count(MARK) != 2 or ask.count(MARK) != 1 or cut < asked:
                return _Manner(no_tools)
            # never between the brackets of a tag that two different ones share
            cut = next((tag.start() for tag in TAG.finditer(ask) if tag.start() < cut < tag.end()), cut)
            tail = shown.rpartition(MARK)[2]
            opening = ask[len(unasked) : cut] if ask.startswith(unasked) else ""
            opening = opening if opening.strip() else ask[asked:cut]
            lead = shown[cut : len(shown) - len(tail) - 1]
            flaw = "it begins another turn after the last answer" if opening.strip() and opening.strip() in tail else ""
            if ROLE_HEADER.search(lead):
                flaw = "what it renders to ask for an answer lacks the answer's header"
            return _Manner(no_tools, ask[cut:], opening, lead, tail, self._stop(tail), flaw)
        return _Manner()

    def _drawn(self, messages: Sequence[Message], add_generation_prompt: bool, where: str, tools: Tools) -> str:
        given = list(tools) or self._manner.no_tools
        wordless = self._wordless if any(message.tool_calls for message in messages) else ""
        try:
            if self._manner.limit:
                raise LimitError(self._manner.limit)
            try:
                return self._run(messages, add_generation_prompt, given, wordless=wordless)
            except TypeError:
                # some templates join a call's arguments to their text, and so want them written as JSON
                if not any(message.tool_calls for message in messages):
                    raise
                return self._run(messages, add_generation_prompt, given, True, wordless)
        except LimitError as error:
            raise DataError("T006", f"the chat template was stopped: {error}", where=where, fix=SWITCH) from None
        except FAILURES as error:
            try:
                compiled(self.source)
            except jinja2.TemplateError:
                _refuse(f"it is not valid Jinja: {error}", where)
            reason = str(error).replace(OPEN, "").replace(CLOSE, "").strip().split("\n")[0][:160] or type(error).__name__
            raise DataError(
                "T003", f"the chat template refuses this conversation: {reason}", where=where, fix=f"mend the row, or {SWITCH}"
            ) from None

    @cached_property
    def _wordless(self) -> str | None:
        """What stands for the words of a turn that only calls tools: "", or None where the template writes the call only beside that.

        Both are usual in people's data. Beside "" some templates leave the call out, or write an empty answer after it.
        """

        def flawed(content: str | None) -> bool:
            try:
                text = _unmarked(self._run(_CALLING, False, self._manner.no_tools, wordless=content))
            except TypeError:
                try:
                    text = _unmarked(self._run(_CALLING, False, self._manner.no_tools, True, content))
                except (LimitError, *FAILURES):
                    return True
            except (LimitError, *FAILURES):
                return True
            return f"{MARK}call" not in text or "None" in text or text.count(self._manner.stop or MARK) > before + 1

        try:
            before = _unmarked(self._run(_CALLING[:1], False, self._manner.no_tools)).count(self._manner.stop or MARK)
        except (LimitError, *FAILURES):
            return ""
        return None if flawed("") and not flawed(None) else ""

    def _run(
        self, messages: Sequence[Message], add_generation_prompt: bool, tools: Any, text_arguments: bool = False, wordless: str | None = ""
    ) -> str:
        turns = [_turn(message, text_arguments, wordless) for message in messages]
        values = {"messages": turns, "tools": tools, "documents": None, "bos_token": self.bos, "eos_token": self.eos}
        n_input = sum(len(message.content) + len(message.reasoning_content) + 1_000 * bool(message.tool_calls) for message in messages)
        return rendered(self.source, n_input, {**values, "add_generation_prompt": add_generation_prompt})


def _turn(message: Message, text_arguments: bool, wordless: str | None) -> dict[str, Any]:
    """A message as templates expect it: keys only where there is something, as in most people's data."""
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        turn["content"] = message.content or wordless
        turn["tool_calls"] = [_textual(call) for call in message.tool_calls] if text_arguments else list(message.tool_calls)
    for key in ("tool_call_id", "name", "reasoning_content"):
        if getattr(message, key):
            turn[key] = getattr(message, key)
    return turn


def _textual(call: Mapping[str, Any]) -> dict[str, Any]:
    function = call["function"]
    return {**call, "function": {**function, "arguments": json.dumps(function["arguments"], ensure_ascii=False)}}


def _with(message: Message, content: str) -> Message:
    return Message(message.role, content, message.tool_calls, message.tool_call_id, message.name, message.reasoning_content)


def _fits(frame: _Frame, content: str, added: str) -> bool:
    """Whether the added text is the frame around the content, which templates may strip of outer white space."""
    if not (added.startswith(frame.lead) and added.endswith(frame.tail) and len(added) >= len(frame.lead) + len(frame.tail)):
        return False
    words = added[len(frame.lead) : len(added) - len(frame.tail)]
    return words == content or (len(words) < len(content) and words.strip() == content.strip() and words in content)


def _leaves(value: Any) -> Iterator[str]:
    """The name of each call and every text and number of its arguments."""
    for call in value:
        yield str(call["function"]["name"])
        yield from _texts(call["function"]["arguments"])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _written(leaf: str, text: str) -> bool:
    return any(form in text for form in (leaf, json.dumps(leaf, ensure_ascii=False)[1:-1], json.dumps(bare(leaf))[1:-1], repr(leaf)[1:-1]))


def _ends(marked: str) -> list[int]:
    """Return where the {% generation %} blocks end in the text without marks."""
    ends: list[int] = []
    position = 0
    for stretch in re.split(f"([{ANSWER}{END_ANSWER}])", marked):
        if stretch == END_ANSWER:
            ends.append(position)
        elif stretch != ANSWER:
            position += len(stretch)
    return ends


def _unmarked(marked: str) -> str:
    return marked.replace(ANSWER, "").replace(END_ANSWER, "")


def _refuse(reason: str, where: str) -> NoReturn:
    raise DataError("T002", f"the chat template cannot show exactly which tokens are the answer: {reason}", where=where, fix=SWITCH)


_CALLING = (
    Message("user", "?"),
    Message("assistant", "", ({"type": "function", "id": "call00001", "function": {"name": f"{MARK}call", "arguments": {}}},)),
)
"""A turn that only calls a tool, to find out how a template wants to be given one."""

CHATML = ChatTemplate(
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}"
    "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
"""The format of data.template=chatml."""
