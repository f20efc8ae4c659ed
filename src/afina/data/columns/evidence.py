"""What is known of a table's columns when their meaning is sought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from afina.data import names
from afina.data.cells import as_written, content_of, is_turn, structured
from afina.data.columns.layout import Layout
from afina.data.profile import Profile, profiles, sample
from afina.data.sources.base import Record, Table

LONG_WORDS = 5
"""A column with at least this many words a row is content: leaving it out must be the person's choice."""


@dataclass(frozen=True)
class Evidence:
    """profiles: one a column, in the order of the file. records: the rows they were made from."""

    profiles: Mapping[str, Profile]
    records: Sequence[Record]

    @classmethod
    def of(cls, table: Table) -> Evidence:
        records = list(sample(table))
        return cls(profiles(table, records), records)

    def __getitem__(self, column: str) -> Profile:
        return self.profiles[column]

    def called(self, vocabulary: Iterable[str]) -> str:
        """Return the first column whose name is a word of the vocabulary (the vocabulary's order where it has one); "" without one."""
        by_name = {names.plain(name): name for name in reversed(list(self.profiles))}
        ordered = (
            vocabulary
            if isinstance(vocabulary, (tuple, list))
            else [name for name in map(names.plain, self.profiles) if name in vocabulary]
        )
        return next((by_name[word] for word in ordered if word in by_name), "")

    def looking(self, *looks: str) -> list[str]:
        """Return the columns that look like one of these."""
        return [name for name, profile in self.profiles.items() if profile.look in looks]

    def texts(self) -> list[str]:
        """Return the columns of free text: long ones, and those whose very name says text."""
        return [name for name in self.profiles if self.is_text(name)]

    def bodies(self, taken: Collection[str] = ()) -> list[str]:
        """Return the columns of free text that are not taken, headlines only where they head nothing."""
        found = [name for name in self.texts() if name not in taken]
        return [name for name in found if names.plain(name) not in names.HEADLINE] or found

    def is_text(self, column: str) -> bool:
        profile = self[column]
        return profile.look == "text" or (
            profile.look in ("short text", "label", "constant") and names.says(column, names.TEXT) == 1 and not profile.could_score
        )

    def is_written(self, column: str) -> bool:
        """Whether a column could be something said: a prompt, an answer."""
        return self[column].look in ("text", "short text", "label", "constant", "number", "id") and not self[column].templated >= 0.5

    def best(self, columns: Iterable[str], vocabulary: frozenset[str]) -> tuple[str, float]:
        """Return the column whose name fits best, and how sure that is: 0.5 when two fit alike, "" and 0 when there is none."""
        scored = sorted(((names.says(name, vocabulary), -index, name) for index, name in enumerate(columns)), reverse=True)
        if not scored:
            return "", 0.0
        best, _, name = scored[0]
        if len(scored) == 1:
            return name, 0.99 if best == 1 else 0.92
        second = scored[1][0]
        if best == 1 and second < 1:
            return name, 0.95
        return name, 0.9 if best > second else 0.5

    def labels(self, taken: Collection[str] = ()) -> list[str]:
        """Return the columns that could be a class; where a row is from counts only when nothing else could."""
        found = [name for name, profile in self.profiles.items() if profile.could_label and name not in taken]
        return [name for name in found if names.plain(name) not in names.ORIGIN] or found

    def indicators(self) -> list[str]:
        """Return the columns of yes and no that could be one class each: the largest group that spells them alike."""
        groups: dict[frozenset[str], list[str]] = {}
        for name, profile in self.profiles.items():
            if profile.yes_no and len(profile.values) == 2 and names.plain(name) not in names.METADATA:
                groups.setdefault(profile.values, []).append(name)
        return max(groups.values(), key=len, default=[])

    def with_headline(self, text: str) -> tuple[str, ...]:
        """Return a text's column, after that of its headline where there is one: a subject, a title."""
        heads = [name for name in self.looking("text", "short text") if names.plain(name) in names.HEADLINE and name != text]
        return (heads[0], text) if len(heads) == 1 else (text,)

    def left_out(self, roles: Mapping[str, tuple[str, ...]], but: frozenset[str] = names.METADATA) -> list[str]:
        """Return the columns of real content that a reading would not use. but: names that do not count."""
        return [
            name
            for name in self.unused(roles)
            if names.plain(name) not in but
            and (
                self[name].look in ("nested", "messages", "message", "list")
                or (self[name].look == "text" and self[name].mean_words >= LONG_WORDS)
            )
            and not self._repeats(name, roles)
        ]

    def _repeats(self, column: str, roles: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether all that a column says is said by the columns in use: Argilla's `inputs` hold the text once more."""
        for record in self.records:
            used = {as_written(record.values.get(name)) for columns in roles.values() for name in columns}
            if not used.issuperset(_sayings(structured(record.values.get(column)))):
                return False
        return bool(self.records)

    def unused(self, roles: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        used = {column for columns in roles.values() for column in columns}
        return tuple(name for name in self.profiles if name not in used)

    def layout(self, shape: str, roles: Mapping[str, tuple[str, ...]], sure: float, *reasons: str) -> Layout:
        """Return a reading of the table; without reasons the columns' looks are the reasons."""
        said = reasons or tuple(
            f"{role} = {'+'.join(columns)} ({self[columns[0]].describe()})" for role, columns in roles.items() if columns
        )
        return Layout(shape, dict(roles), sure, said, self.unused(roles))


def _sayings(value: Any) -> Iterator[str]:
    """Yield all texts in a value, however deep; of a turn what is said, not who says it."""
    if is_turn(value):
        yield from _sayings(content_of(value))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _sayings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _sayings(inner)
    elif text := as_written(value):
        yield text
