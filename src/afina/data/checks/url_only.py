"""Texts that are only a link."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry

LINK = re.compile(r"\s*(?:(?:https?://|www\.)\S+(?:\s+|$))+")


@check("url_only")
class UrlOnly(RowCheck):
    """A text or answer that holds nothing but one link or several."""

    fix = "remove these rows, or put the text that the link leads to"

    def wrong(self, entry: Entry) -> str:
        return "link" if any(LINK.fullmatch(text) for text in entry.texts.values()) else ""

    def sentence(self, n: str) -> str:
        return f"{n} whose text is only a link"
