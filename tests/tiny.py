"""Tiny real models for tests, written to folders as anyone's model would lie there."""

from __future__ import annotations

import json
from pathlib import Path

TEXT = [
    "the cat and the dog saw a cow near the house",
    "bread and soup and rice and cake for the fish",
    "say the number of times, case one two three",
    "an owl, a pig, a fox and a bee: plum, corn, milk, hen",
] * 8
LETTERS = [chr(code) for code in range(33, 127)]
WORDS = sorted({word.strip(",:") for text in TEXT for word in text.split() if len(word) > 1})
"""What the tokenizers below know. Nothing is trained: trainers order pieces of equal rank anew in each process."""
N_SENTINELS = 100
"""As many as T5 has, the first one with the largest id."""
SPECIALS = ["<s>", "</s>", "<pad>", "<|user|>", "<|assistant|>", "<|system|>"]
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'assistant' %}<|assistant|>{% generation %}{{ m['content'] }}{{ eos_token }}"
    "{% endgeneration %}{% else %}<|{{ m['role'] }}|>{{ m['content'] }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def write_tokenizer(folder: Path, vocab_size: int = 320, chat: bool = False) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        TEXT, trainers.BpeTrainer(vocab_size=vocab_size, special_tokens=SPECIALS, initial_alphabet=alphabet, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **named, "model_max_length": 256})
    )
    (folder / "special_tokens_map.json").write_text(json.dumps(named))
    if chat:
        (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


def tiny_config(**changes: object):
    from transformers import LlamaConfig

    settings: dict[str, object] = {
        "vocab_size": 320,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 2,
        "tie_word_embeddings": True,
    }
    return LlamaConfig(**(settings | changes))


def write_tiny_model(folder: Path, chat: bool = False, seed: int = 0, **changes: object) -> Path:
    import torch
    from transformers import LlamaForCausalLM

    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    LlamaForCausalLM(tiny_config(**changes)).save_pretrained(folder)
    write_tokenizer(folder, chat=chat)
    return folder


def write_tiny_encoder(folder: Path, family: str = "bert", seed: int = 0, **changes: object) -> Path:
    """A model that was trained on masked tokens, with BERT's kind of tokenizer: [CLS] text [SEP] other text [SEP], told apart by types."""
    import torch
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import AutoConfig, AutoModelForMaskedLM

    folder.mkdir(parents=True, exist_ok=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    known = [*special, *LETTERS, *(f"##{letter}" for letter in LETTERS if letter.isalnum()), *WORDS]
    tokenizer = Tokenizer(models.WordPiece({piece: index for index, piece in enumerate(known)}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    frame = {"single": "[CLS] $A [SEP]", "pair": "[CLS] $A [SEP] $B:1 [SEP]:1"}
    tokenizer.post_processor = processors.TemplateProcessing(**frame, special_tokens=[("[CLS]", 2), ("[SEP]", 3)])  # type: ignore[assignment]
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    inputs = {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **named, **inputs, "model_max_length": 256})
    )
    torch.manual_seed(seed)
    settings = {
        **tiny_settings(family),
        "initializer_range": 0.2,
        "pad_token_id": 0,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        **changes,
    }
    AutoModelForMaskedLM.from_config(AutoConfig.for_model(family, **settings)).save_pretrained(folder)
    return folder


def write_tiny_encoder_decoder(folder: Path, seed: int = 0, **changes: object) -> Path:
    """A T5 with its kind of tokenizer: pieces from a Unigram model, the end token after each text, no begin token."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import AutoConfig, AutoModelForSeq2SeqLM

    folder.mkdir(parents=True, exist_ok=True)
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces += [*((letter, -6.0) for letter in LETTERS), *((f"\u2581{word}", -4.0) for word in WORDS)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>", *(f"<extra_id_{n}>" for n in reversed(range(N_SENTINELS)))])
    frame = {"single": "$A </s>", "pair": "$A </s> $B </s>"}
    tokenizer.post_processor = processors.TemplateProcessing(**frame, special_tokens=[("</s>", 1)])  # type: ignore[assignment]
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **named, "model_max_length": 256})
    )
    torch.manual_seed(seed)
    ids = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    config = AutoConfig.for_model("t5", **{**tiny_settings("t5"), **ids, "dropout_rate": 0.0, **changes})
    AutoModelForSeq2SeqLM.from_config(config).save_pretrained(folder)
    return folder


def tiny_settings(family: str, n_layers: int = 2, vocab_size: int = 320, positions: int = 256) -> dict[str, object]:
    """Sizes of a tiny model of any family, in the words of its own config."""
    if family == "gpt2":
        return {"n_embd": 24, "n_layer": n_layers, "n_head": 4, "n_positions": positions, "vocab_size": vocab_size}
    if family in ("t5", "mt5"):
        sizes = {"d_model": 24, "d_ff": 40, "d_kv": 8, "num_layers": n_layers, "num_heads": 4, "relative_attention_num_buckets": 8}
        return {**sizes, "vocab_size": vocab_size}
    if family == "bart":
        sides = {f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in (("attention_heads", 4), ("ffn_dim", 40))}
        layers = {"encoder_layers": n_layers, "decoder_layers": n_layers}
        return {"d_model": 24, **sides, **layers, "max_position_embeddings": positions, "vocab_size": vocab_size}
    sizes = {"hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": n_layers, "num_attention_heads": 4}
    grouped = {"num_key_value_heads": 2} if family in DECODERS else {}
    own = EXPERTS.get(family, {})
    heads = {"head_dim": 8} if family in ("qwen3", "qwen3_moe", "gemma", "gemma2", "gemma3_text") else {}
    spare = 2 if "roberta" in family else 0  # rows of the position table that no token has
    return {**sizes, **grouped, **own, **heads, "max_position_embeddings": positions + spare, "vocab_size": vocab_size}


DECODERS = ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "smollm3", "phi3", "phi", "mixtral", "qwen3_moe")
EXPERTS = {
    "mixtral": {"num_local_experts": 4},
    "qwen3_moe": {"num_experts": 6, "moe_intermediate_size": 20, "num_experts_per_tok": 2},
}
