"""Near-duplicates: short rows a second on one core, memory, recall and precision against exact all-pairs.

OMP_NUM_THREADS=1 taskset -c 0 python benchmarks/data/neardup.py [--rows 1000000]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import time
from itertools import combinations
from pathlib import Path

from afina.data.neardup import folded, jaccard, near_duplicates, pieces

CORPUS = Path(os.environ.get("AFINA_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "data"
OTHERS = ("card", "blue", "money", "why", "river")


def short_rows() -> list[str]:
    """Return the short texts of three data sets: bank questions, text messages, instructions."""
    with (CORPUS / "banking77/train.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    with (CORPUS / "messy-sms-spam/spam.csv").open(encoding="latin-1", newline="") as file:
        texts += [row[1] for row in csv.reader(file)][1:]
    return texts + instructions()


def instructions() -> list[str]:
    return [row["instruction"] for row in json.loads((CORPUS / "alpaca-5000/alpaca_5000.json").read_text(encoding="utf-8"))]


def edited(text: str, rng: random.Random) -> str:
    words = text.split()
    for _ in range(rng.randint(0, 3) if words else 0):
        words[rng.randrange(len(words))] = rng.choice((*OTHERS, str(rng.randint(0, 999))))
    return " ".join(words)


def grown(texts: list[str], n: int, rng: random.Random) -> list[str]:
    """Return n texts: the given ones, then copies with up to three words changed."""
    return (texts + [edited(rng.choice(texts), rng) for _ in range(n - len(texts))])[:n]


def speed(n: int) -> dict[str, float]:
    texts = grown(short_rows(), n, random.Random(0))
    near_duplicates(texts[:100])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    groups = near_duplicates(texts)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    extra = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"rows": n, "groups": len(groups), "rows_per_s": n / seconds, "rows_per_cpu_s": n / cpu, "extra_mib": extra}


def against_all_pairs(n: int = 5000) -> dict[str, float]:
    rng = random.Random(0)
    base = rng.sample(instructions(), n // 2)
    texts = base + [edited(text, rng) for text in base]
    sets = [pieces(folded(text)) for text in texts]
    wanted = {(one, two) for one, two in combinations(range(n), 2) if alike(sets[one], sets[two])}
    found = {pair for group in near_duplicates(texts) for pair in combinations(group, 2)}
    hits = len(wanted & found)
    return {"pairs": len(wanted), "recall": hits / len(wanted), "precision": hits / len(found)}


def alike(one: frozenset[str], two: frozenset[str]) -> bool:
    return 0.8 * max(len(one), len(two)) <= min(len(one), len(two)) and jaccard(one, two) >= 0.8


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    n = parser.parse_args().rows
    print(json.dumps({"neardup": speed(n), "all_pairs": against_all_pairs()}))


if __name__ == "__main__":
    main()
