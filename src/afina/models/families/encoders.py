"""Encoders: every token sees every other. Letters: H hidden size, I intermediate size, V vocabulary, P positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from afina.models.families.base import Config, Sizes, Stack, family
from afina.types import Head, HeadShape, LinearShape, NormShape


def _layer(hidden: int, inner: int, query: str, key: str, value: str) -> dict[str, LinearShape]:
    """The linear maps of a layer of BERT and its kin: all with a bias."""
    linears = {f"attention.self.{name}": LinearShape(hidden, hidden, True) for name in (query, key, value)}
    return linears | {
        "attention.output.dense": LinearShape(hidden, hidden, True),
        "intermediate.dense": LinearShape(inner, hidden, True),
        "output.dense": LinearShape(hidden, inner, True),
    }


_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


def _bert_like(
    prefix: str, heads: Callable[[int], Mapping[Head, HeadShape]], spare_positions: int = 0, bias_in_embeddings: bool = True
) -> Callable[[Config], Sizes]:
    """Return the reader of an encoder built as BERT: learned positions, types, a transform before the masked-language head.

    spare_positions: rows of the position table that no token ever has (RoBERTa's padding offset).
    """

    def read(config: Config) -> Sizes:
        hidden, inner, vocab = config.size("hidden_size"), config.size("intermediate_size"), config.size("vocab_size")
        positions = config.size("max_position_embeddings")
        tied = bool(config["tie_word_embeddings"])
        transform = hidden * (hidden + 1) + 2 * hidden + vocab  # dense, norm, and a bias for each token
        linears = _layer(hidden, inner, "query", "key", "value")
        norm = NormShape(hidden, bias=True)
        norms: dict[str, NormShape] = dict.fromkeys(_NORMS, norm)
        layers = Stack(f"{prefix}.encoder.layer", config.size("num_hidden_layers"), linears, norms, output_norm=_NORMS[1])
        return Sizes(
            hidden_size=hidden,
            vocab_size=vocab,
            max_length=positions - spare_positions,
            tied=tied,
            stacks=(layers,),
            n_embedding_params=(vocab + positions + config.size("type_vocab_size")) * hidden,
            n_lm_head_params=transform + (0 if tied else vocab * (hidden + 1)),  # untied, the bias is there twice
            embeddings=f"{prefix}.embeddings.word_embeddings",
            other_norms={f"{prefix}.embeddings.LayerNorm": norm},
            heads=heads(hidden),
        )

    return read


def _pooled(hidden: int) -> Mapping[Head, HeadShape]:
    """BERT reads classes from its pooler: checkpoints without one (trained on masked tokens alone) get a new one, so it trains too."""
    dense = hidden * (hidden + 1)
    return _both(HeadShape(("bert.pooler", "classifier"), dense, hidden + 1), hidden)


def _dense(hidden: int) -> Mapping[Head, HeadShape]:
    """RoBERTa's head: a dense map inside `classifier`, then the classes."""
    return _both(HeadShape(("classifier",), hidden * (hidden + 1), hidden + 1), hidden)


def _context(hidden: int) -> Mapping[Head, HeadShape]:
    """DeBERTa's pooler stands beside the body."""
    return _both(HeadShape(("pooler", "classifier"), hidden * (hidden + 1), hidden + 1), hidden)


def _both(classes: HeadShape, hidden: int) -> Mapping[Head, HeadShape]:
    return {"classes": classes, "scalar": classes, "tags": HeadShape(("classifier",), 0, hidden + 1)}


def _deberta(config: Config) -> Sizes:
    """DeBERTa v2 and v3: relative positions; queries and keys of positions share the content's matrices or have their own."""
    if config["conv_kernel_size"]:
        raise config.refused("has a convolution layer, which is not supported")
    hidden, inner, vocab = config.size("hidden_size"), config.size("intermediate_size"), config.size("vocab_size")
    positions, relative = config.size("max_position_embeddings"), bool(config["relative_attention"])
    linears = _layer(hidden, inner, "query_proj", "key_proj", "value_proj")
    tables = vocab + (config["type_vocab_size"] or 0) + (positions if config["position_biased_input"] else 0)
    norm = NormShape(hidden, bias=True)
    others = {"deberta.embeddings.LayerNorm": norm}
    if relative:
        buckets = config["position_buckets"] or 0
        reach = config["max_relative_positions"] or -1
        tables += 2 * (buckets if buckets > 0 else reach if reach > 0 else positions)
        others |= {"deberta.encoder.LayerNorm": norm} if "layer_norm" in str(config["norm_rel_ebd"]).lower() else {}
        if not config["share_att_key"]:
            kinds = str(config["pos_att_type"])
            linears |= {"attention.self.pos_key_proj": LinearShape(hidden, hidden, True)} if "c2p" in kinds else {}
            linears |= {"attention.self.pos_query_proj": LinearShape(hidden, hidden, True)} if "p2c" in kinds else {}
    tied = bool(config["tie_word_embeddings"])
    layers = Stack("deberta.encoder.layer", config.size("num_hidden_layers"), linears, dict.fromkeys(_NORMS, norm), output_norm=_NORMS[1])
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=positions,
        tied=tied,
        stacks=(layers,),
        n_embedding_params=tables * hidden,
        n_lm_head_params=hidden * (hidden + 1) + 2 * hidden + vocab + (0 if tied else vocab * (hidden + 1)),
        embeddings="deberta.embeddings.word_embeddings",
        other_norms=others,
        heads=_context(hidden),
    )


