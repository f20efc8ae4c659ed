"""data.unescape_html: entities read as their characters. Tags stay."""

from __future__ import annotations

import html
import re
from html.entities import html5

from afina.data.clean.base import repair

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@repair("unescape_html", 20, "it held HTML entities")
def unescape_html(text: str) -> str:
    """Return the text with whole entities (`&amp;`, not `&amp`: an address may hold that) as characters, also those escaped twice."""
    while "&" in text and (made := ENTITY.sub(_character, text)) != text:
        text = made
    return text


def _character(found: re.Match[str]) -> str:
    entity = found.group()
    return html.unescape(entity) if entity[1] == "#" or entity[1:] in html5 else entity
