"""A prompt and its answer. Alpaca's input and the passage of a question are part of the prompt; a history makes it a conversation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from afina.data import names
from afina.data.cells import as_written, is_messages, structured
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout
from afina.data.columns.pair import FEW
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.errors import DataError
from afina.types import Chat, Completion, Message

ASKS = ("question", "query", "problem", "prompt", "pregunta", "domanda")


@register
class CompletionShape(Shape):
    name = "completion"
    roles = ("prompt", "completion")
    optional = ("system",)
    row_type = Completion
    meaning = "prompts with answers"
    templates = True

    def find(self, seen: Evidence) -> list[Layout]:
        found: list[Layout] = []
        for rank, (ask, reply) in enumerate(names.PAIRS):
            prompt, completion = seen.called((ask,)), seen.called((reply,))
            if prompt and completion and seen.is_written(prompt) and seen.is_written(completion):
                found.append(self._known(seen, ask, prompt, completion, rank))
        if not found:
            found = self._named(seen)
        return sorted(found, key=lambda layout: -layout.confidence)[:3]

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role in self.optional:
            return "", 0.0
        columns = [name for name in seen.profiles if name not in taken and seen[name].look in ("text", "short text", "label")]
        name, sure = seen.best(columns, names.PROMPT if role == "prompt" else names.COMPLETION)
        return name, sure

    def rows(self, reader: Reader, records: Iterable[Record]) -> Iterator[Completion | Chat]:
        histories = [column for column in reader.layout.roles["prompt"] if names.plain(column) in names.HISTORY]
        with_system = "system" in reader.layout.roles
        for record in records:
            turns, rest = _earlier(reader, record, histories) if histories else ((), record)
            found = reader.texts(rest, "completion")
            if found is None:
                continue
            system = reader.text(record, "system") if with_system else ""
            if not system.strip() and not turns:
                yield Completion(record.number, found["prompt"], found["completion"])
                continue
            first = (Message("system", system),) if system.strip() else ()
            last = (Message("assistant", found["completion"]),) if found["completion"].strip() else ()
            yield Chat(record.number, (*first, *turns, Message("user", found["prompt"]), *last))

    def _known(self, seen: Evidence, ask: str, prompt: str, completion: str, rank: int) -> Layout:
        context = _context(seen, ask, prompt, completion)
        asked = tuple(column for column in ((prompt, context) if ask == "instruction" else (context, prompt)) if column)
        history, system = seen.called(names.HISTORY), seen.called(names.SYSTEM)
        history = history if history and seen[history].look in ("nested", "list", "messages") else ""
        system = system if system and seen[system].look in ("text", "short text", "label", "constant") else ""
        roles = {"prompt": (*asked, history) if history else asked, "completion": (completion,)} | ({"system": (system,)} if system else {})
        exact = ask == "instruction" and bool(context) and names.plain(completion) == "output"
        sure = 0.99 if exact else 0.7 if seen.left_out(roles) else 0.95
        few = seen[completion].could_label
        if ask in ASKS and context and few and seen[completion].n_distinct <= FEW:
            sure = min(sure, 0.8)  # a judgement of two texts
        reasons = [f'"{prompt}" and "{completion}" are a known pair']
        reasons += [f'"{context}" is part of the prompt where it is not empty'] if context else []
        reasons += [f'"{column}" makes it a conversation' for column in (history, system) if column]
        if few:
            n = seen[completion].n_distinct
            reasons.append(f'"{completion}" has only {n} different values: objective=classify would learn them as classes')
        return seen.layout(self.name, roles, sure - 0.0001 * rank, *reasons)

    def _named(self, seen: Evidence) -> list[Layout]:
        """Names that only hold a word of the vocabulary, like "user_question" and "bot_answer"."""
        written = [name for name in seen.profiles if seen[name].look in ("text", "short text") and seen.is_written(name)]
        prompt, prompt_sure = seen.best([name for name in written if names.says(name, names.PROMPT)], names.PROMPT)
        answers = [name for name in written if names.says(name, names.COMPLETION) and name != prompt]
        completion, completion_sure = seen.best(answers, names.COMPLETION)
        if not prompt or not completion:
            return []
        roles = {"prompt": (prompt,), "completion": (completion,)}
        sure = 0.7 if seen.left_out(roles) or seen[completion].could_label else min(0.9, prompt_sure, completion_sure)
        return [seen.layout(self.name, roles, sure)]


def _context(seen: Evidence, ask: str, prompt: str, completion: str) -> str:
    """Return the column that an instruction or a question is about; "" without one."""
    if ask == "instruction":
        found = seen.called(("input", "context"))
        return found if found and (seen.is_written(found) or seen[found].look == "empty") else ""
    texts = [name for name in seen.texts() if names.plain(name) in names.CONTEXT and name not in (prompt, completion)]
    return texts[0] if ask in ASKS and texts and seen.is_written(texts[0]) else ""


def _earlier(reader: Reader, record: Record, histories: Sequence[str]) -> tuple[tuple[Message, ...], Record]:
    """Return the earlier turns that the histories among the prompt's columns hold, and the record without them.

    A history is Alpaca's [[asked, answered], ...], the earliest first, or messages. Raises DataError T003 when it is neither.
    """
    turns: tuple[Message, ...] = ()
    values = record.values
    for column in histories:
        history = structured(values.get(column))
        if not isinstance(history, list):
            continue
        values = {**values, column: ""}
        if is_messages(history):
            turns += reader.chats.messages(record.number, history)
        elif all(isinstance(pair, list) and len(pair) == 2 for pair in history):
            turns += tuple(
                Message(role, as_written(said)) for pair in history for role, said in zip(("user", "assistant"), pair, strict=True)
            )
        else:
            what = f'"{column}" is no list of [asked, answered]: {as_written(history)[:60]}'
            raise DataError(
                "T003", what, where=f"{reader.table.where}:{record.number}", fix=f"mend row {record.number}, or empty the field"
            )
    return turns, Record(record.number, values)
