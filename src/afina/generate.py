"""The only place where text is sampled from a model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from afina.score import Actor, EncoderDecoder, in_parts
from afina.score.base import real_tokens


@dataclass(frozen=True)
class Sampling:
    """How to choose the next token. temperature 0 is greedy and ignores top_p."""

    max_new_tokens: int = 128
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0


@torch.inference_mode()
def generate(
    actor: Actor, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], sampling: Sampling, batch_size: int = 16
) -> list[list[int]]:
    """Return the new ids of each prompt, the stop id left out. Prompts of similar length share a forward pass.

    Raises ValueError for an empty prompt. Shapes: each prompt [T_i]; each answer at most [max_new_tokens].
    """
    was_training = actor.model.training
    actor.model.eval()
    answers: list[list[int]] = [[] for _ in prompts]
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    try:
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            for chosen, found in in_parts(batch, lambda part: _generate_batch(actor, [prompts[i] for i in part], stop_ids, sampling)):
                for i, answer in zip(chosen, found, strict=True):
                    answers[i] = answer
    finally:
        actor.model.train(was_training)
    return answers


def _generate_batch(actor: Actor, prompts: list[Sequence[int]], stop_ids: Sequence[int], sampling: Sampling) -> list[list[int]]:
    width = max(len(prompt) for prompt in prompts)
    if min(len(prompt) for prompt in prompts) == 0:
        raise ValueError("a prompt has no tokens")
    # a decoder goes on at the right end of its prompt; an encoder is padded there as in training
    writes_on = not isinstance(actor, EncoderDecoder)
    padding = [[0] * (width - len(prompt)) for prompt in prompts]
    rows = [[*pad, *prompt] if writes_on else [*prompt, *pad] for pad, prompt in zip(padding, prompts, strict=True)]
    ids_BT = torch.tensor(rows, device=actor.device)
    mask_BT = real_tokens(ids_BT, torch.tensor([len(prompt) for prompt in prompts], device=actor.device))
    mask_BT = mask_BT.flip(-1) if writes_on else mask_BT
    sampled = sampling.temperature > 0
    chosen: dict[str, Any] = {"temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0} if sampled else {}
    if isinstance(actor, EncoderDecoder):
        chosen["decoder_start_token_id"] = actor.start
    config = _config(_new_tokens(actor, width, sampling), stop_ids, sampled, chosen)
    with torch.random.fork_rng(enabled=sampled), _nothing_but(config, actor.bare):
        if sampled:
            torch.manual_seed(sampling.seed)
        out_BT = actor.bare.generate(input_ids=ids_BT, attention_mask=mask_BT, generation_config=config)  # type: ignore[operator]
    n_before = width if writes_on else 1  # an encoder-decoder returns its answer alone, after the start token
    return [cut_at_stop(row, stop_ids) for row in out_BT[:, n_before:].tolist()]


def _new_tokens(actor: Actor, width: int, sampling: Sampling) -> int:
    """What the model's context leaves beside the prompt: positions beyond it fail, or mean nothing."""
    width = 1 if isinstance(actor, EncoderDecoder) else width
    return sampling.max_new_tokens if actor.context is None else max(1, min(sampling.max_new_tokens, actor.context - width))


def _config(max_new_tokens: int, stop_ids: Sequence[int], sampled: bool, chosen: dict[str, Any]):
    from transformers import GenerationConfig

    # pad_token_id only fills rows that have stopped; what follows a stop id is cut away below.
    pad = stop_ids[0] if stop_ids else 0
    return GenerationConfig(
        max_new_tokens=max_new_tokens, do_sample=sampled, eos_token_id=list(stop_ids) or None, pad_token_id=pad, use_cache=True, **chosen
    )


@contextlib.contextmanager
def _nothing_but(config: Any, model: Any) -> Iterator[None]:
    """Put the model's own generation_config aside: transformers fills from it what `config` leaves open (penalties, banned tokens)."""
    own, model.generation_config = model.generation_config, config
    try:
        yield
    finally:
        model.generation_config = own


def cut_at_stop(ids: Sequence[int], stop_ids: Sequence[int]) -> list[int]:
    """Return the ids before the first stop id."""
    stops = set(stop_ids)
    end = next((i for i, token in enumerate(ids) if token in stops), len(ids))
    return list(ids[:end])


@torch.inference_mode()
def stream(actor: Actor, prompt: Sequence[int], stop_ids: Sequence[int], sampling: Sampling) -> Iterator[int]:
    """Yield one new id at a time, until a stop id or max_new_tokens."""
    was_training = actor.model.training
    actor.model.eval()
    rng = torch.Generator(actor.device).manual_seed(sampling.seed)
    ids_1T = torch.tensor([list(prompt)], device=actor.device)
    key, fixed, cache = "input_ids", {"logits_to_keep": 1}, None
    if isinstance(actor, EncoderDecoder):
        key, fixed = "decoder_input_ids", {"encoder_outputs": actor.bare.get_encoder()(input_ids=ids_1T)}  # type: ignore[operator]
        ids_1T = torch.full_like(ids_1T[:, :1], actor.start)
    try:
        for _ in range(_new_tokens(actor, len(prompt), sampling)):
            out = actor.bare(**{key: ids_1T}, **fixed, past_key_values=cache, use_cache=True)  # type: ignore[operator]
            cache = out.past_key_values
            token = _pick(out.logits[0, -1].float(), sampling, rng)
            if token in stop_ids:
                return
            yield token
            ids_1T = torch.tensor([[token]], device=actor.device)
    finally:
        actor.model.train(was_training)


def _pick(logits_V: torch.Tensor, sampling: Sampling, rng: torch.Generator) -> int:
    if sampling.temperature <= 0:
        return int(logits_V.argmax())
    probs_V, ids_V = (logits_V / sampling.temperature).softmax(-1).sort(descending=True)
    kept_V = probs_V.cumsum(-1) - probs_V < sampling.top_p  # the first token is always kept
    choice = torch.multinomial(probs_V * kept_V, 1, generator=rng)
    return int(ids_V[choice])
