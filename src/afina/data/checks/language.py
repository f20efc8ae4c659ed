"""Rows in another language than the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry
from afina.data.checks.leak_field import spoken

SAMPLE = 20_000
LETTERS = 30
"""A shorter text is not judged."""
SURE = 0.95
MAIN = 0.15
"""A language of at least this share of the judged rows is one that the file is in."""
NOISE = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|<[^>]*>|[\d_`{}\[\]|=*/\\]+")


@lru_cache(1)
def _identifier() -> Any:
    # py3langid: 97 languages, 5 MB, only numpy, 0.1 ms a text; on 9,000 rows of the corpus no sure answer was wrong
    from py3langid import langid

    return langid.LanguageIdentifier.from_modelpath(langid.MODEL_DIR / langid.MODEL_FILE, norm_probs=True)


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, "" when it is too short or not sure."""
    bare = NOISE.sub(" ", text[:2000])[:600]
    if sum(char.isalpha() for char in bare) < LETTERS:
        return ""
    code, sure = _identifier().classify(bare)
    return code if sure >= SURE else ""


@check("language")
class Language(Check):
    """Each text field by itself: the prompts of a translation set are in one language, its answers in another."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.step = -(-len(subject.table.records) // SAMPLE) or 1
        self.place = 0
        self.found: dict[str, list[tuple[int, str]]] = {}

    def see(self, entry: Entry) -> None:
        self.place += 1
        if (self.place - 1) % self.step:
            return
        for field, text in spoken(entry):
            if len(text) >= LETTERS and (code := language_of(text)):
                self.found.setdefault(field, []).append((entry.number, code))

    def findings(self) -> Iterable[Finding]:
        strange: dict[int, str] = {}
        main: dict[str, list[str]] = {}
        for field, judged in self.found.items():
            counts = Counter(code for _, code in judged)
            main[field] = [code for code, n in counts.most_common() if n >= MAIN * len(judged)]
            strange |= {number: code for number, code in judged if code not in main[field]}
        if strange and self.place >= 10:
            rows = tuple(sorted(strange))
            counts = Counter(strange.values())
            shown = ", ".join(f"{code} ({n:,})" for code, n in counts.most_common(5))
            usual = ", ".join(dict.fromkeys(code for codes in main.values() for code in codes))
            sampled = f" (of a sample: one row in {self.step})" if self.step > 1 else ""
            what = f"{counted(len(rows))} in another language than the rest ({usual}): {shown}{sampled}"
            details = {"languages": dict(counts), "main": main, "sampled": self.step}
            yield Finding(self.name, "info", rows, what, "look at these rows; remove them if they do not belong", details)
