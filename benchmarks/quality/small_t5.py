"""A small encoder-decoder from nothing: `python small_t5.py FOLDER TEXTS.csv` writes T5's config and a tokenizer of 4,000 Unigram pieces learned
from all cells of the file; there are no weights, so it is trained with `model.random_init=true method=full`.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

PIECES = 4000


def write_tokenizer(folder: Path, texts: list[str]) -> None:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=PIECES, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **named, "model_max_length": 128}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def write_config(folder: Path) -> None:
    from transformers import T5Config

    sizes = {"d_model": 192, "d_kv": 48, "d_ff": 512, "num_layers": 3, "num_heads": 4}
    ids = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    T5Config(vocab_size=PIECES, **sizes, **ids, feed_forward_proj="gated-gelu", n_positions=128).save_pretrained(folder)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        texts = [cell for row in list(csv.reader(file))[1:] for cell in row]
    write_tokenizer(folder, texts)
    write_config(folder)


if __name__ == "__main__":
    main()
