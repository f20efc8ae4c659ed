"""What an export is compared on: rows of the run and random ids, scored by the trained model and by what was written.

Letters: T positions, V vocabulary, C classes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from afina.data.tokenize import Tokenizer
from afina.objectives import OBJECTIVES
from afina.run import Run, read_json

if TYPE_CHECKING:
    from torch import Tensor

    from afina.score import Actor
    from afina.types import Head, Kind

TOLERANCE = 1e-4
"""Largest difference of two scores. fp32 sums taken in another order differ by about 1e-6 of their size."""
MOST_TOKENS = 256
N_RANDOM = 2


def probe_ids(run: Run, tokenizer: Tokenizer, vocab_size: int, longest: int) -> list[list[int]]:
    """Return the run's sample rows and random ids, each ending as a row of training does and of at most `longest` ids."""
    rows: list[list[int]] = []
    for sample in read_json(run.data / "report.json").get("samples") or ():
        pieces = sample["pieces"] if isinstance(sample, dict) else sample
        ids = tokenizer.encode("".join(str(text) for text, _ in pieces), control=True)[: longest - 1]
        rows.append(ids)
    rng = random.Random(0)
    allowed = [index for index in range(vocab_size) if index != tokenizer.pad] if vocab_size < 1000 else range(1000)
    rows += [[rng.choice(allowed) for _ in range(length)] for length in (7, min(48, longest - 1))[:N_RANDOM]]
    last = [tokenizer.eos] if tokenizer.eos is not None and tokenizer.eos != tokenizer.pad else [_plain_id(tokenizer)]
    return [ids if ids[-1:] == last else [*ids, *last] for ids in rows if ids]


def _plain_id(tokenizer: Tokenizer) -> int:
    """An id that is not the pad id, which transformers would not take for a row's last token."""
    return next(index for index in (0, 1) if index != tokenizer.pad)


def live_scores(actor: Actor, ids: Sequence[int], head: Head) -> Tensor:
    """Return the trained model's scores as afina computes them: [C] of a text, [T, C] of tags, else [T-1, V] of all tokens after the first.

    An encoder-decoder reads the first half of the ids and writes the other: [T', V] of those.
    """
    import torch

    from afina.types import IGNORE_INDEX, Batch, Context, Example

    with torch.inference_mode():
        whole = Batch(torch.tensor([list(ids)]), torch.tensor([len(ids)]))
        if head == "tags":
            return actor.tag_logits(whole, torch.ones_like(whole.input_ids_BT, dtype=torch.bool)).float().clone()
        if head != "lm":
            return actor.class_logits(whole)[0].float().clone()
        half = len(ids) // 2 if actor.kind == "encoder-decoder" else 0
        labels = (*([IGNORE_INDEX] * half), *ids[half:])
        batch = OBJECTIVES["lm"](name="lm").collate([Example(0, tuple(ids), labels, second=half)], Context(actor.kind))
        assert batch.labels_BT is not None
        return actor.logits_where(batch, batch.labels_BT[:, 1:] != IGNORE_INDEX).clone()


def plain_scores(model: Any, ids: Sequence[int], head: Head, kind: Kind) -> Tensor:
    """Return the same scores by transformers alone."""
    import torch

    if kind == "encoder-decoder":
        read, written = (torch.tensor([list(part)]) for part in (ids[: len(ids) // 2], ids[len(ids) // 2 :]))
        return model(input_ids=read, labels=written).logits[0].float()
    logits = model(input_ids=torch.tensor([list(ids)])).logits[0].float()
    return logits if head != "lm" else logits[1:] if kind == "encoder" else logits[:-1]
