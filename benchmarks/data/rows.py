"""Makes the rows of the benchmarks from alpaca-5000: `rows.py CORPUS N OUT.jsonl`. Repeated rows get a number, so that they differ."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path


def write(corpus: Path, n: int, out: Path) -> None:
    rows = [row for row in json.loads((corpus / "data" / "alpaca-5000" / "alpaca_5000.json").read_text()) if row["output"].strip()]
    rng = random.Random(0)
    with out.open("w", encoding="utf-8") as file:
        for k in range(n):
            row, turn = rows[k % len(rows)], k // len(rows)
            if turn:
                row = {**row, "instruction": f"{row['instruction']} (case {turn}-{rng.randrange(10**6)})"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
