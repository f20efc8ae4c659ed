"""General text, on which a tuned model shows what it forgot: a few pages that come with afina, or a person's own."""

from __future__ import annotations

from importlib import resources

from afina.data.prepare import read
from afina.errors import AfinaError
from afina.recipe.schema import DataSpec
from afina.types import Text

BUNDLED, NONE = "bundled", "none"
MOST_CHARACTERS = 40_000
"""Of a person's own text; about ten thousand tokens, so that the measure costs seconds."""


def general_rows(source: str) -> tuple[list[Text], str]:
    """Return the documents of a general text, and what was left out of it.

    source: `eval.general_text`. Raises what reading a data file raises.
    """
    if source == BUNDLED:
        text = resources.files("afina.data").joinpath("general.txt").read_text(encoding="utf-8")
        return [Text(number, document) for number, document in enumerate(text.strip().split("\n\n"), 1)], ""
    try:
        rows = [row for row in read(DataSpec(path=source, validation=0.0, test=0.0), "lm").rows if isinstance(row, Text)]
    except AfinaError as error:
        error.fix = error.fix.replace("data.path=", "eval.general_text=")
        raise
    kept: list[Text] = []
    n_characters = 0
    for row in rows:
        n_characters += len(row.text)
        if kept and n_characters > MOST_CHARACTERS:
            break
        kept.append(row)
    left = len(rows) - len(kept)
    return kept, f"its first {len(kept):,} of {len(rows):,} documents" if left else ""
