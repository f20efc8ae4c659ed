"""A trained model on another file: a label or an answer for every row, or how good it is there."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from afina.data.prepare import read_later
from afina.data.sources import Dropped
from afina.errors import UsageError
from afina.evaluate.tasks import Said
from afina.evaluate.trained import Trained
from afina.recipe.schema import DataSpec
from afina.types import Notice


@dataclass(frozen=True)
class Predicted:
    """How many rows got a prediction, which did not and why, and what was noticed in the file."""

    n_rows: int
    dropped: tuple[Dropped, ...]
    notices: tuple[Notice, ...]


def predict_file(trained: Trained, file: Path, columns: Mapping[str, str], out: str) -> Predicted:
    """Write one line per row of the file: its number, what was asked, and what the task answers (a label and its probability, words).

    out: a .csv or .jsonl path, or "-" for JSON lines on standard output. Raises UsageError U007 for another ending.
    """
    if out != "-" and Path(out).suffix not in (".csv", ".jsonl"):
        raise UsageError("U007", f'"{out}" is neither .csv nor .jsonl', where="--out", fix="--out predictions.csv")
    rows, dropped, notices = read_later(_spec(trained, file, columns), trained.layout, answers=False, labels=trained.labels)
    said = trained.task.predict(trained, rows) if rows else Said([])
    with _writer(out) as write:
        write([{"row": row.number, **line} for row, line in zip(rows, said.lines, strict=True)])
    return Predicted(len(rows), dropped, (*notices, *said.notices))


def _spec(trained: Trained, file: Path, columns: Mapping[str, str]) -> DataSpec:
    """How the training file was read, for another file: its encoding and separator are found anew."""
    kept = trained.recipe.data
    return kept.model_copy(
        update={
            "path": str(file),
            "map": dict(columns),
            "encoding": "auto",
            "separator": "auto",
            "header": "auto",
            "max_rows": None,
            "drop_empty": True,
        }
    )


@contextmanager
def _writer(out: str) -> Iterator[Any]:
    """A function that writes rows to a file, whole or not at all, or to standard output."""
    if out == "-":
        yield lambda rows: _write_jsonl(sys.stdout, rows)
        return
    target = Path(out)
    staged = target.with_name(f".{target.name}.part")
    with staged.open("w", encoding="utf-8", newline="") as file:
        yield lambda rows: (_write_csv if target.suffix == ".csv" else _write_jsonl)(file, rows)
    staged.replace(target)


def _write_jsonl(file: TextIO, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(file: TextIO, rows: list[dict[str, Any]]) -> None:
    """The labels of a text are joined with |; lists and objects are JSON in a cell. Reading the file again understands both."""
    if rows:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            nested = {key: json.dumps(cell, ensure_ascii=False) for key, cell in row.items() if isinstance(cell, list | dict)}
            joined = {key: "|".join(cell) for key, cell in row.items() if isinstance(cell, tuple)}
            writer.writerow({**row, **nested, **joined})


def evaluate_file(trained: Trained, file: Path, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the metrics of the model on a labelled file, with 95 % intervals: {"n_rows", "metrics": {name: {mean, low, high}}}."""
    rows, _, notices = read_later(_spec(trained, file, columns), trained.layout, labels=trained.labels)
    scores = trained.task.score(trained, rows)
    return {
        "run": str(trained.run.path),
        "file": str(file),
        "n_rows": len(rows),
        "metrics": {name: {key: float(part) for key, part in value._asdict().items()} for name, value in scores.metrics.items()},
        "notices": [asdict(notice) for notice in (*notices, *scores.notices)],
    }
