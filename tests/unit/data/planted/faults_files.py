"""Faults of the whole support file: its lines, its labels and its neighbours."""

from __future__ import annotations

from pathlib import Path

from tests.unit.data.planted.clean import answer_rows, as_csv, support_rows, write_answers, write_csv, write_jsonl
from tests.unit.data.planted.planting import PLACES, Planted, fault, inserted, lines, with_labels, with_more_rows

ROWS = support_rows()
CLASSES = ("billing", "delivery", "returns", "account", "technical", "product")
URGENCY = {"billing": 3.4, "delivery": 4.1, "returns": 2.2, "account": 4.6, "technical": 3.9, "product": 1.1}


def raw_lines(path: Path, finding: str, text: str, extra: dict[int, str]) -> Planted:
    """A file in which whole lines (counted from 0) are written as they stand."""
    path.write_text("\n".join(inserted(text.splitlines(), extra)) + "\n", encoding="utf-8", newline="")
    return Planted(path, finding, tuple(index + 1 for index in sorted(extra)))


@fault
def broken_row(folder: Path) -> Planted:
    extra = {PLACES[0]: "The tap drips,and the floor is wet,delivery,,7", PLACES[2]: "a line that was cut by the export"}
    return raw_lines(folder / "support.csv", "broken_row", as_csv(ROWS), extra)


@fault
def broken_row_of_json(folder: Path) -> Planted:
    whole = write_jsonl(folder / "whole.jsonl", [{"text": text, "label": label} for text, label in ROWS])
    extra = {PLACES[1]: '{"text": "The lamp flickers and then goes out", "label": "tech', PLACES[3]: "text: the lamp, label: technical"}
    return raw_lines(folder / "support.jsonl", "broken_row", whole.read_text(encoding="utf-8"), extra)


@fault
def repeated_header(folder: Path) -> Planted:
    return raw_lines(folder / "support.csv", "repeated_header", as_csv(ROWS), {PLACES[1]: "text,label", PLACES[3]: "text,label"})


@fault
def encoding(folder: Path) -> Planted:
    path = folder / "support.csv"
    path.write_bytes(as_csv(ROWS).encode("cp1252"))
    return Planted(path, "encoding", exact=False)


def places_of(*labels: str) -> list[int]:
    """Return, for each label in turn, a row of that class that no earlier one took."""
    taken: list[int] = []
    for label in labels:
        taken.append(next(index for index in range(20, len(ROWS)) if ROWS[index][1] == label and index not in taken))
    return taken


@fault
def label_spelling(folder: Path) -> Planted:
    places = places_of("billing", "delivery", "account", "billing")
    return with_labels(folder, "label_spelling", dict(zip(places, ("Billing", "DELIVERY", "account ", "Billing"), strict=True)))


@fault
def label_error(folder: Path) -> Planted:
    places = places_of("billing", "technical", "product", "returns")
    return with_labels(folder, "label_error", dict(zip(places, ("technical", "delivery", "account", "product"), strict=True)))


@fault
def contradictory_label(folder: Path) -> Planted:
    originals = (ROWS[5], ROWS[60], ROWS[120])
    others = [CLASSES[(CLASSES.index(label) + 1) % len(CLASSES)] for _, label in originals]
    extra = {place: (text, other) for place, (text, _), other in zip(PLACES[1:4], originals, others, strict=True)}
    return with_more_rows(folder, "contradictory_label", extra, originals)


@fault
def rare_class(folder: Path) -> Planted:
    extra = {
        PLACES[1]: ("A journalist asks for an interview with your founder about the new factory.", "press"),
        PLACES[4]: ("Una revista quiere publicar un reportaje sobre vuestro taller de carpintería.", "press"),
    }
    return with_more_rows(folder, "rare_class", extra)


@fault
def imbalance(folder: Path) -> Planted:
    billing = [(text, label) for text, label in ROWS if label == "billing"][:8]
    others = [(text, "other") for text, label in ROWS if label != "billing"]
    rows = inserted(others, {11 + 27 * index: row for index, row in enumerate(billing)})
    return Planted(write_csv(folder / "support.csv", rows), "imbalance", exact=False)


@fault
def split_shift(folder: Path) -> Planted:
    """The other file is nearly all of one class."""
    billing = [row for row in ROWS if row[1] == "billing"]
    other = [*billing[:45], *[row for row in ROWS[200:] if row[1] != "billing"][:8]]
    here = [row for row in ROWS if row not in other]
    against = write_csv(folder / "test.csv", other)
    return Planted(write_csv(folder / "train.csv", here), "split_shift", exact=False, against=against)


@fault
def leak_row(folder: Path) -> Planted:
    here, there = ROWS[:240], ROWS[240:]
    shared = [here[place] for place in PLACES[:4]]
    shared[2:] = [(f" {text.upper()} ", label) for text, label in shared[2:]]
    against = write_csv(folder / "test.csv", inserted(there, dict(zip((3, 17, 31, 44), shared, strict=True))))
    return Planted(write_csv(folder / "train.csv", here), "leak_row", lines(PLACES[:4]), against=against)


@fault
def leak_field(folder: Path) -> Planted:
    """The other file shows some of the messages inside a longer prompt; its other prompts have nothing to do with this file."""
    template = "Read the message of a customer and name the department that should answer it.\n\nMessage: {}\n\nDepartment:"
    prompts = [(template.format(question), "none") for question, _ in answer_rows()[:60]]
    shown = {12 * index: (template.format(ROWS[place][0]), ROWS[place][1]) for index, place in enumerate(PLACES)}
    against = write_answers(folder / "test.jsonl", inserted(prompts, shown))
    return Planted(write_csv(folder / "train.csv", ROWS), "leak_field", lines(PLACES), against=against)


@fault
def bad_number(folder: Path) -> Planted:
    bad = dict(zip(PLACES, ("five", "NaN", "inf", "3,5 or 4", "-"), strict=True))
    rows = [(text, bad.get(index, f"{URGENCY[label] + 0.1 * (index % 5):.2f}")) for index, (text, label) in enumerate(ROWS)]
    return Planted(write_csv(folder / "urgency.csv", rows, ("text", "score")), "bad_number", lines(PLACES))
