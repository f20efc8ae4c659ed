"""One answer and whether it was good: KTO data."""

from __future__ import annotations

from afina.data import names
from afina.data.cells import truth
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Feedback

ASKED = ("prompt", "instruction", "question", "query")
ANSWERED = ("completion", "response", "output", "answer")


@register
class FeedbackShape(Shape):
    name = "feedback"
    roles = ("label",)
    optional = ("prompt", "completion", "messages")
    row_type = Feedback
    meaning = "answers marked good or bad"
    templates = True

    def find(self, seen: Evidence) -> list[Layout]:
        label = next((name for name in seen.profiles if names.plain(name) in names.GOOD and seen[name].yes_no), "")
        if not label:
            return []
        truth = seen[label].values <= {"true", "false"}
        chats = seen.looking("messages")
        if len(chats) == 1 and seen[chats[0]].answered:
            roles: dict[str, tuple[str, ...]] = {"messages": (chats[0],), "label": (label,)}
            return [seen.layout(self.name, roles, 0.97 if truth or seen[label].yes_no else 0.8)]
        prompt, completion = seen.called(ASKED), seen.called(ANSWERED)
        if not prompt or not completion:
            return []
        roles = {"prompt": (prompt,), "completion": (completion,), "label": (label,)}
        plainly = (names.plain(prompt), names.plain(completion), names.plain(label)) == ("prompt", "completion", "label")
        thumb = names.plain(label) != "label"
        sure = 0.97 if truth or plainly or thumb else 0.8
        return [seen.layout(self.name, roles, min(sure, 0.7) if seen.left_out(roles) else sure)]

    def accepts(self, roles: dict[str, tuple[str, ...]], seen: Evidence) -> bool:
        return "messages" in roles or {"prompt", "completion"} <= set(roles)

    def row(self, reader: Reader, record: Record) -> Feedback | None:
        written = reader.text(record, "label").strip()
        good = truth(written)
        if not written and reader.answers:
            reader.empty[record.number] = reader.column("label")
            return None
        if good is None and written:
            return reader.drop(record, f'"{reader.column("label")}" is neither true nor false: {written[:40]!r}')
        if "messages" in reader.layout.roles:
            messages = reader.messages(record, "messages")
            if messages is None:
                return None
            answers = [index for index, message in enumerate(messages) if message.role == "assistant"]
            if not answers or answers[-1] == 0:
                return reader.drop(record, f'"{reader.column("messages")}" has no answer')
            return Feedback(record.number, messages[: answers[-1]], messages[answers[-1] : answers[-1] + 1], bool(good))
        prompt = reader.messages(record, "prompt")
        completion = reader.messages(record, "completion") if prompt is not None else None
        if prompt is None or completion is None:
            return None
        return Feedback(record.number, prompt, completion, bool(good))

    def instead(self, layout: Layout) -> str:
        mapping = {role: column for role, column in layout.mapping().items() if role != "label"}
        return f"keep the rows with {layout.mapping()['label']} true, then {as_command(mapping)}"
