"""A million Alpaca-size rows on this machine, each stage in its own process: `million.py check|train ROWS.jsonl TOKENIZER`. Prints JSON.

check: read, recognised, examined with every check (exact and near duplicates among them). train: read, recognised, duplicates dropped, split,
tokenised with the loss mask. Peak: of this process and its children, by the kernel's own count.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil


class Peak:
    """The most memory of this process and its children together, seen every 50 ms: pages that forked processes share count once."""

    def __init__(self) -> None:
        self.bytes, self._on = 0, True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        me = psutil.Process()
        while self._on:
            try:
                own = me.memory_info().rss
                self.bytes = max(self.bytes, own + sum(child.memory_full_info().uss for child in me.children(recursive=True)))
            except psutil.Error:
                pass
            time.sleep(0.05)

    def stop(self) -> float:
        self._on = False
        self._thread.join()
        return self.bytes / 2**30


def check(path: str, _: str) -> dict[str, object]:
    from afina import api

    found = api.check(path)
    return {"rows": found.n_rows, "findings": {finding.check: finding.n_rows for finding in found.findings}}


def train(path: str, tokenizer_folder: str) -> dict[str, object]:
    from afina.data.prepare import encode, read
    from afina.data.tokenize import Tokenizer
    from afina.recipe.schema import DataSpec

    tokenizer = Tokenizer.load(Path(tokenizer_folder))
    spec = DataSpec(path=path, drop_empty=True, drop_duplicates="exact", truncation="keep_start")
    started = time.perf_counter()
    dataset = read(spec)
    read_s = time.perf_counter() - started
    encoded = encode(dataset, "sft", tokenizer, spec, 1024)
    return {
        "rows": dataset.n_read,
        "splits": {name: len(found) for name, found in encoded.examples.items()},
        "tokens": sum(sum(found.lengths) for found in encoded.examples.values()),
        "read_s": round(read_s, 1),
    }


def main() -> None:
    stage, path, tokenizer_folder = sys.argv[1:]
    with tempfile.TemporaryDirectory() as cache:
        os.environ["AFINA_CACHE"] = cache
        peak, started = Peak(), time.perf_counter()
        result = (check if stage == "check" else train)(path, tokenizer_folder)
        seconds = time.perf_counter() - started
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            json.dumps(
                {
                    "stage": stage,
                    **result,
                    "seconds": round(seconds, 1),
                    "peak_gib": round(max(peak.stop(), own), 2),
                    "cores": len(os.sched_getaffinity(0)),
                }
            )
        )


if __name__ == "__main__":
    main()
