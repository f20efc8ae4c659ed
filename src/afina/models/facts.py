"""A model's sizes by closed form from its config.json: nothing is imported but the standard library.

Building the same config on torch's meta device is the oracle (tests/oracle/test_facts.py): every linear map's path and shape, and all
parameter counts, are equal. Letters: H hidden size, I intermediate size, V vocabulary, D head size, Q query heads, K key-value heads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from afina.errors import MachineError
from afina.types import LinearShape, ModelFacts

CONFIG_BYTES_MAX = 4 * 2**20
"""A config.json is a few KiB; anything larger is not one."""


@dataclass(frozen=True)
class Sizes:
    """What both kinds of decoder need; read from the config by the family's `read`."""

    n_layers: int
    hidden_size: int
    vocab_size: int
    max_length: int
    tied: bool
    linears: Mapping[str, LinearShape]
    """Of one layer, by path inside the layer."""
    n_norm_params: int
    """Of one layer."""
    final_norm_params: int
    n_position_params: int = 0


@dataclass(frozen=True)
class Family:
    """One architecture. `read` turns a config into sizes; `blocks` is the path of its layers."""

    read: Callable[[Config], Sizes]
    blocks: str = "model.layers"


def facts_from_config(config: Mapping[str, Any]) -> ModelFacts:
    """Return what a config.json says about its model.

    Raises MachineError H005 for an architecture that is not supported (the message names those that are), for a model whose weights are
    already quantised, and for a config with a missing or impossible size.
    """
    family = str(config.get("model_type", ""))
    if family not in FAMILIES:
        raise MachineError(
            "H005",
            f'models of type "{family}" are not supported. Supported: {", ".join(FAMILIES)}',
            where="model.path",
            fix=_remedy(config),
        )
    if config.get("quantization_config"):
        raise MachineError("H005", "the weights of this model are already quantised", where="model.path", fix="use the original model")
    described = FAMILIES[family]
    sizes = described.read(Config(family, config))
    per_layer = sum(_n_params(shape) for shape in sizes.linears.values()) + sizes.n_norm_params
    tokens = sizes.vocab_size * sizes.hidden_size
    embeddings = tokens + sizes.n_position_params
    return ModelFacts(
        family=family,
        kind="decoder",
        n_layers=sizes.n_layers,
        hidden_size=sizes.hidden_size,
        vocab_size=sizes.vocab_size,
        max_length=sizes.max_length,
        n_params=embeddings + sizes.n_layers * per_layer + sizes.final_norm_params + (0 if sizes.tied else tokens),
        n_embedding_params=embeddings,
        n_params_per_layer=per_layer,
        tied=sizes.tied,
        blocks=described.blocks,
        linears={f"{described.blocks}.{i}.{path}": shape for i in range(sizes.n_layers) for path, shape in sizes.linears.items()},
        final_norm_params=sizes.final_norm_params,
    )


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """Return a JSON object of a model folder. Raises MachineError H002 when it is missing or is not one."""
    file = folder / name
    try:
        if file.stat().st_size > CONFIG_BYTES_MAX:
            raise ValueError(f"it has {file.stat().st_size} bytes")
        config = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MachineError(
            "H002", f"not a model folder: it has no {name}", where=str(folder), fix="model.path=FOLDER of a model, or owner/name"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise MachineError("H002", f"{name} cannot be read: {error}", where=str(file), fix="download or copy the model again") from error
    if not isinstance(config, dict):
        raise MachineError("H002", f"{name} is not a JSON object", where=str(file), fix="download or copy the model again")
    return config


def _remedy(config: Mapping[str, Any]) -> str:
    inner = config.get("text_config")
    if isinstance(inner, Mapping) and inner.get("model_type") in FAMILIES:
        return f"this one reads images too; use a text-only {inner['model_type']} model"
    return "use a model of a supported type, such as HuggingFaceTB/SmolLM2-135M or Qwen/Qwen3-0.6B"


class Config:
    """A config whose missing keys have the defaults of their transformers class."""

    def __init__(self, family: str, given: Mapping[str, Any]) -> None:
        self.family = family
        self.settings = {**DEFAULTS[family], **given}

    def __getitem__(self, key: str) -> Any:
        """Return a setting, None when it is nowhere set."""
        return self.settings.get(key)

    def size(self, *keys: str) -> int:
        """Return the first of `keys` that is set, a positive whole number. Raises MachineError H005."""
        value = next((self[key] for key in keys if self[key] is not None), None)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
            what = f"config.json of this {self.family} model has no usable {keys[0]} (it says {value!r})"
            raise MachineError("H005", what, where="config.json", fix="use the model's own config.json")
        return value


def _n_params(shape: LinearShape) -> int:
    return shape.out_features * (shape.in_features + shape.bias)


def _llama_like(fused: bool = False, norms: int = 2, qk_norms: bool = False, qkv_bias: bool | None = None) -> Callable[[Config], Sizes]:
    """Return the reader of a decoder with separate norms, grouped queries and a gated feed-forward layer.

    fused: q, k, v are one matrix, gate and up another (phi3). norms: of size H per layer. qk_norms: two more of size D. qkv_bias: fixed
    by the architecture (o has none then); None: the config's attention_bias decides for q, k, v and o.
    """

    def read(config: Config) -> Sizes:
        hidden, inner, heads = config.size("hidden_size"), config.size("intermediate_size"), config.size("num_attention_heads")
        head = config.size("head_dim") if config["head_dim"] is not None else hidden // heads
        query, key = heads * head, config.size("num_key_value_heads", "num_attention_heads") * head
        bias = bool(config["attention_bias"]) if qkv_bias is None else qkv_bias
        out_bias, mlp_bias = bias and qkv_bias is None, config.family == "llama" and bool(config["mlp_bias"])
        if fused:
            attention = {"o_proj": LinearShape(hidden, query), "qkv_proj": LinearShape(query + 2 * key, hidden)}
            feed = {"gate_up_proj": LinearShape(2 * inner, hidden), "down_proj": LinearShape(hidden, inner)}
        else:
            attention = {name: LinearShape(rows, hidden, bias) for name, rows in (("q_proj", query), ("k_proj", key), ("v_proj", key))}
            attention["o_proj"] = LinearShape(hidden, query, out_bias)
            feed = {name: LinearShape(inner, hidden, mlp_bias) for name in ("gate_proj", "up_proj")}
            feed["down_proj"] = LinearShape(hidden, inner, mlp_bias)
        return Sizes(
            n_layers=config.size("num_hidden_layers"),
            hidden_size=hidden,
            vocab_size=config.size("vocab_size"),
            max_length=config.size("max_position_embeddings"),
            tied=bool(config["tie_word_embeddings"]),
            linears={f"self_attn.{name}": shape for name, shape in attention.items()}
            | {f"mlp.{name}": shape for name, shape in feed.items()},
            n_norm_params=norms * hidden + (2 * head if qk_norms else 0),
            final_norm_params=hidden,
        )

    return read


def _gpt2(config: Config) -> Sizes:
    """GPT-2: learned positions, LayerNorm with bias, one matrix for q, k, v; weights stored transposed (Conv1D)."""
    hidden = config.size("n_embd", "hidden_size")
    inner = config.size("n_inner") if config["n_inner"] is not None else 4 * hidden
    positions = config.size("n_positions", "max_position_embeddings", "n_ctx")
    linears = {
        "attn.c_attn": LinearShape(3 * hidden, hidden, True),
        "attn.c_proj": LinearShape(hidden, hidden, True),
        "mlp.c_fc": LinearShape(inner, hidden, True),
        "mlp.c_proj": LinearShape(hidden, inner, True),
    }
    return Sizes(
        n_layers=config.size("n_layer", "num_hidden_layers"),
        hidden_size=hidden,
        vocab_size=config.size("vocab_size"),
        max_length=positions,
        tied=bool(config["tie_word_embeddings"]),
        linears=linears,
        n_norm_params=4 * hidden,
        final_norm_params=2 * hidden,
        n_position_params=positions * hidden,
    )


FAMILIES: Mapping[str, Family] = {
    "llama": Family(_llama_like()),
    "mistral": Family(_llama_like(qkv_bias=False)),
    "qwen2": Family(_llama_like(qkv_bias=True)),
    "qwen3": Family(_llama_like(qk_norms=True)),
    "gemma": Family(_llama_like()),
    "gemma2": Family(_llama_like(norms=4)),
    "gemma3_text": Family(_llama_like(norms=4, qk_norms=True)),
    "phi3": Family(_llama_like(fused=True)),
    "gpt2": Family(_gpt2, blocks="transformer.h"),
}
"""SmolLM, TinyLlama and many others are of type llama."""

_UNTIED = {"tie_word_embeddings": False}
_TIED = {"tie_word_embeddings": True}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "llama": {**_UNTIED, "max_position_embeddings": 2048},
    "mistral": {**_UNTIED, "max_position_embeddings": 131_072, "num_key_value_heads": 8},
    "qwen2": {**_UNTIED, "max_position_embeddings": 32_768, "num_key_value_heads": 32},
    "qwen3": {**_UNTIED, "max_position_embeddings": 32_768, "num_key_value_heads": 32, "head_dim": 128},
    "gemma": {**_TIED, "max_position_embeddings": 8192, "num_key_value_heads": 16, "head_dim": 256},
    "gemma2": {**_TIED, "max_position_embeddings": 8192, "num_key_value_heads": 4, "head_dim": 256},
    "gemma3_text": {**_TIED, "max_position_embeddings": 131_072, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 262_208},
    "phi3": {**_UNTIED, "max_position_embeddings": 4096},
    "gpt2": {**_TIED, "n_positions": None, "vocab_size": 50_257},
}
"""What transformers 5 assumes for keys that published configs leave out (they leave out what equals the default when saved)."""
