"""Conversations as people store them (OpenAI's messages, ShareGPT's conversations) to Chat rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afina.data.cells import as_written, content_of, speaker, spoken, structured
from afina.data.sources.base import Dropped, Record, listed
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Chat, Message, Notice

SPEAKERS = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "chatgpt": "assistant",
    "chatbot": "assistant",
    "ai": "assistant",
    "function_call": "assistant",
    "tool_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "ipython": "tool",
    "tool_response": "tool",
}
CALLERS = frozenset({"function_call", "tool_call"})
"""Speakers of ShareGPT whose words are a call, {"name": ..., "arguments": ...} as JSON."""
WEIGHTS = {"": True, "1": True, "1.0": True, "0": False, "0.0": False}
"""Whether an answer of that `weight` (OpenAI's key of a message) is learned, as written; "" where there is none."""
MERGE = "data.merge_turns=true"


@dataclass
class ChatReader:
    """Makes Chat rows and remembers what it changed, for the notices.

    answers: conversations must end with an answer; False keeps them as they are, to be answered.
    """

    where: str
    spec: DataSpec
    answers: bool = True
    trailing: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    unlearned: list[int] = field(default_factory=list)

    def read(self, record: Record, roles: Mapping[str, tuple[str, ...]]) -> Chat | None:
        """Return one conversation that ends with an answer to learn; None when it has none at all.

        roles: "messages", and where there are such columns "system" and "tools".
        Raises DataError T003: an unknown speaker, content that is no text, two messages of one speaker in a row, tools that are none,
        a weight of an answer that is neither 0 nor 1.
        """
        column = roles["messages"][0]
        turns = structured(record.values.get(column))
        if not isinstance(turns, list) or not turns:
            return self._drop(record.number, f'"{column}" holds no conversation', empty=True)
        messages = list(self.messages(record.number, turns))
        system = self._system(record, roles["system"][0]) if "system" in roles else ""
        if system.strip() and messages[0].role != "system":
            messages.insert(0, Message("system", system))
        tools = self._tools(record, roles["tools"][0]) if "tools" in roles else ()
        if not self.answers:
            return Chat(record.number, tuple(messages), tools)
        learned = [message.role == "assistant" and message.learned for message in messages]
        n_kept = max((index for index, is_learned in enumerate(learned, start=1) if is_learned), default=0)
        if n_kept == 0:
            return self._drop(record.number, "no assistant message to learn from")
        if n_kept < len(messages):
            self.trailing.append(record.number)
        kept = tuple(messages[:n_kept])
        if any(not message.content.strip() and not message.tool_calls for message in kept if message.role == "assistant"):
            return self._drop(record.number, "an assistant message is empty", empty=True)
        if any(not message.learned for message in kept):
            self.unlearned.append(record.number)
        return Chat(record.number, kept, tools)

    def messages(self, number: int, turns: list[Any]) -> tuple[Message, ...]:
        """Return the turns of row `number` as messages, joined where one speaker speaks twice and data.merge_turns says so."""
        return tuple(self._alternating(number, [self._message(number, turn, index) for index, turn in enumerate(turns, start=1)]))

    def _drop(self, number: int, reason: str, empty: bool = False) -> None:
        if empty:
            self.empty.append(number)
        self.dropped.append(Dropped(number, reason))

    def _message(self, number: int, turn: Any, index: int) -> Message:
        where = f"{self.where}:{number}"
        if not isinstance(turn, dict):
            raise DataError("T003", f"message {index} is no object with role and content", where=where, fix=f"mend or remove row {number}")
        who = speaker(turn)
        content = content_of(turn)
        if who not in SPEAKERS:
            what = f'message {index} is of "{who}"; known are system, user, assistant, tool (human, gpt, function_call, observation)'
            raise DataError("T003", what, where=where, fix=f"rename the role in row {number} and rows like it, or remove them")
        calls = tuple(_call(call, where, index) for call in _listed(turn.get("tool_calls")))
        if isinstance(content, list):
            content = spoken(content)
        if who in CALLERS and isinstance(content, str):
            calls, content = (
                tuple(_call(call, where, index) for call in _listed(structured(content))) or (_call(content, where, index),),
                "",
            )
        if content is None and calls:
            content = ""
        if not isinstance(content, str):
            what = f"the content of message {index} is not a text (images are not learned)"
            raise DataError("T003", what, where=where, fix=f"remove row {number}, or write its content as a string")
        name, call_id, thought = (str(turn.get(key) or "") for key in ("name", "tool_call_id", "reasoning_content"))
        learned = SPEAKERS[who] != "assistant" or self._learned(turn, index, where, number)
        return Message(SPEAKERS[who], content, calls, call_id, name, thought, learned)

    def _learned(self, turn: dict[str, Any], index: int, where: str, number: int) -> bool:
        """Whether an answer is learned: not when its weight is 0."""
        weight = as_written(turn.get("weight")).strip()
        if weight not in WEIGHTS:
            what = f"the weight of message {index} is {weight[:40]}; an answer is learned (1, or no weight) or only read (0)"
            raise DataError("T003", what, where=where, fix=f"write 0 or 1 in row {number}, or remove the key")
        return WEIGHTS[weight]

    def _system(self, record: Record, column: str) -> str:
        """The system text of a cell: a text, parts of text, or one message."""
        value = structured(record.values.get(column))
        text = spoken(value) if isinstance(value, (list, dict)) else as_written(value)
        if text is None:
            what = f'"{column}" holds no text: {as_written(value)[:60]}'
            raise DataError("T003", what, where=f"{self.where}:{record.number}", fix=f"write row {record.number} as a string")
        return text

    def _tools(self, record: Record, column: str) -> tuple[Mapping[str, Any], ...]:
        """The definitions of the tools a conversation may call, in OpenAI's form; none where the cell is empty."""
        found = structured(record.values.get(column))
        if found is None or (isinstance(found, str) and not found.strip()):
            return ()
        tools = _listed(found)
        if not all(isinstance(tool, dict) for tool in tools) or (not tools and not isinstance(found, list)):
            what = f'"{column}" is no list of tools: {as_written(found)[:60]}'
            raise DataError(
                "T003", what, where=f"{self.where}:{record.number}", fix=f"write a JSON list of tools in row {record.number}, or []"
            )
        return tuple(tool if "function" in tool else {"type": "function", "function": tool} for tool in tools)

    def _alternating(self, number: int, messages: list[Message]) -> list[Message]:
        kept: list[Message] = []
        for message in messages:
            # several tools may answer one turn, each for itself
            if kept and kept[-1].role == message.role != "tool" and not kept[-1].tool_calls and not message.tool_calls:
                if not self.spec.merge_turns:
                    what = f"two {message.role} messages in a row"
                    raise DataError("T003", what, where=f"{self.where}:{number}", fix=MERGE)
                if kept[-1].learned != message.learned:
                    what = "two assistant messages in a row, one of weight 0 and one to learn: they cannot be joined"
                    raise DataError("T003", what, where=f"{self.where}:{number}", fix=f"give both the same weight in row {number}")
                kept[-1] = _together(kept[-1], message)
                if not self.merged or self.merged[-1] != number:
                    self.merged.append(number)
            else:
                kept.append(message)
        return kept

    def notices(self) -> list[Notice]:
        said: list[Notice] = []
        if self.merged:
            said.append(
                Notice(
                    f"{len(self.merged):,} conversations had messages of one speaker in a row, joined: rows {listed(self.merged)}",
                    key=MERGE,
                )
            )
        if self.trailing:
            what = f"{len(self.trailing):,} conversations go on after the last answer to learn; that was cut: rows {listed(self.trailing)}"
            said.append(Notice(what, "only answers are learned", level="warning"))
        empty = set(self.empty)
        if self.unlearned:
            what = f"{len(self.unlearned):,} conversations have answers of weight 0, which are read and not learned: rows "
            said.append(Notice(what + listed(self.unlearned)))
        silent = [drop.number for drop in self.dropped if drop.number not in empty]
        if silent:
            said.append(
                Notice(f"{len(silent):,} conversations have no answer to learn and are not used: rows {listed(silent)}", level="warning")
            )
        return said


def _together(one: Message, other: Message) -> Message:
    """Two messages of one speaker as one; what was thought before each comes before both."""
    thoughts = "\n\n".join(thought for thought in (one.reasoning_content, other.reasoning_content) if thought)
    name = one.name if one.name == other.name else ""
    return Message(one.role, f"{one.content}\n\n{other.content}", name=name, reasoning_content=thoughts, learned=other.learned)


def _listed(value: Any) -> list[Any]:
    """A list as it is, one object alone as a list of it, anything else as none."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _call(call: Any, where: str, index: int) -> Mapping[str, Any]:
    """One tool call in OpenAI's form, its arguments as an object."""
    inner = call.get("function", call) if isinstance(call, dict) else None
    arguments = structured(inner.get("arguments", {})) if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or not isinstance(inner.get("name"), str) or not isinstance(arguments, dict):
        what = f'message {index} calls a tool without "name" and "arguments": {as_written(call)[:80]}'
        raise DataError("T003", what, where=where, fix='write {"name": "TOOL", "arguments": {...}}, or remove the row')
    made: dict[str, Any] = {"type": "function", "function": {**inner, "arguments": arguments}}
    return {**made, "id": call["id"]} if "function" in call and call.get("id") else made
