"""data.personal_data=mask: what names a person, by what it is."""

from __future__ import annotations

from afina.data.clean.base import repair


@repair("personal_data", 50, "it held personal data")
def mask(text: str) -> str:
    """Return the text with each e-mail address, phone number, IBAN, card number and IP address as [email], [phone], [iban] ..."""
    from afina.data.checks.personal_data import find_personal

    for span in reversed(find_personal(text)):
        text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
    return text


def has_personal(value: object) -> bool:
    """Whether any text inside a value holds personal data."""
    from afina.data.checks.personal_data import find_personal

    if isinstance(value, str):
        return bool(find_personal(value))
    if isinstance(value, dict):
        return any(map(has_personal, value.values()))
    return isinstance(value, list) and any(map(has_personal, value))
