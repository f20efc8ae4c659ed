"""Masked examples of a corpus of any size, by datatrove: `python examples/terabytes.py FOLDER MODEL OUT [--files GLOB] [--tasks N]`.

FOLDER holds .jsonl files with prompt and completion, or text. On a cluster replace LocalPipelineExecutor by SlurmPipelineExecutor.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers import JsonlReader

from afina.types import Completion, Row, Text


def as_document(_: Any, record: dict[str, Any], path: str, line: int | str) -> dict[str, Any]:
    """datatrove wants one text a document; the rest travels as metadata."""
    return {"text": record.get("prompt") or record["text"], "id": f"{path}:{line}", "metadata": record}


class WriteExamples(PipelineStep):
    name = "afina: masked examples"
    type = "writer"

    def __init__(self, model: str, out: str, max_length: int = 1024) -> None:
        super().__init__()
        self.model, self.out, self.max_length = model, out, max_length

    def run(self, data: Iterator[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        from afina.data.encoder import Encoder
        from afina.data.shards import write_shard
        from afina.data.tokenize import Tokenizer
        from afina.models.locate import locate
        from afina.recipe.schema import DataSpec, ModelSpec

        tokenizer = Tokenizer.load(locate(ModelSpec(path=self.model)).folder)
        encoder = Encoder(tokenizer, DataSpec(truncation="keep_start"), self.max_length)
        first = next(data, None)
        if first is not None:
            objective = "sft" if "completion" in first.metadata else "lm"
            report = write_shard(Path(self.out), rank, self.rows(first, data), encoder, objective)
            self.stat_update("rows", value=report.n_rows)
            self.stat_update("tokens", value=report.n_tokens)
        yield from ()

    def rows(self, first: Document, rest: Iterator[Document]) -> Iterator[Row]:
        for number, document in enumerate(chain([first], rest), 1):
            answer = document.metadata.get("completion")
            yield Text(number, document.text) if answer is None else Completion(number, document.text, answer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("folder", "model", "out"):
        parser.add_argument(name)
    parser.add_argument("--files", default="*.jsonl")
    parser.add_argument("--tasks", type=int, default=2)
    given = parser.parse_args()
    reader = JsonlReader(given.folder, glob_pattern=given.files, adapter=as_document)
    LocalPipelineExecutor([reader, WriteExamples(given.model, given.out)], tasks=given.tasks, logging_dir=f"{given.out}/log").run()
