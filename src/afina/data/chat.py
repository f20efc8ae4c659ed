"""Conversations as people store them (OpenAI's messages, ShareGPT's conversations) to Chat rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
}
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

    def read(self, record: Record, column: str) -> Chat | None:
        """Return one conversation that ends with an answer; None when it has no answer at all.

        Raises DataError T003: an unknown speaker, content that is no text, or two messages of one speaker in a row.
        """
        turns = record.values.get(column)
        if not isinstance(turns, list) or not turns:
            return self._drop(record.number, f'"{column}" holds no conversation', empty=True)
        messages = [self._message(record.number, turn, index) for index, turn in enumerate(turns, start=1)]
        messages = self._alternating(record.number, messages)
        if not self.answers:
            return Chat(record.number, tuple(messages))
        n_kept = max((index for index, message in enumerate(messages, start=1) if message.role == "assistant"), default=0)
        if n_kept == 0:
            return self._drop(record.number, "no assistant message to learn from")
        if n_kept < len(messages):
            self.trailing.append(record.number)
        kept = tuple(messages[:n_kept])
        if any(not message.content.strip() for message in kept if message.role == "assistant"):
            return self._drop(record.number, "an assistant message is empty", empty=True)
        return Chat(record.number, kept)

    def _drop(self, number: int, reason: str, empty: bool = False) -> None:
        if empty:
            self.empty.append(number)
        self.dropped.append(Dropped(number, reason))

    def _message(self, number: int, turn: dict[str, Any], index: int) -> Message:
        speaker = str(turn.get("role", turn.get("from", "")))
        content = turn.get("content", turn.get("value"))
        where = f"{self.where}:{number}"
        if speaker.lower() not in SPEAKERS:
            what = f'message {index} is of "{speaker}"; known are system, user, assistant (human, gpt). Tool calls are not learned yet'
            raise DataError(
                "T003", what, where=where, fix=f"remove row {number} and the other rows with tools, or rename the role to user or assistant"
            )
        if isinstance(content, list):
            content = _joined_parts(content)
        if not isinstance(content, str) or turn.get("tool_calls"):
            kind = "a tool call" if turn.get("tool_calls") else "not a text (images and tool calls are not learned yet)"
            raise DataError(
                "T003",
                f"the content of message {index} is {kind}",
                where=where,
                fix=f"remove row {number}, or write its content as a string",
            )
        return Message(SPEAKERS[speaker.lower()], content)

    def _alternating(self, number: int, messages: list[Message]) -> list[Message]:
        kept: list[Message] = []
        for message in messages:
            if kept and kept[-1].role == message.role:
                if not self.spec.merge_turns:
                    what = f"two {message.role} messages in a row"
                    raise DataError("T003", what, where=f"{self.where}:{number}", fix=MERGE)
                kept[-1] = Message(message.role, f"{kept[-1].content}\n\n{message.content}")
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
            what = f"{len(self.trailing):,} conversations go on after the last answer; that was cut: rows {listed(self.trailing)}"
            said.append(Notice(what, "only answers are learned", level="warning"))
        silent = [drop.number for drop in self.dropped if drop.number not in set(self.empty)]
        if silent:
            said.append(Notice(f"{len(silent):,} conversations have no answer and are not used: rows {listed(silent)}", level="warning"))
        return said


def _joined_parts(parts: list[Any]) -> str | None:
    """OpenAI's content parts: texts are joined, anything else makes it no text."""
    texts = [part.get("text") if isinstance(part, dict) and part.get("type", "text") == "text" else None for part in parts]
    return "".join(text for text in texts if isinstance(text, str)) if all(isinstance(text, str) for text in texts) else None
