"""A tag for each word, and the entities that the tags mark."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from afina.data.wordwise import words_of
from afina.evaluate.ask import Ask
from afina.evaluate.bootstrap import ratio_interval
from afina.evaluate.metrics import TAG_METRICS, entities
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, measured, scored
from afina.types import IGNORE_INDEX, Example, Row, Tagged
from afina.types.tags import marks_entities

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


class Tags(Task):
    """The likeliest tag of each word."""

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        logps = ask.tag_logps(examples, len(meaning.labels))
        sums_N, counts_N = losses(examples, logps)
        got, wanted = likeliest(examples, logps, meaning.labels), truth(examples, meaning.labels)
        names = ("token_accuracy", *(("entity_f1",) if marks_entities(meaning.labels) else ()), *meaning.own)
        return {"loss": float(sums_N.sum() / max(counts_N.sum(), 1)), **measured(names, got, wanted, sentences(examples))}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        examples, said = trained.examples(rows)
        tags = _told(trained, examples)
        asked = [row for row in rows if isinstance(row, Tagged)]
        return Said([line_of(row, found, trained.labels) for row, found in zip(asked, tags, strict=True)], said)

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        """As JSON: the entities of each text, or [word, tag] pairs where the tags mark none."""
        rows = [_row_of(i, text) for i, text in enumerate(texts)]
        held = [row for row in rows if row.words]
        lines = {row.number: line for row, line in zip(held, self.predict(trained, held).lines, strict=True)} if held else {}
        key = "entities" if marks_entities(trained.labels) else "tags"
        return [json.dumps(lines[row.number][key] if row.number in lines else [], ensure_ascii=False) for row in rows]

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        n, seed = trained.recipe.eval.bootstrap, trained.recipe.seed
        examples, said = trained.examples(rows)
        logps = trained.ask.tag_logps(examples, len(trained.labels))
        got, wanted = likeliest(examples, logps, trained.labels), truth(examples, trained.labels)
        names = [name for name in TAG_METRICS if name != "entity_f1" or marks_entities(trained.labels)]
        loss = ratio_interval(*losses(examples, logps), seed=seed, n=n)
        return Scores({"loss": loss, **scored(trained, names, got, wanted, sentences(examples))}, said)


def losses(examples: Sequence[Example], logps: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the summed nll (nats) of each row's words and their number, both float64 [N rows]; examples of one row are together."""
    totals: dict[int, float] = {}
    counts: dict[int, int] = {}
    for example, logps_WC in zip(examples, logps, strict=True):
        targets_W = _targets(example)
        totals[example.number] = totals.get(example.number, 0.0) - float(logps_WC[np.arange(len(targets_W)), targets_W].sum())
        counts[example.number] = counts.get(example.number, 0) + len(targets_W)
    return np.array(list(totals.values())), np.array(list(counts.values()), dtype=np.float64)


def likeliest(examples: Sequence[Example], logps: Sequence[np.ndarray], labels: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the likeliest tag of every word, row by row."""
    return _by_row(examples, [logps_WC.argmax(-1) for logps_WC in logps], labels)


def truth(examples: Sequence[Example], labels: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the tag of every word, row by row."""
    return _by_row(examples, [_targets(example) for example in examples], labels)


def sentences(examples: Sequence[Example]) -> list[int]:
    """Return the numbers of the rows that examples were made of, each once: a long sentence gives several."""
    return list(dict.fromkeys(example.number for example in examples))


def _targets(example: Example) -> np.ndarray:
    values_T = np.array(example.values, dtype=np.int64)
    return values_T[values_T != IGNORE_INDEX]


def _by_row(examples: Sequence[Example], indices: Sequence[np.ndarray], labels: Sequence[str]) -> list[tuple[str, ...]]:
    rows: dict[int, tuple[str, ...]] = {}
    for example, index_W in zip(examples, indices, strict=True):
        rows[example.number] = (*rows.get(example.number, ()), *(labels[int(index)] for index in index_W))
    return list(rows.values())


def _told(trained: Trained, examples: Sequence[Example]) -> list[tuple[str, ...]]:
    return likeliest(examples, trained.ask.tag_logps(examples, len(trained.labels)), trained.labels)


def _row_of(number: int, text: str) -> Tagged:
    words = words_of(text)
    return Tagged(number, tuple(word.text for word in words), (), text, tuple(word.start for word in words))


def line_of(row: Tagged, tags: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    """Words and tags, and what they mark: words [start, end) of the row, and where its text is known characters [start, end) of it."""
    if not marks_entities(labels):
        return {"words": list(row.words), "tags": list(tags)}
    found: list[dict[str, Any]] = []
    for first, last, label in entities(tags):
        words = {"start_word": first, "end_word": last + 1}
        if not row.starts:
            found.append({"text": " ".join(row.words[first : last + 1]), "label": label, **words})
            continue
        start, end = row.starts[first], row.starts[last] + len(row.words[last])
        found.append({"text": row.text[start:end], "label": label, **words, "start": start, "end": end})
    return {"words": list(row.words), "tags": list(tags), "entities": found}


TASKS.register("tags")(Tags())
