"""Control tokens of models inside the texts of people."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, Subject, check
from afina.data.checks.entries import Entry

KNOWN = re.compile(
    r"<\|[A-Za-z_][\w ]{1,40}\|>|<\|/?[a-z]+\|?>|\[/?INST\]|<</?SYS>>|</?s>(?!\w)|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk|mask)>"
    r"|\[(?:CLS|SEP|MASK|PAD|UNK)\]|<\uff5c[^<>]{1,40}\uff5c>|<\u3000?endoftext>|<endoftext>"
)


@check("control_tokens")
class ControlTokens(RowCheck):
    """Strings that a model's template uses to begin and end turns; afina encodes them as plain text."""

    fix = "nothing: they are encoded as plain text; remove them if they are debris of an export"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        own = subject.tokenizer.special_tokens if subject.tokenizer else ()
        marked = [re.escape(token) for token in own if len(token) > 2 and not token.isalnum()]
        self.own = re.compile("|".join(marked)) if marked else None

    def wrong(self, entry: Entry) -> str:
        if self.subject.shape == "templated":
            return ""
        found = KNOWN.search(entry.whole) or (self.own.search(entry.whole) if self.own else None)
        return found.group() if found else ""

    def sentence(self, n: str) -> str:
        return f"{n} with control tokens of a model in the text: {', '.join(list(self.kinds)[:5])}"
