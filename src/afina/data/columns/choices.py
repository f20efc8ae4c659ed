"""Multiple choice: a question, its options, and which is right, by index, letter or text."""

from __future__ import annotations

import json
import shlex
import string
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from afina.data import names
from afina.data.cells import as_written, options, structured
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import Layout, as_command
from afina.data.columns.reader import Reader
from afina.data.columns.shape import Shape, register
from afina.data.sources.base import Record
from afina.types import Choices, Notice

Scheme = Callable[[str, Sequence[str]], int]
"""(answer as written, options) -> the index of the right one, -1 when it is none."""
ENOUGH = 0.95
MOST_FIXED = 10
"""A column of at most so many different answers is proposed as one of options that every row has."""
QUESTION = names.PROMPT | names.TEXT | {"question_stem", "stem", "ctx", "goal", "premise", "query"}


@register
class ChoicesShape(Shape):
    name = "choices"
    roles = ("prompt", "choices", "answer")
    asked_too = ("choices",)
    row_type = Choices
    meaning = "multiple choice"

    def find(self, seen: Evidence) -> list[Layout]:
        found: list[Layout] = []
        for columns in _option_columns(seen):
            best = max(((scheme(seen.records, columns, name), name) for name in _answer_columns(seen, columns)), default=None, key=_fits)
            if best is None or best[0][1] < ENOUGH:
                continue
            answer = best[1]
            prompt, sure = seen.best([name for name in seen.texts() if name not in (*columns, answer)], QUESTION)
            if not prompt:
                continue
            asked = _with_context(seen, prompt, (*columns, answer))
            roles = {"prompt": asked, "choices": columns, "answer": (answer,)}
            if len(asked) == 2:
                sure = 0.95
            if names.says(answer, names.RIGHT) == 0 or seen.left_out(roles):
                sure = min(sure, 0.7)
            reason = f'"{answer}" names one of the options ({best[0][2]}) in {best[0][1]:.0%} of the rows'
            found.append(seen.layout(self.name, roles, sure, f"options in {', '.join(columns)}", reason))
        return found

    def fill(self, role: str, seen: Evidence, taken: Collection[str]) -> tuple[str, float]:
        if role != "choices":
            return super().fill(role, seen, taken)
        lists = [columns[0] for columns in _option_columns(seen) if len(columns) == 1 and columns[0] not in taken]
        return (lists[0], 0.95) if len(lists) == 1 else ("", 0.0)

    def rows(self, reader: Reader, records: Iterable[Record]) -> Iterator[Choices]:
        columns = reader.layout.roles["choices"]
        answer = reader.layout.roles.get("answer", ("",))[0]
        find, _, how = scheme(reader.table.records, columns, answer)
        if answer:
            reader.said.append(Notice(f'"{answer}" is read as {how}'))
        for record in records:
            prompt, found = reader.text(record, "prompt"), _options(record, columns)
            written = as_written(record.values.get(answer))
            if not prompt.strip() or (not written.strip() and reader.answers):
                reader.empty[record.number] = reader.column("prompt" if not prompt.strip() else "answer")
            elif len(found) < 2:
                reader.drop(record, f'"{reader.column("choices")}" holds fewer than two options')
            elif (index := find(written, found)) < 0 and reader.answers:
                reader.drop(record, f'"{answer}" = "{written[:40]}" is none of the {len(found)} options')
            else:
                yield Choices(record.number, prompt, tuple(found), index)

    def to_type(self, seen: Evidence) -> str:
        """Where no column holds options, one of few different values names one of a fixed set."""
        for answer in seen.labels():
            values = sorted({as_written(record.values.get(answer)).strip() for record in seen.records} - {""})
            prompt, _ = seen.best([name for name in seen.texts() if name != answer], QUESTION)
            if prompt and 1 < len(values) <= MOST_FIXED:
                fixed = ",".join(map(_quoted, values))
                return f"{as_command({'prompt': prompt, 'answer': answer})} {shlex.quote(f'data.choices=[{fixed}]')}"
        return super().to_type(seen)


