"""One side of the preprocessing comparison in its own process: `one.py afina|afina-near|trl ROWS.jsonl TOKENIZER`. Prints rows/s as JSON.

From the file to token ids and loss mask. Imports and the reading of the tokenizer are not timed; no cache is used.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

CORES = len(os.sched_getaffinity(0))


def afina(path: str, tokenizer_folder: str, keep_together: str) -> tuple[float, int, int]:
    from afina.data.prepare import encode, read
    from afina.data.tokenize import Tokenizer
    from afina.recipe.schema import DataSpec

    tokenizer = Tokenizer.load(Path(tokenizer_folder))
    spec = DataSpec(path=path, drop_empty=True, truncation="keep_start", keep_together=keep_together)  # type: ignore[arg-type]
    started = time.perf_counter()
    encoded = encode(read(spec), "sft", tokenizer, spec, 1024)
    seconds = time.perf_counter() - started
    examples = list(encoded.examples.values())
    return seconds, sum(len(found) for found in examples), sum(found.n_learned for found in examples)


def trl(path: str, tokenizer_folder: str) -> tuple[float, int, int]:
    """What its users write: load the JSON, make prompt and completion messages, let SFTTrainer prepare them on all cores."""
    from datasets import load_dataset
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
    from trl import SFTConfig, SFTTrainer

    def messages(row: dict) -> dict:
        asked = row["instruction"] + (f"\n\n{row['input']}" if row["input"] else "")
        return {"prompt": [{"role": "user", "content": asked}], "completion": [{"role": "assistant", "content": row["output"]}]}

    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    config = LlamaConfig(vocab_size=len(tokenizer), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    with tempfile.TemporaryDirectory() as folder:
        arguments = SFTConfig(
            output_dir=folder,
            max_length=1024,
            completion_only_loss=True,
            dataset_num_proc=CORES,
            use_cpu=True,
            bf16=False,
            report_to="none",
        )
        few = load_dataset("json", data_files=path, split="train[:8]", cache_dir=f"{folder}/few").map(messages)
        few = few.select_columns(["prompt", "completion"])
        trainer = SFTTrainer(model=LlamaForCausalLM(config), args=arguments, train_dataset=few, processing_class=tokenizer)
        started = time.perf_counter()
        rows = load_dataset("json", data_files=path, split="train", cache_dir=f"{folder}/all")
        rows = rows.filter(lambda row: bool(row["output"].strip()), num_proc=CORES)
        rows = rows.map(messages, remove_columns=rows.column_names, num_proc=CORES)
        rows = trainer._prepare_dataset(rows, tokenizer, arguments, False, None, "train")
        seconds = time.perf_counter() - started
        learned = sum(sum(label != -100 for label in labels) for labels in rows["labels"])
    return seconds, len(rows), learned


def main() -> None:
    side, path, tokenizer_folder = sys.argv[1:]
    seconds, n, learned = (
        trl(path, tokenizer_folder) if side == "trl" else afina(path, tokenizer_folder, "near" if side.endswith("near") else "exact")
    )
    peak = psutil.Process().memory_info().rss / 2**30
    print(
        json.dumps(
            {
                "side": side,
                "seconds": round(seconds, 2),
                "rows": n,
                "learned_tokens": learned,
                "rows_per_s": round(n / seconds),
                "cores": CORES,
                "rss_gib": round(peak, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
