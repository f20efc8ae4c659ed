"""Make the pretrained run the embedded model: `python -m nano.publish RUN TEXT`.

Writes src/afina/nano/ (bf16 weights, config, tokenizer, chat template), and the record in nano/results/: the loss curve (jsonl, svg) and the
perplexity on sentence families that the pretraining never saw, by language and kind.
"""

from __future__ import annotations

import json
import math
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from afina import api
from afina.evaluate.predict import evaluate_file
from afina.run import Run, read_jsonl

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "afina" / "nano"
RESULTS = HERE / "results"
MOST_BYTES = 6_000_000
COPIED = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")


def publish_weights(run: Run) -> int:
    """Write the package data; return the bytes of the weights."""
    TARGET.mkdir(exist_ok=True)
    tensors = {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in load_file(run.trained / "model.safetensors").items()}
    save_file(tensors, TARGET / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((run.trained / "config.json").read_text())
    config["dtype"] = "bfloat16"
    (TARGET / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    for name in COPIED:
        shutil.copy(run.trained / name, TARGET / name)
    size = (TARGET / "model.safetensors").stat().st_size
    assert size <= MOST_BYTES, size
    return size


def heldout(run: Run, text: Path) -> dict[str, dict[str, float]]:
    """Return loss and perplexity per token and bits per byte on each held-out file."""
    trained = api.load(run.path).trained
    found: dict[str, dict[str, float]] = {}
    for file in sorted(text.glob("heldout-*.jsonl")):
        result = evaluate_file(trained, file, {})
        documents = [json.loads(line)["text"] for line in file.open(encoding="utf-8")]
        n_tokens = sum(len(example) - 1 for example in trained.examples(_rows(documents)))
        loss = result["metrics"]["loss"]["mean"]
        bits = loss * n_tokens / math.log(2) / sum(len(document.encode()) for document in documents)
        name = file.stem.removeprefix("heldout-")
        found[name] = {
            "documents": len(documents),
            "loss": round(loss, 4),
            "perplexity": round(math.exp(loss), 3),
            "bits_per_byte": round(bits, 4),
        }
    return found


def _rows(documents: list[str]):
    from afina.types import Text

    return [Text(i, document) for i, document in enumerate(documents)]


def curve(run: Run) -> None:
    rows = read_jsonl(run.metrics_jsonl)
    steps = [row for row in rows if row["event"] == "step"]
    evaluations = [row for row in rows if row["event"] == "evaluated"]
    kept = [{key: row[key] for key in ("step", "loss", "learning_rate", "n_tokens", "seconds")} for row in steps[::10]]
    kept += [{"step": row["step"], "validation_loss": row["metrics"]["loss"]} for row in evaluations]
    (RESULTS / "curve.jsonl").write_text("".join(json.dumps(row) + "\n" for row in sorted(kept, key=lambda row: row["step"])))
    (RESULTS / "curve.svg").write_text(figure(steps, evaluations))


def figure(steps: list[dict], evaluations: list[dict]) -> str:
    """The curve as a small SVG: training loss in grey, validation loss as dots, nats per token on a log scale."""
    width, height, left, bottom = 720, 300, 50, 30
    last, top, low = steps[-1]["step"], math.log(8.0), math.log(1.0)

    def at(step: float, loss: float) -> str:
        x = left + (width - left - 10) * step / last
        y = 10 + (height - bottom - 10) * (top - math.log(min(8.0, max(1.0, loss)))) / (top - low)
        return f"{x:.1f},{y:.1f}"

    line = " ".join(at(row["step"], row["loss"]) for row in steps)
    dots = "".join(
        '<circle cx="{}" cy="{}" r="4" fill="#1a5a8a"/>'.format(*at(r["step"], r["metrics"]["loss"]).split(",")) for r in evaluations
    )
    ticks = "".join(
        f'<text x="{left - 8}" y="{float(at(0, loss).split(",")[1]) + 4:.0f}" text-anchor="end">{loss}</text>'
        for loss in (1, 2, 3, 4, 6, 8)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" fill="#333">'
        f"<title>Loss of the pretraining, nats per token</title>{ticks}"
        f'<polyline points="{line}" fill="none" stroke="#999" stroke-width="1"/>{dots}'
        f'<text x="{left}" y="{height - 8}">step 0</text><text x="{width - 10}" y="{height - 8}" text-anchor="end">step {last}</text></svg>\n'
    )


def main() -> None:
    run, text = Run(Path(sys.argv[1])), Path(sys.argv[2])
    RESULTS.mkdir(exist_ok=True)
    size = publish_weights(run)
    curve(run)
    shutil.copy(run.recipe_lock, RESULTS / "recipe.lock")
    record = {
        "bytes": size,
        "sha256": run.sha256(),
        "n_tokens": sum(r["n_tokens"] for r in run.metrics() if r["event"] == "step"),
        "heldout": heldout(run, text),
    }
    (RESULTS / "heldout.json").write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
