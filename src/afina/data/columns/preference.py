"""A better and a worse answer to one prompt: DPO and reward data, plain or conversational, the prompt apart or inside both."""

from __future__ import annotations

from afina.data import names
from afina.data.cells import as_written
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader, common
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Preference

ANSWERS = ("text", "short text", "label", "constant", "messages", "message", "number")


@register
class PreferenceShape(Shape):
    name = "preference"
    roles = ("chosen", "rejected")
    optional = ("prompt",)
    row_type = Preference
    meaning = "prompts with a chosen and a rejected answer"
    templates = True

    def find(self, seen: Evidence) -> list[Layout]:
        chosen, rejected = seen.called(names.CHOSEN), seen.called(names.REJECTED)
        if not chosen or not rejected or any(seen[name].look not in ANSWERS for name in (chosen, rejected)):
            return []
        pairs = [(as_written(record.values.get(chosen)), as_written(record.values.get(rejected))) for record in seen.records]
        same = sum(one == other for one, other in pairs) > 0.5 * len(pairs)
        roles: dict[str, tuple[str, ...]] = {}
        if prompt := self._prompt(seen, chosen, rejected):
            roles["prompt"] = (prompt,)
        roles |= {"chosen": (chosen,), "rejected": (rejected,)}
        kind = "conversations" if seen[chosen].look in ("messages", "message") else "texts"
        reason = f'"{chosen}" and "{rejected}" are {kind}' + (" and mostly equal" if same else "")
        where = f"the prompt is in {prompt}" if prompt else "the prompt is inside both"
        return [seen.layout(self.name, roles, 0.5 if same else 0.98, reason, where)]

    def row(self, reader: Reader, record: Record) -> Preference | None:
        prompt = reader.messages(record, "prompt") if "prompt" in reader.layout.roles else ()
        chosen = reader.messages(record, "chosen") if prompt is not None else None
        rejected = reader.messages(record, "rejected") if chosen is not None else None
        if prompt is None or chosen is None or rejected is None:
            return None
        inside = max(len(prompt) if chosen[: len(prompt)] == prompt == rejected[: len(prompt)] else 0, common(chosen, rejected))
        if inside >= min(len(chosen), len(rejected)):
            return reader.drop(record, f'"{reader.column("chosen")}" and "{reader.column("rejected")}" are the same')
        # the turns in common are the prompt again, or, without one apart, all there is of it
        before = chosen[:inside] if chosen[: len(prompt)] == prompt else (*prompt, *chosen[:inside])
        return Preference(record.number, before, chosen[inside:], rejected[inside:])

    def instead(self, layout: Layout) -> str:
        chosen = layout.mapping()["chosen"]
        if "prompt" not in layout.roles or layout.reasons[0].endswith("conversations"):
            return as_command({"messages": chosen}) + " learns the chosen conversations only"
        return as_command({"prompt": layout.mapping()["prompt"], "completion": chosen}) + " learns the chosen answers only"

    def _prompt(self, seen: Evidence, *answers: str) -> str:
        chats = [name for name in seen.looking("messages", "message") if name not in answers]
        named = [name for name in seen.profiles if names.plain(name) in names.PROMPT and name not in answers and seen[name].look in ANSWERS]
        return (named or chats or [""])[0]
