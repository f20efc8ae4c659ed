"""Decoders. Letters: H hidden size, I intermediate size, V vocabulary, D head size, E experts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from afina.models.families.base import Config, Sizes, Stack, family
from afina.types import Head, HeadShape, LinearShape, NormShape


def _heads(hidden: int, tags: str = "score") -> Mapping[Head, HeadShape]:
    """One matrix without a bias for classes, one with a bias for tags: transformers' decoders all have these."""
    return {
        "classes": HeadShape(("score",), 0, hidden),
        "scalar": HeadShape(("score",), 0, hidden),
        "tags": HeadShape((tags,), 0, hidden + 1),
    }


_LACKING: Mapping[str, tuple[Head, ...]] = {"gemma3_text": ("tags",)}
"""Heads that transformers does not have for a family."""


def _attention(config: Config, bias: bool, out_bias: bool, out: str = "o_proj") -> dict[str, LinearShape]:
    hidden, (query, key) = config.size("hidden_size"), _widths(config)
    attention = {name: LinearShape(rows, hidden, bias) for name, rows in (("q_proj", query), ("k_proj", key), ("v_proj", key))}
    return {f"self_attn.{name}": shape for name, shape in (attention | {out: LinearShape(hidden, query, out_bias)}).items()}


def _head_size(config: Config) -> int:
    if config["head_dim"] is not None:
        return config.size("head_dim")
    return config.size("hidden_size") // config.size("num_attention_heads")


def _widths(config: Config) -> tuple[int, int]:
    """Return the widths of queries and of keys."""
    head = _head_size(config)
    return config.size("num_attention_heads") * head, config.size("num_key_value_heads", "num_attention_heads") * head


_TWO_NORMS = ("input_layernorm", "post_attention_layernorm")
_FOUR_NORMS = (*_TWO_NORMS, "pre_feedforward_layernorm", "post_feedforward_layernorm")


def _sizes(config: Config, linears: Mapping[str, LinearShape], norms: tuple[str, ...], qk_norms: bool, n_other: int = 0) -> Sizes:
    """A decoder with one table of tokens, one kind of layer, and norms without a bias."""
    hidden, vocab = config.size("hidden_size"), config.size("vocab_size")
    tied = bool(config["tie_word_embeddings"])
    shapes = dict.fromkeys(norms, NormShape(hidden))
    shapes |= dict.fromkeys(("self_attn.q_norm", "self_attn.k_norm"), NormShape(_head_size(config))) if qk_norms else {}
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=config.size("max_position_embeddings"),
        tied=tied,
        stacks=(Stack("model.layers", config.size("num_hidden_layers"), linears, shapes, n_other),),
        n_embedding_params=vocab * hidden,
        n_lm_head_params=0 if tied else vocab * hidden,
        embeddings="model.embed_tokens",
        final_norm="model.norm",
        final_norm_shape=NormShape(hidden),
        heads={head: shape for head, shape in _heads(hidden).items() if head not in _LACKING.get(config.family, ())},
    )


def _llama_like(
    fused: bool = False, norms: tuple[str, ...] = _TWO_NORMS, qk_norms: bool = False, qkv_bias: bool | None = None
) -> Callable[[Config], Sizes]:
    """Return the reader of a decoder with separate norms, grouped queries and a gated feed-forward layer.

    fused: q, k, v are one matrix, gate and up another (phi3). norms: those of size H. qk_norms: two more of size D. qkv_bias: fixed
    by the architecture (o has none then); None: the config's attention_bias decides for q, k, v and o.
    """

    def read(config: Config) -> Sizes:
        hidden, inner = config.size("hidden_size"), config.size("intermediate_size")
        bias = bool(config["attention_bias"]) if qkv_bias is None else qkv_bias
        mlp_bias = config.family in ("llama", "smollm3") and bool(config["mlp_bias"])
        if fused:
            query, key = _widths(config)
            attention = {"self_attn.o_proj": LinearShape(hidden, query), "self_attn.qkv_proj": LinearShape(query + 2 * key, hidden)}
            feed = {"gate_up_proj": LinearShape(2 * inner, hidden), "down_proj": LinearShape(hidden, inner)}
        else:
            attention = _attention(config, bias, bias and qkv_bias is None)
            feed = {name: LinearShape(inner, hidden, mlp_bias) for name in ("gate_proj", "up_proj")}
            feed["down_proj"] = LinearShape(hidden, inner, mlp_bias)
        linears = attention | {f"mlp.{name}": shape for name, shape in feed.items()}
        return _sizes(config, linears, norms, qk_norms)

    return read


def _mixture(inner: str, qk_norms: bool = False) -> Callable[[Config], Sizes]:
    """Return the reader of a mixture of experts: their matrices are parameters of three dimensions, no linear maps."""

    def read(config: Config) -> Sizes:
        if config["mlp_only_layers"] or config["decoder_sparse_step"] not in (None, 1):
            raise config.refused("mixes layers with and without experts, which is not supported")
        hidden, n_experts = config.size("hidden_size"), config.size("num_local_experts", "num_experts")
        bias = bool(config["attention_bias"])
        of_experts = n_experts * (3 * config.size(inner) * hidden + hidden)  # gate and up, down, and the router's row
        return _sizes(config, _attention(config, bias, bias), _TWO_NORMS, qk_norms, of_experts)

    return read


