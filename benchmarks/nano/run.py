"""Does the embedded base earn its place? The same commands with its weights and with random ones, three seeds, on the support messages.

`python benchmarks/nano/run.py [team|reply]` writes results-<task>.jsonl and README.md. Differences are paired by test row, over the rows of all
seeds: accuracy of the team, and loss of the reply (nats per token).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from afina.evaluate.bootstrap import interval, paired_difference, paired_ratio_difference, ratio_interval

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = {
    "team": "afina train examples/support.csv --model nano --map text=message --map label=team data.drop_empty=true data.normalize_labels=true --yes",
    "reply": "afina train examples/support.csv --model nano --map prompt=message --map completion=reply data.drop_empty=true eval.max_generated=40 --yes",
}
SEEDS = (0, 1, 2)


def run(task: str, seed: int, random_init: bool) -> dict[str, object]:
    started = time.time()
    settings = [f"seed={seed}", f"model.random_init={str(random_init).lower()}", "output.dir=build/nano-benchmark", "--new", "--json"]
    executable = Path(sys.executable).with_name("afina")
    done = subprocess.run([executable, *COMMANDS[task].split()[1:], *settings], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    comparison = json.loads(done.stdout)["comparison"]
    tuned = next(entry for entry in comparison["entries"] if entry["kind"] == "tuned")
    row: dict[str, object] = {"seed": seed, "start": "random" if random_init else "nano", "seconds": round(time.time() - started)}
    if task == "team":
        row["right"] = [int(got == wanted) for got, wanted in zip(tuned["predictions"], comparison["wanted"], strict=True)]
        row["others"] = {entry["name"]: entry["metrics"]["accuracy"]["mean"] for entry in comparison["entries"]}
    else:
        row["loss_sum"], row["n_tokens"] = (tuned["per_example"][name] for name in ("loss_sum", "n_tokens"))
    return row


def team(rows: list[dict]) -> str:
    by = {(row["start"], row["seed"]): row for row in rows}
    lines = ["| seed | from the nano | from random weights | tf-idf + logistic regression | test rows |", "|---|---|---|---|---|"]
    for seed in SEEDS:
        nano, random = by["nano", seed]["others"], by["random", seed]["others"]
        n = len(by["nano", seed]["right"])
        lines.append(f"| {seed} | {nano['tuned']:.3f} | {random['tuned']:.3f} | {nano['tf-idf + logistic regression']:.3f} | {n} |")
    nano, random = ([right for seed in SEEDS for right in by[start, seed]["right"]] for start in ("nano", "random"))
    difference, a, b = paired_difference(nano, random), interval(nano), interval(random)
    lines.append(
        f"\nAccuracy over all seeds: {a.mean:.3f} from the nano, {b.mean:.3f} from random weights; paired difference "
        f"**{difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]** (95 %, {len(nano)} answers)."
    )
    return "\n".join(lines)


def reply(rows: list[dict]) -> str:
    by = {(row["start"], row["seed"]): row for row in rows}
    lines = ["| seed | from the nano | from random weights | test rows |", "|---|---|---|---|"]
    for seed in SEEDS:
        shown = [f"{sum(by[start, seed]['loss_sum']) / sum(by[start, seed]['n_tokens']):.3f}" for start in ("nano", "random")]
        lines.append(f"| {seed} | {shown[0]} | {shown[1]} | {len(by['nano', seed]['n_tokens'])} |")
    joined = {
        start: [[v for seed in SEEDS for v in by[start, seed][name]] for name in ("loss_sum", "n_tokens")] for start in ("nano", "random")
    }
    (nano, counts), (random, _) = joined["nano"], joined["random"]
    difference, a, b = paired_ratio_difference(random, counts, nano, counts), ratio_interval(nano, counts), ratio_interval(random, counts)
    lines.append(
        f"\nLoss of the reply over all seeds, nats per token: {a.mean:.3f} from the nano, {b.mean:.3f} from random weights; random minus nano "
        f"**{difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]** (95 %, {len(counts)} replies)."
    )
    return "\n".join(lines)


def page() -> str:
    parts = [
        "# Does the embedded base earn its place?\n",
        "The same architecture, tokenizer and command, once with the nano's weights and once with random ones.",
    ]
    for task, table in (("team", team), ("reply", reply)):
        file = HERE / f"results-{task}.jsonl"
        rows = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        if len(rows) == 2 * len(SEEDS):
            parts.append(f"\n## The {task}\n\n```sh\n{COMMANDS[task]}\n```\n\n{table(rows)}")
    parts.append("\nRandom weights: the same with `model.random_init=true`; `seed=0`, 1, 2. Again: `python benchmarks/nano/run.py`.")
    return "\n".join(parts) + "\n"


def main() -> None:
    for task in sys.argv[1:] or COMMANDS:
        rows = []
        for seed in SEEDS:
            for random_init in (False, True):
                rows.append(run(task, seed, random_init))
                print(task, seed, rows[-1]["start"], rows[-1]["seconds"], "s", flush=True)
                (HERE / f"results-{task}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (HERE / "README.md").write_text(page())


if __name__ == "__main__":
    main()
