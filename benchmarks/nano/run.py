"""Does the embedded base earn its place? The same command with its weights and with random ones, three seeds, on the support messages.

`python benchmarks/nano/run.py` writes results.jsonl and README.md. The difference is paired by test row and resampled over the rows of all seeds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from afina.evaluate.bootstrap import interval, paired_difference

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMAND = "afina train examples/support.csv --model nano --map text=message --map label=team data.drop_empty=true data.normalize_labels=true --yes"
RESULTS = HERE / "results.jsonl"
SEEDS = (0, 1, 2)


def run(seed: int, random_init: bool) -> dict[str, object]:
    started = time.time()
    words = [
        *COMMAND.split()[1:],
        f"seed={seed}",
        f"model.random_init={str(random_init).lower()}",
        "output.dir=build/nano-benchmark",
        "--new",
        "--json",
    ]
    done = subprocess.run([Path(sys.executable).with_name("afina"), *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    comparison = json.loads(done.stdout)["comparison"]
    tuned = next(entry for entry in comparison["entries"] if entry["kind"] == "tuned")
    return {
        "seed": seed,
        "start": "random" if random_init else "nano",
        "seconds": round(time.time() - started),
        "numbers": comparison["numbers"],
        "right": [int(got == wanted) for got, wanted in zip(tuned["predictions"], comparison["wanted"], strict=True)],
        "others": {entry["name"]: entry["metrics"]["accuracy"]["mean"] for entry in comparison["entries"]},
    }


def report(rows: list[dict]) -> str:
    by = {(row["start"], row["seed"]): row for row in rows}
    lines = ["| seed | from the nano | from random weights | tf-idf + logistic regression | test rows |", "|---|---|---|---|---|"]
    for seed in SEEDS:
        nano, random = by["nano", seed], by["random", seed]
        assert nano["numbers"] == random["numbers"]
        linear = nano["others"]["tf-idf + logistic regression"]
        lines.append(
            f"| {seed} | {nano['others']['tuned']:.3f} | {random['others']['tuned']:.3f} | {linear:.3f} | {len(nano['numbers'])} |"
        )
    nano = [right for seed in SEEDS for right in by["nano", seed]["right"]]
    random = [right for seed in SEEDS for right in by["random", seed]["right"]]
    difference, means = paired_difference(nano, random), (interval(nano), interval(random))
    lines.append(
        f"\nAccuracy over all seeds: {means[0].mean:.3f} from the nano, {means[1].mean:.3f} from random weights; paired difference "
        f"**{difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]** (95 %, {len(nano)} answers)."
    )
    return "\n".join(lines)


def main() -> None:
    rows = []
    for seed in SEEDS:
        for random_init in (False, True):
            rows.append(run(seed, random_init))
            print(seed, rows[-1]["start"], rows[-1]["seconds"], "s", rows[-1]["others"], flush=True)
            RESULTS.write_text("".join(json.dumps(row) + "\n" for row in rows))
    text = (
        "# Does the embedded base earn its place?\n\nThe same architecture, tokenizer and command, once with the nano's weights and once with random ones:\n\n"
        f"```sh\n{COMMAND} seed=0\n{COMMAND} seed=0 model.random_init=true\n```\n\n{report(rows)}\n\n"
        "Raw: `results.jsonl`. Again: `python benchmarks/nano/run.py` (about 15 minutes on two cores).\n"
    )
    (HERE / "README.md").write_text(text)


if __name__ == "__main__":
    main()
