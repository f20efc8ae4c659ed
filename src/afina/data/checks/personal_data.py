"""Personal data in the texts: e-mail, phone, IBAN, card, IP address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from afina.data.checks.base import Check, Finding, Subject, check, counted
from afina.data.checks.entries import Entry

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![\w-])")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
CARD = re.compile(r"(?<![\d.,-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![\d-])")
PREFIX = re.compile(r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6(?:011|5|4[4-9])|35(?:2[89]|[3-8])|30[0-5]|36|38")
IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\w:])")
VERSION = re.compile(r"(?:version|versi\u00f3n|release|build|\bv)\.?\s*$", re.IGNORECASE)
PHONE = re.compile(
    r"(?<![\w.+-])(?:"
    r"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}"  # international
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}"  # North American
    r"|[6789]\d{2}(?: \d{3}){2}|[6789]\d{2}(?: \d{2}){3}|0\d{2,4}[ /-]\d{6,8}"  # Spanish, Italian, German, British
    r")(?![\w]|[.,-]\d)"
)
CALLED = re.compile(
    r"(?:\b(?:call|phone|tel|telephone|mobile|cell|fax|ring|text|txt|sms|whatsapp|dial|tel\u00e9fono|m\u00f3vil|llam\w+|chiama\w*|"
    r"telefono|cellulare|tel\u00e8fon|m\u00f2bil|truca\w*)\b[^\d\n]{0,25})(\+?\d{9,13})(?!\d)",
    re.IGNORECASE,
)
NUMBERS = re.compile(r"\d[\d .()/-]{5,}\d|:[0-9A-Fa-f]{0,4}:")
"""What every number below holds; most texts do not, and are passed over."""
NOBODY = ("0.0.0.0", "127.0.0.1", "255.255.255.255")


class Span(NamedTuple):
    """Where in a text personal data of a kind stands: "email", "phone", "iban", "card" or "ip"."""

    kind: str
    start: int
    end: int


def find_personal(text: str) -> list[Span]:
    """Return the personal data of a text, none overlapping, in order. Checked by sum where there is one: IBAN (mod 97), card (Luhn)."""
    taken: list[Span] = []
    if "@" in text:
        taken += _spans("email", EMAIL, text)
    if NUMBERS.search(text):
        taken += _spans("iban", IBAN, text, is_iban)
        taken += _spans("card", CARD, text, is_card)
        taken += [Span("ip", *match.span()) for pattern in (IPV4, IPV6) for match in pattern.finditer(text) if _is_address(match, text)]
        taken += _spans("phone", PHONE, text, _is_phone)
        taken += [Span("phone", *match.span(1)) for match in CALLED.finditer(text)]
    found: list[Span] = []
    for span in sorted(taken, key=lambda span: (span.start, -span.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


def _spans(kind: str, pattern: re.Pattern[str], text: str, holds: Callable[[str], bool] = bool) -> Iterator[Span]:
    return (Span(kind, *match.span()) for match in pattern.finditer(text) if holds(match.group()))


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616: the number modulo 97 is 1)."""
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether a number has a known issuer's prefix, 13 to 19 digits and a right Luhn sum."""
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 2 or not PREFIX.match("".join(map(str, digits))):
        return False
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_phone(text: str) -> bool:
    return 9 <= sum(char.isdigit() for char in text) <= 15


def _is_address(match: re.Match[str], text: str) -> bool:
    if VERSION.search(text[max(0, match.start() - 12) : match.start()]):
        return False
    try:
        return str(ipaddress.ip_address(match.group())) not in NOBODY
    except ValueError:
        return False


@check("personal_data")
class PersonalData(Check):
    """Rows with personal data, by kind."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.kinds: dict[str, list[int]] = {}

    def see(self, entry: Entry) -> None:
        for kind in {span.kind for span in find_personal(entry.whole)}:
            self.kinds.setdefault(kind, []).append(entry.number)

    def findings(self) -> Iterable[Finding]:
        rows = tuple(sorted({row for found in self.kinds.values() for row in found}))
        if rows:
            shown = ", ".join(f"{kind} ({len(found):,})" for kind, found in sorted(self.kinds.items()))
            details = {"kinds": {kind: len(found) for kind, found in self.kinds.items()}, "rows": self.kinds}
            what = f"{counted(len(rows))} with personal data: {shown}"
            yield Finding(self.name, "warning", rows, what, "data.personal_data=mask", details)