def _phi(config: Config) -> Sizes:
    """Phi-1, 1.5 and 2: one LayerNorm a layer, biases everywhere, the language-model head's included."""
    hidden, inner, vocab = config.size("hidden_size"), config.size("intermediate_size"), config.size("vocab_size")
    linears = _attention(config, True, True, "dense")
    linears |= {"mlp.fc1": LinearShape(inner, hidden, True), "mlp.fc2": LinearShape(hidden, inner, True)}
    head = NormShape(hidden // config.size("num_attention_heads"), bias=True)
    norms = {"input_layernorm": NormShape(hidden, bias=True)}
    norms |= dict.fromkeys(("self_attn.q_layernorm", "self_attn.k_layernorm"), head) if config["qk_layernorm"] else {}
    tied = bool(config["tie_word_embeddings"])
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=config.size("max_position_embeddings"),
        tied=tied,
        stacks=(Stack("model.layers", config.size("num_hidden_layers"), linears, norms),),
        n_embedding_params=vocab * hidden,
        n_lm_head_params=vocab + (0 if tied else vocab * hidden),
        embeddings="model.embed_tokens",
        final_norm="model.final_layernorm",
        final_norm_shape=NormShape(hidden, bias=True),
        heads=_heads(hidden),
    )


def _gpt2(config: Config) -> Sizes:
    """GPT-2: learned positions, LayerNorm with bias, one matrix for q, k, v; weights stored transposed (Conv1D)."""
    hidden, vocab = config.size("n_embd", "hidden_size"), config.size("vocab_size")
    inner = config.size("n_inner") if config["n_inner"] is not None else 4 * hidden
    positions = config.size("n_positions", "max_position_embeddings", "n_ctx")
    norm = NormShape(hidden, bias=True)
    linears = {
        "attn.c_attn": LinearShape(3 * hidden, hidden, True),
        "attn.c_proj": LinearShape(hidden, hidden, True),
        "mlp.c_fc": LinearShape(inner, hidden, True),
        "mlp.c_proj": LinearShape(hidden, inner, True),
    }
    tied = bool(config["tie_word_embeddings"])
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=positions,
        tied=tied,
        stacks=(Stack("transformer.h", config.size("n_layer", "num_hidden_layers"), linears, dict.fromkeys(("ln_1", "ln_2"), norm)),),
        n_embedding_params=(vocab + positions) * hidden,
        n_lm_head_params=0 if tied else vocab * hidden,
        embeddings="transformer.wte",
        final_norm="transformer.ln_f",
        final_norm_shape=norm,
        heads=_heads(hidden, tags="classifier"),
    )


def _add(name: str, read: Callable[[Config], Sizes], tied: bool, keeps_scores: bool = False, **defaults: Any) -> None:
    family(name, "decoder", read, keeps_scores, tie_word_embeddings=tied, **defaults)


_add("llama", _llama_like(), False, max_position_embeddings=2048)  # SmolLM, TinyLlama and many others are of this type
_add("mistral", _llama_like(qkv_bias=False), False, max_position_embeddings=131_072, num_key_value_heads=8)
_add("qwen2", _llama_like(qkv_bias=True), False, max_position_embeddings=32_768, num_key_value_heads=32)
_add("qwen3", _llama_like(qk_norms=True), False, max_position_embeddings=32_768, num_key_value_heads=32, head_dim=128)
_add("gemma", _llama_like(), True, max_position_embeddings=8192, num_key_value_heads=16, head_dim=256)
_add("gemma2", _llama_like(norms=_FOUR_NORMS), True, keeps_scores=True, max_position_embeddings=8192, num_key_value_heads=4, head_dim=256)
_add(
    "gemma3_text",
    _llama_like(norms=_FOUR_NORMS, qk_norms=True),
    True,
    max_position_embeddings=131_072,
    num_key_value_heads=4,
    head_dim=256,
    vocab_size=262_208,
)
_add("smollm3", _llama_like(), True, max_position_embeddings=32_768, num_key_value_heads=4)
_add("phi3", _llama_like(fused=True), False, max_position_embeddings=4096)
_add("phi", _phi, False, max_position_embeddings=2048, intermediate_size=8192)
_add("gpt2", _gpt2, True, n_positions=None, vocab_size=50_257, attn_pdrop=0.1)
_add(
    "mixtral",
    _mixture("intermediate_size"),
    False,
    max_position_embeddings=131_072,
    num_key_value_heads=8,
    num_local_experts=8,
)
_add(
    "qwen3_moe",
    _mixture("moe_intermediate_size", qk_norms=True),
    False,
    max_position_embeddings=32_768,
    num_key_value_heads=4,
    num_experts=128,
    moe_intermediate_size=768,
)
