"""HTML that an export left in the texts."""

from __future__ import annotations

import re

from afina.data.checks.base import RowCheck, check
from afina.data.checks.entries import Entry

NAMES = "amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip|[lr][sd]quo|szlig|euro|copy|reg|bull|iexcl|iquest"
LETTERS = "[a-z](?:acute|grave|circ|uml|tilde|cedil)"
ENTITY = re.compile(f"&(?:{NAMES}|{LETTERS}|#\\d{{2,6}}|#x[0-9a-f]{{2,5}});", re.IGNORECASE)
TAGS = "p|br|div|span|a|b|i|u|em|strong|ul|ol|li|table|tr|td|th|h[1-6]|img|font|hr|blockquote|center|small|sub|sup"
TAG = re.compile(f"</(?:{TAGS})>|<(?:br|hr|img|p|div|span|a|font)(?:\\s[^<>]*)?/?>", re.IGNORECASE)
CODE = re.compile(r"```|<!doctype|<html|<head|<body|<script|\bhtml\b|\bcss\b|\bxml\b|\btags?\b|\bweb ?(?:site|page)", re.IGNORECASE)
"""Rows that are about HTML may hold it."""


@check("html")
class Html(RowCheck):
    """Entities or tags in a text that is not about HTML."""

    def wrong(self, entry: Entry) -> str:
        text = entry.whole
        if "&" in text and ENTITY.search(text):
            return "" if CODE.search(text) else "entities"
        if "<" in text and TAG.search(text):
            return "" if CODE.search(text) else "tags"
        return ""

    @property
    def fix(self) -> str:
        """Tags are no entities: no key takes them out."""
        ways = {"entities": "data.unescape_html=true", "tags": "export the file again as plain text, or remove the tags"}
        return "; ".join(way for kind, way in ways.items() if kind in self.kinds)

    def sentence(self, n: str) -> str:
        return f"{n} with HTML left in the text: {', '.join(f'{kind} ({count:,})' for kind, count in self.kinds.items())}"
