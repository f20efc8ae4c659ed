"""Chat templates: a conversation to text, and which stretches of that text are the answers.

The environment is the one that transformers renders with (sandboxed Jinja, trim_blocks, lstrip_blocks, raise_exception, strftime_now,
tojson, loop controls, {% generation %}), with one difference: strftime_now always writes 26 July 2024, so that a run can be repeated on
another day.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from afina.data.shield import ANSWER, CLOSE, END_ANSWER, OPEN
from afina.errors import DataError
from afina.types import Message

TODAY = datetime.datetime(2024, 7, 26)
"""The date that Llama's own template writes by default."""
ROLE_HEADER = re.compile(r"assistant|model|response|answer|\bbot\b|\bai\b", re.IGNORECASE)
FAILURES = (jinja2.TemplateError, TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)
SWITCH = "data.template=chatml"

Span = tuple[int, int]


class _Generation(Extension):
    """{% generation %} ... {% endgeneration %}: puts marks around what it renders, also inside macros."""

    tags = {"generation"}  # noqa: RUF012  (jinja2's own protocol)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_marked"), [], [], body).set_lineno(line)

    def _marked(self, caller: Callable[[], str]) -> str:
        return f"{ANSWER}{caller()}{END_ANSWER}"


def _raise_exception(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, separators: Any = None, sort_keys: bool = False) -> str:
    # Jinja's own filter escapes HTML characters
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _strftime_now(layout: str) -> str:
    return TODAY.strftime(layout)


@lru_cache(maxsize=16)
def _compiled(source: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
    environment.filters["tojson"] = _tojson
    environment.globals.update(raise_exception=_raise_exception, strftime_now=_strftime_now)
    return environment.from_string(source)


@dataclass(frozen=True)
class ChatTemplate:
    """A Jinja chat template with the begin and end tokens it may write."""

    source: str
    bos: str = ""
    eos: str = ""

    @property
    def writes_date(self) -> bool:
        return "strftime_now" in self.source

    def render(self, messages: Sequence[Message], add_generation_prompt: bool = False, where: str = "") -> str:
        """Return the conversation as text. Raises DataError T003 when the template refuses it, T002 when the template is broken."""
        return self._marked(messages, add_generation_prompt, where).replace(ANSWER, "").replace(END_ANSWER, "")

    def render_with_spans(self, messages: Sequence[Message], where: str = "") -> tuple[str, list[Span]]:
        """Return the text and, for each assistant message, the [start, end) of what is learned: the answer with its stop token.

        Raises DataError T002 when the answers cannot be told exactly, T003 when the template refuses the conversation.
        """
        marked = self._marked(messages, False, where)
        full = marked.replace(ANSWER, "").replace(END_ANSWER, "")
        answers = [index for index, message in enumerate(messages) if message.role == "assistant"]
        blocks = _blocks(marked)
        if len(blocks) != len(answers):
            blocks = []
        spans: list[Span] = []
        for order, index in enumerate(answers):
            before = self.render(messages[:index], add_generation_prompt=True, where=where)
            if blocks:
                upto = full[: self._with_stop(full, blocks[order][1])]
                if not full.startswith(before) or len(before) >= len(upto):
                    _refuse("the text before an answer is not what it renders to ask for one", where)
            else:
                upto = full if index == len(messages) - 1 else self.render(messages[: index + 1], where=where)
                if not upto.startswith(before):
                    _refuse("the text before an answer is not what it renders to ask for one", where)
                if not full.startswith(upto):
                    _refuse("it renders earlier messages differently when the conversation goes on", where)
                upto = full[: self._with_stop(full, len(upto))]
            spans.append((len(before), _end(before, upto, messages[index].content, where)))
        return full, spans

    def _with_stop(self, full: str, end: int) -> int:
        """Some templates close a turn outside their {% generation %} block, or as the next one begins; the stop token must be learned."""
        following = full[end:]
        return end + len(self.eos) if self.eos and following.startswith(self.eos) and not full[:end].rstrip().endswith(self.eos) else end

    def _marked(self, messages: Sequence[Message], add_generation_prompt: bool, where: str) -> str:
        try:
            template = _compiled(self.source)
        except jinja2.TemplateError as error:
            _refuse(f"it is not valid Jinja: {error}", where)
        try:
            return template.render(
                messages=[{"role": message.role, "content": message.content} for message in messages],
                add_generation_prompt=add_generation_prompt,
                tools=None,
                documents=None,
                bos_token=self.bos,
                eos_token=self.eos,
            )
        except FAILURES as error:
            reason = str(error).replace(OPEN, "").replace(CLOSE, "").strip().split("\n")[0][:160] or type(error).__name__
            raise DataError(
                "T003", f"the chat template refuses this conversation: {reason}", where=where, fix=f"mend the row, or {SWITCH}"
            ) from None


def _blocks(marked: str) -> list[Span]:
    """Return where the {% generation %} blocks stand in the text without marks."""
    spans: list[Span] = []
    position, start = 0, 0
    for stretch in re.split(f"([{ANSWER}{END_ANSWER}])", marked):
        if stretch == ANSWER:
            start = position
        elif stretch == END_ANSWER:
            spans.append((start, position))
        else:
            position += len(stretch)
    return spans


def _end(before: str, upto: str, content: str, where: str) -> int:
    """Return where the answer ends: after its stop token, without the white space that only separates turns."""
    added = upto[len(before) :]
    core = content.strip()
    found = added.find(core)
    if found < 0:
        _refuse("it changes the text of an answer", where)
    if ROLE_HEADER.search(added[:found]):
        _refuse("what it renders to ask for an answer lacks the answer's header", where)
    after = added[found + len(core) :]
    if not after.strip():
        return len(before) + found + len(core)
    return len(before) + len(added.rstrip())


def _refuse(reason: str, where: str) -> NoReturn:
    raise DataError("T002", f"the chat template cannot show exactly which tokens are the answer: {reason}", where=where, fix=SWITCH)


CHATML = ChatTemplate(
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}"
    "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
"""The format of data.template=chatml."""
