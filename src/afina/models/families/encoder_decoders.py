"""Encoder-decoders. Letters: H hidden size, I intermediate size, V vocabulary, A width of all heads together."""

from __future__ import annotations

from afina.models.families.base import Config, Sizes, Stack, family
from afina.types import LinearShape, NormShape


def _t5(config: Config) -> Sizes:
    """T5 and mT5: relative positions, a bias table in the first layer of each stack, norms without a bias, gated or plain feed-forward.

    Version 1.1 says tie_word_embeddings false and has a matrix of its own for the head; transformers ties it in a model made from a config
    alone (models/load.py unties it).
    """
    hidden, inner, vocab = config.size("d_model"), config.size("d_ff"), config.size("vocab_size")
    heads = config.size("num_heads")
    width = heads * config.size("d_kv")
    gated = str(config["feed_forward_proj"]).startswith("gated-")
    feed = {name: LinearShape(inner, hidden) for name in (("wi_0", "wi_1") if gated else ("wi",))} | {"wo": LinearShape(hidden, inner)}

    def attention(place: str) -> dict[str, LinearShape]:
        return {f"{place}.{name}": LinearShape(width, hidden) for name in "qkv"} | {f"{place}.o": LinearShape(hidden, width)}

    def feed_forward(place: int) -> dict[str, LinearShape]:
        return {f"layer.{place}.DenseReluDense.{name}": shape for name, shape in feed.items()}

    def norms(n: int) -> dict[str, NormShape]:
        return {f"layer.{place}.layer_norm": NormShape(hidden) for place in range(n)}

    in_encoder = attention("layer.0.SelfAttention") | feed_forward(1)
    in_decoder = attention("layer.0.SelfAttention") | attention("layer.1.EncDecAttention") | feed_forward(2)
    n_layers, biases = config.size("num_layers"), config.size("relative_attention_num_buckets") * heads
    tied = bool(config["tie_word_embeddings"])
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=config.size("n_positions") if config["n_positions"] else 512,
        tied=tied,
        stacks=(
            Stack("encoder.block", n_layers, in_encoder, norms(2), n_more_in_first=biases),
            Stack("decoder.block", config.size("num_decoder_layers", "num_layers"), in_decoder, norms(3), n_more_in_first=biases),
        ),
        n_embedding_params=vocab * hidden,
        n_lm_head_params=0 if tied else vocab * hidden,
        embeddings="shared",
        final_norm="decoder.final_layer_norm",
        final_norm_shape=NormShape(hidden),
        other_norms={"encoder.final_layer_norm": NormShape(hidden)},
        relative=True,
    )


def _bart(config: Config) -> Sizes:
    """BART: learned positions (two rows more than tokens), biases everywhere, norms with a bias."""
    hidden, vocab, positions = config.size("d_model"), config.size("vocab_size"), config.size("max_position_embeddings")

    def layer(inner: int, attentions: tuple[str, ...]) -> dict[str, LinearShape]:
        linears = {
            f"{place}.{name}": LinearShape(hidden, hidden, True)
            for place in attentions
            for name in ("k_proj", "v_proj", "q_proj", "out_proj")
        }
        return linears | {"fc1": LinearShape(inner, hidden, True), "fc2": LinearShape(hidden, inner, True)}

    def norms(*paths: str) -> dict[str, NormShape]:
        return dict.fromkeys(paths, NormShape(hidden, bias=True))

    own, cross = ("self_attn_layer_norm", "final_layer_norm"), "encoder_attn_layer_norm"
    in_encoder = layer(config.size("encoder_ffn_dim"), ("self_attn",))
    in_decoder = layer(config.size("decoder_ffn_dim"), ("self_attn", "encoder_attn"))
    tied = bool(config["tie_word_embeddings"])
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=positions,
        tied=tied,
        stacks=(
            Stack("model.encoder.layers", config.size("encoder_layers"), in_encoder, norms(*own), output_norm=own[1]),
            Stack("model.decoder.layers", config.size("decoder_layers"), in_decoder, norms(*own, cross), output_norm=own[1]),
        ),
        n_embedding_params=((1 if tied else 3) * vocab + 2 * (positions + 2)) * hidden,
        n_lm_head_params=0 if tied else vocab * hidden,
        embeddings="model.shared",
        other_norms=norms("model.encoder.layernorm_embedding", "model.decoder.layernorm_embedding"),
    )


_T5 = {"relative_attention_num_buckets": 32, "num_layers": 6, "num_heads": 8, "d_kv": 64, "dropout_rate": 0.1, "keeps_scores": True}
family("t5", "encoder-decoder", _t5, **_T5, tie_word_embeddings=True, feed_forward_proj="relu", d_model=512, d_ff=2048, vocab_size=32_128)
family(
    "mt5",
    "encoder-decoder",
    _t5,
    **{**_T5, "num_layers": 8, "num_heads": 6},
    tie_word_embeddings=True,
    feed_forward_proj="gated-gelu",
    d_model=512,
    d_ff=1024,
    vocab_size=250_112,
)
family(
    "bart",
    "encoder-decoder",
    _bart,
    tie_word_embeddings=True,
    max_position_embeddings=1024,
    encoder_layers=12,
    decoder_layers=12,
    decoder_attention_heads=16,
    encoder_ffn_dim=4096,
    decoder_ffn_dim=4096,
    d_model=1024,
    vocab_size=50_265,
)
