"""Past one machine: what a distributed engine (datatrove, Ray Data, Spark) calls in each of its workers, and how the result is read.

The engine reads, filters and removes duplicates over the whole corpus; each worker writes one shard of masked examples. A shard is the
Arrow stream of `examples.py`, so `datasets` reads it too and splits it by rank.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from afina.data.encoder import Encoder
from afina.data.examples import Chunk, Examples
from afina.data.workers import PART
from afina.errors import DataError
from afina.objectives import OBJECTIVES
from afina.types import Row


@dataclass
class ShardReport:
    """What one worker did. n_cut: rows longer than max_length; n_barren: rows with nothing to learn."""

    n_rows: int = 0
    n_examples: int = 0
    n_tokens: int = 0
    n_cut: int = 0
    n_barren: int = 0


def write_shard(folder: Path, rank: int, rows: Iterable[Row], encoder: Encoder, objective: str) -> ShardReport:
    """Write `shard-<rank>.arrow` and its report. A shard that is there was finished: it gets its name last.

    Memory: one part of the rows at a time. Raises what the encoder raises.
    """
    report, form, rows = ShardReport(), OBJECTIVES[objective].example, iter(rows)

    def chunks() -> Iterable[Chunk]:
        while part := list(islice(rows, PART)):
            chunk, counts, tally = encoder.part(form, part)
            report.n_rows += len(part)
            report.n_examples += len(chunk.ends_E)
            report.n_tokens += len(chunk.ids_N)
            report.n_cut += len(tally.long or [])
            report.n_barren += counts.count(0)
            yield chunk

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"shard-{rank:05d}.arrow"
    staged = path.with_suffix(".writing")
    Examples.write(staged, chunks())
    path.with_suffix(".json").write_text(json.dumps(asdict(report)))
    os.replace(staged, path)
    return report


def open_shards(folder: Path) -> Examples:
    """Return all examples of a folder of shards, in the order of their ranks, mapped from disk. Raises DataError D003 without any."""
    paths = sorted(folder.glob("shard-*.arrow"))
    if not paths:
        raise DataError("D003", "the folder holds no finished shard", where=str(folder), fix="run the engine's workers to their end first")
    return Examples(chunk for path in paths for chunk in Examples.open(path).chunks)
