"""data_report.html: one page of what a check of a file found; every number opens the rows behind it.

The page asks nobody for anything: no script, no font, no image, and a content policy that lets only its own style sheet through (by its
hash). It shows other people's texts, so everything is escaped.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

from afina.data.checks.base import Finding
from afina.data.checks_page.histogram import histogram
from afina.data.examine import SHOWN_ROWS, Examination
from afina.data.outputs import check_place, unwritable

FOLDER = Path(__file__).parent
LEVELS = {"error": "must be mended", "warning": "should be looked at", "info": "worth knowing"}


def write_page(found: Examination, path: Path) -> Path:
    """Write the page; a reader of the path sees the old one or the new one. Raises DiskError I001, I003 when it cannot be written."""
    check_place(path, "--report")
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        staged.write_bytes(render(found).encode("utf-8", "replace"))
        os.replace(staged, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            staged.unlink()
        raise unwritable(error, path, "--report") from error
    return path


def render(found: Examination) -> str:
    """Return the page as HTML."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["count"] = lambda n: f"{n:,}"
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    groups = [(level, words, [_part(one, found) for one in found.findings if one.level == level]) for level, words in LEVELS.items()]
    parts = [{"level": level, "words": words, "findings": findings} for level, words, findings in groups if findings]
    drawn = histogram(found.lengths, found.max_length)
    page = environment.get_template("page.html")
    return page.render(style=style, style_hash=f"sha256-{digest}", found=found, parts=parts, lengths=drawn)


def _part(finding: Finding, found: Examination) -> dict[str, Any]:
    """One finding: its rows with the beginning of their text as far as kept, then the numbers of all."""
    more = max(0, finding.n_rows - SHOWN_ROWS)
    return {
        "name": finding.check.replace("_", " "),
        "what": finding.what,
        "fix": finding.fix,
        "n": finding.n_rows,
        "rows": [(number, found.texts.get(number, "")) for number in finding.rows[:SHOWN_ROWS]],
        "more": more,
        "all": ", ".join(map(str, finding.rows)) if more else "",
    }
