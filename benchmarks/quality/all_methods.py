"""Every method on the same rows, against training the head alone for as many steps: `python benchmarks/quality/all_methods.py [NAME ...]`.

A cell is one training: a method, a data set, a seed, a learning rate. On the first seed three rates are tried, and the one with the best
validation accuracy is taken for all seeds; test accuracy is that of the trainings at this rate. Each finished cell is a line of
all_methods.jsonl, so that the table is made in as many sittings as it takes; then it is written to all_methods.md. `--quick` runs
`afina train` to the end once for each method, on 240 rows and for a few steps, and measures nothing.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CORPUS = ROOT / "../shared/corpus"
MODEL = CORPUS / "models/stories260K"
MADE = ROOT / "build/methods"
"""Where the files with a column of tasks, the small one, and the runs lie."""
RESULTS, TABLE = HERE / "all_methods.jsonl", HERE / "all_methods.md"
SEEDS = (0, 1, 2)
RATES = (1 / 3, 1.0, 3.0)
"""Times the method's own default."""
STEPS, QUICK_STEPS, QUICK_ROWS = 300, 8, 240
HEAD_ONLY = "head only"
"""What each method is compared with: the final norm and the head."""


@dataclass(frozen=True)
class Data:
    """A file of texts with classes; columns: its texts and labels. file: as it lies in the corpus."""

    file: str
    text: str
    label: str


DATA = {
    "sms-spam": Data("messy-sms-spam/spam.csv", "v2", "v1"),
    "sst2": Data("sst2/train.tsv", "column1", "column2"),
}


@dataclass(frozen=True)
class Way:
    """How a method is trained. method: its name; settings: what differs from its defaults, at a width of 64.

    tasks: it learns several tasks; the rows then say theirs, short or long, in a column of their own (the same rows, so that what it reaches
    can be compared). phases: what its steps are divided into.
    """

    method: str
    settings: tuple[str, ...] = ()
    tasks: bool = False
    phases: str = "one"


WAYS: dict[str, Way] = {
    HEAD_ONLY: Way("freeze", ("method.n_layers=0",)),
    "adalora": Way("adalora", phases="rank falls"),
    "adamix": Way("adamix", ("method.width=16",), phases="experts drawn, then averaged"),
    "adapter_fusion": Way("adapter_fusion", ("method.width=16",), tasks=True, phases="each task's adapter, then fusion"),
    "attention_fusion": Way("attention_fusion"),
    "bitfit": Way("bitfit"),
    "boft": Way("boft"),
    "compacter": Way("compacter", ("method.reduction=4",)),
    "compacter++": Way("compacter++", ("method.reduction=4",)),
    "fourierft": Way("fourierft"),
    "freeze": Way("freeze"),
    "full": Way("full"),
    "houlsby": Way("houlsby", ("method.width=16",)),
    "hra": Way("hra"),
    "ia3": Way("ia3"),
    "ipt": Way("ipt", ("method.size=8", "method.hidden=64"), tasks=True, phases="tasks' prompts, their space, then one point of it"),
    "krona": Way("krona"),
    "krona_b": Way("krona_b"),
    "krona_b_res": Way("krona_b_res"),
    "ladder_side": Way("ladder_side", ("method.reduction=4",)),
    "lets": Way("lets", ("method.width=16",), phases="search, dense, sparse"),
    "llama_adapter": Way("llama_adapter"),
    "ln_tuning": Way("ln_tuning"),
    "loha": Way("loha"),
    "lokr": Way("lokr"),
    "lora": Way("lora", ("method.r=8",)),
    "oft": Way("oft", ("method.block_size=4",)),
    "p_tuning": Way("p_tuning"),
    "parallel": Way("parallel", ("method.width=16",)),
    "peft": Way("peft"),
    "pfeiffer": Way("pfeiffer", ("method.width=16",)),
    "prefix_tuning": Way("prefix_tuning"),
    "prompt_tuning": Way("prompt_tuning"),
    "spectrum": Way("spectrum"),
    "vera": Way("vera"),
    "warp": Way("warp"),
}


def columns(data: Data) -> list[dict[str, str]]:
    """The rows of a data set with text, label, and a task of two: whether the text is shorter than the middle one."""
    file = CORPUS / "data" / data.file
    separator = "\t" if file.suffix == ".tsv" else ","
    with file.open(encoding="utf-8", errors="replace", newline="") as handle:
        lines = list(csv.reader(handle, delimiter=separator, quoting=csv.QUOTE_NONE if separator == "\t" else csv.QUOTE_MINIMAL))
    if data.text.startswith("column"):
        text, label = int(data.text.removeprefix("column")) - 1, int(data.label.removeprefix("column")) - 1
    else:
        text, label = lines[0].index(data.text), lines[0].index(data.label)
        lines = lines[1:]
    rows = [{"text": line[text].strip(), "label": line[label]} for line in lines if len(line) > max(text, label) and line[text].strip()]
    middle = statistics.median(len(row["text"]) for row in rows)
    return [{**row, "task": "short" if len(row["text"]) < middle else "long"} for row in rows]