def _quoted(word: str) -> str:
    """A word as YAML reads it for text."""
    return word if word.isalpha() and word.lower() not in ("true", "false", "null") else json.dumps(word, ensure_ascii=False)


def scheme(records: Iterable[Record], columns: Sequence[str], answer: str) -> tuple[Scheme, float, str]:
    """Return how a column names the right option, in which share of the rows it does, and that in words.

    A text is tried first, then a letter, then an index from 0, then from 1: an index column with a 0 in it counts from 0.
    """
    rows = [(as_written(record.values.get(answer)).strip(), _options(record, columns)) for record in records]
    rows = [(written, found) for written, found in rows if written and len(found) > 1]
    if not rows:
        return _by_text, 0.0, "the option itself"
    shares = [(find, sum(find(*row) >= 0 for row in rows) / len(rows), how) for find, how in SCHEMES]
    return max(shares, key=lambda share: share[1])


def _by_text(written: str, found: Sequence[str]) -> int:
    plain = [option.strip() for option in found]
    return plain.index(written.strip()) if written.strip() in plain else -1


def _by_letter(written: str, found: Sequence[str]) -> int:
    letter = written.strip().strip("().").upper()
    index = string.ascii_uppercase.find(letter) if len(letter) == 1 else -1
    return index if index < len(found) else -1


def _from(base: int) -> Scheme:
    def find(written: str, found: Sequence[str]) -> int:
        text = written.strip()
        index = int(text) - base if text.isascii() and text.isdigit() else -1
        return index if 0 <= index < len(found) else -1

    return find


SCHEMES: tuple[tuple[Scheme, str], ...] = (
    (_by_text, "the option itself"),
    (_by_letter, "a letter"),
    (_from(0), "an index from 0"),
    (_from(1), "an index from 1"),
)


def _fits(found: tuple[tuple[Scheme, float, str], str]) -> tuple[bool, float]:
    """The answer is where the name says so; among those, where most rows fit."""
    (_, share, _), name = found
    return share >= ENOUGH and names.says(name, names.RIGHT) == 1, share


def _options(record: Record, columns: Sequence[str]) -> list[str]:
    if len(columns) == 1:
        return options(record.values.get(columns[0])) or []
    return [text for column in columns if (text := as_written(record.values.get(column))).strip()]


def _option_columns(seen: Evidence) -> list[tuple[str, ...]]:
    """Return the columns of lists of options, and the groups of columns that hold one option each."""
    lists: list[tuple[str, ...]] = [
        (name,)
        for name in seen.looking("list")
        if sum(options(record.values.get(name)) is not None for record in seen.records) > ENOUGH * len(seen.records)
    ]
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name in seen.profiles:
        if found := names.numbered(name):
            groups[found[0]][found[1]] = name
    for stem, marks in groups.items():
        order = sorted(marks)
        letters = "".join(order) == string.ascii_lowercase[: len(order)]
        digits = all(mark.isdigit() for mark in order) and [int(mark) for mark in order] in (
            list(range(len(order))),
            list(range(1, len(order) + 1)),
        )
        if len(order) > 1 and ((stem in names.OPTION and (letters or digits)) or (stem == "" and letters)):
            lists.append(tuple(marks[mark] for mark in order))
    return lists


def _answer_columns(seen: Evidence, columns: Sequence[str]) -> list[str]:
    return [
        name
        for name, profile in seen.profiles.items()
        if name not in columns
        and profile.look in ("label", "constant", "number", "short text", "text", "id")
        and names.plain(name) not in names.METADATA
        and not isinstance(structured(seen.records[0].values.get(name)), (list, dict))
    ]


def _with_context(seen: Evidence, prompt: str, taken: Sequence[str]) -> tuple[str, ...]:
    """A question about a passage is asked with the passage before it."""
    context = [name for name in seen.texts() if name != prompt and name not in taken and names.plain(name) in names.CONTEXT]
    return (context[0], prompt) if len(context) == 1 else (prompt,)
