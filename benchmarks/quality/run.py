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
    "sst2": f"afina train {DATA}/sst2/train.tsv {TINY} num_epochs=1 --yes",
    "cola": f"afina train {DATA}/cola/in_domain_train.tsv {TINY} --map text=column4 --map label=column2 eval.metric=mcc num_epochs=1 --yes",
    "mrpc": f"afina train {DATA}/mrpc/msr_paraphrase_train.txt {TINY} num_epochs=2 --yes",
    "rte": f"afina train {DATA}/rte/train.tsv {TINY} num_epochs=2 --yes",
    "boolq": f"afina train {DATA}/boolq/boolq_val.jsonl {TINY} data.truncation=keep_end max_steps=60 --yes",
    "pubmedqa": f"afina train {DATA}/pubmedqa-1k/pubmed_qa_labeled.jsonl {TINY} --map prompt=context --map answer=continuation"
    " data.choices=[yes,no,maybe] data.truncation=keep_end max_steps=60 --yes",
    "medical-abstracts": f"afina train {DATA}/medical-abstracts/medical_tc_test.csv {TINY} data.truncation=keep_start num_epochs=1 --yes",
    "legalbench": f"afina train {DATA}/legalbench-train/legalbench_train.csv {TINY} --map completion=answer"
    " 'data.prompt={instruction}\\n{input}' data.truncation=keep_end num_epochs=1 --yes",
    "umsab-es": f"afina train {DATA}/umsab-sentiment-es/train.csv {TINY} --yes",
    "squad-it": f"afina train {DATA}/squad-it/squad_it_2000.csv {TINY} --map completion=answer"
    " 'data.prompt={context}\\n{question}' data.truncation=keep_end num_epochs=1 --yes",
    "en-ca": f"afina train {DATA}/en-ca-translation/tatoeba.en-ca.csv --model build/small-t5 model.random_init=true method=full"
    " --map prompt=en --map completion=ca objective=sft objective.label_smoothing=0.1"
    " learning_rate=1e-3 batch_size=64 num_epochs=20 eval.metric=chrf --yes",
    "wikisql": f"afina train {DATA}/wikisql-1k/train.jsonl {TINY} objective=lm --yes",
    "glaive": f"afina train {DATA}/llamafactory-demos/glaive_toolcall_en_demo.json --model build/stories-tools data.truncation=split --yes",
    "tinystories": f"afina train {DATA}/tinystories-sample/tinystories_sample.txt {TINY} objective=lm num_epochs=1 --yes",
}
PREPARED = {
    "en-ca": f"python benchmarks/quality/small_t5.py build/small-t5 {DATA}/en-ca-translation/globalvoices.en-ca.csv",
    "glaive": "cp -r ../shared/corpus/models/stories260K build/stories-tools"
    " && cp ../shared/corpus/templates/Qwen-Qwen2.5-7B-Instruct.jinja build/stories-tools/chat_template.jinja",
}
"""What is typed before a command."""
RESULTS = HERE / "results.jsonl"


def run(name: str) -> dict[str, object]:
    """Run one command and return its row: what every entry reached, the verdict, the time."""
    command = shlex.split(COMMANDS[name])
    if name in PREPARED:
        (ROOT / "build").mkdir(exist_ok=True)
        subprocess.run(["bash", "-c", PREPARED[name].replace("python", sys.executable)], cwd=ROOT, check=True)
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
    commands = "\n".join(line for row in rows for line in (PREPARED.get(row["name"], ""), row["command"]) if line)
    (HERE / "README.md").write_text(
        f"{head}<!-- table -->\n```sh\n{commands}\n```\n\n{table(rows)}\n<!-- /table -->{tail}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
