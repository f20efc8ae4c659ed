"""Prefix-tuning: learned keys and values before those of the tokens, in every layer (Li & Liang 2021, section 4).

    K_l <- [P^K_l; K_l]        V_l <- [P^V_l; V_l]

Letters: B rows, T tokens, N rows of the prefix, L layers, G heads of keys, H head size. The layer wraps the body and hands the prefix over
as what a cache would hold of N earlier tokens; tokens stand N positions later. Of an encoder-decoder the decoder's own attention has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import DynamicCache, EncoderDecoderCache

from afina.tuners.body import BodyLayer
from afina.tuners.layer import BASE
from afina.tuners.placing import in_front
from afina.tuners.registration import TargetedConfig, register

RANDOM_STD = 0.02


@dataclass
class PrefixConfig(TargetedConfig):
    """n: rows of the prefix. n_layers: L. width: G times H. hidden: of the network that makes the prefix, 0 for none.

    init: "tokens" begins as the keys and values of common tokens, where the body keeps a cache; "random".
    """

    n: int = field(default=20)
    n_layers: int = field(default=0)
    width: int = field(default=0)
    hidden: int = field(default=0)
    init: str = field(default="tokens")


class Prefix(nn.Module):
    """The keys and values of one adapter, or the network that makes them: W_2 tanh(W_1 E + b_1) + b_2."""

    def __init__(self, embedded: int, config: PrefixConfig) -> None:
        super().__init__()
        self.n, wide = config.n, config.n_layers * 2 * config.width
        self.shape = (config.n, config.n_layers, 2, config.width)
        self.prefix = nn.Parameter(torch.randn(config.n, embedded if config.hidden else wide) * RANDOM_STD)
        layers = [nn.Linear(embedded, config.hidden), nn.Tanh(), nn.Linear(config.hidden, wide)] if config.hidden else []
        self.network = nn.Sequential(*layers)

    def forward(self) -> Tensor:
        """Return keys and values [N, L, 2, G H]."""
        return self.network(self.prefix).view(self.shape)


class PrefixLayer(BodyLayer):
    """On the body: its layers find the prefix in their cache."""

    def make(self, config: Any) -> Prefix:
        embeddings = self.body.get_input_embeddings()
        made = Prefix(embeddings.weight.shape[1], config)
        keeps_cache = not _is_encoder(self.body) and not getattr(self.body.config, "is_encoder_decoder", False)
        if config.init == "tokens" and not config.hidden and keeps_cache and not config.inference_mode:
            made.prefix.data = self._of_tokens(config.n, len(embeddings.weight))
        return made

    @torch.no_grad()
    def _of_tokens(self, n: int, size: int) -> Tensor:
        """Return the keys and values of n common tokens, as a prefix holds them [N, L 2 G H]."""
        body, common = self.body, min(5000, size)
        ids_1N = (torch.randperm(common)[:n] if n <= common else torch.randint(common, (n,)))[None]
        was_training = body.training
        cache = body.eval()(input_ids=ids_1N.to(body.get_input_embeddings().weight.device), use_cache=True).past_key_values
        body.train(was_training)
        layers = [torch.stack([layer.keys[0], layer.values[0]]).transpose(1, 2).flatten(2) for layer in cache.layers]  # [2, N, G H]
        return torch.stack(layers).permute(2, 0, 1, 3).flatten(1).float().cpu()

    @property
    def n_places(self) -> int:
        """How many places of the context the active prefixes take."""
        return 0 if self.disable_adapters else max((len(prefix) for prefix in self._prefixes(1)), default=0)

    def _prefixes(self, n_rows: int) -> list[Tensor]:
        """Return the prefix [N, L, 2, G H] of each row, or one for all."""
        if not self.rows:
            active = [self.weights[adapter]() for adapter in self.active_adapters if adapter in self.weights]
            return [torch.cat(active)] if active else []
        found = {name: self.weights[name]() for name in set(self.rows) if name != BASE}
        empty = next(iter(found.values()))[:0] if found else torch.empty(0)
        return [found.get(name, empty) for name in self.rows for _ in range(max(1, n_rows // len(self.rows)))]

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        body, kwargs = self.body, self.named(args, kwargs)
        tokens = kwargs.get("input_ids") if kwargs.get("inputs_embeds") is None else kwargs["inputs_embeds"]
        assert tokens is not None
        prefixes = [] if self.disable_adapters else self._prefixes(len(tokens))
        if not any(len(prefix) for prefix in prefixes):
            return body(**kwargs)
        cache = kwargs.get("past_key_values")
        n_cached = int(cache.get_seq_length()) if cache is not None else 0
        if not n_cached:
            cache = kwargs["past_key_values"] = cache if cache is not None else _empty_cache(body)
            self._fill(cache, prefixes, len(tokens))
            n_cached = max(len(prefix) for prefix in prefixes)
        placing = in_front([prefix[:, 0, 0] for prefix in prefixes], len(tokens), tokens.shape[1], n_cached, tokens.device)
        made = placing.arguments(kwargs, body)
        if _is_encoder(body) and made.get("attention_mask") is not None:
            made["attention_mask"] = _of_pairs(made["attention_mask"], tokens.shape[1], body)
        answer = body(**made)
        if kwargs.get("use_cache") is False and hasattr(answer, "past_key_values"):
            answer.past_key_values = None  # else generation without a cache would go on from this one, and read the text again
        return answer

    def _fill(self, cache: Any, prefixes: list[Tensor], n_rows: int) -> None:
        """Put the prefixes into an empty cache; a shorter one is padded in front."""
        longest = max(len(prefix) for prefix in prefixes)
        rows = [torch.cat([prefix.new_zeros(longest - len(prefix), *prefix.shape[1:]), prefix]) for prefix in prefixes]
        stacked = torch.stack(rows).expand(n_rows, -1, -1, -1, -1).to(_dtype(self.body))
        own = cache.self_attention_cache if isinstance(cache, EncoderDecoderCache) else cache
        for layer in range(stacked.shape[2]):
            keys, values = (stacked[:, :, layer, side].unflatten(-1, (-1, _head_size(self.body))).transpose(1, 2) for side in (0, 1))
            own.update(keys, values, layer)


def _is_encoder(body: Any) -> bool:
    return (
        not getattr(body.config, "is_encoder_decoder", False) and not getattr(body.config, "is_decoder", False) and hasattr(body, "encoder")
    )


def _empty_cache(body: Any) -> Any:
    if getattr(body.config, "is_encoder_decoder", False):
        return EncoderDecoderCache(DynamicCache(config=body.config), DynamicCache(config=body.config))
    return DynamicCache() if _is_encoder(body) else DynamicCache(config=body.config)


def _head_size(body: Any) -> int:
    config = body.config
    given = getattr(config, "head_dim", None) or getattr(config, "d_kv", None)
    return int(given or config.hidden_size // config.num_attention_heads)


def _dtype(body: Any) -> torch.dtype:
    """Return the precision that keys and values have here."""
    weight = body.get_input_embeddings().weight
    return torch.get_autocast_dtype(weight.device.type) if torch.is_autocast_enabled(weight.device.type) else weight.dtype


def _of_pairs(mask_BS: Tensor, n_tokens: int, body: Any) -> Tensor:
    """Return which keys each token attends to [B, 1, T, S]: an encoder makes its mask for as many keys as tokens."""
    pairs = mask_BS[:, None, None, :].expand(-1, -1, n_tokens, -1).bool()
    if body.config._attn_implementation != "eager":
        return pairs
    dtype = _dtype(body)
    return torch.zeros_like(pairs, dtype=dtype).masked_fill(~pairs, torch.finfo(dtype).min)


register("prefix", PrefixConfig, PrefixLayer)
