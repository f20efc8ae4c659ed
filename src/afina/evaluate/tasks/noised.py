"""Running text with hidden tokens: how surprising those are, and what stands where a text has gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from afina.evaluate.ask import Ask
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, loss_interval
from afina.types import Example, Row, Text

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained


class Noised(Task):
    """Gaps are filled: an encoder's mask tokens, an encoder-decoder's mask tokens or sentinels, as its tokenizer writes them in a text."""

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        sums_N, counts_N = ask.nll(examples)
        return {"loss": float(sums_N.sum() / max(counts_N.sum(), 1))}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        texts = [row.text for row in rows if isinstance(row, Text)]
        return Said([{"text": text, "filled": filled} for text, filled in zip(texts, self.answer(trained, texts), strict=True)])

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        encoder = trained.encoder
        gapped = [encoder.bos + encoder.tokenizer.encode(text, control=True) + encoder.eos for text in texts]
        kept = [ids[: encoder.max_length] for ids in gapped]
        if encoder.kind == "encoder":
            return [trained.ask.decode(ids).strip() for ids in trained.ask.filled(kept)]
        written = trained.ask.written(kept, encoder.stop_ids, trained.max_new_tokens)
        sentinels = set(encoder.tokenizer.vocabulary.sentinels)
        filled = [joined(read, said, sentinels) if sentinels else said for read, said in zip(kept, written, strict=True)]
        return [trained.ask.decode(ids).strip() for ids in filled]

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        examples, said = trained.examples(rows)
        return Scores({"loss": loss_interval(trained, examples)}, said)


def joined(read: Sequence[int], written: Sequence[int], sentinels: set[int]) -> list[int]:
    """Return a text with each sentinel replaced by what was written after it."""
    meant: dict[int, list[int]] = {}
    current: list[int] = []
    for index in written:
        if index in sentinels:
            current = []
            meant.setdefault(index, current)  # what is written after it a second time is no answer
        else:
            current.append(index)
    return [part for index in read for part in (meant.get(index, []) if index in sentinels else [index])]


TASKS.register("noised")(Noised())
