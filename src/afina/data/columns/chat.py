"""Conversations: OpenAI's messages, ShareGPT's conversations, with tools and a system text beside them."""

from __future__ import annotations

from afina.data import names
from afina.data.cells import spoken, structured
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Chat


@register
class ChatShape(Shape):
    name = "chat"
    roles = ("messages",)
    optional = ("system", "tools")
    row_type = Chat
    meaning = "conversations"

    def find(self, seen: Evidence) -> list[Layout]:
        chats = seen.looking("messages")
        named = [name for name in chats if names.plain(name) in names.CHAT]
        return [self._reading(seen, name, len(chats) == 1 or named == [name]) for name in chats]

    def _reading(self, seen: Evidence, name: str, alone: bool) -> Layout:
        roles: dict[str, tuple[str, ...]] = {"messages": (name,)}
        tools, system = seen.called(names.TOOLS), seen.called(names.SYSTEM)
        unread = False
        if system and seen[system].look != "empty":
            unread = not _is_spoken(seen, system)
            roles |= {} if unread else {"system": (system,)}
        if tools and seen[tools].look in ("list", "nested", "text", "short text", "label", "constant"):
            roles["tools"] = (tools,)
        label = seen.called(("label", "labels", "chosen", "rejected"))
        sure = 0.98 if alone and not label and not unread and seen[name].answered else 0.6
        reason = f"{name} holds lists of role and content" + ("" if seen[name].answered else ", none of the assistant")
        return seen.layout(self.name, roles, sure, reason, *(f"{role} = {roles[role][0]}" for role in ("system", "tools") if role in roles))

    def row(self, reader: Reader, record: Record) -> Chat | None:
        return reader.chats.read(record, reader.layout.roles)


def _is_spoken(seen: Evidence, column: str) -> bool:
    """Whether every cell is text: as it stands, in parts, or as one message."""
    cells = [structured(record.values.get(column)) for record in seen.records]
    return all(spoken(cell) is not None for cell in cells if isinstance(cell, (list, dict)))