def _modernbert(config: Config) -> Sizes:
    """ModernBERT: rotary positions, gated feed-forward, no biases unless asked for; the first layer has no norm before attention."""
    hidden, inner, vocab = config.size("hidden_size"), config.size("intermediate_size"), config.size("vocab_size")
    attention, feed = bool(config["attention_bias"]), bool(config["mlp_bias"])
    norm = NormShape(hidden, bool(config["norm_bias"]))
    linears = {
        "attn.Wqkv": LinearShape(3 * hidden, hidden, attention),
        "attn.Wo": LinearShape(hidden, hidden, attention),
        "mlp.Wi": LinearShape(2 * inner, hidden, feed),
        "mlp.Wo": LinearShape(hidden, inner, feed),
    }
    norms: dict[str, NormShape] = dict.fromkeys(("attn_norm", "mlp_norm"), norm)
    tied = bool(config["tie_word_embeddings"])
    transform = hidden * hidden + hidden * bool(config["classifier_bias"]) + norm.n_params
    decoder = vocab * bool(config["decoder_bias"]) + (0 if tied else vocab * hidden)
    head = HeadShape(("head", "classifier"), transform, hidden + 1)
    return Sizes(
        hidden_size=hidden,
        vocab_size=vocab,
        max_length=config.size("max_position_embeddings"),
        tied=tied,
        stacks=(Stack("model.layers", config.size("num_hidden_layers"), linears, norms, not_in_first=("attn_norm",)),),
        n_embedding_params=vocab * hidden,
        n_lm_head_params=transform + decoder,
        embeddings="model.embeddings.tok_embeddings",
        final_norm="model.final_norm",
        final_norm_shape=norm,
        other_norms={"model.embeddings.norm": norm},
        heads={"classes": head, "scalar": head, "tags": head},
    )


_TIED: dict[str, Any] = {"tie_word_embeddings": True}
_NOISE: dict[str, Any] = {"attention_probs_dropout_prob": 0.1}
family("bert", "encoder", _bert_like("bert", _pooled), **_TIED, **_NOISE, max_position_embeddings=512, type_vocab_size=2, vocab_size=30_522)
family(
    "roberta",
    "encoder",
    _bert_like("roberta", _dense, spare_positions=2),
    **_TIED,
    **_NOISE,
    max_position_embeddings=512,
    type_vocab_size=2,
    vocab_size=50_265,
)
family(
    "xlm-roberta",
    "encoder",
    _bert_like("roberta", _dense, spare_positions=2),
    **_TIED,
    **_NOISE,
    max_position_embeddings=512,
    type_vocab_size=2,
    vocab_size=30_522,
)
family(
    "deberta-v2",
    "encoder",
    _deberta,
    keeps_scores=True,
    **_TIED,
    **_NOISE,
    max_position_embeddings=512,
    vocab_size=128_100,
    type_vocab_size=0,
    position_biased_input=True,
    relative_attention=False,
    pos_att_type=None,
)
family(
    "modernbert",
    "encoder",
    _modernbert,
    **_TIED,
    max_position_embeddings=8192,
    vocab_size=50_368,
    intermediate_size=1152,
    decoder_bias=True,
)
