"""Speed beside transformers' Trainer on this machine, and how long the command line takes: `python benchmarks/speed/run.py`.

Sides take turns, three times each, one process at a time; the table holds the best of each and the ratios. Raw: results.jsonl.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 3


def side(name: str) -> dict:
    done = subprocess.run([sys.executable, HERE / "one.py", name], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def seconds(words: list[str], expected: int) -> float:
    """Best of three wall times of an afina command, which must end with the expected exit code."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        code = subprocess.run([Path(sys.executable).with_name("afina"), *words], capture_output=True).returncode
        assert code == expected, (words, code)
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    results = [side(name) for _ in range(ROUNDS) for name in ("afina", "trainer")]
    best = {name: max((r for r in results if r["side"] == name), key=lambda r: r["tokens_per_s"]) for name in ("afina", "trainer")}
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder, "bad.yaml")
        recipe.write_text("data: x.csv\ntrain: {learing_rate: 1}\n")
        times = {"afina --help": seconds(["--help"], 0), "a recipe with a mistake": seconds(["train", str(recipe)], 2)}
    (HERE / "results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*results, times]))
    ratio = best["afina"]["tokens_per_s"] / best["trainer"]["tokens_per_s"]
    memory = best["afina"]["peak_gib"] / best["trainer"]["peak_gib"]
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "accelerate"))
    threads = os.environ.get("OMP_NUM_THREADS", str(os.cpu_count()))
    (HERE / "README.md").write_text(
        f"""# Speed

{platform.processor() or platform.machine()}, {threads} threads, {versions}. The same random Llama of 2.76 M parameters, the same rows in the same order, 16 rows a step,
fp32, full fine-tuning with the loss on the answers; see `one.py`. Best of {ROUNDS}, sides taking turns. Again: `python benchmarks/speed/run.py`.

| | afina | transformers Trainer | ratio |
|---|---|---|---|
| real tokens/s | {best["afina"]["tokens_per_s"]:,} | {best["trainer"]["tokens_per_s"]:,} | {ratio:.2f} |
| peak memory of the process, GiB | {best["afina"]["peak_gib"]:.2f} | {best["trainer"]["peak_gib"]:.2f} | {memory:.2f} |

| command | seconds |
|---|---|
| `afina --help` | {times["afina --help"]:.2f} |
| `afina train` with a mistake in the recipe, to its message | {times["a recipe with a mistake"]:.2f} |
"""
    )
    print((HERE / "README.md").read_text())


if __name__ == "__main__":
    main()
