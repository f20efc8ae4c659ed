"""Trains on real data sets to the end and writes the table of benchmarks/quality/README.md: `python benchmarks/quality/run.py [NAME ...]`.

Each command is what a person would type. Numbers are those of each run's eval.json, on test rows that the run set aside itself.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATA = "../shared/corpus/data"
TINY = "--model ../shared/corpus/models/stories260K"
COMMANDS = {
    "sms-spam": f"afina train {DATA}/messy-sms-spam/spam.csv {TINY} --yes",
    "dialogsum": f"afina train {DATA}/dialogsum/dialogsum.dev.jsonl {TINY} --map prompt=dialogue --map completion=summary"
    " data.truncation=keep_end num_epochs=1 --yes",
    "alpaca-5000": f"afina train {DATA}/alpaca-5000/alpaca_5000.json {TINY} data.drop_empty=true data.truncation=keep_start num_epochs=1 --yes",
    "banking77": f"afina train {DATA}/banking77/train.csv {TINY} num_epochs=1 --yes",
    "cic-ca": f"afina train {DATA}/cic-ca/catalan_train.csv {TINY} --yes",
    "sentipolc16-it": f"afina train {DATA}/sentipolc16-it/training_set_sentipolc16.csv {TINY} --map label=opos num_epochs=1 --yes",
    "tinystories": f"afina train {DATA}/tinystories-sample/tinystories_sample.txt {TINY} objective=lm num_epochs=1 --yes",
}
RESULTS = HERE / "results.jsonl"


def run(name: str) -> dict[str, object]:
    """Run one command and return its row: what every entry reached, the verdict, the time."""
    command = shlex.split(COMMANDS[name])
    started = time.time()
    executable = Path(sys.executable).with_name("afina")
    done = subprocess.run(
        [executable, *command[1:], "--new", "--json", "output.dir=build/quality"], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    result = json.loads(done.stdout)
    comparison = result["comparison"]
    return {
        "name": name,
        "command": COMMANDS[name],
        "seconds": round(time.time() - started),
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
        "n_test": comparison["n_test"],
        "main_metric": comparison["main_metric"],
        "entries": [{key: entry[key] for key in ("name", "n_rows", "metrics")} for entry in comparison["entries"]],
        "verdict": comparison["verdict"],
    }


def table(rows: list[dict]) -> str:
    """The rows as Markdown: one line per run, its main metric for every entry with the 95 % interval."""
    lines = ["| data | test rows | metric | " + " | ".join(("base, prompted", "other baselines", "tuned", "time")) + " |", "|---" * 7 + "|"]
    for row in rows:
        metric = row["main_metric"]
        shown = {
            e["name"]: f"{e['metrics'][metric]['mean']:.3f} [{e['metrics'][metric]['low']:.3f}, {e['metrics'][metric]['high']:.3f}]"
            for e in row["entries"]
            if metric in e["metrics"]
        }
        base = "<br>".join(f"{name.removeprefix('base ')} {value}" for name, value in shown.items() if name.startswith("base"))
        others = "<br>".join(f"{name} {value}" for name, value in shown.items() if not name.startswith("base") and name != "tuned")
        lines.append(f"| {row['name']} | {row['n_test']:,} | {metric} | {base} | {others} | **{shown['tuned']}** | {row['seconds']} s |")
    return "\n".join(lines)


def main() -> None:
    names = sys.argv[1:] or list(COMMANDS)
    kept = {row["name"]: row for row in map(json.loads, RESULTS.read_text().splitlines())} if RESULTS.exists() else {}
    for name in names:
        kept[name] = run(name)
        print(name, kept[name]["seconds"], "s:", kept[name]["verdict"], flush=True)
        RESULTS.write_text("".join(json.dumps(kept[n]) + "\n" for n in COMMANDS if n in kept), encoding="utf-8")
    rows = [kept[name] for name in COMMANDS if name in kept]
    text = (HERE / "README.md").read_text(encoding="utf-8")
    head, _, rest = text.partition("<!-- table -->")
    _, _, tail = rest.partition("<!-- /table -->")
    commands = "\n".join(row["command"] for row in rows)
    (HERE / "README.md").write_text(
        f"{head}<!-- table -->\n```sh\n{commands}\n```\n\n{table(rows)}\n<!-- /table -->{tail}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
