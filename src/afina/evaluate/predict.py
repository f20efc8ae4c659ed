"""A trained model on another file: a label or an answer for every row, or how good it is there."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from afina.data.prepare import read_later
from afina.data.sources import Dropped
from afina.errors import UsageError
from afina.evaluate.bootstrap import interval, macro_f1_interval, ratio_interval
from afina.evaluate.metrics import METRICS, by_row
from afina.evaluate.questions import wanted_of
from afina.evaluate.trained import Trained
from afina.recipe.schema import DataSpec
from afina.types import Chat, Completion, Labelled, Notice, Pair, Row, Text

TEXT_METRICS = ("exact_match", "rouge_l", "chrf")


@dataclass(frozen=True)
class Predicted:
    """How many rows got a prediction, which did not and why, and what was noticed in the file."""

    n_rows: int
    dropped: tuple[Dropped, ...]
    notices: tuple[Notice, ...]


def predict_file(trained: Trained, file: Path, columns: Mapping[str, str], out: str) -> Predicted:
    """Write one line per row of the file: its number, what was asked, the label and its probability or the answer.

    out: a .csv or .jsonl path, or "-" for JSON lines on standard output. Raises UsageError U007 for another ending.
    """
    if out != "-" and Path(out).suffix not in (".csv", ".jsonl"):
        raise UsageError("U007", f'"{out}" is neither .csv nor .jsonl', where="--out", fix="--out predictions.csv")
    rows, dropped, notices = read_later(_spec(trained, file, columns), trained.layout, answers=False, labels=trained.labels)
    predictions, said = _predictions(trained, rows)
    with _writer(out) as write:
        write(predictions)
    return Predicted(len(rows), dropped, (*notices, *said))


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


def _predictions(trained: Trained, rows: list[Row]) -> tuple[list[dict[str, Any]], Sequence[Notice]]:
    """Return a line for each row, and what was cut of the rows."""
    if not rows:
        return [], ()
    if trained.labels:
        examples, said = trained.examples(rows)
        found = trained.classify_examples(examples)
        return [
            {"row": row.number, "text": _asked(row), "label": label, "probability": round(p, 6)}
            for row, (label, p) in zip(rows, found, strict=True)
        ], said
    prompts, said = trained.prompts(rows)
    answers = trained.answers(prompts)
    return [{"row": row.number, "prompt": _asked(row), "answer": answer} for row, answer in zip(rows, answers, strict=True)], said


def _asked(row: Row) -> str:
    match row:
        case Labelled() | Pair():
            return row.asked
        case Text(text=text):
            return text
        case Completion(prompt=prompt):
            return prompt
        case Chat(messages=messages):
            return next((m.content for m in reversed(messages) if m.role == "user"), "")
        case _:
            raise TypeError(f"{type(row).__name__} rows are not learned by any objective, so none reach a prediction")


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
    if rows:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def evaluate_file(trained: Trained, file: Path, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the metrics of the model on a labelled file, with 95 % intervals: {"n_rows", "metrics": {name: {mean, low, high}}}."""
    rows, _, notices = read_later(_spec(trained, file, columns), trained.layout, labels=trained.labels)
    examples, said = trained.examples(rows)
    n, seed = trained.recipe.eval.bootstrap, trained.recipe.seed
    metrics = {"loss": ratio_interval(*by_row(examples, *trained.ask.nll(examples)), seed=seed, n=n)}
    if trained.labels:
        got = [label for label, _ in trained.classify_examples(examples)]
        wanted = [row.label for row in rows if isinstance(row, Labelled | Pair)]
        metrics["accuracy"] = interval([float(g == w) for g, w in zip(got, wanted, strict=True)], seed=seed, n=n)
        metrics["macro_f1"] = macro_f1_interval(got, wanted, seed=seed, n=n)
    elif trained.objective.name == "sft":
        wanted = [wanted_of(row, trained.encoder) for row in rows if isinstance(row, Completion | Chat)]
        prompts, cut = trained.prompts(rows)
        said = (*said, *cut)
        answers = trained.answers(prompts)
        for name in TEXT_METRICS:
            metrics[name] = interval([METRICS[name].per_example(g, w) for g, w in zip(answers, wanted, strict=True)], seed=seed, n=n)
    plain = {name: {"mean": float(value.mean), "low": float(value.low), "high": float(value.high)} for name, value in metrics.items()}
    if trained.objective.unit == "tokens":
        plain["perplexity"] = {name: float(np.exp(min(value, 700))) for name, value in plain["loss"].items()}
    return {
        "run": str(trained.run.path),
        "file": str(file),
        "n_rows": len(rows),
        "metrics": plain,
        "notices": [asdict(notice) for notice in (*notices, *said)],
    }
