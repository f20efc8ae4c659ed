"""Texts that the model's tokenizer does not know: unknown tokens, or a language cut into crumbs."""

from __future__ import annotations

from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.checks.language import language_of
from afina.data.overlap import UNSPACED, words

UNKNOWN = ("<unk>", "[UNK]", "<|unk|>", "\u2581<unk>")
TIMES = 2.5
FEW = 5
"""Texts of a language, below which its tokens per word say nothing."""
SAMPLE = 20_000
UNSPACED_WORD = 2
"""Characters of a word in a script without spaces, about."""


@check("coverage")
class Coverage(Check):
    """Rows with unknown tokens, and languages with over 2.5 times the tokens per word of the one the tokenizer knows best."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        tokenizer = subject.tokenizer
        ids = [tokenizer.id_of(token) for token in UNKNOWN] if tokenizer else []
        self.unknown_ids = frozenset(index for index in ids if index is not None)
        self.step = -(-len(subject.table.records) // SAMPLE) or 1
        self.place = 0
        self.unknown: list[int] = []
        self.languages: dict[str, list[tuple[int, int, float]]] = {}

    def see(self, entry: Entry) -> None:
        self.place += 1
        if self.subject.tokenizer is None or (self.place - 1) % self.step:
            return
        ids = [index for text in entry.texts.values() for index in self.subject.tokenizer.encode(text)]
        if self.unknown_ids.intersection(ids):
            self.unknown.append(entry.number)
        if code := language_of(entry.whole):
            self.languages.setdefault(code, []).append((entry.number, len(ids), n_words(entry.whole)))

    def findings(self) -> Iterable[Finding]:
        each = {
            code: sum(n for _, n, _ in rows) / max(1, sum(words for _, _, words in rows))
            for code, rows in self.languages.items()
            if len(rows) >= FEW
        }
        best = min(each.values(), default=0.0)
        poor = {code: n for code, n in each.items() if n > TIMES * best}
        rows = tuple(sorted({*self.unknown, *(number for code in poor for number, _, _ in self.languages[code])}))
        if rows:
            said = [f"{len(self.unknown):,} with unknown tokens"] if self.unknown else []
            said += [f"{code}: {n:.1f} tokens a word against {best:.1f}" for code, n in poor.items()]
            what = f"{counted(len(rows))} that the tokenizer covers badly: {'; '.join(said)}"
            details = {"tokens_per_word": each, "unknown": self.unknown}
            yield Finding(self.name, "warning", rows, what, "--model with a tokenizer that knows these characters and languages", details)


def n_words(text: str) -> float:
    """Return about how many words a text has, in scripts without spaces too."""
    return len(words(text)) - (1 - 1 / UNSPACED_WORD) * len(UNSPACED.findall(text))
