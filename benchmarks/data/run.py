"""The data side, measured: `python benchmarks/data/run.py [preprocess|near|million ...]`. Raw: results.jsonl; page: README.md.

Each side in its own process, nothing else running. Needs the corpus, and `pip install trl==1.16.0` for the first part.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rows import write

HERE = Path(__file__).parent
CORPUS = Path(os.environ.get("AFINA_CORPUS", HERE.parents[2] / "shared" / "corpus")).resolve()
TOKENIZER = CORPUS / "tokenizers" / "qwen2"
RESULTS = HERE / "results.jsonl"


def measured(*words: object) -> dict:
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, cwd=HERE)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def preprocess(folder: Path) -> list[dict]:
    write(CORPUS, 100_000, folder / "rows.jsonl")
    os.environ["AFINA_CACHE"] = str(folder / "cache")
    return [measured("one.py", side, folder / "rows.jsonl", TOKENIZER) for side in ("afina", "trl")]


def near(_: Path) -> list[dict]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return [measured("neardup.py", "--rows", n) for n in (20_000, 100_000)]
    finally:
        os.sched_setaffinity(0, cores)


def million(folder: Path) -> list[dict]:
    write(CORPUS, 1_000_000, folder / "rows.jsonl")
    return [measured("million.py", stage, folder / "rows.jsonl", TOKENIZER) for stage in ("train", "check")]


PARTS = {"preprocess": preprocess, "near": near, "million": million}


def page(results: dict[str, list[dict]]) -> str:
    lines = [
        "# Data\n",
        "Two CPU cores; what else ran beside is in LOG.md. Again: `python benchmarks/data/run.py`. Raw: `results.jsonl`.\n",
    ]
    if found := results.get("preprocess"):
        ours, theirs = found
        lines += [
            "## From the file to ids and loss mask, beside TRL\n",
            f"{ours['rows']:,} Alpaca-size rows, the Qwen2 tokenizer with ChatML, {ours['cores']} cores each; imports and the tokenizer's reading are not timed.\n",
            "| | rows/s | seconds | memory at the end, GiB |",
            "|---|---|---|---|",
            *(f"| {row['side']} | {row['rows_per_s']:,} | {row['seconds']} | {row['rss_gib']} |" for row in found),
            f"\nRatio **{ours['rows_per_s'] / theirs['rows_per_s']:.2f}**. afina also finds the layout, exact duplicates and the split in that time. It learns one token a row less: "
            "the line break after the end of turn, which no generation reaches.\n",
        ]
    if found := results.get("near"):
        lines += [
            "## Near-duplicates\n",
            "Short rows (bank questions, text messages, instructions, and copies with up to three words changed), one core. Recall and precision on 5,000 of them against exact all-pairs.\n",
            "| rows | rows a second of CPU | extra memory, MiB | recall | precision |",
            "|---|---|---|---|---|",
            *(
                f"| {row['neardup']['rows']:,} | {row['neardup']['rows_per_cpu_s']:,.0f} | {row['neardup']['extra_mib']:,.0f} | "
                f"{row['all_pairs']['recall']:.3f} | {row['all_pairs']['precision']:.3f} |"
                for row in found
            ),
            "",
        ]
    if found := results.get("million"):
        lines += ["## A million Alpaca-size rows\n", "| stage | seconds | peak memory, GiB |", "|---|---|---|"]
        names = {
            "train": "read, recognised, exact duplicates dropped, split, tokenised with the mask",
            "check": "read, recognised, every check",
        }
        lines += [f"| {names[row['stage']]} | {row['seconds']:,} | **{row['peak_gib']}** |" for row in found]
        lines += ["\nPeak: of the process and what its children add to it."]
    return "\n".join(lines) + "\n"


def main() -> None:
    results = {row["part"]: row["rows"] for row in map(json.loads, RESULTS.read_text().splitlines())} if RESULTS.exists() else {}
    for part in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            results[part] = PARTS[part](Path(folder))
        RESULTS.write_text("".join(json.dumps({"part": name, "rows": rows}) + "\n" for name, rows in results.items()))
        (HERE / "README.md").write_text(page(results), encoding="utf-8")
    print(page(results))


if __name__ == "__main__":
    main()
