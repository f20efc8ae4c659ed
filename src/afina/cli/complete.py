"""What the Tab key offers after `afina train`: recipe keys, their values, names of runs. Importing this loads nothing heavy.

`afina --install-completion` puts the script of bash, zsh or fish in place; the shell then runs `afina` with _AFINA_COMPLETE set.
"""

from __future__ import annotations

import os
from pathlib import Path

import typer

Offer = tuple[str, str]


def settings(context: typer.Context, incomplete: str) -> list[Offer]:
    """Return the `key=value` words that `incomplete` can become, of all recipe keys."""
    return _settings(context.params.get("overrides") or [], incomplete, "")


def data_settings(context: typer.Context, incomplete: str) -> list[Offer]:
    """The same for verbs that take keys of the data alone."""
    return _settings(context.params.get("overrides") or context.params.get("keys") or [], incomplete, "data")


def _settings(given: list[str], incomplete: str, section: str) -> list[Offer]:
    from afina.cli.offers import keys, values

    if _in_bash() and given and given[-1].endswith("="):
        return values(given[-1][:-1], incomplete)
    key, sign, value = incomplete.partition("=")
    if sign:
        return [(f"{key}={offer}", about) for offer, about in values(key, value)]
    found = dict(keys(incomplete, given, section))
    if len(found) != 1:
        return [(f"{key}=", about) for key, about in found.items()]
    # One key: its values at once. Several words of one beginning also keep bash from putting a space after "=".
    ((key, about),) = found.items()
    return [(f"{key}=", about), *((f"{key}={offer}", about) for offer, about in values(key, ""))]


def _in_bash() -> bool:
    return os.environ.get("_AFINA_COMPLETE") == "complete_bash"


def join_words() -> None:
    """Put together the words that bash cut at "=" (COMP_WORDBREAKS), before they are read.

    `key`, `=`, `value` becomes one word before the cursor; at the cursor `key=` and what is typed of the value, as bash wants back no more.
    """
    if not _in_bash():
        return
    words, at = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
    before, typed = words[:at], words[at] if at < len(words) else ""
    if typed == "=":
        before, typed = [*before, typed], ""
    joined: list[str] = []
    for word in before:
        if joined and (word == "=" or joined[-1].endswith("=")):
            joined[-1] += word
        else:
            joined.append(word)
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = "\n".join([*joined, typed]), str(len(joined))


def runs(incomplete: str) -> list[Offer]:
    """Return "last" and the names of runs, newest first."""
    from afina.run import listing

    found = [("last", "the newest run"), *((run.name, str(run.facts().get("data", ""))) for run in listing(Path("runs")))]
    return [offer for offer in found if offer[0].startswith(incomplete)]
