"""Prompts without answers."""

from __future__ import annotations

from afina.data import names
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Prompt


@register
class PromptShape(Shape):
    name = "prompt"
    roles = ("prompt",)
    row_type = Prompt
    meaning = "prompts without answers"
    templates = True

    def find(self, seen: Evidence) -> list[Layout]:
        chats = [name for name in seen.looking("messages") if not seen[name].answered]
        texts = [name for name in seen.looking("text", "short text") if names.plain(name) in names.PROMPT]
        found: list[Layout] = []
        for name in chats or texts:
            roles = {"prompt": (name,)}
            others = [
                other
                for other in seen.unused(roles)
                if names.plain(other) not in names.METADATA
                and seen[other].look in ("text", "short text", "label", "messages", "message", "list")
            ]
            sure = 0.97 if names.plain(name) in ("prompt", "prompts") else 0.95
            found.append(
                seen.layout(
                    self.name,
                    roles,
                    0.7 if others or len(chats or texts) > 1 or seen[name].templated >= 0.2 else sure,
                    f"{name} asks, and nothing answers",
                )
            )
        return found

    def row(self, reader: Reader, record: Record) -> Prompt | None:
        prompt = reader.messages(record, "prompt")
        return Prompt(record.number, prompt) if prompt else None

    def instead(self, layout: Layout) -> str:
        return f"add a column with the answers, or {as_command({'text': layout.mapping()['prompt']})} to learn the prompts as running text"