def written(name: str, n_rows: int | None = None) -> Path:
    """The file of a data set with its column of tasks, written once; n_rows: only so many, the first of each class in turn."""
    path = MADE / f"{name}{'-small' if n_rows else ''}.csv"
    if not path.exists():
        rows = columns(DATA[name])
        if n_rows:
            by_class = [[row for row in rows if row["label"] == label] for label in sorted({row["label"] for row in rows})]
            rows = [row for together in itertools.zip_longest(*by_class) for row in together if row][:n_rows]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, ["text", "label", "task"])
            writer.writeheader()
            writer.writerows(rows)
    return path


def command(way: Way, file: Path, settings: Iterable[str]) -> list[str]:
    """What a person would type."""
    own = [f"method={way.method}", *way.settings, *(["data.task=task"] if way.tasks else []), *settings]
    return ["train", str(file), "--model", str(MODEL), "--map", "text=text", "--map", "label=label", *own, "--yes"]


def run(arguments: list[str], seconds: float = 3600) -> dict[str, Any]:
    """Run one command to its end and return its result. Raises RuntimeError with what it said."""
    executable = Path(sys.executable).with_name("afina")
    done = subprocess.run(
        [executable, *arguments, "--new", "--json", "--quiet", f"output.dir={MADE / 'runs'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"ended with {done.returncode}: {done.stderr.strip()[-1500:]}")
    return json.loads(done.stdout)


Cell = dict[str, Any]


def trained(name: str, data: str, seed: int, rate: float, steps: int = STEPS) -> Cell:
    """One cell of the table. rate: times the method's default."""
    learning_rate = rate * default_rate(WAYS[name].method)
    settings = [f"seed={seed}", f"learning_rate={learning_rate:g}", f"max_steps={steps}", "eval.general_text=none", "eval.shots=0"]
    started = time.time()
    result = run(command(WAYS[name], written(data), settings))
    events = [json.loads(line) for line in (ROOT / result["run"] / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    metrics = [json.loads(line) for line in (ROOT / result["run"] / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    tuned = next(entry for entry in result["comparison"]["entries"] if entry["name"] == "tuned")
    return {
        "method": name,
        "data": data,
        "seed": seed,
        "rate": round(rate, 3),
        "learning_rate": learning_rate,
        "validation": next(event["best_value"] for event in reversed(events) if event["event"] == "finished"),
        "accuracy": tuned["metrics"]["accuracy"]["mean"],
        "n_trainable": next(event["n_trainable"] for event in events if event["event"] == "started"),
        "memory_gib": round(max(row["memory_gib"] for row in [*events, *metrics] if "memory_gib" in row), 3),
        "training_seconds": round(next(event["seconds"] for event in reversed(events) if event["event"] == "finished"), 1),
        "seconds": round(time.time() - started, 1),
        "steps": steps,
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
    }


def default_rate(method: str) -> float:
    from afina.methods import METHODS

    return METHODS[method].default_learning_rate


def kept() -> dict[tuple[str, str, int, float], Cell]:
    """The cells that are done."""
    if not RESULTS.exists():
        return {}
    cells = map(json.loads, RESULTS.read_text(encoding="utf-8").splitlines())
    return {(cell["method"], cell["data"], cell["seed"], cell["rate"]): cell for cell in cells}


def due(name: str, data: str, done: Mapping[tuple[str, str, int, float], Cell]) -> Iterator[tuple[int, float]]:
    """Yield seed and rate of the cells that a method on a data set still lacks; the rate of later seeds follows from the first one's."""
    for rate in RATES:
        if (name, data, SEEDS[0], round(rate, 3)) not in done:
            yield SEEDS[0], rate
    chosen = chosen_rate(name, data, done)
    for seed in SEEDS[1:]:
        if chosen is not None and (name, data, seed, round(chosen, 3)) not in done:
            yield seed, chosen


def chosen_rate(name: str, data: str, done: Mapping[tuple[str, str, int, float], Cell]) -> float | None:
    """The rate with the best validation accuracy on the first seed, the lowest of equals; None while one is missing."""
    tried = {rate: done.get((name, data, SEEDS[0], round(rate, 3))) for rate in RATES}
    if None in tried.values():
        return None
    return max(RATES, key=lambda rate: (tried[rate]["validation"], -rate))  # type: ignore[index]


def fill(names: list[str]) -> None:
    """Train what is missing, and write each cell at once."""
    for data, name in itertools.product(DATA, names):
        while missing := list(due(name, data, done := kept())):
            cell = trained(name, data, *missing[0])
            with RESULTS.open("a", encoding="utf-8") as handle:
                handle.write(json.dumps(cell) + "\n")
            print(
                f"{name} on {data}, seed {cell['seed']}, {cell['learning_rate']:g}: {cell['accuracy']:.3f} in {cell['seconds']:.0f} s",
                flush=True,
            )
            assert len(kept()) > len(done)


def of_table(name: str, data: str, done: Mapping[tuple[str, str, int, float], Cell]) -> list[Cell]:
    """The cells of a method at its chosen rate, one a seed."""
    chosen = chosen_rate(name, data, done)
    cells = [done.get((name, data, seed, round(chosen, 3))) for seed in SEEDS] if chosen is not None else []
    return [cell for cell in cells if cell is not None]


def table(data: str, done: Mapping[tuple[str, str, int, float], Cell]) -> str:
    """One data set as Markdown, best first. A method is called better than the head alone where it is so on every seed."""
    rows = {name: cells for name in WAYS if (cells := of_table(name, data, done))}
    alone = {cell["seed"]: cell["accuracy"] for cell in rows.get(HEAD_ONLY, ())}
    lines = ["| method | accuracy (seeds) | against head only | trainable | rate | memory, GiB | training, s |", "|---" * 7 + "|"]
    for name, cells in sorted(rows.items(), key=lambda row: -statistics.mean(cell["accuracy"] for cell in row[1])):
        accuracies = [cell["accuracy"] for cell in cells]
        gains = [cell["accuracy"] - alone[cell["seed"]] for cell in cells if cell["seed"] in alone]
        beats = bool(gains) and min(gains) > 0
        against = (
            "" if name == HEAD_ONLY or not gains else f"{statistics.mean(gains):+.3f}{'' if beats else ', does not beat it on every seed'}"
        )
        shown = f"{statistics.mean(accuracies):.3f} ({', '.join(f'{value:.3f}' for value in accuracies)})"
        memory, seconds = (max(cell[key] for cell in cells) for key in ("memory_gib", "training_seconds"))
        rate = f"{cells[0]['learning_rate']:.2g}"
        lines.append(f"| {name} | {shown} | {against} | {cells[0]['n_trainable']:,} | {rate} | {memory:.2f} | {seconds:.0f} |")
    return "\n".join(lines)


def write_table() -> None:
    done = kept()
    text = f"""# Every method

`stories260K` (width 64), {STEPS} steps, {len(SEEDS)} seeds; the learning rate of the best validation accuracy on seed {SEEDS[0]} among {len(RATES)}
around the method's default. "head only" trains the final norm and the head, for as many steps. Memory is the process's own at its largest.
Each cell: `all_methods.jsonl`. Again, or on: `python benchmarks/quality/all_methods.py`.
"""
    TABLE.write_text(text + "".join(f"\n## {data}\n\n{table(data, done)}\n" for data in DATA), encoding="utf-8")


def quick(names: list[str]) -> None:
    """Run each method's command to the end on few rows. Raises SystemExit with the names of those that fail."""
    failed = []
    for name in names:
        started = time.time()
        few = [f"max_steps={QUICK_STEPS}", "batch_size=8", "eval.general_text=none", "eval.shots=0", "eval.max_generated=10"]
        try:
            result = run(command(WAYS[name], written("sms-spam", QUICK_ROWS), few), seconds=600)
            says = f"trained, saved and compared on {result['comparison']['n_test']} rows"
        except (RuntimeError, subprocess.TimeoutExpired, ValueError, KeyError) as error:
            failed.append(name)
            says = f"FAILED {error}"
        print(f"{name}: {says} ({time.time() - started:.0f} s; phases: {WAYS[name].phases})", flush=True)
    if failed:
        raise SystemExit(f"{len(failed)} of {len(names)} failed: {', '.join(failed)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="methods; all by default")
    parser.add_argument("--quick", action="store_true", help="run each once, on few rows and for few steps")
    given = parser.parse_args()
    unknown = set(given.names) - set(WAYS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(WAYS)}")
    names = given.names or list(WAYS)
    if given.quick:
        quick(names)
        return
    fill(list(dict.fromkeys([HEAD_ONLY, *names])))
    write_table()


if __name__ == "__main__":
    main()
