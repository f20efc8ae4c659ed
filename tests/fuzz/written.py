"""Valid files in all the ways that programs write them, with the rows that are in them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "the",
        "film",
        "was",
        "good",
        "yes",
        "NA",
        "None",
        "007",
        "TRUE",
        "1e5",
        "0.10",
        "=SUM(A1)",
        "#no",
        "--",
        "l'été",
        "señora",
        "città",
        "però",
        "caça",
        "«què»",
        "über",
        "Straße",
        "日本語",
        "שלום",
        "🙂",
        "<b>",
        "{x}",
    ]
)
WESTERN = st.sampled_from(
    [
        "El",
        "niño",
        "comió",
        "una",
        "manzana",
        "en",
        "el",
        "jardín",
        "mañana",
        "también;",
        "perquè",
        "no?",
        "città",
        "però",
        "così,",
        "façana",
        "garçon",
        "déjà",
        "à",
    ]
)
TRICKY = st.sampled_from(
    ['"', '""', "'", ",", ";", "\t", "|", "\n", "\r\n", "\r", "\\", '\\"', "\\n", " ", "  ", "\u2028", "\x85", "\x1f", "\ufeff"]
)
ANY = st.characters(codec="utf-8", exclude_characters="\x00")
TEXTS = st.one_of(
    st.lists(WORDS, max_size=12).map(" ".join),
    st.lists(st.one_of(WORDS, TRICKY), max_size=10).map("".join),
    st.text(ANY, max_size=20),
)
WESTERN_TEXTS = st.lists(WESTERN, min_size=3, max_size=12).map(" ".join)
LABELS = st.sampled_from(["yes", "no", "NA", "0", "1", "très bien", ""])
HEADERS = [("text", "label"), ("prompt", "completion"), ("id", "text", "label"), ("question", "answer", "source", "n"), ("text",)]


@dataclass(frozen=True)
class File:
    """raw: the bytes. rows: what is in them. spec: what the person has to say, if anything."""

    name: str
    raw: bytes
    rows: list[dict[str, Any]]
    spec: dict[str, Any] = field(default_factory=dict)


@st.composite
def delimited(draw: st.DrawFn) -> File:
    names = draw(st.sampled_from(HEADERS))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    texts = WESTERN_TEXTS if encoding == "cp1252" else TEXTS
    cells = [LABELS if name == "label" else texts for name in names]
    # a line of one column that holds nothing but space is blank; a repeated header is no row: both are counted elsewhere
    values = st.tuples(*cells).filter(lambda row: row != names and (len(row) > 1 or bool(row[0].strip())))
    rows = draw(st.lists(values, min_size=1, max_size=8))
    suffix, separator = draw(st.sampled_from([(".csv", ","), (".csv", ";"), (".csv", "\t"), (".csv", "|"), (".tsv", "\t")]))
    out = io.StringIO(newline="")
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    # Python before 3.13 leaves a carriage return unquoted where lines end with a newline: such a file says something else
    bare = draw(st.booleans()) and not any("\r" in cell for row in rows for cell in row)
    if separator == "\t" and any("\t" in cell and "\n" in cell for row in rows for cell in row):
        bare = False  # such a file may be as well a table without quotes, which is what most of its kind are
    writer = csv.writer(out, delimiter=separator, lineterminator=ends, quoting=csv.QUOTE_MINIMAL if bare else csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerows(rows)
    text = out.getvalue()
    if draw(st.booleans()):
        text = text.removesuffix(ends)
    return File(f"a{suffix}", text.encode(encoding), [dict(zip(names, row, strict=True)) for row in rows])


VALUES = st.recursive(
    st.one_of(TEXTS, TEXTS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)


def as_read(value: Any) -> Any:
    """A number with a point or an exponent is read as it is written."""
    if isinstance(value, float):
        return json.dumps(value)
    if isinstance(value, list):
        return [as_read(item) for item in value]
    return {key: as_read(item) for key, item in value.items()} if isinstance(value, dict) else value


SHORT = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/"}


def escaped(text: str, draw: st.DrawFn) -> str:
    """A string with some of its characters written as escapes: short ones, \\u00e9, pairs of halves."""
    which = draw(st.integers(min_value=0, max_value=7))
    pieces = []
    for at, char in enumerate(text):
        if char in SHORT and (which + at) % 3:
            pieces.append(SHORT[char])
        elif char < " " or char in '"\\' or (which and (at + ord(char)) % which == 0):
            units = char.encode("utf-16-be")
            pieces += [f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2)]
        else:
            pieces.append(char)
    return '"' + "".join(pieces) + '"'


def written(value: Any, draw: st.DrawFn, space: str) -> str:
    if isinstance(value, str):
        return escaped(value, draw)
    if isinstance(value, list):
        return f"[{space}" + f",{space}".join(written(item, draw, space) for item in value) + f"{space}]"
    if isinstance(value, dict):
        items = (f"{escaped(key, draw)}{space}:{space}{written(item, draw, space)}" for key, item in value.items())
        return f"{{{space}" + f"{space},".join(items) + f"{space}}}"
    return json.dumps(value)


@st.composite
def json_file(draw: st.DrawFn) -> File:
    rows = draw(st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), min_size=1, max_size=5))
    shape = draw(st.sampled_from(["lines", "array", "held"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    space = draw(st.sampled_from(["", " "] if shape == "lines" else ["", " ", "\n", "\r\n\t"]))
    if shape == "lines":
        text = draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(written(row, draw, space) for row in rows)
    elif shape == "array":
        text = written(rows, draw, space)
    else:
        text = written({"version": "1", "data": rows}, draw, space)
    name = draw(st.sampled_from(["a.jsonl", "a.ndjson"] if shape == "lines" else ["a.json"]))
    return File(name, (text + draw(st.sampled_from(["", "\n"]))).encode(encoding), [as_read(row) for row in rows])
